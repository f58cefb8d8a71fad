"""Addresses for events on the page of a fund: added, shown once, stopped, and only by their person."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.event import Event
from fundapp.models.webhook import DeliveryStatus, Webhook, WebhookDelivery
from fundapp.queries.person_data import data_for_page
from fundapp.services.users import end_sessions
from fundapp.services.webhooks import MOST_ADDRESSES
from fundapp.settings import Environment
from tests.factories import CallFactory, FundRoleFactory, WebhookFactory
from tests.sign_in import csrf_token_in, signed_in_client

pytestmark = pytest.mark.usefixtures("db_session")
URL = "https://tools.example.org/events"


@pytest.fixture
def call(db_session: Any) -> Any:
    return CallFactory(deciding=True)


@pytest.fixture
def manager(call: Any) -> Any:
    return FundRoleFactory(fund=call.fund).user


@pytest.fixture
def browser(app: Flask, manager: Any) -> FlaskClient:
    return signed_in_client(app, manager)


def send(browser: FlaskClient, call: Any, path: str = "", **fields: Any) -> Any:
    page = f"/en/fund/{call.fund.id}/events"
    token = csrf_token_in(browser.get(page))
    return browser.post(path or page, data={"csrf_token": token, **fields})


def stored() -> list[Webhook]:
    query = sa.select(Webhook).order_by(Webhook.created_at).execution_options(populate_existing=True)
    return list(db.session.execute(query).scalars())


def test_a_secret_is_shown_once_and_is_nowhere_else(browser: FlaskClient, call: Any) -> None:
    page = send(browser, call, url=URL, kinds=["application.sent", "payment.paid"])

    text = re.sub(r"<wbr>", "", page.get_data(as_text=True))
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", text)
    assert secret is not None
    assert page.headers["Cache-Control"].startswith("no-store")
    again = browser.get(f"/en/fund/{call.fund.id}/events").get_data(as_text=True)
    assert URL in again
    assert "whsec_" not in again
    (hook,) = stored()
    assert hook.kinds == ["application.sent", "payment.paid"]
    steps = db.session.execute(sa.select(Event.step, Event.details)).all()
    assert steps == [("add_webhook", {"kinds": hook.kinds})]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"url": URL},
        {"url": URL, "kinds": ["test"]},
        {"url": URL, "kinds": ["bank_account.changed"]},
        {"url": "", "kinds": ["payment.paid"]},
    ],
)
def test_what_is_missing_or_unknown_is_asked_for(
    browser: FlaskClient, call: Any, fields: dict[str, Any]
) -> None:
    page = send(browser, call, **fields)

    assert page.status_code == 422
    assert "<title>Error: " in page.get_data(as_text=True)
    assert fields.get("url", "") in page.get_data(as_text=True)
    assert stored() == []


@pytest.mark.parametrize("url", ["http://tools.example.org/", "https://10.0.0.1/", "https://a:b@c.example/"])
def test_an_address_inside_or_without_tls_is_refused_and_kept_on_the_page(
    browser: FlaskClient, call: Any, url: str
) -> None:
    page = send(browser, call, url=url, kinds=["payment.paid"])

    assert page.status_code == 409
    assert url in page.get_data(as_text=True)
    assert stored() == []


def test_this_machine_is_refused_in_production(
    app: Flask, browser: FlaskClient, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://127.0.0.1:9000/"
    assert send(browser, call, url=url, kinds=["payment.paid"]).status_code == 200
    real = dataclasses.replace(app.config["SETTINGS"], environment=Environment.PRODUCTION)
    monkeypatch.setitem(app.config, "SETTINGS", real)

    assert send(browser, call, url=url, kinds=["payment.paid"]).status_code == 409


def test_five_addresses_are_enough(browser: FlaskClient, call: Any) -> None:
    answers = [send(browser, call, url=URL, kinds=["payment.paid"]).status_code for _each in range(6)]

    assert answers == [200] * MOST_ADDRESSES + [409]
    first = stored()[0]
    assert send(browser, call, f"/en/fund/events/{first.id}/stop").status_code == 302
    assert send(browser, call, url=URL, kinds=["payment.paid"]).status_code == 200


def test_a_test_is_promised_and_a_stopped_address_gets_none(browser: FlaskClient, call: Any) -> None:
    send(browser, call, url=URL, kinds=["payment.paid"])
    (hook,) = stored()
    send(browser, call, f"/en/fund/events/{hook.id}/test")
    query = sa.select(WebhookDelivery.kind, WebhookDelivery.status)
    assert db.session.execute(query).all() == [("test", DeliveryStatus.WAITING)]

    send(browser, call, f"/en/fund/events/{hook.id}/stop")

    assert db.session.execute(query).all() == []
    assert send(browser, call, f"/en/fund/events/{hook.id}/test").status_code == 409


def test_after_silence_the_first_page_says_so_and_it_can_begin_again(
    browser: FlaskClient, call: Any, manager: Any
) -> None:
    said = "An address for events did not answer for days."
    home = f"/en/fund/{call.fund.id}"
    assert said not in browser.get(home).get_data(as_text=True)
    hook = WebhookFactory(fund=call.fund, user=manager, silent=True)
    assert said in browser.get(home).get_data(as_text=True)

    assert send(browser, call, f"/en/fund/events/{hook.id}/again").status_code == 302
    assert said not in browser.get(home).get_data(as_text=True)
    assert stored()[0].stopped_at is None


def test_colleagues_neither_see_nor_stop_it(app: Flask, browser: FlaskClient, call: Any) -> None:
    send(browser, call, url=URL, kinds=["payment.paid"])
    (hook,) = stored()
    colleague = signed_in_client(app, FundRoleFactory(fund=call.fund).user)

    assert URL not in colleague.get(f"/en/fund/{call.fund.id}/events").get_data(as_text=True)
    for act in ("stop", "again", "test", "secret"):
        assert send(colleague, call, f"/en/fund/events/{hook.id}/{act}").status_code == 404


def test_own_data_holds_the_address_and_no_secret(browser: FlaskClient, call: Any, manager: Any) -> None:
    send(browser, call, url=URL, kinds=["payment.paid"])

    told = data_for_page(manager)["about_you"]
    assert [row["url"] for row in told["webhook"]] == [URL]
    assert "webhook_secret" not in told
    assert utcnow().date().isoformat() in told["webhook"][0]["created_at"]


def test_whoever_is_signed_out_everywhere_has_no_address_any_more(browser: FlaskClient, call: Any) -> None:
    send(browser, call, url=URL, kinds=["payment.paid"])
    (hook,) = stored()

    with unit_of_work():
        end_sessions(hook.user, now=utcnow())

    db.session.refresh(hook)
    assert (hook.stopped_at is not None, hook.was_silent) == (True, False)
