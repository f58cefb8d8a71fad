"""The counting rules of the reference call, and figures nobody can argue with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.reasons import Reason, ReasonCode
from scoring.records import (
    Base,
    Counting,
    Enforcement,
    Kind,
    LedgerLine,
    Measure,
    Pot,
    RingFence,
    RingFenceFigures,
    Share,
    Standing,
    Totals,
)
from scoring.ringfences import figures, totals, would_block
from tests.scoring.call import BOROUGH, BYFOR, LEDGER, MICRO, MIGRANT, NEW, POT, SMALL, award, share

LAST = replace(POT, is_last=True)


def of(ring_fence: RingFence, *ledger: LedgerLine, pot: Pot = POT) -> RingFenceFigures:
    (one,) = figures([ring_fence], ledger, pot)
    return one


def test_the_worked_ledger_of_the_reference_call_gives_exactly_its_figures() -> None:
    assert totals(LEDGER, POT) == Totals(38_000_000, 4, 238_000_000)

    assert of(BYFOR, *LEDGER) == RingFenceFigures(
        key="BYFOR",
        tag="BYFOR",
        kind=Kind.FLOOR,
        measure=Measure.VALUE,
        base=Base.FUND_TOTAL,
        enforcement=Enforcement.BLOCK,
        required=180_000_000,
        confirmed=Standing(20_000_000, 160_000_000, 78_000_000, 526, 111, is_met=False, is_possible=True),
        if_confirmed=Standing(26_000_000, 154_000_000, 84_000_000, 684, 144, is_met=False, is_possible=True),
    )
    assert of(BYFOR, *LEDGER).binding.reached == 20_000_000


def test_a_list_that_gives_others_more_than_the_headroom_is_blocked() -> None:
    within, over = [award("B1", share(780_000))], [award("B1", share(780_000)), award("B2", share(1))]

    assert would_block(within, [BYFOR], LEDGER, POT) == ()
    assert would_block(over, [BYFOR], LEDGER, POT) == (
        Reason(
            ReasonCode.FLOOR_IMPOSSIBLE,
            ("BYFOR",),
            (("required", 180_000_000), ("reached", 20_000_000), ("needed", 160_000_000), ("headroom", -100)),
            tags=("BYFOR",),
        ),
    )


def test_in_the_last_round_a_floor_must_be_reached_not_only_possible() -> None:
    (reason,) = would_block([], [BYFOR], LEDGER, LAST)

    assert (reason.code, reason.number("needed")) == (ReasonCode.FLOOR_MISSED, 160_000_000)


def test_a_terminated_award_counts_with_what_was_paid_and_never_a_penny_more() -> None:
    ended = award(
        "A3", share(60_000, "BYFOR"), share(40_000, "BYFOR"), share(20_000), counting=Counting.TERMINATED
    )

    paid = replace(ended, paid_pence=1_000_001)

    assert totals([paid], POT) == Totals(1_000_001, 1, 274_999_999)
    assert of(BYFOR, paid).confirmed.reached == 500_000 + 333_333
    assert of(BYFOR, ended).confirmed.reached == 0
    assert totals([ended], POT) == Totals(0, 0, 276_000_000)
    assert of(BYFOR, replace(ended, paid_pence=ended.pence)).confirmed.reached == 10_000_000


def test_one_award_counts_for_several_ring_fences_and_an_empty_ledger_for_none() -> None:
    line = award("A", share(100, "BYFOR", "MIGRANT"))

    both = figures([BYFOR, MIGRANT], [line], POT)
    nothing = figures([BYFOR, MIGRANT, MICRO, NEW, BOROUGH], [], POT)

    assert [one.confirmed.reached for one in both] == [10_000, 10_000]
    assert [(one.confirmed.share_per_mille, one.confirmed.is_met) for one in nothing] == [
        (None, False),
        (None, True),
        (None, True),
        (None, True),
    ]


def test_percentages_are_never_rounded_up_to_a_floor() -> None:
    # 29.9999 % of the awards
    just_short = [award("A", Share(299_999, frozenset({"MIGRANT"}))), award("B", Share(700_001))]

    standing = of(MIGRANT, *just_short).confirmed

    assert (standing.share_per_mille, standing.filled_per_mille, standing.is_met) == (299, 999, False)
    assert standing.needed == 2  # one more penny for the group raises the whole as well


def test_a_share_of_awards_has_headroom_until_others_hold_the_rest() -> None:
    pot = Pot(100_000, 100_000, 100_000)
    ledger = [award("A", share(100)), award("B", share(50, "MIGRANT"))]

    standing = of(MIGRANT, *ledger, pot=pot).confirmed
    at_the_limit = of(MIGRANT, *ledger, award("C", Share(standing.headroom or 0)), pot=pot).confirmed
    beyond = of(MIGRANT, *ledger, award("C", Share(60_001)), pot=pot).confirmed

    assert standing == Standing(5_000, 0, 60_000, 333, 1111, is_met=True, is_possible=True)
    assert (at_the_limit.headroom, at_the_limit.is_possible) == (0, True)
    assert (beyond.headroom, beyond.is_possible) == (-1, False)


def test_all_of_the_awards_for_a_group_cannot_be_mended_by_new_awards() -> None:
    everything = replace(MIGRANT, percent=100)
    by_number = replace(NEW, percent=100)
    ledger = [award("A", share(10)), award("B", share(20, "MIGRANT", "NEW"))]

    assert of(everything, *ledger).confirmed == Standing(
        2_000, 1_000, -1_000, 666, 666, is_met=False, is_possible=False
    )
    assert of(by_number, *ledger).confirmed == Standing(1, 1, -1, 500, 500, is_met=False, is_possible=False)


def test_by_number_the_lead_partner_decides_what_an_award_counts_for() -> None:
    new_lead = award("A", share(10, "NEW"), share(90))
    new_partner = award("B", share(10), share(90, "NEW"))
    others = [award(str(number), share(10)) for number in range(3)]

    assert of(NEW, new_lead, new_partner, *others).confirmed == Standing(
        1, 0, 0, 200, 1000, is_met=True, is_possible=True
    )
    assert of(NEW, new_partner, *others).confirmed == Standing(0, 1, -4, 0, 0, is_met=False, is_possible=True)


def test_a_fixed_number_of_awards_sets_no_limit_for_others() -> None:
    at_least_two = RingFence("NEW", Kind.FLOOR, Measure.COUNT, Base.FIXED, amount=2)

    assert of(at_least_two, award("A", share(10, "NEW"))).confirmed == Standing(
        1, 1, None, 1000, 500, is_met=False, is_possible=True
    )
    (reason,) = would_block([], [at_least_two], [], LAST)
    assert reason.numbers == (("required", 2), ("reached", 0), ("needed", 2))


def test_a_set_aside_is_kept_until_others_take_from_it() -> None:
    pot = Pot(30_000_000, 30_000_000, 30_000_000)
    starter, other = award("A", share(10_000, "MICRO")), award("B", share(180_000))

    kept = of(MICRO, starter, other, pot=pot).confirmed

    assert kept == Standing(1_000_000, 11_000_000, 0, 52, 83, is_met=True, is_possible=True)
    (reason,) = would_block([award("C", share(1))], [MICRO], [starter, other], pot)
    assert (reason.code, reason.number("headroom")) == (ReasonCode.SET_ASIDE_USED, -100)


def test_a_cap_for_any_one_borough_is_read_for_each_borough() -> None:
    ledger = [
        award("A", share(10, "borough:hackney")),
        award("B", share(40, "borough:newham"), share(50, claimed=("borough:hackney",))),
    ]
    hard = replace(BOROUGH, enforcement=Enforcement.BLOCK, percent=50)

    hackney, newham = figures([hard], ledger, Pot(0, 20_000, 20_000))

    assert (hackney.tag, newham.tag) == ("borough:hackney", "borough:newham")
    assert hackney.confirmed == Standing(1_000, 0, 9_000, 100, 200, is_met=True, is_possible=True)
    assert hackney.binding == Standing(6_000, 0, 4_000, 600, 1200, is_met=False, is_possible=True)
    (reason,) = would_block([], [hard], ledger, POT)
    assert (reason.code, reason.ring_fences, reason.tags) == (
        ReasonCode.CAP_PASSED,
        ("BOROUGH",),
        ("borough:hackney",),
    )
    assert would_block([], [BOROUGH], ledger, POT) == ()  # only a warning


def test_caps_with_an_amount_or_a_number() -> None:
    ledger = [award("A", share(10, "x")), award("B", share(10, "x"))]
    by_amount = RingFence("X", Kind.CAP, Measure.VALUE, Base.FIXED, amount=1_500, tag="x")
    by_share_of_number = RingFence("X", Kind.CAP, Measure.COUNT, Base.AWARDS_TOTAL, percent=50, tag="x")

    assert of(by_amount, *ledger).binding == Standing(
        2_000, 0, -500, 1000, 1333, is_met=False, is_possible=False
    )
    assert of(by_share_of_number, *ledger).binding == Standing(
        2, 0, None, 1000, 2000, is_met=False, is_possible=True
    )


def test_more_than_the_round_or_the_whole_pot_is_blocked() -> None:
    pot = Pot(10_000, 10_000, 5_000)

    reasons = would_block([award("B", share(60))], [], [award("A", share(50))], pot)

    assert reasons == (
        Reason(ReasonCode.BUDGET_PASSED, (), (("asked", 6_000), ("limit", 5_000), ("over", 1_000))),
        Reason(ReasonCode.POT_PASSED, (), (("asked", 11_000), ("limit", 10_000), ("over", 1_000))),
    )


AMOUNTS = st.integers(1, 500_000)


@st.composite
def ledger_lines(draw: st.DrawFn) -> LedgerLine:
    shares = tuple(
        Share(
            draw(AMOUNTS),
            frozenset({"MIGRANT", "BYFOR"}) if draw(st.booleans()) else frozenset(),
            frozenset({"MIGRANT", "BYFOR"}) if draw(st.booleans()) else frozenset(),
        )
        for _ in range(draw(st.integers(1, 3)))
    )
    pence = sum(one.pence for one in shares)
    counting = draw(st.sampled_from(Counting))
    return LedgerLine(draw(st.text("ab", max_size=3)), pence, shares, counting, draw(st.integers(0, pence)))


@given(st.lists(ledger_lines(), max_size=6), st.integers(0, 100))
def test_needed_money_for_the_group_meets_a_share_and_a_penny_less_does_not(
    ledger: list[LedgerLine], percent: int
) -> None:
    rule = replace(MIGRANT, percent=percent)
    standing = of(rule, *ledger).confirmed
    if percent == 100 or not standing.needed:
        assert standing.is_met or percent == 100
        return

    def after(pence: int) -> Standing:
        return of(rule, *ledger, LedgerLine("new", pence, (Share(pence, frozenset({"MIGRANT"})),))).confirmed

    assert not standing.is_met
    assert after(standing.needed).is_met
    assert standing.needed == 1 or not after(standing.needed - 1).is_met


@given(st.lists(ledger_lines(), max_size=6), st.integers(0, 100))
def test_money_is_conserved_and_claims_never_lower_a_figure(ledger: list[LedgerLine], percent: int) -> None:
    pot = Pot(3_000_000, 10_000_000, 10_000_000)
    one = of(replace(BYFOR, percent=percent), *ledger, pot=pot)
    everything = totals(ledger, pot)

    assert everything.live_pence + everything.unawarded_pence == pot.grants_pence
    assert 0 <= one.confirmed.reached <= one.if_confirmed.reached <= everything.live_pence
    assert one.confirmed.needed >= one.if_confirmed.needed
    assert one.confirmed.headroom == everything.unawarded_pence - one.confirmed.needed


@pytest.mark.parametrize("ring_fence", [BYFOR, SMALL, MICRO])
def test_the_headroom_can_be_given_away_and_a_penny_more_cannot(ring_fence: RingFence) -> None:
    headroom = of(ring_fence, *LEDGER).confirmed.headroom
    assert headroom is not None

    spent = of(ring_fence, *LEDGER, award("X", Share(headroom))).confirmed
    overspent = of(ring_fence, *LEDGER, award("X", Share(headroom + 1))).confirmed

    assert (spent.is_possible, overspent.is_possible) == (True, False)
