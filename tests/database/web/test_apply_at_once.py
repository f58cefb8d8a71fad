"""The same page posted many times at the same moment, over real connections: one change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.models.application import Answer, AnswerRevision, Application
from fundapp.models.event import Event
from fundapp.models.message import Message
from fundapp.models.organisation import Organisation
from fundapp.models.user import UserSession
from fundapp.services.events import broken_links
from tests.database.services.test_apply_applications import EOI, PASSING, answered
from tests.factories import CallFactory, OrganisationMemberFactory, UserFactory
from tests.live_app import live_app
from tests.sign_in import signed_in_client

AT_ONCE = 20


@pytest.fixture(scope="module")
def own_app(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with live_app(engine_name, f"fundapp_at_once_{worker_id}", tmp_path_factory.mktemp("data")) as app:
        yield app


def browsers_of(app: Flask, person: Any) -> list[FlaskClient]:
    """Many tabs of one browser."""
    return [signed_in_client(app, person) for _number in range(AT_ONCE)]


def at_once(browsers: list[FlaskClient], post: Callable[[FlaskClient, int], int]) -> list[int]:
    """The status of each answer; all begin together."""
    statuses: list[int] = [0] * len(browsers)
    gate = threading.Barrier(len(browsers))

    def run(number: int) -> None:
        gate.wait()
        statuses[number] = post(browsers[number], number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def draft(app: Flask) -> tuple[UUID, list[FlaskClient]]:
    with app.app_context():
        application = answered(EOI)
        member = OrganisationMemberFactory(organisation=application.organisation)
        browsers = browsers_of(app, member.user)
        db.session.commit()
        return application.id, browsers


def test_same_answer_posted_twenty_times_at_once_is_saved_once(own_app: Flask) -> None:
    application_id, browsers = draft(own_app)
    body = {"S1": "Once and for all", "rev": "1", "once": "same"}

    statuses = at_once(
        browsers,
        lambda b, _n: b.post(f"/en/applications/{application_id}/questions/S1", data=body).status_code,
    )

    with own_app.app_context():
        saved = db.session.execute(
            sa.select(Answer.value, Answer.rev).where(
                Answer.application_id == application_id, Answer.question_key == "S1"
            )
        ).one()
        revisions = sa.select(sa.func.count()).where(AnswerRevision.application_id == application_id)
        assert set(statuses) == {302}
        assert tuple(saved) == ("Once and for all", 2)
        assert db.session.execute(revisions).scalar_one() == 1


def test_different_answers_at_once_are_all_kept_and_one_counts(own_app: Flask) -> None:
    application_id, browsers = draft(own_app)

    def post(browser: FlaskClient, number: int) -> int:
        body = {"S1": f"Text {number}", "rev": "1", "once": f"page-{number}"}
        return browser.post(f"/en/applications/{application_id}/questions/S1", data=body).status_code

    statuses = at_once(browsers, post)

    with own_app.app_context():
        kept = sa.select(AnswerRevision.value).where(AnswerRevision.application_id == application_id)
        assert sorted(statuses) == [302] + [409] * (AT_ONCE - 1)
        assert set(db.session.execute(kept).scalars()) == {f"Text {number}" for number in range(AT_ONCE)}


def test_submit_posted_twenty_times_at_once_is_one_submission_and_one_mail(own_app: Flask) -> None:
    application_id, browsers = draft(own_app)

    statuses = at_once(
        browsers, lambda b, _n: b.post(f"/en/applications/{application_id}/submit").status_code
    )

    with own_app.app_context():
        steps = sa.select(Event.step).where(Event.subject_id == application_id)
        mails = [
            message
            for message in db.session.execute(sa.select(Message)).scalars()
            if message.arguments.get("application_id") == str(application_id)
        ]
        assert set(statuses) == {302}
        assert db.session.execute(steps).scalars().all() == ["submit"]
        assert [message.kind for message in mails] == ["application_received"]
        assert list(broken_links()) == []


def test_start_posted_twenty_times_at_once_is_one_group_and_one_application(own_app: Flask) -> None:
    with own_app.app_context():
        call, person = CallFactory(), UserFactory()
        browsers = browsers_of(own_app, person)
        for row in db.session.execute(
            sa.select(UserSession).where(UserSession.user_id == person.id)
        ).scalars():
            row.data = row.data | {f"eligibility:{call.code}": PASSING}
        db.session.commit()
        code, call_id = call.code, call.id

    statuses = at_once(
        browsers,
        lambda b, _n: (
            b.post(f"/en/calls/{code}/start", data={"name": "Sisters at once", "once": "p"}).status_code
        ),
    )

    with own_app.app_context():
        applications = sa.select(sa.func.count()).where(Application.call_id == call_id)
        groups = sa.select(sa.func.count()).where(Organisation.name == "Sisters at once")
        assert set(statuses) == {302}
        assert db.session.execute(applications).scalar_one() == 1
        assert db.session.execute(groups).scalar_one() == 1
