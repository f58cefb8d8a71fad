"""What a withdrawal or a changed claim does to each rule, and who would mend it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scoring.consequences import Verdict, consequences, menders, worsened_by
from scoring.reasons import ReasonCode
from scoring.records import Base, Candidate, Counting, Kind, LedgerLine, Measure, Pot, RingFence, Share

FLOOR = RingFence("F", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=60)
CAP = RingFence("B", Kind.CAP, Measure.VALUE, Base.AWARDS_TOTAL, percent=50, is_family=True)
POT = Pot(100, 100, 100)


def award(name: str, pence: int, *tags: str) -> LedgerLine:
    return LedgerLine(name, pence, (Share(pence, frozenset(tags)),))


def reserve(name: str, pence: int, *tags: str) -> Candidate:
    return Candidate(name, pence, (Share(pence, frozenset(tags)),))


BEFORE = (award("a", 40, "F", "B:Barnet"), award("b", 20, "F", "B:Brent"), award("c", 30, "B:Camden"))


def ended(counting: Counting, paid: int = 0) -> tuple[LedgerLine, ...]:
    return (replace(BEFORE[0], counting=counting, paid_pence=paid), *BEFORE[1:])


@pytest.mark.parametrize(
    ("after", "needed", "verdict"),
    [
        (BEFORE, 0, Verdict.SAME),
        (ended(Counting.NOT_COUNTED), 40, Verdict.BROKEN),
        (ended(Counting.TERMINATED, 39), 1, Verdict.BROKEN),
        ((*BEFORE, award("d", 5, "F")), 0, Verdict.CHANGED),
        ((*BEFORE[1:], award("d", 41)), 40, Verdict.LOST),
    ],
)
def test_change_shows_the_rule_before_and_after(
    after: tuple[LedgerLine, ...], needed: int, verdict: Verdict
) -> None:
    found = consequences((FLOOR,), BEFORE, after, POT)[0]

    assert (found.before.confirmed.needed, found.after.confirmed.needed) == (0, needed)
    assert found.verdict is verdict


def test_change_back_mends_the_rule() -> None:
    found = consequences((FLOOR,), ended(Counting.NOT_COUNTED), BEFORE, POT)[0]

    assert (found.verdict, found.lost_ground) == (Verdict.MENDED, False)


def test_borough_that_loses_its_only_award_is_still_shown() -> None:
    found = consequences((CAP,), BEFORE, ended(Counting.NOT_COUNTED), POT)

    assert [(one.after.tag, one.before.confirmed.reached, one.after.confirmed.reached) for one in found] == [
        ("B:Barnet", 40, 0),
        ("B:Brent", 20, 20),
        ("B:Camden", 30, 30),
    ]
    assert [one.is_felt for one in found] == [True, False, True]


def test_menders_are_those_that_bring_the_rule_back_and_fit() -> None:
    after = ended(Counting.NOT_COUNTED)
    reserves = (
        reserve("enough", 40, "F"),
        reserve("half", 20, "F"),
        reserve("other", 11),
        reserve("dear", 60, "F"),
    )
    pot = replace(POT, round_pence=50)

    found = menders(reserves, (FLOOR,), consequences((FLOOR,), BEFORE, after, POT), after, pot)

    assert [(one.id, one.mends, one.helps) for one in found] == [
        ("enough", ("F",), ()),
        ("half", (), ("F",)),
        ("other", (), ()),
        ("dear", ("F",), ()),
    ]
    assert [one.fits for one in found] == [True, True, False, False]


def test_award_that_mends_a_missed_floor_is_not_stopped_by_it() -> None:
    after = ended(Counting.NOT_COUNTED)

    assert worsened_by(award("x", 20, "F"), (FLOOR,), after, POT) == ()
    assert [one.code for one in worsened_by(award("x", 51), (FLOOR,), after, POT)] == [
        ReasonCode.POT_PASSED,
        ReasonCode.FLOOR_MISSED,
    ]
    far = replace(FLOOR, amount=70)
    assert worsened_by(award("x", 20), (far,), (award("c", 50),), POT)[0].ring_fences == ("F",)
