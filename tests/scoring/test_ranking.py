"""Order with explicit tie-breaks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import Ranking, rank
from scoring.records import InvalidInput, Ranked, RankingEntry, TieBreak, TieBreakKind

C1 = TieBreak(TieBreakKind.HIGHER_CRITERION, "c1")
INCOME = TieBreak(TieBreakKind.LOWER_INCOME)
VOTE = TieBreak(TieBreakKind.VOTE)
RULES = (C1, INCOME, VOTE)


def entry(
    key: str, total: int | None, c1: int | None = 3, income: int | None = 1, vote: int | None = None
) -> RankingEntry:
    means = {} if c1 is None else {"c1": Fraction(c1)}
    return RankingEntry(key, None if total is None else Fraction(total), means, income, vote)


def test_ties_are_broken_in_the_order_of_the_call_and_say_by_what() -> None:
    entries = [
        entry("low", 50),
        entry("poor", 70, 3, 5),
        entry("rich", 70, 3, 9),
        entry("unknown", 70, 3, None),
        entry("rooted", 70, 4, 99),
        entry("unscored", 70, None),
        entry("open", None),
    ]

    assert rank(entries, RULES) == Ranking(
        (
            Ranked("rooted", 1, Fraction(70)),
            Ranked("poor", 2, Fraction(70), decided_by=C1),
            Ranked("rich", 3, Fraction(70), decided_by=INCOME),
            Ranked("unknown", 4, Fraction(70), decided_by=INCOME),
            Ranked("unscored", 5, Fraction(70), decided_by=C1),
            Ranked("low", 6, Fraction(50)),
        ),
        ("open",),
    )


def test_what_no_rule_tells_apart_shares_a_place_until_the_panel_votes() -> None:
    tied = [entry("b", 70), entry("a", 70), entry("c", 60), entry("d", 50), entry("e", 50)]

    open_ranking = rank(tied, RULES)
    after_vote = rank([entry("b", 70, vote=1), entry("a", 70, vote=2)], RULES)

    assert [(one.application, one.place, one.vote_needed) for one in open_ranking.ranked] == [
        ("a", 1, True),
        ("b", 1, True),
        ("c", 3, False),
        ("d", 4, True),
        ("e", 4, True),
    ]
    assert open_ranking.vote_needed == (("a", "b"), ("d", "e"))
    assert after_vote.ranked == (
        Ranked("b", 1, Fraction(70)),
        Ranked("a", 2, Fraction(70), decided_by=VOTE),
    )


def test_nothing_to_rank_and_the_same_application_twice() -> None:
    assert rank([], RULES) == Ranking((), ())
    with pytest.raises(InvalidInput):
        rank([entry("a", 1), entry("a", 2)], RULES)


@given(st.permutations([entry(str(number), number % 3, number % 2) for number in range(8)]))
def test_the_order_of_the_input_never_matters(entries: list[RankingEntry]) -> None:
    assert rank(entries, RULES) == rank(sorted(entries, key=lambda one: one.application), RULES)
