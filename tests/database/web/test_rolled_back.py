"""A request whose change is rolled back at the last moment promises no mail and no job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import has_request_context
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.run import sweep
from fundapp.models.event import Event
from fundapp.models.message import Message, OutboxJob
from fundapp.queries.grants import list_checks
from fundapp.services.grants import settle_check, start_checks
from tests.grants import Grant, active_grant, grant_in_principle, grant_with_agreement, talk, text_read
from tests.sign_in import client_with_token, signed_in_client

REPLY = {"reply": "We learned that sleep is safety. Thank you for telling us."}


def asks_for_a_code(app: Any) -> tuple[FlaskClient, str, dict[str, Any]]:
    return client_with_token(app), "/en/sign-in", {"email": "amina@example.org"}


def sends_the_agreement(app: Any) -> tuple[FlaskClient, str, dict[str, Any]]:
    grant = grant_in_principle()
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    with unit_of_work():
        for item in list_checks(grant.award):
            settle_check(item, note="", actor=grant.manager, now=utcnow())
    return _by_manager(app, grant, f"/en/fund/awards/{grant.award.id}/agreement", **text_read(grant.award))


def takes_a_yes_back(app: Any) -> tuple[FlaskClient, str, dict[str, Any]]:
    grant = grant_with_agreement()
    path = f"/en/fund/awards/{grant.award.id}/withdraw"
    return _by_manager(app, grant, path, reason="The group has ended.")


def offers_a_conversation(app: Any) -> tuple[FlaskClient, str, dict[str, Any]]:
    grant = active_grant()
    return _by_manager(app, grant, f"/en/fund/check-ins/{grant.check_in('month_6').id}/offer")


def replies(app: Any) -> tuple[FlaskClient, str, dict[str, Any]]:
    grant = active_grant()
    return _by_manager(app, grant, f"/en/fund/check-ins/{talk(grant, 'welcome').id}/reply", **REPLY)


def _by_manager(app: Any, grant: Grant, path: str, **sent: str) -> tuple[FlaskClient, str, dict[str, Any]]:
    return signed_in_client(app, grant.manager), path, sent


WITH_A_MAIL = (asks_for_a_code, sends_the_agreement, takes_a_yes_back, offers_a_conversation, replies)


@contextmanager
def nothing_can_be_stored() -> Iterator[None]:
    """The database is lost when a request wants to store what it has done."""

    def lose(_session: Session) -> None:
        if has_request_context():
            raise sa.exc.OperationalError("COMMIT", None, Exception("the database is gone"))

    sa.event.listen(db.session, "before_commit", lose)
    try:
        yield
    finally:
        sa.event.remove(db.session, "before_commit", lose)


def rows() -> dict[str, int]:
    db.session.expire_all()
    return {
        model.__tablename__: db.session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()
        for model in (Message, OutboxJob, Event)
    }


@pytest.mark.parametrize("prepare", WITH_A_MAIL)
def test_rolled_back_request_leaves_no_job_no_mail_and_no_event(
    prepare: Callable[[Any], tuple[FlaskClient, str, dict[str, Any]]], app: Any, db_session: Any
) -> None:
    client, path, sent = prepare(app)
    while sweep():
        pass
    before = rows()

    with nothing_can_be_stored():
        lost = client.post(path, data=sent)
    after, swept = rows(), sweep()
    again = client.post(path, data=sent)

    assert lost.status_code >= 500
    assert (after, swept) == (before, 0)
    assert again.status_code < 400  # the same request, when the database is there
    assert all(rows()[name] > before[name] for name in ("message", "outbox_job"))
