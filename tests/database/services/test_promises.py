"""Promised days: kept, missed, said sorry for once, and moved with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.message import Message
from fundapp.models.thread import MissedPromise, PromiseKind
from fundapp.queries.drafts import next_date_of
from fundapp.queries.promises import list_misses
from fundapp.services.applications import decline_application
from fundapp.services.promises import (
    DayNotAhead,
    NewDateNeedsReason,
    find_missed_promises,
    set_new_date,
    set_reply_date,
)
from fundapp.services.threads import write_to_fund, write_to_group
from tests.factories import ApplicationFactory, FeedbackFactory, OrganisationMemberFactory, UserFactory
from tests.published import dated

# of the reference call's first round
ANSWERED_ON, TOLD_ON, FEEDBACK_ON = date(2027, 4, 30), date(2027, 7, 26), date(2027, 8, 13)


def morning_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + timedelta(days=1)


def group(**options: object) -> Application:
    application = ApplicationFactory(**options)
    dated(application.round, told_at=datetime(2027, 7, 25, 23, tzinfo=UTC))  # midnight in London
    OrganisationMemberFactory(organisation=application.organisation)
    return application


def mails() -> int:
    query = sa.select(sa.func.count(Message.id)).where(Message.kind == "date_missed")
    return db.session.execute(query).scalar_one()


def misses_of(application: Application) -> list[tuple[str, date]]:
    db.session.flush()
    return [(miss.kind.value, miss.promised_on) for miss in list_misses(application)]


@pytest.mark.parametrize(
    ("options", "day", "kind"),
    [
        ({"eoi_sent": True}, ANSWERED_ON, PromiseKind.EOI_ANSWERED),
        ({"at_panel": True}, TOLD_ON, PromiseKind.EVERYBODY_TOLD),
        ({"in_principle": True}, TOLD_ON, PromiseKind.EVERYBODY_TOLD),
    ],
)
def test_group_that_still_waits_is_told_sorry_once(db_session, options, day, kind):
    application = group(**options)

    find_missed_promises(now=morning_after(day) - timedelta(days=1))
    before = misses_of(application)
    for later in (0, 0, 1, 2):  # twice the same day, and on the days that follow
        find_missed_promises(now=morning_after(day) + timedelta(days=later))

    assert before == []
    assert misses_of(application) == [(kind.value, day)]
    assert mails() == 1


def test_day_is_over_at_midnight_in_london(db_session):
    application = group(eoi_sent=True)
    midnight = datetime(2027, 4, 30, 23, tzinfo=UTC)

    find_missed_promises(now=midnight - timedelta(milliseconds=1))
    before = misses_of(application)
    find_missed_promises(now=midnight)

    assert before == []
    assert len(misses_of(application)) == 1


@pytest.mark.parametrize(
    "status",
    [ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN, ApplicationStatus.INELIGIBLE],
)
def test_who_does_not_wait_hears_nothing(db_session, status):
    application = group(eoi_sent=True)
    application.status = status
    db.session.flush()

    find_missed_promises(now=morning_after(FEEDBACK_ON))

    assert misses_of(application) == []


def test_feedback_that_was_read_was_promised_and_kept(db_session):
    kept, missed = group(at_panel=True, group_told_at=morning_after(TOLD_ON)), None
    kept.status = ApplicationStatus.DECLINED
    FeedbackFactory(application=kept)
    missed = group(at_panel=True, group_told_at=morning_after(TOLD_ON))

    find_missed_promises(now=morning_after(FEEDBACK_ON))

    assert misses_of(kept) == []
    assert misses_of(missed) == [("feedback", FEEDBACK_ON)]


def test_promise_kept_late_is_closed_with_its_day(db_session):
    application = group(eoi_sent=True)
    find_missed_promises(now=morning_after(ANSWERED_ON))
    decline_application(
        application, reason="Outside London.", actor=UserFactory(), now=morning_after(date(2027, 5, 4))
    )

    find_missed_promises(now=morning_after(date(2027, 5, 4)))

    [miss] = list_misses(application)
    assert miss.kept_at == morning_after(date(2027, 5, 4))


def test_new_date_holds_for_everybody_who_waits_and_can_be_missed_again(db_session):
    application = group(eoi_sent=True)
    find_missed_promises(now=morning_after(ANSWERED_ON))

    set_new_date(
        application.round,
        PromiseKind.EOI_ANSWERED,
        date(2027, 5, 10),
        reason="Two readers are ill.",
        actor=UserFactory(staff=True),
        now=morning_after(ANSWERED_ON),
    )
    find_missed_promises(now=morning_after(date(2027, 5, 9)))
    [miss] = list_misses(application)
    shown = next_date_of(application)
    find_missed_promises(now=morning_after(date(2027, 5, 10)))

    assert (miss.new_date, miss.new_reason) == (date(2027, 5, 10), "Two readers are ill.")
    assert (shown.at.date(), shown.moved_because) == (date(2027, 5, 10), "Two readers are ill.")
    assert misses_of(application) == [
        ("eoi_answered", ANSWERED_ON),
        ("eoi_answered", date(2027, 5, 10)),
    ]
    assert mails() == 2


def test_answer_in_the_thread_is_a_promise_too(db_session):
    application = group(eoi_sent=True)
    member = UserFactory()
    message = write_to_fund(
        application, "When?", once="a", actor=member, now=datetime(2027, 3, 19, 12, tzinfo=UTC)
    )
    due = message.answer_due_on

    find_missed_promises(now=morning_after(due))
    set_reply_date(
        message,
        due + timedelta(days=4),
        reason="We ask somebody.",
        actor=UserFactory(staff=True),
        now=morning_after(due),
    )
    find_missed_promises(now=morning_after(due + timedelta(days=1)))
    [miss] = db.session.execute(sa.select(MissedPromise)).scalars()
    write_to_group(application, "On Friday.", once="b", actor=UserFactory(staff=True), now=morning_after(due))
    find_missed_promises(now=morning_after(due + timedelta(days=9)))

    assert (miss.kind, miss.promised_on, miss.new_date) == (
        PromiseKind.REPLY,
        due,
        due + timedelta(days=4),
    )
    assert miss.kept_at is not None
    assert mails() == 1


def test_new_date_is_ahead_and_says_why(db_session):
    round_ = group(eoi_sent=True).round
    today = datetime(2027, 5, 1, 12, tzinfo=UTC)
    actor = UserFactory(staff=True)

    with pytest.raises(DayNotAhead):
        set_new_date(round_, PromiseKind.FEEDBACK, today.date(), reason="x", actor=actor, now=today)
    with pytest.raises(NewDateNeedsReason):
        set_new_date(round_, PromiseKind.FEEDBACK, date(2027, 5, 2), reason=" ", actor=actor, now=today)

    assert round_.new_dates is None
