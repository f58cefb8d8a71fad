"""The draw of a panel after its first step: the seed, and who comes next when somebody leaves."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.panel_draw import (
    Leaving,
    NobodyLeft,
    keeps,
    missed,
    next_drawn,
    panel_after,
    seed_of,
    widened,
)
from scoring.sortition import Quota, QuotasImpossible, panel_lottery

SEED = bytes(range(16))
POOL = {key: {"x": "yes" if key in "abc" else "no"} for key in "abcdefgh"}
QUOTAS = (Quota("x", "yes", 1, 2), Quota("x", "no", 1, 2))


def test_seed_is_the_secret_or_the_secret_with_what_was_announced() -> None:
    assert seed_of(SEED) == SEED
    assert len({seed_of(SEED, "7, 12"), seed_of(SEED, "7, 13"), SEED}) == 3
    assert seed_of(SEED, "7, 12") == seed_of(SEED, "7, 12")


def test_next_one_keeps_the_quotas_and_each_who_does_has_the_same_chance() -> None:
    drawn = Counter(
        next_drawn(POOL, QUOTAS, staying=["a", "d"], gone=["b"], seed=at.to_bytes(16, "big"))
        for at in range(3_000)
    )
    full = {
        next_drawn(POOL, QUOTAS, staying=["d", "e"], gone=["a"], seed=bytes([at]) * 16) for at in range(40)
    }

    assert set(drawn) == set("cefgh")
    assert all(abs(number - 600) < 4 * (3_000 * 0.2 * 0.8) ** 0.5 for number in drawn.values())
    assert full == {"b", "c"}


def test_where_nobody_fits_the_smallest_change_is_named_and_lets_somebody_in() -> None:
    with pytest.raises(QuotasImpossible) as caught:
        next_drawn(POOL, QUOTAS, staying=["d", "e"], gone=["a", "b", "c"], seed=SEED)

    assert [(quota.value, by) for quota, by in caught.value.changes] == [("yes", 1), ("no", -1)]
    wider = widened(QUOTAS, caught.value.changes)
    assert next_drawn(POOL, wider, staying=["d", "e"], gone=["a", "b", "c"], seed=SEED) in "fgh"
    with pytest.raises(NobodyLeft):
        next_drawn({"a": {}}, (), staying=[], gone=["a"], seed=SEED)


def test_whoever_was_not_there_cannot_leave() -> None:
    with pytest.raises(ValueError, match=r"list\.remove"):
        panel_after(POOL, QUOTAS, ["a", "d"], [Leaving("b")], SEED)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=16, max_size=16), st.integers(0, 6), st.randoms(use_true_random=False))
def test_same_seed_gives_the_same_panel_and_quotas_hold_after_every_leaving(
    seed: bytes, number: int, random: Random
) -> None:
    drawn = panel_lottery(POOL, QUOTAS, 3).draw(seed)
    quotas, panel, leavings = QUOTAS, list(drawn), list[Leaving]()
    assert keeps(POOL, QUOTAS, drawn)
    for _turn in range(number):
        left = random.choice(sorted(panel))
        staying = [one for one in panel if one != left]
        gone = [*(each.left for each in leavings), left]
        leaving = Leaving(left)
        try:
            came = next_drawn(POOL, quotas, staying=staying, gone=gone, seed=seed)
        except NobodyLeft:
            break
        except QuotasImpossible as error:
            leaving = Leaving(left, error.changes)
            quotas = widened(quotas, error.changes)
            came = next_drawn(POOL, quotas, staying=staying, gone=gone, seed=seed)
        leavings.append(leaving)
        panel = [*staying, came]
        assert not missed(POOL, quotas, panel)
        assert came not in gone

    assert panel_after(POOL, QUOTAS, drawn, leavings, seed) == tuple(panel)
    assert panel_after(POOL, QUOTAS, drawn, leavings, seed) == panel_after(
        POOL, QUOTAS, drawn, leavings, seed
    )


@st.composite
def pools(draw: st.DrawFn) -> tuple[dict[str, dict[str, str]], list[Quota], int]:
    people = "abcdefg"[: draw(st.integers(2, 7))]
    pool = {one: {"x": draw(st.sampled_from(["1", "2", ""]))} for one in people}
    size = draw(st.integers(1, len(people)))
    least = draw(st.integers(0, size))
    return pool, [Quota("x", "1", least, draw(st.integers(least, size)))], size


@settings(max_examples=60, deadline=None)
@given(pools())
def test_whoever_can_be_on_any_panel_has_a_chance(
    asked: tuple[dict[str, dict[str, str]], list[Quota], int],
) -> None:
    pool, quotas, size = asked
    try:
        chances = panel_lottery(pool, quotas, size).chances
    except QuotasImpossible:
        return
    ones = [key for key, groups in pool.items() if groups["x"] == "1"]
    others = [key for key in pool if key not in ones]
    (quota,) = quotas
    can_one = any(1 <= n <= len(ones) and size - n <= len(others) for n in range(quota.least, quota.most + 1))
    can_other = any(
        size - n >= 1 and n <= len(ones) and size - n <= len(others)
        for n in range(quota.least, quota.most + 1)
    )

    assert all((chances[key] > 0) == can_one for key in ones)
    assert all((chances[key] > 0) == can_other for key in others)
