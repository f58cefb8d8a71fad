"""The API: what it says, to whom, and that a key never opens more than its person sees."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.lifecycles import AwardStatus, CallStatus
from fundapp.models.api_key import ApiKey, ApiScope
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.queries.open_data import package_for
from fundapp.services.api_keys import MOST_KEYS
from fundapp.services.users import end_sessions
from tests.factories import (
    ApiKeyFactory,
    ApplicationFactory,
    AwardFactory,
    CallFactory,
    CheckInFactory,
    ConflictFactory,
    FundRoleFactory,
    GrantPublicationFactory,
    InstalmentFactory,
    RatificationFactory,
    days,
)
from tests.sign_in import client_with_key, csrf_token_in, signed_in_client

pytestmark = pytest.mark.usefixtures("db_session")


@pytest.fixture
def call(db_session: Any) -> Any:
    return CallFactory(deciding=True)


@pytest.fixture
def manager(call: Any) -> Any:
    return FundRoleFactory(fund=call.fund).user


@pytest.fixture
def tool(app: Flask, manager: Any) -> FlaskClient:
    return client_with_key(app, manager)


def addresses(call: Any) -> dict[ApiScope, str]:
    at = f"/api/v1/fund/calls/{call.id}"
    return {
        ApiScope.CALLS: "/api/v1/fund/calls",
        ApiScope.APPLICATIONS: f"/api/v1/fund/rounds/{call.rounds[0].id}/applications",
        ApiScope.AWARDS: f"{at}/awards",
        ApiScope.PAYMENTS: f"{at}/payments",
        ApiScope.CHECK_INS: f"{at}/check-ins",
    }


def grant(call: Any, **more: Any) -> Any:
    award = AwardFactory(application=ApplicationFactory(call=call, at_panel=True), active=True, **more)
    InstalmentFactory(award=award)
    CheckInFactory(award=award, due_on=days(3).date())
    return award


def test_lists_of_the_fund_say_what_its_pages_say(tool: FlaskClient, call: Any) -> None:
    award = grant(call)

    answers = {scope: tool.get(path).get_json() for scope, path in addresses(call).items()}

    assert [one["code"] for one in answers[ApiScope.CALLS]["items"]] == [call.code]
    listed = answers[ApiScope.APPLICATIONS]["items"][0]
    assert (listed["id"], listed["group"]) == (str(award.application_id), award.organisation.name)
    awarded = answers[ApiScope.AWARDS]["items"][0]
    assert (awarded["amount"], awarded["status"]) == (f"{award.amount:.2f}", AwardStatus.ACTIVE)
    paid = answers[ApiScope.PAYMENTS]["items"][0]
    assert (paid["award_id"], paid["amount"]) == (str(award.id), f"{award.instalments[0].amount:.2f}")
    assert answers[ApiScope.CHECK_INS]["items"][0]["award_id"] == str(award.id)


def test_names_of_confidential_groups_stay_on_the_pages(tool: FlaskClient, call: Any) -> None:
    award = grant(call)
    award.organisation.is_confidential = True

    texts = [tool.get(path).get_data(as_text=True) for path in addresses(call).values()]

    assert not [text for text in texts if award.organisation.name in text]
    assert tool.get(addresses(call)[ApiScope.AWARDS]).get_json()["items"][0]["group"] is None


def test_tie_takes_a_group_out_of_every_list(tool: FlaskClient, call: Any, manager: Any) -> None:
    award = grant(call)
    ConflictFactory(user=manager, call_id=call.id, organisation=award.organisation)

    totals = {scope: tool.get(path).get_json()["total"] for scope, path in addresses(call).items()}

    assert totals == {scope: int(scope is ApiScope.CALLS) for scope in ApiScope}


@pytest.mark.parametrize("scope", list(ApiScope))
def test_key_reads_only_what_it_was_made_for(app: Flask, call: Any, manager: Any, scope: ApiScope) -> None:
    ApiKeyFactory(fund=call.fund, user=manager, key="narrow", scopes=[scope.value])
    headers = {"Authorization": "Bearer narrow"}

    answers = {
        each: app.test_client().get(path, headers=headers).status_code
        for each, path in addresses(call).items()
    }

    assert answers == {each: 200 if each is scope else 403 for each in ApiScope}


@pytest.mark.parametrize(
    "change",
    [
        lambda key: setattr(key, "expires_at", days(-0.5)),
        lambda key: setattr(key, "revoked_at", days(-0.5)),
        lambda key: setattr(key.user, "is_disabled", True),
        lambda key: end_sessions(key.user, now=utcnow()),
        lambda key: setattr(key, "digest", "0" * 64),
    ],
    ids=["over", "stopped", "person left", "signed out everywhere", "unknown"],
)
def test_dead_key_opens_nothing(
    app: Flask, db_session: Any, call: Any, manager: Any, change: Callable[[ApiKey], None]
) -> None:
    key = ApiKeyFactory(fund=call.fund, user=manager, key="dead", created_at=days(-9))
    change(key)
    db_session.flush()

    page = app.test_client().get("/api/v1/fund/calls", headers={"Authorization": "Bearer dead"})

    assert page.status_code == 401
    assert page.headers["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer" in page.get_json()["say"]


def test_key_of_one_fund_does_not_open_another_one_of_the_same_person(
    app: Flask, call: Any, manager: Any
) -> None:
    other = CallFactory(deciding=True)
    FundRoleFactory(fund=other.fund, user=manager)
    ApiKeyFactory(fund=other.fund, user=manager, key="other")
    tool = {"Authorization": "Bearer other"}

    assert app.test_client().get(addresses(call)[ApiScope.AWARDS], headers=tool).status_code == 404
    assert app.test_client().get(addresses(other)[ApiScope.AWARDS], headers=tool).status_code == 200


def test_person_who_left_the_fund_left_their_keys(app: Flask, db_session: Any, call: Any) -> None:
    role = FundRoleFactory(fund=call.fund, kind=FundRoleKind.FINANCE)
    tool = client_with_key(app, role.user)
    assert tool.get("/api/v1/fund/calls").status_code == 200

    db_session.delete(role)
    db_session.flush()

    assert tool.get("/api/v1/fund/calls").status_code == 401


def test_session_of_a_browser_opens_nothing_here(app: Flask, manager: Any) -> None:
    assert signed_in_client(app, manager).get("/api/v1/fund/calls").status_code == 401


@pytest.mark.parametrize("query", ["page=0", "page=one", "stage=third", "colour=red", "page=1e3"])
def test_wrong_query_is_named(tool: FlaskClient, call: Any, query: str) -> None:
    page = tool.get(f"{addresses(call)[ApiScope.APPLICATIONS]}?{query}")

    assert page.status_code == 400
    assert list(page.get_json()["fields"]) == [query.split("=")[0]]


def test_lists_come_in_pages_of_fifty(tool: FlaskClient, call: Any) -> None:
    for _number in range(51):
        ApplicationFactory(call=call, in_review=True)
    path = addresses(call)[ApiScope.APPLICATIONS]

    pages = [tool.get(f"{path}?page={number}").get_json() for number in (1, 2, 3)]

    assert [len(page["items"]) for page in pages] == [50, 1, 0]
    assert {(page["pages"], page["total"]) for page in pages} == {(2, 51)}
    assert len({one["id"] for page in pages for one in page["items"]}) == 51


def test_query_count_does_not_grow(tool: FlaskClient, call: Any, count_queries: Callable[[], Any]) -> None:
    numbers = []
    for more in (1, 1, 8):
        for _number in range(more):
            grant(call)
        found = []
        for path in addresses(call).values():
            with count_queries() as queries:
                tool.get(path)
            found.append(queries.number)
        numbers.append(found)

    assert numbers[1] == numbers[2]


def test_public_awards_are_those_of_the_open_data(app: Flask, db_session: Any, call: Any) -> None:
    shown, hidden = grant(call), grant(call, is_confidential=True)
    for award in (shown, hidden):
        GrantPublicationFactory(award=award)
    RatificationFactory(round=call.rounds[0], released=True)
    db_session.flush()

    said = app.test_client().get(f"/api/v1/calls/{call.code}/awards").get_json()

    grants = package_for(call, days(0).date())["grants"]
    assert [one["id"] for one in said["items"]] == [one["id"] for one in grants] == [shown.public_id]
    assert Decimal(said["items"][0]["amount"]) == shown.amount
    assert hidden.organisation.name not in str(said)


def test_drafts_are_no_public_calls(app: Flask, db_session: Any) -> None:
    draft, published = CallFactory(status=CallStatus.DRAFT), CallFactory(status=CallStatus.OPEN)

    said = app.test_client().get("/api/v1/calls").get_json()

    assert [one["code"] for one in said["items"]] == [published.code]
    assert app.test_client().get(f"/api/v1/calls/{draft.code}").status_code == 404


def test_key_is_made_shown_once_and_stopped(app: Flask, db_session: Any, call: Any, manager: Any) -> None:
    browser, path = signed_in_client(app, manager), f"/en/fund/{call.fund_id}/keys"
    form = {"name": "Accounts", "scopes": ["awards", "payments"], "days": "90"}

    page = browser.post(path, data=form | {"csrf_token": csrf_token_in(browser.get(path))})

    shown = page.get_data(as_text=True).split('<code dir="ltr">')[1].split("</code>")[0].replace("<wbr>", "")
    key = db_session.query(ApiKey).one()
    assert shown.startswith("fa_")
    assert shown not in str(vars(key))
    headers = {"Authorization": f"Bearer {shown}"}
    awards, calls = addresses(call)[ApiScope.AWARDS], addresses(call)[ApiScope.CALLS]
    assert app.test_client().get(awards, headers=headers).status_code == 200
    assert app.test_client().get(calls, headers=headers).status_code == 403
    assert "Accounts" in browser.get(path).get_data(as_text=True)
    assert shown not in browser.get(path).get_data(as_text=True)

    browser.post(f"/en/fund/keys/{key.id}/stop")

    assert app.test_client().get(awards, headers=headers).status_code == 401
    steps = {event.step for event in db_session.query(Event).filter_by(subject_id=key.id)}
    assert steps == {"make_api_key", "revoke_api_key"}


def test_keys_stay_few(app: Flask, call: Any, manager: Any) -> None:
    for number in range(MOST_KEYS):
        ApiKeyFactory(fund=call.fund, user=manager, key=f"key {number}")
    form = {"name": "One more", "scopes": ["calls"], "days": "30"}

    page = signed_in_client(app, manager).post(f"/en/fund/{call.fund_id}/keys", data=form)

    assert page.status_code == 409
    assert "Stop one that you do not need any more first." in page.get_data(as_text=True)


def test_form_for_a_key_says_what_is_missing(app: Flask, call: Any, manager: Any) -> None:
    page = signed_in_client(app, manager).post(f"/en/fund/{call.fund_id}/keys", data={"name": "Accounts"})

    said = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "<title>Error: " in said
    assert said.count("Choose at least one thing.") == 2  # at the top, and beside the field
    assert "Accounts" in said


def test_use_of_a_key_is_noted_to_the_hour(tool: FlaskClient, db_session: Any, manager: Any) -> None:
    tool.get("/api/v1/fund/calls")

    key = db_session.query(ApiKey).filter_by(user_id=manager.id).one()
    db_session.refresh(key)
    assert key.last_used_at is not None
    assert (key.last_used_at.minute, key.last_used_at.second) == (0, 0)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/calls/NONE", "/api/"])
def test_unknown_address_answers_in_json(app: Flask, path: str) -> None:
    page = app.test_client().get(path)

    assert (page.status_code, page.get_json()["error"]) == (404, 404)


def test_description_names_every_route_of_the_api(app: Flask) -> None:
    described = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]

    routes = {
        rule.rule.replace("uuid:", "").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert set(described) == routes - {"/api/v1/openapi.json"}
