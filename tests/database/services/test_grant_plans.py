"""Changes of a grant: moves that are told, changes that are asked, more time. Sum and versions stay."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import CheckInStatus, InstalmentStatus
from fundapp.models.grant_plan import GrantVersion, GrantVersionLine, MovedDays, Variation, VariationKind
from fundapp.money_steps import VariationStatus
from fundapp.queries.calls import definition_of
from fundapp.queries.grant_plans import Plan, list_variations, list_versions, payments_as_agreed, plan_of
from fundapp.services.agreements import facts_digest
from fundapp.services.grant_plans import (
    ChangeNeedsReason,
    EndNotLater,
    NeedsAgreement,
    NothingChanged,
    agree_to_variation,
    ask_for_time,
    change_lines,
    refuse_variation,
    take_back_variation,
)
from fundapp.services.grant_versions import SumDiffers
from fundapp.services.grants import (
    accept_agreement,
    complete_award,
    start_closing,
    terminate_award,
)
from fundapp.working_days import working_days_later
from tests.factories import AnswerFactory
from tests.grants import (
    Grant,
    active_grant,
    grant_with_agreement,
    mails_to,
    pay_and_answer_all,
    talk,
)

pytestmark = [pytest.mark.usefixtures("db_session"), pytest.mark.both_engines]  # what the database refuses
LINES = (("أجور الميسّرات", "24000"), ("Rent", "12000"), ("Bus fares", "4000"))


def grant_with_lines(lines: Any = LINES, amount: str = "40000.00") -> Grant:
    """The application named these lines; the group has accepted."""
    grant = grant_with_agreement(amount=amount)
    AnswerFactory(
        application=grant.award.application,
        question_key="Q8",
        value=[{"what": what, "amount": pounds} for what, pounds in lines],
    )
    return accepted(grant)


def accepted(grant: Grant) -> Grant:
    with unit_of_work():
        digest = grant.award.agreement_digest or ""
        accept_agreement(grant.award, digest=digest, actor=grant.signer, now=utcnow())
    return grant


def plan(grant: Grant) -> Plan:
    return plan_of(grant.award, definition_of(grant.award.application.call_version))


def amounts(grant: Grant) -> list[str]:
    return [f"{line.amount:.2f}" for line in plan(grant).lines]


def change(grant: Grant, *sums: str, words: str = "The rent went up.", **more: Any) -> Variation:
    wanted = {number: Decimal(one) for number, one in enumerate(sums, start=1)}
    with unit_of_work():
        return change_lines(
            grant.award, wanted, words=words, language="so", actor=grant.signer, now=utcnow(), **more
        )


def more_time(grant: Grant, days: int, **more: Any) -> Variation:
    told: dict[str, Any] = {"words": "Our room was closed.", "language": "en"} | more
    with unit_of_work():
        ends_on = plan(grant).ends_on + timedelta(days=days)
        return ask_for_time(grant.award, ends_on=ends_on, actor=grant.signer, now=utcnow(), **told)


def agree(grant: Grant, variation: Variation, answer: str = "That makes sense to us.") -> None:
    with unit_of_work():
        agree_to_variation(variation, answer, actor=grant.manager, now=utcnow())


def test_first_version_has_the_lines_of_the_application() -> None:
    grant = grant_with_lines()

    assert [(line.name, line.amount) for line in plan(grant).lines] == [
        (name, Decimal(pounds)) for name, pounds in LINES
    ]
    assert [version.number for version in list_versions(grant.award)] == [1]


def test_award_below_the_request_shares_the_money_in_proportion_to_the_penny() -> None:
    grant = grant_with_lines((("a", "100"), ("b", "100"), ("c", "100")), amount="40000.00")

    assert amounts(grant) == ["13333.34", "13333.33", "13333.33"]


def test_application_without_lines_has_one_for_the_whole_grant() -> None:
    grant = active_grant()

    assert [(line.name, line.amount) for line in plan(grant).lines] == [("", Decimal(40_000))]


def test_move_up_to_the_percentage_is_told_and_counts_at_once() -> None:
    grant = grant_with_lines()

    told = change(grant, "22400", "14400", "3200")

    assert (told.kind, told.status, told.reply_due_on) == (VariationKind.MOVE, VariationStatus.TOLD, None)
    assert amounts(grant) == ["22400.00", "14400.00", "3200.00"]
    assert [line.agreed for line in plan(grant).lines] == [Decimal(24_000), Decimal(12_000), Decimal(4_000)]


def test_many_small_moves_do_not_add_up_to_a_large_one() -> None:
    grant = grant_with_lines()
    change(grant, "24000", "11600", "4400")
    change(grant, "24000", "11200", "4800")

    with pytest.raises(NeedsAgreement) as refused:
        change(grant, "24000", "11199.99", "4800.01")

    assert refused.value.lines == {3}
    assert amounts(grant) == ["24000.00", "11200.00", "4800.00"]


def test_larger_change_waits_for_the_fund_and_sets_what_later_moves_are_measured_by() -> None:
    grant = grant_with_lines()
    wish = change(grant, "20000", "12000", "8000", is_asked=True)
    waiting = amounts(grant)

    agree(grant, wish)
    change(grant, "19000", "13000", "8000")

    assert (wish.kind, wish.status) == (VariationKind.BUDGET, VariationStatus.AGREED)
    assert waiting == ["24000.00", "12000.00", "4000.00"]
    assert [line.agreed for line in plan(grant).lines] == [Decimal(20_000), Decimal(12_000), Decimal(8_000)]
    assert amounts(grant) == ["19000.00", "13000.00", "8000.00"]
    assert "award_update" in mails_to(grant.signer)


def test_wish_is_to_be_answered_in_the_working_days_of_the_call() -> None:
    grant = grant_with_lines()

    wish = change(grant, "0", "36000", "4000", is_asked=True)

    rules = definition_of(grant.award.application.call_version)
    today = utcnow().astimezone(rules.zone).date()
    assert wish.reply_due_on == working_days_later(today, rules.awards.change_reply_days)


def test_new_line_is_asked_and_a_refused_one_never_shows() -> None:
    grant = grant_with_lines()
    new = [("Child care", Decimal(1_000))]
    with pytest.raises(NeedsAgreement):
        change(grant, "23000", "12000", "4000", new_lines=new)
    first = change(grant, "23000", "12000", "4000", new_lines=new, is_asked=True)
    with unit_of_work():
        refuse_variation(first, "Please talk to us first.", actor=grant.manager, now=utcnow())
    second = change(grant, "22000", "12000", "4000", new_lines=[("Crèche", Decimal(2_000))], is_asked=True)

    agree(grant, second)

    assert [(line.name, line.amount) for line in plan(grant).shown][-1] == ("Crèche", Decimal(2_000))
    assert "Child care" not in {line.name for line in plan(grant).lines}
    assert (first.status, first.answer) == (VariationStatus.REFUSED, "Please talk to us first.")


@pytest.mark.parametrize(
    ("sums", "more", "error"),
    [
        (("24000", "12000", "4000.01"), {}, SumDiffers),
        (("24000", "12000", "4000"), {}, NothingChanged),
        (("20000", "16000", "4000"), {"is_asked": True, "words": " "}, ChangeNeedsReason),
        (("23000", "13000", "4000"), {"seen": 4}, StaleVersion),
    ],
)
def test_refused_change_leaves_everything_as_it_was(
    sums: tuple[str, ...], more: dict[str, Any], error: type[FundError]
) -> None:
    grant = grant_with_lines()

    with pytest.raises(error):
        change(grant, *sums, **more)

    assert amounts(grant) == ["24000.00", "12000.00", "4000.00"]
    assert list_variations(grant.award) == []


def test_one_wish_of_a_kind_is_open_and_the_group_takes_it_back_without_a_reason() -> None:
    grant = grant_with_lines()
    wish = change(grant, "20000", "16000", "4000", is_asked=True)
    with pytest.raises(NotPossibleNow):
        change(grant, "23900", "12100", "4000")

    with unit_of_work():
        take_back_variation(wish, actor=grant.signer, now=utcnow())
    change(grant, "23900", "12100", "4000")

    assert amounts(grant) == ["23900.00", "12100.00", "4000.00"]


def test_more_time_moves_what_is_still_to_come_and_never_the_sum() -> None:
    grant = grant_with_lines()
    before = plan(grant).ends_on
    days = {each.number: each.due_on for each in grant.payments}
    closing = grant.check_in("month_23").due_on
    wish = more_time(grant, 90)

    agree(grant, wish)

    moved = {each.number: (each.due_on - days[each.number]).days for each in grant.payments}
    assert plan(grant).ends_on == before + timedelta(days=90)
    assert {number for number, by in moved.items() if by == 0} == {1}  # due today already
    assert set(moved.values()) == {0, 90}
    assert (grant.check_in("month_23").due_on - closing).days == 90
    assert sum(each.amount for each in grant.payments) == grant.award.amount
    assert amounts(grant) == ["24000.00", "12000.00", "4000.00"]


def test_more_time_may_leave_the_payments_on_their_days() -> None:
    grant = grant_with_lines()
    days = [each.due_on for each in grant.payments]
    other, closing = grant.check_in("month_6").due_on, grant.check_in("month_23").due_on

    agree(grant, more_time(grant, 60, moved_days=MovedDays.CLOSING))

    assert [each.due_on for each in grant.payments] == days
    assert grant.check_in("month_6").due_on == other
    assert (grant.check_in("month_23").due_on - closing).days == 60


def test_what_took_place_stays_on_its_day() -> None:
    grant = grant_with_lines()
    talk(grant, "month_6")
    held = grant.check_in("month_6")
    due_on = held.due_on

    agree(grant, more_time(grant, 30))

    assert (held.status, held.due_on) == (CheckInStatus.HELD, due_on)


def test_agreement_says_what_was_accepted_whatever_moved_since() -> None:
    grant = grant_with_lines()
    accepted, payments = facts_digest(grant.award), payments_as_agreed(grant.award)

    agree(grant, more_time(grant, 200))

    assert facts_digest(grant.award) == accepted
    assert payments_as_agreed(grant.award) == payments
    assert [each.due_on for each in grant.payments] != [day for day, _amount in payments]


def test_more_time_ends_later_than_agreed() -> None:
    grant = grant_with_lines()

    with pytest.raises(EndNotLater):
        more_time(grant, 0)


def test_moves_go_on_while_more_time_is_asked_and_stay_when_it_is_agreed() -> None:
    grant = grant_with_lines()
    wish = more_time(grant, 90)
    change(grant, "23000", "13000", "4000")

    agree(grant, wish)

    assert amounts(grant) == ["23000.00", "13000.00", "4000.00"]
    assert [line.agreed for line in plan(grant).lines] == [Decimal(24_000), Decimal(12_000), Decimal(4_000)]


def test_answer_needs_a_reason_and_is_given_once() -> None:
    grant = grant_with_lines()
    wish = more_time(grant, 90)

    with pytest.raises(ChangeNeedsReason):
        agree(grant, wish, " ")
    agree(grant, wish)

    with pytest.raises(NotPossibleNow):
        agree(grant, wish)
    assert len(list_versions(grant.award)) == 2


def test_grant_that_ends_has_no_open_wishes() -> None:
    grant = grant_with_lines()
    wish = more_time(grant, 90)

    with unit_of_work():
        terminate_award(grant.award, reason="The group closed.", actor=grant.manager, now=utcnow())

    assert wish.status is VariationStatus.LAPSED
    with pytest.raises(NotPossibleNow):
        change(grant, "23000", "13000", "4000")


def test_earlier_version_cannot_be_written_over() -> None:
    grant = grant_with_lines()
    version = list_versions(grant.award)[0]

    for statement in (
        sa.update(GrantVersion).where(GrantVersion.id == version.id).values(ends_on=date(2099, 1, 1)),
        sa.update(GrantVersionLine).where(GrantVersionLine.version_id == version.id).values(amount=1),
        sa.delete(GrantVersionLine).where(GrantVersionLine.version_id == version.id),
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(statement)


@pytest.mark.parametrize("seed", range(6))
def test_lines_of_every_version_add_up_to_the_grant_whatever_happens(seed: int) -> None:
    chance = random.Random(seed)
    grant = grant_with_lines(amount=f"{chance.randrange(1_000_000, 9_000_000) / 100:.2f}")
    percent = definition_of(grant.award.application.call_version).awards.free_change_percent

    for _step in range(12):
        _something(grant, chance)

    versions = list_versions(grant.award)
    sums = [sum(line.amount for line in version.lines) for version in versions]
    assert set(sums) == {grant.award.amount}
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert sum(each.amount for each in grant.payments) == grant.award.amount
    assert all(line.may_become(line.amount, percent) for line in plan(grant).lines)
    assert {each.status for each in grant.payments} <= {InstalmentStatus.PLANNED, InstalmentStatus.DUE}


def _something(grant: Grant, chance: random.Random) -> None:
    """A wish or an answer by chance; what is refused changes nothing."""
    waiting = [each for each in list_variations(grant.award) if each.status is VariationStatus.ASKED]
    try:
        match chance.randrange(5):
            case 0 if waiting:
                agree(grant, chance.choice(waiting))
            case 1 if waiting:
                with unit_of_work():
                    refuse_variation(chance.choice(waiting), "No.", actor=grant.manager, now=utcnow())
            case 2:
                more_time(grant, chance.randrange(-5, 100), moved_days=chance.choice(list(MovedDays)))
            case _:
                sums = [line.amount for line in plan(grant).lines]
                giver, taker = chance.sample(range(len(sums)), 2)
                pence = min(int(sums[giver] * 100), chance.choice((1, 4_711, 100_000, 900_000)))
                sums[giver] -= Decimal(pence) / 100
                sums[taker] += Decimal(pence + chance.choice((0, 0, 0, 1))) / 100
                change(grant, *map(str, sums), is_asked=chance.random() < 0.5)
    except FundError:
        db.session.rollback()


def test_complete_grant_has_no_open_wishes() -> None:
    grant = grant_with_lines()
    wish = more_time(grant, 10)
    pay_and_answer_all(grant)
    with unit_of_work():
        start_closing(grant.award, actor=grant.manager, now=utcnow())
        complete_award(grant.award, actor=grant.manager, now=utcnow())

    assert wish.status is VariationStatus.LAPSED
