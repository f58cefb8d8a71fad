"""Every penny of an award stands in one place, however it is split."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scoring.budget import (
    AskedBack,
    AwardMoney,
    CashLine,
    Payment,
    Receipt,
    Sums,
    When,
    account,
    financial_year,
)
from scoring.records import Counting, Share

TODAY = date(2028, 1, 15)
LED = frozenset({"BYFOR"})
LED_AND_MIGRANT = frozenset({"BYFOR", "MIGRANT"})


def running() -> AwardMoney:
    """1,000.01 pounds of a partnership, two of four payments made, one on hold; 100 asked back, 40 here."""
    return AwardMoney(
        strand="A",
        round="1",
        shares=(Share(60_001, LED_AND_MIGRANT), Share(40_000, LED)),
        counting=Counting.LIVE,
        awarded_on=date(2027, 3, 31),
        is_agreed=True,
        payments=(
            Payment(25_001, date(2027, 4, 1), paid_on=date(2027, 3, 31)),
            Payment(25_000, date(2027, 10, 1), paid_on=date(2028, 1, 3)),
            Payment(25_000, date(2028, 1, 14), is_held=True),
            Payment(25_000, date(2028, 4, 1)),
        ),
        asked_back=(AskedBack(10_000, date(2028, 1, 5), (Receipt(4_000, date(2028, 4, 2)),)),),
    )


def ended() -> AwardMoney:
    """500 pounds of which 200 were paid before it ended."""
    return AwardMoney(
        strand="C",
        round="2",
        shares=(Share(50_000, LED),),
        counting=Counting.TERMINATED,
        awarded_on=date(2027, 6, 1),
        is_agreed=True,
        payments=(Payment(20_000, date(2027, 7, 1), paid_on=date(2027, 7, 2)),),
    )


def not_signed() -> AwardMoney:
    """300 pounds with a payment of 100 so far."""
    return AwardMoney(
        strand="A",
        round="2",
        shares=(Share(30_000),),
        counting=Counting.LIVE,
        awarded_on=date(2027, 6, 1),
        is_agreed=False,
        payments=(Payment(10_000, date(2028, 4, 1), is_held=True),),
    )


def refused() -> AwardMoney:
    return AwardMoney(
        strand="A",
        round="2",
        shares=(Share(7_000, LED),),
        counting=Counting.NOT_COUNTED,
        awarded_on=date(2027, 6, 1),
        is_agreed=False,
        payments=(Payment(7_000, date(2028, 4, 1)),),
    )


def test_example_made_by_hand() -> None:
    found = account([running(), ended(), not_signed(), refused()], TODAY)

    assert found.whole == Sums(
        awarded=150_001,
        agreed=120_001,
        not_agreed=30_000,
        paid=70_001,
        to_pay=50_000,
        held=25_000,
        came_back=4_000,
        on_its_way=6_000,
        gone=37_000,
    )
    assert (found.whole.used, found.whole.kept) == (146_001, 140_001)
    assert {key: (each.awarded, each.paid, each.gone) for key, each in found.strands.items()} == {
        "A": (130_001, 50_001, 7_000),
        "C": (20_000, 20_000, 30_000),
    }
    assert {key: (each.awarded, each.to_pay) for key, each in found.rounds.items()} == {
        "1": (100_001, 50_000),
        "2": (50_000, 0),
    }
    assert found.years == {
        2026: Sums(awarded=100_001, paid=25_001),
        2027: Sums(
            awarded=50_000,
            agreed=95_001,
            paid=45_000,
            to_pay=25_000,
            held=25_000,
            on_its_way=6_000,
            gone=37_000,
        ),
        2028: Sums(agreed=25_000, to_pay=25_000, not_agreed=10_000, came_back=4_000),
        None: Sums(not_agreed=20_000),
    }
    assert found.cash == (
        CashLine(When.LATE, None, payments=1, ready=0, held=25_000, not_agreed=0, so_far=25_000),
        CashLine(
            When.MONTH, date(2028, 4, 1), payments=2, ready=25_000, held=0, not_agreed=10_000, so_far=60_000
        ),
        CashLine(When.NO_DAY, None, payments=0, ready=0, held=0, not_agreed=20_000, so_far=80_000),
    )


def test_partners_have_their_part_and_a_penny_that_does_not_divide_counts_for_nobody() -> None:
    tags = account([running(), ended()], TODAY).tags

    assert tags["MIGRANT"] == Sums(  # of the partner with 60,001 of 100,001 pence
        awarded=60_001,
        agreed=60_001,
        paid=30_000,  # 50,001 paid × 0.600004 = 30,000.8
        to_pay=30_001,
        held=15_000,  # 75,001 × 0.600004 = 45,000.9, less 30,000
        came_back=2_401,  # 96,001 × 0.600004 = 57,600.98
        on_its_way=3_600,  # 90,001 × 0.600004 = 54,000.96
    )
    assert tags["MIGRANT"].kept == 54_000
    assert tags["BYFOR"].kept == 54_000 + 90_001 * 40_000 // 100_001 + 20_000
    assert tags["BYFOR"].gone == 30_000


def test_year_begins_with_the_first_of_april() -> None:
    assert [financial_year(day) for day in (date(2027, 3, 31), date(2027, 4, 1), date(2028, 2, 29))] == [
        *(2026, 2027, 2027)
    ]


def test_without_awards_everything_is_nothing() -> None:
    found = account([], TODAY)

    assert (found.whole, found.strands, found.years, found.tags, found.cash) == (Sums(), {}, {}, {}, ())


DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@st.composite
def awards(draw: st.DrawFn) -> AwardMoney:
    """Partly paid, on hold, without all of its payments yet, with money asked back, ended, or refused."""
    tags = st.frozensets(st.sampled_from(["BYFOR", "MIGRANT", "SMALL"]))
    amounts = draw(st.lists(st.integers(1, 5_000_001), min_size=1, max_size=3))
    shares = tuple(Share(pence, draw(tags)) for pence in amounts)
    left, payments = sum(amounts), []
    counting = draw(st.sampled_from(Counting))
    for _number in range(draw(st.integers(0, 4))):
        pence = draw(st.integers(0, left))
        left -= pence
        may_be_paid = counting is not Counting.NOT_COUNTED
        paid_on = draw(st.none() | DAYS) if may_be_paid else None
        if pence:
            is_held = paid_on is None and draw(st.booleans())
            payments.append(Payment(pence, draw(DAYS), paid_on, is_held))
    paid = sum(each.pence for each in payments if each.paid_on)
    asked_back = []
    for _number in range(draw(st.integers(0, 2)) if paid else 0):
        asked = draw(st.integers(0, paid))
        paid -= asked
        came = draw(st.integers(0, asked))
        asked_back.append(AskedBack(asked, draw(DAYS), (Receipt(came, draw(DAYS)),)))
    return AwardMoney(
        strand=draw(st.sampled_from(["A", "B", ""])),
        round=draw(st.sampled_from(["1", "2"])),
        shares=shares,
        counting=counting,
        awarded_on=draw(DAYS),
        is_agreed=any(each.paid_on for each in payments) or draw(st.booleans()),
        payments=tuple(payments),
        asked_back=tuple(asked_back),
    )


def added(sums: list[Sums]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*(astuple(each) for each in [Sums(), *sums]), strict=True))


@given(st.lists(awards(), max_size=6), DAYS)
def test_splits_add_up_to_the_whole_and_each_penny_stands_once(all_: list[AwardMoney], today: date) -> None:
    found = account(all_, today)

    whole = found.whole
    for split in (found.strands, found.rounds, found.years):
        assert added(list(split.values())) == astuple(whole)
    assert whole.awarded + whole.gone == sum(award.pence for award in all_)
    for each in (whole, *found.strands.values(), *found.rounds.values(), *found.tags.values()):
        assert min(astuple(each)) >= 0
        assert each.awarded == each.agreed + each.not_agreed
        assert each.agreed == each.paid + each.to_pay
        assert each.held <= each.to_pay
    assert sum(line.pence for line in found.cash) == whole.to_pay + whole.not_agreed
    assert [line.so_far for line in found.cash][-1:] == [whole.to_pay + whole.not_agreed] * bool(found.cash)


@given(st.lists(awards(), max_size=6))
def test_part_of_a_ring_fence_is_never_more_than_its_partners_have(all_: list[AwardMoney]) -> None:
    found = account(all_, TODAY)

    given_to = Counter[str]()
    for award in all_:
        for share in award.shares:
            if award.counting is Counting.LIVE:
                given_to.update(dict.fromkeys(share.confirmed, share.pence))
            elif award.counting is Counting.TERMINATED:
                paid = sum(each.pence for each in award.payments if each.paid_on)
                given_to.update(dict.fromkeys(share.confirmed, paid * share.pence // award.pence))
    assert {tag: each.awarded for tag, each in found.tags.items()} == {
        tag: given_to[tag] for tag in found.tags
    }


@given(awards(), st.integers(1, 400))
def test_more_time_moves_months_and_years_and_no_sum(award: AwardMoney, days: int) -> None:
    later = timedelta(days=days)
    moved = replace(
        award,
        payments=tuple(
            each if each.paid_on else replace(each, due_on=each.due_on + later) for each in award.payments
        ),
    )

    before, after = (account([each], TODAY) for each in (award, moved))

    assert after.whole == before.whole
    assert added(list(after.years.values())) == added(list(before.years.values()))
    assert sum(each.pence for each in after.cash) == sum(each.pence for each in before.cash)
