"""Pay of panel members: what is counted, what is asked for, who decides, and what is never asked."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.call_file.assessment import Payment
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import PanelClaimStatus
from fundapp.models.event import Event
from fundapp.models.meeting import MeetingPresence
from fundapp.models.message import Message
from fundapp.models.panel import PanelSeat, PaperFormat
from fundapp.models.panel_claim import ClaimFor, PanelClaim
from fundapp.models.practice import PracticeSheet
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_work import Work, fee_of, list_claims, sums_of, work_of
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import seal
from fundapp.services.panel_claims import (
    Expense,
    ExpensesNotPaid,
    FeeDeclined,
    FeeNotWanted,
    MoreThanCounted,
    OwnClaim,
    UnknownWay,
    Wishes,
    approve_claim,
    ask_claim_again,
    ask_expense,
    ask_fee,
    pay_claim,
    return_claim,
    take_claim_back,
    wish,
)
from fundapp.services.panels import remove_seat
from tests.board import with_rules
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MeetingFactory,
    PanelClaimFactory,
    PanelFactory,
    PanelSeatFactory,
    PracticeSampleFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    UserFactory,
    days,
)

CARE = Expense(ClaimFor.CARE, Decimal("36.00"), "Child care on 14 July")


@pytest.fixture
def seat(db_session) -> PanelSeat:
    return PanelSeatFactory(panel=PanelFactory())


@pytest.fixture
def manager(db_session):
    return UserFactory()


def lock(seat: PanelSeat, number: int = 1) -> None:
    for _each in range(number):
        application = ApplicationFactory(call=seat.panel.call, in_review=True)
        assignment = ReviewAssignmentFactory(seat=seat, application=application)
        ReviewFactory(assignment=assignment, locked_at=days(-1))


def worked(seat: PanelSeat) -> Work:
    return work_of(seat, definition_of(current_version(seat.panel.call)).panel)


def fee(seat: PanelSeat, half_days: int, why: str = "", once: str = "a") -> PanelClaim:
    return ask_fee(seat, half_days, why, once=once, actor=seat.user, now=utcnow())


def expense(seat: PanelSeat, once: str = "a") -> PanelClaim:
    return ask_expense(seat, CARE, once=once, actor=seat.user, now=utcnow())


def steps_of(claim: PanelClaim) -> list[str]:
    seal()
    query = sa.select(Event.step).where(Event.subject_id == claim.id).order_by(Event.number)
    return list(db.session.execute(query).scalars())


@pytest.mark.parametrize(
    ("locked", "half_days", "pounds"), [(0, 0, 0), (1, 1, 50), (6, 2, 100), (20, 4, 200)]
)
def test_reading_is_counted_in_half_days_that_were_begun(seat, locked: int, half_days: int, pounds: int):
    lock(seat, locked)  # forty minutes each, a day has seven hours

    found = worked(seat)

    assert (found.locked, found.half_days, found.fee) == (locked, half_days, pounds)


def test_practice_and_meeting_count_a_day_each_for_who_took_part(seat):
    sample = PracticeSampleFactory(panel=seat.panel)
    db.session.add(PracticeSheet(sample=sample, seat=seat, marks={}, locked_at=days(-3)))
    meeting = MeetingFactory(panel=seat.panel)
    db.session.add(MeetingPresence(meeting=meeting, seat=seat, came_at=days(-1)))
    db.session.flush()

    found = worked(seat)

    assert (found.training, found.meeting, found.half_days, found.fee) == (7, 7, 4, 200)
    assert worked(PanelSeatFactory(panel=seat.panel)).fee == 0


def test_hours_read_before_a_tie_came_up_are_paid(seat):
    lock(seat, 6)
    db.session.query(ReviewAssignmentFactory._meta.model).update({"voided_at": utcnow()})

    assert worked(seat).fee == 100


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 300), st.integers(0, 300))
def test_more_work_is_never_paid_less(one: int, more: int, half: int, extra: int):
    rates = Payment(Decimal(half), Decimal(half + extra), with_expenses=True, ways=())

    assert fee_of(one, rates) <= fee_of(one + more, rates)


def test_fee_is_asked_once_for_the_same_half_days(seat):
    lock(seat, 6)

    first = fee(seat, 2)
    with pytest.raises(MoreThanCounted):
        fee(seat, 1, once="b")
    slow = fee(seat, 1, "I read in my third language", once="b")

    assert (first.amount, first.counted_half_days) == (100, 2)
    assert (slow.amount, slow.counted_half_days) == (50, 0)
    assert fee(seat, 2) is first, "a second press"


def test_nobody_is_asked_to_pay_expenses_that_the_call_does_not_pay(seat):
    content = seat.panel.call.versions[-1].content["panel"]["payment"]
    with_rules(seat.panel.call, "panel", payment=content | {"with_expenses": "no"})

    with pytest.raises(ExpensesNotPaid):
        expense(seat)

    assert list_claims(seat.panel.round) == []


@pytest.fixture
def dear_halves(db_session) -> PanelSeat:
    """Half a day costs more than half of a day: £60 and £100."""
    call = CallFactory(closed=True)
    payment = call.versions[-1].content["panel"]["payment"]
    with_rules(call, "panel", payment={**payment, "half_day": 60, "day": 100})
    return PanelSeatFactory(panel=PanelFactory(call=call))


@given(halves=st.lists(st.integers(1, 3), min_size=1, max_size=3))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fee_is_the_same_however_it_is_split(dear_halves, halves: list[int]):
    with db.session.begin_nested() as savepoint:
        claims = [fee(dear_halves, each, "x", once=str(place)) for place, each in enumerate(halves)]
        whole = Decimal(100) * (sum(halves) // 2) + 60 * (sum(halves) % 2)
        paid = sum(each.amount for each in claims)
        savepoint.rollback()

    assert paid == whole


def test_fee_asked_for_again_fits_what_was_asked_meanwhile(dear_halves, manager):
    first = fee(dear_halves, 1, "x")
    return_claim(first, "Why?", actor=manager, now=utcnow())
    second = fee(dear_halves, 1, "x", once="b")

    ask_claim_again(first, "I read in my third language", actor=dear_halves.user, now=utcnow())

    assert (second.amount, first.amount) == (60, 40)


def test_declined_fee_is_neither_asked_for_again_nor_paid(seat, manager):
    returned, approved = fee(seat, 1, "x"), fee(seat, 1, "x", once="b")
    care = expense(seat, once="c")
    return_claim(returned, "Why?", actor=manager, now=utcnow())
    for claim in (approved, care):
        approve_claim(claim, actor=manager, now=utcnow())

    wish(seat, Wishes("declined"), actor=seat.user, now=utcnow())

    with pytest.raises(FeeDeclined):
        ask_claim_again(returned, "I read slowly", actor=seat.user, now=utcnow())
    with pytest.raises(FeeNotWanted):
        pay_claim(approved, "bank", actor=manager, now=utcnow())
    pay_claim(care, "bank", actor=manager, now=utcnow())
    assert (returned.status, approved.status, care.status) == ("returned", "approved", "paid")


def test_who_declines_the_fee_still_gets_expenses_and_may_think_again(seat):
    wish(seat, Wishes("declined"), actor=seat.user, now=utcnow())
    with pytest.raises(FeeDeclined):
        fee(seat, 1, "x")

    assert expense(seat).status is PanelClaimStatus.ASKED
    wish(seat, Wishes("voucher"), actor=seat.user, now=utcnow())
    assert fee(seat, 1, "x", once="b").amount == 50


@pytest.mark.parametrize("wishes", [Wishes("cash"), Wishes("organisation")])
def test_only_ways_of_the_call_and_an_organisation_with_its_name(seat, wishes: Wishes):
    with pytest.raises(UnknownWay):
        wish(seat, wishes, actor=seat.user, now=utcnow())


def test_name_of_the_organisation_is_kept_only_while_it_is_paid_there(seat):
    wish(seat, Wishes("organisation", "Rosa Circle", PaperFormat.LARGE_PRINT), actor=seat.user, now=utcnow())
    before = (seat.pay_to, seat.paper_format)
    wish(seat, Wishes("bank", "Rosa Circle"), actor=seat.user, now=utcnow())

    assert (before, seat.pay_to) == (("Rosa Circle", PaperFormat.LARGE_PRINT), "")


def test_claim_goes_from_asked_to_paid_with_a_mail_at_each_step(seat, manager):
    claim, finance = expense(seat), UserFactory()

    approve_claim(claim, actor=manager, now=utcnow())
    pay_claim(claim, "voucher", actor=finance, now=utcnow())

    assert (claim.status, claim.paid_way, claim.approved_by_id) == ("paid", "voucher", manager.id)
    assert steps_of(claim) == ["ask", "approve", "pay"]
    told = db.session.query(Message).filter_by(recipient_id=seat.user_id, kind="panel_claim")
    assert [message.language for message in told] == [seat.user.language] * 2


def test_claim_that_is_given_back_can_be_asked_again_with_more_words(seat, manager):
    claim = expense(seat)
    with pytest.raises(TextNeeded):
        return_claim(claim, " ", actor=manager, now=utcnow())

    return_claim(claim, "On which day?", actor=manager, now=utcnow())
    ask_claim_again(claim, "Child care on Friday 14 July", actor=seat.user, now=utcnow())

    assert (claim.status, claim.what_for) == ("asked", "Child care on Friday 14 July")
    assert steps_of(claim) == ["ask", "return", "ask_again"]


@pytest.mark.parametrize("step", [approve_claim, pay_claim, return_claim])
def test_nobody_decides_on_their_own(seat, step):
    claim = PanelClaimFactory(seat=seat)
    more = {pay_claim: ("bank",), return_claim: ("No",)}.get(step, ())

    with pytest.raises(OwnClaim):
        step(claim, *more, actor=seat.user, now=utcnow())


def test_what_is_approved_is_not_taken_back_and_what_is_asked_is_not_paid(seat, manager):
    claim = expense(seat)
    with pytest.raises(NotPossibleNow):
        pay_claim(claim, "bank", actor=manager, now=utcnow())
    db.session.refresh(claim)
    approve_claim(claim, actor=manager, now=utcnow())

    with pytest.raises(NotPossibleNow):
        take_claim_back(claim, actor=seat.user, now=utcnow())
    with pytest.raises(UnknownWay):
        pay_claim(claim, "declined", actor=manager, now=utcnow())


def test_sums_of_a_round_leave_out_what_was_given_back(seat, manager):
    lock(seat, 6)
    approve_claim(fee(seat, 2), actor=manager, now=utcnow())
    expense(seat, once="b")
    return_claim(expense(seat, once="c"), "Twice", actor=manager, now=utcnow())
    take_claim_back(expense(seat, once="d"), actor=seat.user, now=utcnow())
    PanelClaimFactory()  # of another panel

    found = {
        each.kind: (each.asked, each.approved, each.paid) for each in sums_of(list_claims(seat.panel.round))
    }

    assert found == {"fee": (0, 100, 0), "care": (36, 0, 0), None: (36, 100, 0)}


def test_seat_of_somebody_who_asked_to_be_paid_stays(seat, manager):
    expense(seat)

    with pytest.raises(NotPossibleNow):
        remove_seat(seat, actor=manager, now=utcnow())
