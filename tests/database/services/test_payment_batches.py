"""Batches for the bank: two people, nothing changes afterwards, the bank's answer, and nobody paid twice."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from fundapp.check_steps import CheckStatus
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import AwardStatus, InstalmentStatus
from fundapp.models.award import CheckItem, Instalment
from fundapp.models.event import Event
from fundapp.models.frozen_payments import GUARDS
from fundapp.models.payment_batch import PaymentLine
from fundapp.money_steps import BatchStatus, LineStatus
from fundapp.payment_file.answer import Answer, AnswerLine, Result
from fundapp.queries.bank_accounts import Numbers, account_checked, needs_bank_account, payee_of
from fundapp.queries.invariants import broken_invariants
from fundapp.queries.payment_batches import Obstacle, get_batch, list_batches, list_candidates
from fundapp.services.bank_accounts import propose_account, stop_account
from fundapp.services.bank_answers import AnswerDoesNotFit, take_answer
from fundapp.services.clawbacks import ask_back, propose_clawback
from fundapp.services.grants import NotSettled, complete_award, start_closing, terminate_award
from fundapp.services.instalments import InABatch, SamePerson, approve_instalment, pay_instalment
from fundapp.services.payment_batches import (
    AccountNotPaidNow,
    CannotPayAll,
    DayIsPast,
    FileHasChanged,
    NoFundAccount,
    NothingChosen,
    approve_batch,
    drop_batch,
    drop_line,
    fetch_file,
    make_batch,
    set_fund_account,
)
from fundapp.services.payment_holds import agree_to_hold, ask_to_hold
from fundapp.services.retention import forget_what_is_over
from tests.board import with_rules
from tests.engines import migrated_database
from tests.examples import undone_afterwards
from tests.factories import NUMBERS, CallFactory, ConflictFactory, FundRoleFactory
from tests.grants import Grant, active_grant, mails_to, pay_and_answer_all

pytestmark = pytest.mark.both_engines  # what the database itself refuses

OWN = Numbers("Demo Community Foundation", "000001", "11112222")
TODAY = utcnow().date()
I = InstalmentStatus  # noqa: E741
B, L = BatchStatus, LineStatus


@pytest.fixture
def call(db_session):
    made = CallFactory(closed=True)
    with unit_of_work():
        set_fund_account(made.fund, OWN, now=utcnow())
    return made


@pytest.fixture
def grants(call):
    return [active_grant(call, amount="40000.00"), active_grant(call, amount="7000.10", strand="C")]


@pytest.fixture
def finance(call):
    with unit_of_work():
        return FundRoleFactory(fund=call.fund, kind="finance").user


@pytest.fixture
def checker(call):
    with unit_of_work():
        return FundRoleFactory(fund=call.fund).user


def first_payments(grants: list[Grant]) -> list[Instalment]:
    return [grant.payments[0] for grant in grants]


def make(grants, finance, now=None):
    with unit_of_work():
        return make_batch(
            grants[0].award.call, first_payments(grants), pay_on=TODAY, actor=finance, now=now or utcnow()
        )


def approve(batch, actor):
    with unit_of_work():
        approve_batch(batch, version=batch.version, actor=actor, now=utcnow())


def fetch(batch, actor, kind="xml"):
    with unit_of_work():
        return fetch_file(get_batch(batch.id), kind, actor=actor, now=utcnow())


def answer(batch, actor, **results):
    lines = [
        AnswerLine(reference, Result(each), "AC04" if each == "returned" else "")
        for reference, each in results.items()
    ]
    with unit_of_work():
        return take_answer(batch, Answer("", tuple(lines)), actor=actor, now=utcnow())


def answer_all(batch, actor, result="paid"):
    return answer(batch, actor, **{line.reference: result for line in batch.lines})


def paid_first(grants, finance, checker):
    """A batch of the first payment of the first grant, which the bank has paid."""
    batch = make(grants[:1], finance)
    approve(batch, checker)
    answer_all(batch, finance)
    return batch


def statuses(batch):
    fresh = get_batch(batch.id)
    return [line.status for line in fresh.lines], [line.instalment.status for line in fresh.lines]


def test_payments_go_from_due_through_two_people_to_paid(grants, finance, checker):
    batch = make(grants, finance)
    made = statuses(batch)
    approve(batch, checker)
    sent = statuses(batch)
    answer_all(batch, finance)

    assert made == ([L.LISTED] * 2, [I.DUE] * 2)
    assert sent == ([L.SENT] * 2, [I.APPROVED] * 2)
    assert statuses(batch) == ([L.PAID] * 2, [I.PAID] * 2)
    assert batch.status is B.SETTLED
    assert batch.total == Decimal("27000.10")
    paid = grants[0].payments[0]
    assert (paid.approved_by_id, paid.paid_by_id) == (checker.id, finance.id)


def test_what_can_be_paid_needs_as_many_queries_for_three_payments_as_for_one(call, count_queries):
    found = []
    for number in (1, 2):
        for _each in range(number):
            active_grant(call)
        reader = FundRoleFactory(fund=call.fund, kind="finance").user
        db.session.commit()
        db.session.expire_all()
        with count_queries() as queries:
            candidates = list_candidates(call, reader=reader, now=utcnow())
        found.append((len(candidates), queries.number))

    assert found == [(1, found[0][1]), (3, found[0][1])]


def test_file_is_the_approved_one_byte_for_byte_and_each_fetch_is_written_down(grants, finance, checker):
    batch = make(grants, finance)
    with pytest.raises(NotPossibleNow):
        fetch(batch, finance)
    approve(batch, checker)

    files = [fetch(batch, finance), fetch(batch, finance)]
    as_csv = fetch(batch, finance, "csv")

    assert files[0] == files[1]
    assert hashlib.sha256(files[0]).hexdigest() == batch.file_digest
    assert hashlib.sha256(as_csv).hexdigest() == batch.csv_digest
    assert all(text in files[0].decode() for text in (NUMBERS.number, NUMBERS.sort_code, OWN.number))
    fetched = sa.select(Event.details).where(Event.subject_id == batch.id, Event.step == "fetch_file")
    events = db.session.execute(fetched).scalars().all()
    assert [each["kind"] for each in events] == ["xml", "xml", "csv"]
    assert not any(NUMBERS.number in str(each) for each in db.session.execute(sa.select(Event.details)))


def test_nobody_gets_a_file_with_an_account_that_was_stopped_since(grants, finance, checker):
    batch = make(grants, finance)
    approve(batch, checker)
    account = account_checked(grants[1].award)
    with unit_of_work():
        stop_account(account, reason="This is not our account.", actor=checker, now=utcnow())

    with pytest.raises(AccountNotPaidNow):
        fetch(batch, finance)
    with pytest.raises(AccountNotPaidNow):
        fetch(batch, finance, "csv")

    answer_all(batch, finance, "returned")
    assert statuses(batch)[0] == [L.RETURNED] * 2


@pytest.mark.parametrize("answered", [1, 2])
def test_nobody_gets_the_file_again_once_the_bank_has_answered(grants, finance, checker, answered):
    """What came back is paid in a new batch; the old file would pay it twice."""
    batch = make(grants, finance)
    approve(batch, checker)
    with_news = {line.reference: "returned" for line in batch.lines[:answered]}
    answer(batch, finance, **with_news)

    for kind in ("xml", "csv"):
        with pytest.raises(NotPossibleNow):
            fetch(batch, finance, kind)


@pytest.mark.parametrize("is_made_before", [True, False])
def test_batch_waits_for_a_check_as_a_single_payment_does(call, grants, finance, checker, is_made_before):
    batch = make(grants, finance) if is_made_before else None
    checks = [
        rule | ({"holds_up": "payment"} if rule["key"] == "bank_statement" else {})
        for rule in call.versions[-1].content["awards"]["checks"]
    ]
    with_rules(call, "awards", checks=checks)
    with unit_of_work():
        of_grant = db.session.query(CheckItem).filter_by(award_id=grants[0].award.id, key="bank_statement")
        check = of_grant.one()
        check.status, check.done_at, check.done_by_id = CheckStatus.OPEN, None, None

    with pytest.raises(CannotPayAll) as error:
        approve(batch, checker) if batch else make(grants, finance)

    assert error.value.obstacles == {grants[0].payments[0].id: Obstacle.CHECKS_OPEN}
    seen = list_candidates(grants[0].award.call, reader=finance, now=utcnow())
    assert [each.obstacle for each in seen if each.instalment.award_id == grants[0].award.id] == [
        Obstacle.CHECKS_OPEN
    ]


def test_nobody_gets_a_file_that_is_not_the_approved_one(grants, finance, checker, monkeypatch):
    batch = make(grants, finance)
    approve(batch, checker)
    monkeypatch.setattr(
        "fundapp.services.payment_batches.WRITERS",
        {"xml": lambda order: b"<other/>", "csv": lambda order: b""},
    )

    with pytest.raises(FileHasChanged):
        fetch(batch, finance)


def test_maker_does_not_check_and_an_old_page_approves_nothing(grants, finance, checker):
    batch = make(grants, finance)

    with pytest.raises(SamePerson):
        approve(batch, finance)
    with pytest.raises(StaleVersion), unit_of_work():
        approve_batch(batch, version=batch.version + 1, actor=checker, now=utcnow())
    assert batch.status is B.OPEN


def test_whoever_checked_an_account_neither_makes_nor_checks_its_batch(grants, finance, checker):
    payee = payee_of(grants[0].award, now=utcnow())
    with unit_of_work():
        payee.checked_by_id = finance.id
    with pytest.raises(CannotPayAll) as refused:
        make(grants, finance)
    with unit_of_work():
        payee.checked_by_id = checker.id
    batch = make(grants, finance)

    with pytest.raises(CannotPayAll) as at_check:
        approve(batch, checker)

    first = grants[0].payments[0].id
    assert refused.value.obstacles == {first: Obstacle.OWN_CHECK} == at_check.value.obstacles


def test_instalment_approved_by_the_maker_is_paid_by_somebody_else(grants, finance, checker):
    with unit_of_work():
        approve_instalment(grants[0].payments[0], actor=finance, now=utcnow())
    with pytest.raises(CannotPayAll):
        make(grants, finance)
    batch = make(grants[1:], finance)
    with unit_of_work():
        approve_instalment(grants[1].payments[0], actor=finance, now=utcnow())

    with pytest.raises(CannotPayAll):
        approve(batch, checker)


def test_batch_without_payments_of_yesterday_or_without_an_account_of_the_fund(
    grants, finance, checker, call
):
    with pytest.raises(NothingChosen), unit_of_work():
        make_batch(call, [], pay_on=TODAY, actor=finance, now=utcnow())
    with pytest.raises(DayIsPast), unit_of_work():
        make_batch(
            call, first_payments(grants), pay_on=TODAY - timedelta(days=1), actor=finance, now=utcnow()
        )
    batch = make(grants, finance)
    with pytest.raises(DayIsPast), unit_of_work():
        approve_batch(batch, version=batch.version, actor=checker, now=utcnow() + timedelta(days=1))
    other = active_grant()
    lonely = make([other], other.finance)
    with pytest.raises(NoFundAccount):
        approve(lonely, other.manager)


def test_change_of_the_account_after_the_batch_was_made_stops_its_approval(grants, finance, checker):
    batch = make(grants, finance)
    with unit_of_work():
        propose_account(grants[0].award, OWN, actor=grants[0].signer, now=utcnow())

    with pytest.raises(CannotPayAll) as refused:
        approve(batch, checker)

    assert refused.value.obstacles == {grants[0].payments[0].id: Obstacle.NO_ACCOUNT}
    with unit_of_work():
        drop_line(
            next(one for one in batch.lines if one.instalment.award_id == grants[0].award.id),
            actor=finance,
            now=utcnow(),
        )
    approve(get_batch(batch.id), checker)
    assert batch.total == Decimal("7000.10")


def test_payment_on_hold_is_left_out_and_one_on_its_way_cannot_be_held_or_ended(grants, finance, checker):
    held, other = grants
    batch = make(grants, finance)
    with unit_of_work():
        ask_to_hold(
            held.payments[0], reason="Why", review_on=TODAY + timedelta(days=9), actor=finance, now=utcnow()
        )
        agree_to_hold(held.payments[0], actor=checker, now=utcnow())
    with pytest.raises(CannotPayAll):
        approve(batch, checker)
    with unit_of_work():
        drop_batch(batch, actor=finance, now=utcnow())
    batch = make([other], finance)
    approve(batch, checker)

    for step in (
        lambda: ask_to_hold(
            other.payments[0], reason="Why", review_on=TODAY + timedelta(days=9), actor=finance, now=utcnow()
        ),
        lambda: terminate_award(other.award, reason="Why", actor=checker, now=utcnow()),
        lambda: pay_instalment(other.payments[0], actor=finance, now=utcnow()),
    ):
        with pytest.raises(InABatch), unit_of_work():
            step()


def test_instalment_stands_in_one_live_batch_only_also_by_the_database(grants, finance):
    batch = make(grants, finance)
    payment = grants[0].payments[0]

    with pytest.raises(CannotPayAll) as refused:
        make(grants[:1], finance)
    again = sa.insert(PaymentLine).values(
        batch_id=batch.id,
        instalment_id=payment.id,
        bank_account_id=batch.lines[0].bank_account_id,
        amount=payment.amount,
        reference="TWICE",
        version=1,
    )
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(again)
    assert refused.value.obstacles == {payment.id: Obstacle.IN_A_BATCH}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payment_batch SET total = 1 WHERE id = :batch",
        "UPDATE payment_batch SET pay_on = '2030-01-01' WHERE id = :batch",
        "UPDATE payment_batch SET approved_by_id = NULL, approved_at = NULL, status = 'open', total = NULL, "
        "fund_account_id = NULL, file_digest = NULL, csv_digest = NULL WHERE id = :batch",
        "UPDATE payment_batch SET file_digest = 'x' WHERE id = :batch",
        "DELETE FROM payment_batch WHERE id = :batch",
        "UPDATE payment_line SET amount = 1 WHERE id = :line",
        "UPDATE payment_line SET reference = 'OTHER' WHERE id = :line",
        "UPDATE payment_line SET status = 'dropped' WHERE id = :line",
        "UPDATE payment_line SET status = 'listed' WHERE id = :line",
        "DELETE FROM payment_line WHERE id = :line",
        "INSERT INTO payment_line SELECT :new, created_at, batch_id, :other, bank_account_id, amount, 'NEW', "
        "'listed', '', NULL, 1 FROM payment_line WHERE id = :line",
    ],
)
def test_database_refuses_every_change_of_an_approved_batch(grants, finance, checker, change):
    batch = make(grants, finance)
    approve(batch, checker)
    one, other = (sa.bindparam(name, type_=sa.Uuid()) for name in ("batch", "line"))
    new, instead = (sa.bindparam(name, type_=sa.Uuid()) for name in ("new", "other"))
    binds = [each for each in (one, other, new, instead) if f":{each.key}" in change]
    values = {
        "batch": batch.id,
        "line": batch.lines[0].id,
        "new": grants[0].award.id,
        "other": grants[0].payments[1].id,
    }

    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(sa.text(change).bindparams(*binds), {bind.key: values[bind.key] for bind in binds})


def test_database_keeps_a_paid_instalment_as_it_was(grants, finance, checker):
    batch = make(grants, finance)
    approve(batch, checker)
    answer_all(batch, finance)
    mine = Instalment.id == grants[0].payments[0].id

    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(sa.update(Instalment).where(mine).values(amount=1))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(sa.delete(Instalment).where(mine))


def test_migrated_database_has_the_same_guards(engine_name):
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with migrated_database(engine_name, "guards") as url:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            found = set(connection.execute(sa.text(names[engine_name])).scalars())
        engine.dispose()

    assert found >= set(GUARDS)


def test_payment_that_comes_back_is_due_again_the_group_is_told_and_it_can_be_paid_anew(
    grants, finance, checker
):
    batch = make(grants[:1], finance)
    approve(batch, checker)
    told = len(mails_to(grants[0].signer))
    answer_all(batch, finance, "returned")

    assert statuses(batch) == ([L.RETURNED], [I.DUE])
    assert get_batch(batch.id).lines[0].bank_reason == "AC04"
    assert len(mails_to(grants[0].signer)) == told + 1
    again = make(grants[:1], finance)
    approve(again, checker)
    answer_all(again, finance)
    assert grants[0].payments[0].status is I.PAID


def test_payment_that_comes_back_later_was_not_paid(grants, finance, checker):
    batch = paid_first(grants, finance, checker)
    answer_all(batch, finance, "returned")

    payment = grants[0].payments[0]
    assert (payment.status, payment.paid_at, payment.paid_by_id) == (I.DUE, None, None)


def test_complete_grant_whose_payment_comes_back_is_open_again_until_it_is_paid(grants, finance, checker):
    grant = grants[0]
    batch = paid_first(grants, finance, checker)
    pay_and_answer_all(grant)
    with unit_of_work():
        start_closing(grant.award, actor=grant.manager, now=utcnow())
        complete_award(grant.award, actor=grant.manager, now=utcnow())

    answer_all(batch, finance, "returned")

    assert (grant.award.status, grant.payments[0].status) == (AwardStatus.CLOSING, I.DUE)
    with pytest.raises(NotSettled), unit_of_work():
        complete_award(grant.award, actor=grant.manager, now=utcnow())
    again = make(grants[:1], finance)
    approve(again, checker)
    answer_all(again, finance)
    with unit_of_work():
        complete_award(grant.award, actor=grant.manager, now=utcnow())
    assert (grant.award.status, grant.payments[0].status) == (AwardStatus.COMPLETED, I.PAID)


def test_payment_that_comes_back_after_its_numbers_were_erased_waits_for_an_account(grants, finance, checker):
    grant = grants[0]
    batch = paid_first(grants, finance, checker)
    pay_and_answer_all(grant)
    with unit_of_work():
        forget_what_is_over(now=utcnow() + timedelta(days=95))

    answer_all(batch, finance, "returned")

    with pytest.raises(CannotPayAll) as refused:
        make(grants[:1], finance)
    assert refused.value.obstacles == {grant.payments[0].id: Obstacle.NO_ACCOUNT}
    assert needs_bank_account(grant.award)


def test_payment_that_comes_back_after_an_early_end_is_not_made_again(grants, finance, checker):
    grant = grants[0]
    batch = paid_first(grants, finance, checker)
    with unit_of_work():
        terminate_award(grant.award, reason="The group has closed.", actor=checker, now=utcnow())

    answer_all(batch, finance, "returned")

    assert grant.award.status is AwardStatus.TERMINATED
    assert {each.status for each in grant.payments} == {I.CANCELLED}
    assert list(broken_invariants()) == []


def test_same_answer_again_changes_nothing(grants, finance, checker):
    batch = make(grants, finance)
    approve(batch, checker)

    assert [answer_all(batch, finance), answer_all(batch, finance)] == [2, 0]
    assert answer_all(batch, finance) == 0


def test_answer_for_a_part_leaves_the_rest_on_its_way(grants, finance, checker):
    batch = make(grants, finance)
    approve(batch, checker)
    first = batch.lines[0].reference

    answer(batch, finance, **{first: "paid"})

    assert sorted(statuses(batch)[0]) == [L.PAID, L.SENT]
    assert batch.status is B.APPROVED


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((AnswerLine("NOBODY", Result.PAID, place=4),), "unknown_reference"),
        ((AnswerLine("FIRST", Result.PAID), AnswerLine("FIRST", Result.RETURNED, place=4)), "said_twice"),
        ((AnswerLine("FIRST", Result.PAID, amount=Decimal("1.00"), place=4),), "other_amount"),
    ],
)
def test_answer_that_does_not_fit_is_refused_whole_with_its_line(grants, finance, checker, lines, code):
    batch = make(grants, finance)
    approve(batch, checker)
    first, second = (line.reference for line in batch.lines)
    said = [
        AnswerLine(
            first if each.reference == "FIRST" else each.reference, each.result, "", each.amount, each.place
        )
        for each in lines
    ]

    with pytest.raises(AnswerDoesNotFit) as refused, unit_of_work():
        take_answer(batch, Answer("", (AnswerLine(second, Result.PAID), *said)), actor=finance, now=utcnow())

    assert [(each.code, each.place) for each in refused.value.problems] == [(code, 4)]
    assert statuses(batch)[0] == [L.SENT] * 2


def test_answer_of_another_batch_or_before_anything_was_sent_is_refused(grants, finance, checker):
    batch = make(grants, finance)
    with pytest.raises(AnswerDoesNotFit) as early:
        answer_all(batch, finance)
    approve(batch, checker)
    with pytest.raises(AnswerDoesNotFit) as other, unit_of_work():
        take_answer(batch, Answer("f" * 32, ()), actor=finance, now=utcnow())
    with pytest.raises(AnswerDoesNotFit) as empty, unit_of_work():
        take_answer(batch, Answer(batch.id.hex, ()), actor=finance, now=utcnow())

    codes = [each.value.problems[0].code for each in (early, other, empty)]
    assert codes == ["not_sent", "other_batch", "no_news"]


def test_returned_payment_is_not_said_to_be_paid_and_paid_one_asked_back_does_not_return(
    grants, finance, checker
):
    batch = make(grants, finance)
    approve(batch, checker)
    first, second = batch.lines
    answer(batch, finance, **{first.reference: "returned", second.reference: "paid"})
    asked = next(grant for grant in grants if grant.award.id == second.instalment.award_id)
    with unit_of_work():
        back = propose_clawback(
            asked.award, amount=Decimal("1.00"), reason="Why", actor=finance, now=utcnow()
        )
        ask_back(back, actor=checker, now=utcnow())

    with pytest.raises(AnswerDoesNotFit) as refused:
        answer(batch, finance, **{first.reference: "paid", second.reference: "returned"})

    assert {each.code for each in refused.value.problems} == {"returned_before", "asked_back"}


def test_tied_person_sees_neither_the_payment_nor_the_batch(grants, finance, checker, call):
    ConflictFactory(call_id=call.id, user=finance, organisation=grants[0].award.organisation)
    batch = make(grants, grants[1].finance)

    assert [each.instalment.award_id for each in list_candidates(call, reader=finance, now=utcnow())] == [
        grants[1].award.id
    ]
    assert list_batches(call, reader=finance) == []
    assert list_batches(call, reader=checker) == [batch]


STEPS = st.lists(
    st.tuples(st.sampled_from(("make", "approve", "drop", "paid", "returned", "by hand")), st.integers(0, 2)),
    min_size=3,
    max_size=12,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_in_any_order_of_steps_an_instalment_is_paid_once_and_the_sum_is_exact(grants, steps):
    grant = grants[0]
    with undone_afterwards():
        people = [grant.finance, grant.manager, grant.other_manager]
        batches = []
        for step, who in steps:
            try:
                with unit_of_work():
                    _take(step, grant, people[who], batches)
            except FundError:
                continue

        payment = grant.payments[0]
        db.session.refresh(payment)
        lines = sa.select(PaymentLine.status).where(PaymentLine.instalment_id == payment.id)
        found = list(db.session.execute(lines).scalars())
        assert found.count(L.PAID) + found.count(L.SENT) + found.count(L.LISTED) <= 1
        if L.PAID in found:
            assert payment.status is I.PAID
        if L.SENT in found:
            assert payment.status is I.APPROVED
        assert sum(each.amount for each in grant.payments) == grant.award.amount


def _take(step, grant, person, batches):
    if step == "make":
        batches.append(
            make_batch(grant.award.call, [grant.payments[0]], pay_on=TODAY, actor=person, now=utcnow())
        )
    elif step == "by hand":
        payment = grant.payments[0]
        if payment.status is I.DUE:
            approve_instalment(payment, actor=person, now=utcnow())
        else:
            pay_instalment(payment, actor=person, now=utcnow())
    elif batches:
        batch = get_batch(batches[-1].id)
        if step == "approve":
            approve_batch(batch, version=batch.version, actor=person, now=utcnow())
        elif step == "drop":
            drop_batch(batch, actor=person, now=utcnow())
        else:
            said = AnswerLine(batch.lines[0].reference, Result(step))
            take_answer(batch, Answer("", (said,)), actor=person, now=utcnow())
