"""In time or not: decided by the server's clock when the request comes in, on every day of every year."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.services.grace import ask_for_grace
from tests.database.services.test_apply_applications import EOI, answered
from tests.factories import OrganisationMemberFactory
from tests.published import dated
from tests.sign_in import signed_in_client

MS, SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
GRACE = timedelta(minutes=2880)
NO, ASKED = False, True


class SlowLine(io.BytesIO):
    """A body whose last byte comes an hour after its first."""

    def __init__(self, body: bytes, clock: Any) -> None:
        super().__init__(body)
        self._clock = clock

    def read(self, size: int | None = -1) -> bytes:
        if found := super().read(size):
            self._clock.shift(timedelta(hours=1))
        return found


@pytest.fixture
def draft(app, db_session):
    application = answered(EOI)
    member = OrganisationMemberFactory(organisation=application.organisation)
    return application, member.user


def press_send(app: Any, draft: Any, at: datetime, *, slowly: bool = False) -> int:
    application, person = draft
    with time_machine.travel(at, tick=False) as clock:
        browser = signed_in_client(app, person)
        body = f"csrf_token={browser.environ_base['HTTP_X_CSRFTOKEN']}&note={'x' * 90_000}".encode()
        more = (
            {"input_stream": SlowLine(body, clock), "content_length": len(body)} if slowly else {"data": {}}
        )
        reply = browser.post(
            f"/en/applications/{application.id}/submit",
            content_type="application/x-www-form-urlencoded",
            **more,
        )
        db.session.refresh(application)
        return reply.status_code


@pytest.mark.parametrize(
    ("asked", "late_by", "is_taken"),
    [
        (NO, -MS, True),
        (NO, timedelta(0), True),
        (NO, MS, False),
        (NO, GRACE, False),
        (ASKED, -MS, True),
        (ASKED, timedelta(0), True),
        (ASKED, MS, True),
        (ASKED, GRACE - MS, True),
        (ASKED, GRACE, True),
        (ASKED, GRACE + MS, False),
    ],
)
def test_submit_at_the_edges_of_the_deadline(app, draft, asked, late_by, is_taken):
    application, person = draft
    deadline = application.round.eoi_closes_at
    if asked:
        ask_for_grace(application, reason="", actor=person, now=deadline - SECOND)

    status = press_send(app, draft, deadline + late_by)

    assert status == (302 if is_taken else 409)
    assert (application.status is ApplicationStatus.SUBMITTED) is is_taken
    assert application.submitted_at == (deadline + late_by if is_taken else None)


@pytest.mark.parametrize(("begins", "is_taken"), [(-MS, True), (timedelta(0), True), (MS, False)])
def test_sending_begun_before_the_deadline_is_in_time_however_long_it_takes(app, draft, begins, is_taken):
    application, _person = draft
    deadline = application.round.eoi_closes_at

    status = press_send(app, draft, deadline + begins, slowly=True)

    assert status == (302 if is_taken else 409)
    assert application.submitted_at == (deadline + begins if is_taken else None)


@pytest.mark.parametrize(
    ("moment", "london", "utc"),
    [
        (datetime(2027, 4, 15, 11, tzinfo=UTC), "Thursday 15 April 2027, 12:00 (London time)", "11:00"),
        (datetime(2027, 1, 14, 12, tzinfo=UTC), "Thursday 14 January 2027, 12:00 (London time)", "12:00"),
    ],
)
def test_group_reads_the_same_moment_in_london_time_and_in_utc(app, db_session, moment, london, utc):
    with time_machine.travel(moment - timedelta(days=5)):
        application = answered(EOI)
        dated(application.round, eoi_closes_at=moment)
        member = OrganisationMemberFactory(organisation=application.organisation)
        page = signed_in_client(app, member.user).get(f"/en/applications/{application.id}").text

    assert london in page
    assert f"{utc} UTC" in page or f"{utc}\u00a0UTC" in page
