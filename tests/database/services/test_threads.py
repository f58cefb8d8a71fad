"""Messages between a group and the fund."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Application, ApplicationHelper
from fundapp.models.message import Message
from fundapp.models.thread import ThreadMessage
from fundapp.queries.threads import list_inbox, list_thread
from fundapp.services.clarifications import TextNeeded
from fundapp.services.threads import settle_thread, write_to_fund, write_to_group
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    UserFactory,
    days,
)

pytestmark = pytest.mark.both_engines  # what the database itself refuses

FRIDAY = datetime(2027, 5, 7, 12, tzinfo=UTC)


@pytest.fixture
def application(db_session):
    return ApplicationFactory(submitted=True)


def member_of(application: Application):
    return OrganisationMemberFactory(organisation=application.organisation).user


def mailed_to(kind: str = "thread_message") -> list[str]:
    query = sa.select(Message.recipient_id).where(Message.kind == kind)
    return [str(each) for each in db.session.execute(query).scalars()]


def test_message_of_a_group_is_promised_an_answer_in_ten_working_days(application):
    message = write_to_fund(application, " متى؟ ", once="a", actor=member_of(application), now=FRIDAY)

    assert (message.text, message.from_fund, message.by_helper) == ("متى؟", False, False)
    assert message.answer_due_on.isoformat() == "2027-05-21"


@pytest.mark.parametrize("write", [write_to_fund, write_to_group])
def test_page_posted_many_times_is_one_message_and_one_mail(application, write):
    manager = FundRoleFactory(fund=application.call.fund).user
    actor = member_of(application)
    known = len(mailed_to())

    for _press in range(5):
        write(application, "Hello", once="page", actor=actor, now=FRIDAY)

    assert len(list_thread(application)) == 1
    assert len(mailed_to()) - known == 1
    assert manager


def test_empty_message_is_none(application):
    with pytest.raises(TextNeeded):
        write_to_fund(application, " \n ", once="a", actor=member_of(application), now=FRIDAY)


def test_helper_is_marked_and_hears_the_answer(application):
    helper, member = UserFactory(), member_of(application)
    db.session.add(ApplicationHelper(application=application, user=helper, expires_at=days(9)))

    message = write_to_fund(application, "We wait.", once="a", actor=helper, now=days(0))
    write_to_group(application, "Soon.", once="b", actor=UserFactory(staff=True), now=days(0))

    assert message.by_helper
    assert sorted(mailed_to()) == sorted([str(helper.id), str(member.id)])


def test_answer_settles_what_was_open(application):
    for once in "ab":
        write_to_fund(application, "Hello?", once=once, actor=member_of(application), now=FRIDAY)

    later = FRIDAY + timedelta(hours=1)
    write_to_group(application, "Hello!", once="c", actor=UserFactory(staff=True), now=later)

    assert [entry.message.settled_at is None for entry in list_thread(application)] == [False, False, True]


def test_inbox_shows_who_waits_longest_first_and_nothing_with_a_conflict(db_session):
    call = CallFactory()
    reader = FundRoleFactory(fund=call.fund).user
    late, new, answered, hidden = (ApplicationFactory(call=call, eoi_sent=True) for _each in range(4))
    for number, each in enumerate((late, new, answered, hidden)):
        write_to_fund(each, "Hello?", once="a", actor=member_of(each), now=days(number - 9))
    write_to_group(answered, "Yes.", once="b", actor=reader, now=days(0))
    ConflictFactory(call_id=call.id, user_id=reader.id, organisation_id=hidden.organisation_id)

    rows = list_inbox(call.id, reader=reader)

    assert [row.application_id for row in rows] == [late.id, new.id, answered.id]
    assert [row.waits_since is None for row in rows] == [False, False, True]


def test_manager_with_a_conflict_gets_no_mail(application):
    conflicted, other = (FundRoleFactory(fund=application.call.fund).user for _each in range(2))
    ConflictFactory(
        call_id=application.call_id, user_id=conflicted.id, organisation_id=application.organisation_id
    )

    write_to_fund(application, "Hello?", once="a", actor=member_of(application), now=days(0))

    assert mailed_to() == [str(other.id)]


def test_thank_you_needs_no_answer(application):
    write_to_fund(application, "Thank you!", once="a", actor=member_of(application), now=FRIDAY)

    settle_thread(application, actor=UserFactory(staff=True), now=days(0))

    open_ones = sa.select(ThreadMessage.id).where(ThreadMessage.settled_at.is_(None))
    assert db.session.execute(open_ones).all() == []
