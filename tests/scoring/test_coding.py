"""Which texts are read twice, and how far two readers agree."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.agreement import Level, alpha
from scoring.coding import BLOCK, ReadTwice, coding_agreement, drawn_of_block
from scoring.records import InvalidInput, Rating
from scoring.uncertainty import alpha_interval

CODES = ["a", "b", "c"]
MARKED = st.frozensets(st.sampled_from(CODES))
TEXTS = st.lists(st.tuples(MARKED, MARKED), min_size=1, max_size=12).map(
    lambda pairs: [ReadTwice(f"t{place}", *pair) for place, pair in enumerate(pairs)]
)


@given(st.lists(st.text(min_size=1), min_size=BLOCK, max_size=BLOCK, unique=True), st.text())
def test_one_of_five_is_drawn_whatever_their_order(texts: list[str], seed: str) -> None:
    drawn = drawn_of_block(texts, seed)

    assert drawn in texts
    assert drawn_of_block(texts[::-1], seed) == drawn


def test_every_place_is_drawn_about_as_often() -> None:
    places = Counter(
        block.index(drawn_of_block(block, "a call"))
        for number in range(2000)
        for block in [[f"{number}-{place}" for place in range(BLOCK)]]
    )

    assert set(places) == set(range(BLOCK))
    assert all(330 < found < 470 for found in places.values())


@pytest.mark.parametrize("texts", [["a"] * 5, ["a", "b"], list("abcdef")])
def test_nothing_is_drawn_from_less_or_more_than_a_block(texts: list[str]) -> None:
    with pytest.raises(InvalidInput):
        drawn_of_block(texts, "")


@given(TEXTS)
def test_counts_of_a_code_add_up_and_do_not_depend_on_who_reads_first(texts: list[ReadTwice]) -> None:
    lines = coding_agreement(texts, CODES, draws=5, seed=1)
    swapped = coding_agreement([ReadTwice(t.text, t.second, t.first) for t in texts], CODES, draws=5, seed=1)

    for line, other in zip(lines, swapped, strict=True):
        size = len(texts) * (1 if line.code else len(CODES))
        assert line.both + line.first_only + line.second_only + line.neither == size
        assert (line.first_only, line.second_only) == (other.second_only, other.first_only)
        assert line.alpha.value == pytest.approx(other.alpha.value)


@given(TEXTS)
def test_readers_who_mark_the_same_agree_fully(texts: list[ReadTwice]) -> None:
    same = [ReadTwice(text.text, text.first, text.first) for text in texts]

    for line in coding_agreement(same, CODES, draws=5, seed=1):
        assert line.differ == 0
        assert line.alpha.value is None or line.alpha.value == 1.0


def test_agreement_worked_out_by_hand() -> None:
    """Ten texts, one code: both on four, one alone on two, nobody on four (20 values: 10 yes, 10 no).

    Observed disagreement 2/10, expected by chance 2*10*10/(20*19): alpha = 1 - 0.2/0.5263 = 0.62.
    """
    yes, no = frozenset("a"), frozenset[str]()
    pairs = [(yes, yes)] * 4 + [(yes, no), (no, yes)] + [(no, no)] * 4
    texts = [ReadTwice(f"t{place}", *pair) for place, pair in enumerate(pairs)]

    line, together = coding_agreement(texts, ["a"], draws=50, seed=1)

    assert (line.both, line.first_only, line.second_only, line.neither) == (4, 1, 1, 4)
    assert line.alpha.value == pytest.approx(0.62)
    assert line.interval is not None
    assert line.interval[0] < 0.62 < line.interval[1]
    assert together.alpha.value == line.alpha.value


def test_codes_of_one_text_are_drawn_together() -> None:
    """A hundred codes on two texts are still two texts: the range is that of two."""
    ratings = [
        Rating(f"{text}\n{code}", reader, int(text == "x" or reader == "first"))
        for text in "xy"
        for code in range(100)
        for reader in ("first", "second")
    ]
    together = alpha_interval(
        ratings, Level.NOMINAL, draws=50, seed=1, together=lambda name: name.partition("\n")[0]
    )
    apart = alpha_interval(ratings, Level.NOMINAL, draws=50, seed=1)

    assert alpha(ratings, Level.NOMINAL).applications == 200
    assert together is not None
    assert apart is not None
    assert together[1] - together[0] > apart[1] - apart[0]
