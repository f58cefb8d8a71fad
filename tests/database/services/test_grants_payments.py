"""Payments: planned to the penny, due after the conversation, approved by one and paid by another."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import AwardStatus, InstalmentStatus
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import find_hold, holds_of, list_payments_to_make
from fundapp.services.grants import NotToldYet, terminate_award
from fundapp.services.instalments import (
    NotPayable,
    SamePerson,
    approve_instalment,
    months_later,
    pay_instalment,
    plan_instalments,
)
from fundapp.services.payment_holds import (
    HoldNeedsReason,
    HoldNeedsReview,
    agree_to_hold,
    ask_to_hold,
    drop_hold,
    release_instalment,
)
from tests.factories import (
    AwardFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationFactory,
)
from tests.grants import active_grant, grant_in_principle, grant_with_agreement, mails_to, talk

pytestmark = pytest.mark.both_engines  # what the database itself refuses

S = InstalmentStatus
NEXT_MONTH = utcnow().date() + timedelta(days=30)


@pytest.fixture
def call(db_session):
    return CallFactory()


def statuses(grant):
    return [payment.status for payment in grant.payments]


def approve(payment, actor):
    with unit_of_work():
        approve_instalment(payment, actor=actor, now=utcnow())


def pay(payment, actor):
    with unit_of_work():
        pay_instalment(payment, actor=actor, now=utcnow())


def ask(payment, actor, *, reason="The bank details changed.", review_on=NEXT_MONTH):
    with unit_of_work():
        ask_to_hold(payment, reason=reason, review_on=review_on, actor=actor, now=utcnow())


def agree(payment, actor):
    with unit_of_work():
        agree_to_hold(payment, actor=actor, now=utcnow())


def release(payment, actor):
    with unit_of_work():
        release_instalment(payment, actor=actor, now=utcnow())


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    strand=st.sampled_from("ABC"),
    income=st.decimals(0, 9_999_999, places=2),
    amount=st.decimals(Decimal("0.01"), 9_999_999, places=2),
)
def test_payments_add_up_to_the_penny_for_every_strand_income_and_amount(call, strand, income, amount):
    award = AwardFactory(
        application__call=call,
        application__strand_code=strand,
        application__organisation=OrganisationFactory(annual_income=income),
        amount=amount,
    )

    planned = plan_instalments(
        award, definition_of(call.versions[-1]), starts_on=date(2027, 9, 13), now=utcnow()
    )
    db.session.flush()

    assert sum(payment.amount for payment in planned) == amount
    assert all(payment.amount > 0 for payment in planned)
    assert [payment.number for payment in planned] == list(range(1, len(planned) + 1))


@pytest.mark.parametrize(
    ("strand", "income", "expected"),
    [
        ("A", "100000.00", [("10000.02", 0), ("10000.02", 6), ("10000.02", 12), ("10000.03", 18)]),
        ("B", "99999.99", [("20000.04", 0), ("20000.05", 12)]),
        ("C", "9000.00", [("40000.09", 0)]),
    ],
)
def test_payments_follow_the_plan_of_the_call(db_session, strand, income, expected):
    grant = grant_in_principle(amount="40000.09", strand=strand, income=income, starts_on=date(2027, 8, 31))

    months = [months_later(date(2027, 8, 31), month) for _amount, month in expected]
    assert [(str(p.amount), p.due_on) for p in grant.payments] == [
        (amount, day) for (amount, _month), day in zip(expected, months, strict=True)
    ]
    assert [p.check_in_kind for p in grant.payments] == [
        f"month_{month}" if month else None for _amount, month in expected
    ]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 1, 1), 12, date(2028, 1, 1)),
    ],
)
def test_day_so_many_months_on_is_the_last_of_a_shorter_month(day, months, expected):
    assert months_later(day, months) == expected


@pytest.mark.parametrize("make", [grant_in_principle, grant_with_agreement])
def test_nobody_is_paid_before_the_group_has_accepted(db_session, make):
    grant = make()

    with pytest.raises(NotPayable):
        approve(grant.payments[0], grant.manager)

    assert statuses(grant) == [S.PLANNED, S.PLANNED]


def test_accepting_makes_only_the_first_payment_due(db_session):
    assert statuses(active_grant()) == [S.DUE, S.PLANNED]


def test_payment_that_waits_for_its_conversation_cannot_be_approved(db_session):
    grant = active_grant()

    with pytest.raises(NotPossibleNow):
        approve(grant.payments[1], grant.manager)


def test_conversation_makes_its_payment_due_and_no_other(db_session):
    grant = active_grant(income="250000.00")

    talk(grant, "month_6")

    assert statuses(grant) == [S.DUE, S.DUE, S.PLANNED, S.PLANNED]


def test_one_approves_and_another_pays(db_session):
    grant = active_grant()
    first = grant.payments[0]

    approve(first, grant.manager)
    pay(first, grant.finance)

    assert (first.status, first.approved_by_id, first.paid_by_id) == (
        S.PAID,
        grant.manager.id,
        grant.finance.id,
    )


def test_who_approved_cannot_pay(db_session):
    grant = active_grant()
    first = grant.payments[0]
    approve(first, grant.manager)

    with pytest.raises(SamePerson):
        pay(first, grant.manager)

    assert first.status is S.APPROVED


def test_database_itself_refuses_one_person_for_both(db_session):
    grant = active_grant()
    first = grant.payments[0]

    with pytest.raises(IntegrityError), unit_of_work():
        first.approved_by_id = first.paid_by_id = grant.manager.id


def test_payment_that_nobody_approved_cannot_be_paid(db_session):
    grant = active_grant()

    with pytest.raises(NotPossibleNow):
        pay(grant.payments[0], grant.finance)


def test_paying_twice_is_refused(db_session):
    grant = active_grant()
    approve(grant.payments[0], grant.manager)
    pay(grant.payments[0], grant.finance)

    with pytest.raises(NotPossibleNow):
        pay(grant.payments[0], grant.finance)


@pytest.mark.parametrize(
    ("reason", "review_on", "error"),
    [
        ("  ", NEXT_MONTH, HoldNeedsReason),
        ("Why", utcnow().date() - timedelta(days=1), HoldNeedsReview),
        ("Why", utcnow().date(), HoldNeedsReview),
    ],
)
def test_hold_needs_a_reason_and_a_day_to_look_again(db_session, reason, review_on, error):
    grant = active_grant()

    with pytest.raises(error):
        ask(grant.payments[0], grant.manager, reason=reason, review_on=review_on)

    assert holds_of(grant.award) == {}


def test_no_payment_is_held_before_everybody_is_told(db_session):
    grant = grant_in_principle(application__group_told_at=None)

    with pytest.raises(NotToldYet):
        ask(grant.payments[0], grant.manager)

    assert (holds_of(grant.award), mails_to(grant.signer)) == ({}, [])


def test_one_person_alone_stops_no_payment(db_session):
    grant = active_grant()
    first = grant.payments[0]
    approve(first, grant.other_manager)

    ask(first, grant.manager)
    with pytest.raises(SamePerson):
        agree(first, grant.manager)
    pay(first, grant.finance)

    assert first.status is S.PAID
    assert holds_of(grant.award) == {}


def test_second_person_stops_the_payment_and_the_group_is_told(db_session):
    grant = active_grant()
    first = grant.payments[0]
    approve(first, grant.manager)
    before = mails_to(grant.signer)

    ask(first, grant.manager)
    agree(first, grant.finance)

    hold = holds_of(grant.award)[first.id]
    assert (first.status, first.approved_by_id) == (S.HELD, None)
    assert (hold.reason, hold.review_on) == ("The bank details changed.", NEXT_MONTH)
    assert (hold.asked_by_id, hold.agreed_by_id) == (grant.manager.id, grant.finance.id)
    assert mails_to(grant.signer) == [*before, "award_update"]


def test_second_wish_to_hold_the_same_payment_is_refused(db_session):
    grant = active_grant()
    ask(grant.payments[0], grant.manager)

    with pytest.raises(NotPossibleNow):
        ask(grant.payments[0], grant.finance)


def test_wish_to_hold_can_be_dropped_and_made_again(db_session):
    grant = active_grant()
    first = grant.payments[0]
    ask(first, grant.manager)

    with unit_of_work():
        drop_hold(first, actor=grant.finance, now=utcnow())

    assert find_hold(first) is None
    with pytest.raises(NotPossibleNow):
        agree(first, grant.finance)
    ask(first, grant.manager)


def test_released_payment_is_due_again_and_needs_a_new_approval(db_session):
    grant = active_grant()
    first = grant.payments[0]
    ask(first, grant.manager)
    agree(first, grant.finance)

    release(first, grant.manager)

    assert first.status is S.DUE
    assert find_hold(first) is None
    with pytest.raises(NotPossibleNow):
        pay(first, grant.finance)


def test_release_does_not_skip_the_conversation(db_session):
    grant = active_grant()
    later = grant.payments[1]
    ask(later, grant.manager)
    agree(later, grant.finance)

    release(later, grant.manager)

    assert later.status is S.PLANNED


def test_payment_held_during_its_conversation_is_due_once_released(db_session):
    grant = active_grant()
    later = grant.payments[1]
    ask(later, grant.manager)
    agree(later, grant.finance)
    talk(grant, "month_12")
    assert later.status is S.HELD

    release(later, grant.manager)

    assert later.status is S.DUE


def test_ended_grant_pays_nothing_more(db_session):
    grant = active_grant()
    first, _later = grant.payments
    approve(first, grant.manager)

    with unit_of_work():
        terminate_award(grant.award, reason="The group has closed.", actor=grant.manager, now=utcnow())

    assert grant.award.status is AwardStatus.TERMINATED
    assert statuses(grant) == [S.CANCELLED, S.CANCELLED]
    with pytest.raises(NotPayable):
        pay(first, grant.finance)


def test_payments_to_make_leave_out_groups_one_has_a_conflict_with(db_session):
    call = CallFactory(closed=True)
    open_one, hidden = active_grant(call), active_grant(call)
    reader = FundRoleFactory(fund=call.fund).user
    ConflictFactory(user=reader, call_id=call.id, organisation=hidden.award.organisation)

    found = list_payments_to_make(call, reader=reader)

    assert [payment.id for payment in found] == [open_one.payments[0].id]
