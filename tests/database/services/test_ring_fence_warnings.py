"""Managers hear weeks before a deadline that a ring-fence finds too few groups, once a week for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import CallStatus, ClaimStatus
from fundapp.models.call import Call
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.user import User
from fundapp.queries.outlooks import list_warnings, outlook_of
from fundapp.queries.ring_fences import report
from fundapp.services.contact import Contact, set_contact
from fundapp.services.events import seal
from fundapp.services.ring_fence_warnings import warn_of_ring_fences
from scoring.outlook import Outlook
from tests.factories import ApplicationFactory, CallFactory, FundRoleFactory, RoundFactory
from tests.ledger import group

pytestmark = pytest.mark.usefixtures("db_session")
OPENS = datetime(2027, 3, 16, 7, tzinfo=UTC)


def day(number: int) -> datetime:
    return OPENS + timedelta(days=number)


@pytest.fixture
def call() -> Call:
    call: Call = CallFactory(opens_at=OPENS)
    RoundFactory(call=call, code="2", starts=day(300))
    db.session.expire(call)
    return call


@pytest.fixture
def manager(call: Call) -> User:
    user: User = FundRoleFactory(fund=call.fund).user
    return user


def asks(call: Call, pounds: int, claim: ClaimStatus | None = ClaimStatus.DECLARED, **traits: object) -> None:
    ApplicationFactory(call=call, organisation=group(call, claim), amount_requested=Decimal(pounds), **traits)


def outlook(call: Call, number: int, key: str = "BYFOR") -> tuple[Outlook, int, int, int]:
    found = outlook_of(call, report(call), day(number))
    assert found is not None
    one = next(rule.prospect for rule in found.rules if rule.line.rule.key == key)
    return one.outlook, one.needed, one.sent, one.drafts


def warned(call: Call, number: int) -> list[str]:
    """The ring-fences that managers are warned of on this day."""
    known = db.session.execute(sa.select(sa.func.max(Event.number))).scalar() or 0
    for _run in range(2):  # the job may run twice
        warn_of_ring_fences(now=day(number))
        seal()
    query = sa.select(Event.details).where(Event.number > known, Event.subject_id == call.id)
    return [details["ring_fence"] for details in db.session.execute(query.order_by(Event.number)).scalars()]


def mails() -> int:
    query = sa.select(sa.func.count(Message.id)).where(Message.kind == "ring_fence_warning")
    return db.session.execute(query).scalar_one()


def test_first_round_needs_its_part_of_what_the_whole_call_needs(call: Call) -> None:
    asks(call, 400_000, eoi_sent=True)
    asks(call, 300_000, ClaimStatus.CONFIRMED)
    asks(call, 900_000, None, eoi_sent=True)

    # 1.8 of 2.76 million, of the 1.9 million of this round, rounded up
    assert outlook(call, 10) == (Outlook.PACE, 123_913_044, 40_000_000, 30_000_000)


def test_second_stage_counts_what_was_asked_for_it_and_nobody_can_start(call: Call) -> None:
    asks(call, 1_000_000, submitted=True)
    asks(call, 100_000, full=True)
    asks(call, 90_000, eoi_sent=True)
    asks(call, 500_000)

    assert outlook(call, 40) == (Outlook.SHORT, 123_913_044, 100_000_000, 19_000_000)


def test_closed_call_has_no_outlook(call: Call) -> None:
    call.status = CallStatus.CLOSED

    assert outlook_of(call, report(call), day(10)) is None


def test_warning_comes_weeks_before_the_deadline_and_once_a_week(call: Call, manager: User) -> None:
    asks(call, 40_000)

    mornings = {number: warned(call, number) for number in range(1, 30)}

    short = ["BYFOR", "MIGRANT", "SMALL", "MICRO"]
    assert {number: keys for number, keys in mornings.items() if keys} == {
        number: [key for key in short if key in keys] for number, keys in mornings.items() if keys
    }
    assert [number for number, keys in mornings.items() if "BYFOR" in keys] == [8, 15, 22, 29]
    assert mails() == len([keys for keys in mornings.values() if keys])


def test_nobody_is_warned_when_enough_is_sent(call: Call, manager: User) -> None:
    for strand in ("A", "C"):
        ApplicationFactory(
            call=call,
            organisation=group(call, ClaimStatus.DECLARED, migrant=ClaimStatus.CHECKED),
            strand_code=strand,
            amount_requested=Decimal(1_300_000),
            eoi_sent=True,
        )

    assert [warned(call, number) for number in (10, 29)] == [[], []]
    assert mails() == 0


def test_only_managers_who_want_reminders_get_mail_and_all_see_the_warning(call: Call, manager: User) -> None:
    set_contact(manager, Contact(True, None, wants_reminders=False), now=day(1))
    FundRoleFactory(fund=call.fund, kind=FundRoleKind.FINANCE)

    warn_of_ring_fences(now=day(9))
    seal()

    assert mails() == 0
    assert set(list_warnings([call], now=day(10))[call.id]) == {"BYFOR", "MIGRANT", "SMALL", "MICRO"}
    assert list_warnings([call], now=day(17)) == {}
