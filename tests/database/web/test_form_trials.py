"""Tests of a form never mix with applications: the database refuses each way in which they could."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.db import Base, db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CallStatus
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.form_trial import FormTrial
from fundapp.models.message import Message, OutboxJob
from fundapp.queries.form_trials import BEFORE_OPENING, list_trials
from fundapp.services.calls import open_call
from fundapp.services.form_trials import send_trial
from tests.database.web.test_apply_kinds import asked_as
from tests.database.web.test_fuzz import _browsers, _paths, _routes
from tests.factories import CallFactory, FormTrialFactory, FundRoleFactory, UserFactory
from tests.guards.world import World, build_world
from tests.published import published_with
from tests.reference import reference_content

LINKS = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if any(key.column.table is Application.__table__ for key in column.foreign_keys)
]


def refusal(statement: sa.Executable) -> str:
    """What the database says against it; empty where it does not mind. Nothing of it stays."""
    savepoint = db.session.begin_nested()
    try:
        db.session.execute(statement)
    except sa.exc.IntegrityError as error:
        return str(error.orig)
    finally:
        savepoint.rollback()
    return ""


def test_nothing_of_an_application_can_be_given_to_a_test(db_session: Any) -> None:
    """Decisions, awards, readers, items of a meeting, invitations: each points to an application."""
    trial_id = build_world(db_session).ids["trial_id"]
    inspector = sa.inspect(db.session.connection())
    tried = set()

    for column in LINKS:
        keys = inspector.get_foreign_keys(column.table.name)
        to = [key["referred_table"] for key in keys if column.name in key["constrained_columns"]]
        assert to == ["application"], column
        if db.session.execute(sa.select(column.table).limit(1)).first() is not None:
            change = sa.update(column.table).values({column: trial_id})
            assert "foreign key" in refusal(change).lower(), column
            tried.add(column.table.name)

    assert {"award", "review_assignment", "meeting_item", "exclusion", "answer", "partner"} <= tried


def test_nothing_can_hang_on_a_test(db_session: Any) -> None:
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is FormTrial.__table__
    }

    assert pointing == set()


@pytest.mark.usefixtures("db_session")
@pytest.mark.parametrize("status", [each for each in CallStatus if each not in BEFORE_OPENING])
def test_no_call_opens_while_a_test_is_left_and_none_comes_later(status: CallStatus) -> None:
    call = CallFactory(status=CallStatus.PUBLISHED)
    trial = FormTrialFactory(call=call)
    moved = sa.update(Call).where(Call.id == call.id).values(status=status)
    opened = CallFactory(status=status)

    assert "before_opening" in refusal(moved)
    for named in (status, CallStatus.PUBLISHED):
        row = {"id": uuid4(), "call_id": opened.id, "call_status": named}
        kept = {
            "created_at": utcnow(),
            "language": "en",
            "answers": {},
            "form_digest": "0",
            "sent_at": utcnow(),
        }
        assert refusal(sa.insert(FormTrial).values(row | kept)) != ""
        there = sa.update(FormTrial).where(FormTrial.id == trial.id)
        assert refusal(there.values(call_id=opened.id, call_status=named)) != ""
    assert refusal(sa.delete(FormTrial)) == ""


def test_status_before_opening_is_kept_in_step(db_session: Any) -> None:
    trial = FormTrialFactory()
    db.session.execute(sa.update(Call).where(Call.id == trial.call_id).values(status=CallStatus.PUBLISHED))
    db.session.refresh(trial)

    assert trial.call_status is CallStatus.PUBLISHED


def test_opening_a_call_deletes_its_tests_and_takes_no_more(db_session: Any) -> None:
    call, other = CallFactory(status=CallStatus.PUBLISHED), FormTrialFactory()
    FormTrialFactory.create_batch(2, call=call)

    open_call(call, actor=UserFactory(), now=utcnow())
    db.session.flush()

    assert (call.status, list(list_trials(call)), len(list_trials(other.call))) == (CallStatus.OPEN, [], 1)
    with pytest.raises(NotPossibleNow):
        send_trial(call, {}, language="en", actor=UserFactory(), now=utcnow())


def as_read(page: TestResponse) -> tuple[int, str]:
    if not page.mimetype.startswith("text/") and page.mimetype != "application/json":
        return page.status_code, page.mimetype
    text = page.get_data(as_text=True)
    return page.status_code, re.sub(r'(name="(csrf_token|once)" value=|nonce[-=])"?[^"\s\']+', "", text)


def everything(app: Flask, world: World, share: slice, *about: str) -> dict[tuple[str, str], tuple[int, str]]:
    """Each page, file and figure as each role of the fund, a member, a group and anybody get it.

    `about`: only those whose address names one of these.
    """
    browsers = {
        role: browser
        for role, browser in _browsers(app, world).items()
        if role in ("anon", "manager", "finance", "panel", "applicant")
    }
    return {
        (role, path): as_read(browser.get(path))
        for rule in _routes(app, "GET")[share]
        if not rule.endpoint.startswith(("fund_trials.", "health.", "account."))
        and (not about or rule.arguments & set(about))
        for path in _paths(app, rule, world)
        for role, browser in browsers.items()
    }


def test_every_page_figure_and_export_is_the_same_with_and_without_tests(
    app: Flask, db_session: Any, own_share: slice
) -> None:
    world = build_world(db_session)
    call = db.session.get_one(FormTrial, world.ids["trial_id"]).call
    found = []
    for number in (0, 4):
        db.session.execute(sa.delete(FormTrial))
        FormTrialFactory.create_batch(number, call=call, sent_by_id=world.people["manager"].id)
        own = {"call_id": call.id, "code": call.code, "round_id": call.rounds[0].id}
        found.append(everything(app, world, own_share))
        found.append(everything(app, World(world.people, world.ids | own), own_share, *own))
    assert found[0].keys() == found[2].keys()
    different = [key for key in found[0] if found[0][key] != found[2][key]]
    different += [key for key in found[1] if found[1][key] != found[3][key]]

    assert (different, len(found[0]) > 150, len(found[1]) > 50) == ([], True, True)


@pytest.fixture
def role(db_session: Any) -> Any:
    return FundRoleFactory()


@pytest.fixture
def call(role: Any) -> Call:
    made: Call = CallFactory(fund=role.fund, status=CallStatus.PUBLISHED)
    return made


def test_manager_fills_in_the_form_sees_it_marked_and_deletes_it(
    role: Any, call: Call, client_for: Any
) -> None:
    browser = client_for(role.user)
    here = f"/en/fund/calls/{call.id}/tests"

    sent_to = browser.post(f"{here}/new?in=es", data={"Q1": "Nos reunimos cada semana."}).location
    assert sent_to.startswith("/en/"), "the language of the reader, not of the form"
    sent = browser.get(sent_to)
    listed = browser.get(here).text
    (trial,) = list_trials(call)

    assert "This is a test" in sent.text
    assert "Nos reunimos cada semana." in sent.text
    assert "A group could not have sent this yet" in sent.text
    assert (trial.language, trial.sent_by_id, trial.answers) == (
        "es",
        role.user_id,
        {"Q1": "Nos reunimos cada semana."},
    )
    assert f"/en/fund/tests/{trial.id}" in listed
    assert "The form has changed since." not in listed
    assert db.session.query(Application).count() == 0
    assert db.session.query(Message).count() == db.session.query(OutboxJob).count() == 0
    browser.post(f"/en/fund/tests/{trial.id}/delete")
    assert list(list_trials(call)) == []


def test_all_tests_are_deleted_with_one_press(role: Any, call: Call, client_for: Any) -> None:
    FormTrialFactory.create_batch(3, call=call)

    client_for(role.user).post(f"/en/fund/calls/{call.id}/tests/delete")

    assert list(list_trials(call)) == []


def test_wrong_answers_keep_what_was_typed(role: Any, call: Call, client_for: Any) -> None:
    typed = {"Q1": "We meet every week.", "S3_amount": "many"}

    page = client_for(role.user).post(f"/en/fund/calls/{call.id}/tests/new", data=typed)

    assert page.status_code == 422
    assert "We meet every week." in page.text
    assert 'value="many"' in page.text
    assert list(list_trials(call)) == []


def test_list_grows_by_its_button_and_files_are_not_asked_of_a_test(
    role: Any, call: Call, client_for: Any
) -> None:
    form = reference_content(call.code)["form"]
    form["sections"][0]["questions"] += [asked_as("entries", "X1"), asked_as("file", "X2")]
    published_with(call, form=form)
    browser, here = client_for(role.user), f"/en/fund/calls/{call.id}/tests/new"
    typed = {"X1-row": "0", "X1-0-name": "Amina", "X1-0-team": "red", "Q1": "We meet."}

    grown = browser.post(here, data=typed | {"X1-add": "yes"})
    sent = browser.get(browser.post(here, data=typed).location).text

    assert grown.status_code == 200
    for words in (
        'value="Amina"',
        'name="X1-1-name"',
        "We meet.",
        "Groups send files on a page of their own.",
    ):
        assert words in grown.text
    (trial,) = list_trials(call)
    assert trial.answers["X1"] == [{"name": "Amina", "team": "red"}]
    assert "Amina" in sent
    assert 'href="#q-X2"' not in sent


def test_answers_of_an_older_form_are_shown_as_far_as_they_fit(
    role: Any, call: Call, client_for: Any
) -> None:
    answers = {"Q1": "We meet.", "GONE": "x", "S3_amount": ["not", "a", "sum"]}
    trial = FormTrialFactory(call=call, answers=answers)

    page = client_for(role.user).get(f"/en/fund/tests/{trial.id}").text

    assert "The form has changed since" in page
    assert "We meet." in page
    assert "answers have no question any more." in page
