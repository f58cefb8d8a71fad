"""The draw: anybody can repeat it, nobody is preferred, and ring-fences hold whatever is drawn."""

from __future__ import annotations

import hashlib
import hmac
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.allocation import AwardProblem, awards_of
from scoring.lottery import (
    commitment,
    draw_chances,
    drawn_order,
    grey_zone,
    in_order,
    lottery_numbers,
    with_draw,
)
from scoring.records import Base, Candidate, InvalidInput, Kind, Measure, Pot, RingFence, Share

SEED = bytes(range(20))
seeds = st.binary(min_size=16, max_size=40)
ids = st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=7, unique=True)


def test_the_numbers_are_those_of_a_published_example() -> None:
    # RFC 4231, test case 1: key of twenty bytes 0b, data "Hi There".
    published = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    assert lottery_numbers(bytes([0x0B]) * 20, ["Hi There"]) == {"Hi There": int(published, 16)}
    for each, number in lottery_numbers(SEED, ["A", "é", "ب"]).items():
        assert f"{number:064x}" == hmac.new(SEED, each.encode(), hashlib.sha256).hexdigest()


def test_the_commitment_is_the_fingerprint_of_the_seed() -> None:
    assert commitment(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") == (
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"  # FIPS 180-2, B.2
    )
    with pytest.raises(InvalidInput):
        commitment(b"short")
    with pytest.raises(InvalidInput):
        drawn_order(b"short", ["a"])


@settings(max_examples=100, deadline=None)
@given(seeds, ids)
def test_the_order_is_a_complete_one_and_does_not_depend_on_how_it_was_asked(
    seed: bytes, asked: list[str]
) -> None:
    assert drawn_order(seed, asked) == drawn_order(seed, asked[::-1])
    assert sorted(drawn_order(seed, asked)) == sorted(asked)


@settings(max_examples=100, deadline=None)
@given(seeds, ids)
def test_leaving_one_out_changes_nothing_for_the_others(seed: bytes, asked: list[str]) -> None:
    drawn = drawn_order(seed, asked)

    assert drawn_order(seed, asked[1:]) == tuple(each for each in drawn if each != asked[0])


def test_only_what_scores_cannot_tell_apart_is_drawn() -> None:
    chances = {"a": Fraction(1), "b": Fraction(94, 100), "c": Fraction(6, 100), "d": Fraction(5, 100)}

    assert grey_zone(chances) == {"b", "c"}
    assert grey_zone({**chances, "c": Fraction(0)}) == frozenset()  # one alone has nobody to draw against


def test_equal_ones_are_drawn_together_or_not_at_all() -> None:
    # Scores without any difference between readers: a and b are the same, and the line goes between them.
    chances = {"a": Fraction(1), "b": Fraction(0), "c": Fraction(0), "d": Fraction(0)}

    assert grey_zone(chances, [{"a", "b"}]) == {"a", "b"}
    assert grey_zone(chances, [{"c", "d"}, {"z"}]) == frozenset()


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_equal_ones_outside_the_zone_stand_as_drawn_among_themselves(seed: bytes) -> None:
    chances = {"a": Fraction(1), "b": Fraction(1, 2), "c": Fraction(1, 2)}

    order = with_draw([*"abcdef"], chances, grey_zone(chances), seed, [{"d", "f"}])

    low, high = drawn_order(seed, ["d", "f"])
    assert order == ("a", *drawn_order(seed, ["b", "c"]), low, "e", high)
    assert with_draw([*"def"], {}, frozenset(), seed, [{"d", "f"}]) == (low, "e", high)


@settings(max_examples=100, deadline=None)
@given(st.data(), seeds)
def test_safe_ones_stay_above_and_the_others_below(data: st.DataObject, seed: bytes) -> None:
    keys = [*"abcdefg"[: data.draw(st.integers(1, 7))]]
    chances = {key: Fraction(data.draw(st.integers(0, 100)), 100) for key in keys}
    grey = grey_zone(chances)

    order = with_draw(keys, chances, grey, seed)

    assert sorted(order) == keys
    if not grey:
        assert list(order) == keys
        return
    places = {key: at for at, key in enumerate(order)}
    safe = [key for key in keys if chances[key] >= Fraction(95, 100)]
    below = [key for key in keys if key not in grey and key not in safe]
    assert [*order] == [*safe, *sorted(grey, key=lambda key: places[key]), *below]
    assert tuple(key for key in order if key in grey) == drawn_order(seed, grey)


def problem(budget: int, floor: int = 0) -> AwardProblem:
    """Six who ask for 10 each; e and f count for the ring-fence."""
    tags = {"e": frozenset({"G"}), "f": frozenset({"G"})}
    candidates = tuple(Candidate(key, 10, (Share(10, tags.get(key, frozenset())),)) for key in "abcdef")
    fences = (RingFence("G", Kind.FLOOR, Measure.VALUE, Base.FIXED, amount=floor),) if floor else ()
    return AwardProblem(candidates, fences, Pot(budget, budget, budget))


GREY = {key: Fraction(1, 2) for key in "bcdef"} | {"a": Fraction(1)}


@pytest.mark.parametrize(("budget", "floor", "awards"), [(30, 0, 3), (30, 10, 3), (45, 20, 4), (60, 0, 6)])
def test_chances_add_up_to_the_awards_and_the_ring_fence_holds_in_every_draw(
    budget: int, floor: int, awards: int
) -> None:
    chances = draw_chances(problem(budget, floor), GREY, grey_zone(GREY), draws=40, seed=SEED)

    assert sum(chances.values()) == awards
    assert chances["a"] == 1
    assert chances["e"] + chances["f"] >= Fraction(floor, 10)


def test_equal_applications_have_equal_chances() -> None:
    draws = 400
    chances = draw_chances(problem(30), GREY, grey_zone(GREY), draws=draws, seed=SEED)

    error = 4 * (0.4 * 0.6 / draws) ** 0.5  # 2 of 5 grey ones are funded; four standard errors
    assert all(abs(float(chances[key]) - 0.4) < error for key in "bcdef")
    with pytest.raises(InvalidInput):
        draw_chances(problem(30), GREY, grey_zone(GREY), draws=0, seed=SEED)


@settings(max_examples=60, deadline=None)
@given(seeds, st.sampled_from([10, 20]), st.sampled_from([20, 30, 40]))
def test_every_draw_gives_a_list_that_keeps_the_rules(seed: bytes, floor: int, budget: int) -> None:
    asked = problem(budget, floor)
    order = with_draw([*"abcdef"], GREY, grey_zone(GREY), seed)

    awards = awards_of(in_order(asked, order))

    assert len(awards) * 10 == budget
    assert 10 * len({"e", "f"} & set(awards)) >= floor
