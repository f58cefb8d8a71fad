"""Panels drawn by lot: quotas hold, chances are as equal as they can be, and the draw can be repeated."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.engine import NotProved
from scoring.lottery import drawn_order
from scoring.program import Program
from scoring.records import InvalidInput
from scoring.sortition import TICKETS, PanelLottery, Quota, QuotasImpossible, panel_lottery
from tests.stored_data import stored

Pool = Mapping[str, Mapping[str, str]]


def published() -> tuple[dict[str, dict[str, str]], list[Quota]]:
    folder = stored("scoring", "sortition_small")
    with (folder / "respondents.csv").open() as file:
        pool = {f"p{at:03}": row for at, row in enumerate(csv.DictReader(file))}
    with (folder / "categories.csv").open() as file:
        rows = list(csv.DictReader(file))
    return pool, [Quota(one["category"], one["feature"], int(one["min"]), int(one["max"])) for one in rows]


def keeps(pool: Pool, quotas: list[Quota], drawn: tuple[str, ...]) -> bool:
    counted = [sum(pool[one][quota.feature] == quota.value for one in drawn) for quota in quotas]
    return all(quota.least <= number <= quota.most for quota, number in zip(quotas, counted, strict=True))


def test_the_published_example_reaches_its_known_smallest_chance() -> None:
    """200 people for 20 places: 10 % (leximin of Flanigan and others), though one woman is the only one of
    her kind and would be drawn far more often by drawing until the quotas are full.
    """
    pool, quotas = published()

    lottery = panel_lottery(pool, quotas, 20)

    assert set(lottery.chances.values()) == {Fraction(1, 10)}
    for number in range(50):
        drawn = lottery.draw(bytes([number]) * 16)
        assert len(set(drawn)) == 20
        assert keeps(pool, quotas, drawn)


def test_people_are_drawn_as_often_as_their_chance_says() -> None:
    pool = {key: {"x": "yes" if key in "ab" else "no"} for key in "abcdef"}
    lottery = panel_lottery(pool, [Quota("x", "yes", 2, 2)], 3)
    draws = 2_000

    counted = Counter(one for at in range(draws) for one in lottery.draw(at.to_bytes(16, "big")))

    assert lottery.chances == {"a": 1, "b": 1} | dict.fromkeys("cdef", Fraction(1, 4))
    assert counted["a"] == counted["b"] == draws
    error = 4 * (draws * 0.25 * 0.75) ** 0.5  # four standard errors
    assert all(abs(counted[key] - draws / 4) < error for key in "cdef")


def test_the_draw_can_be_repeated_by_hand() -> None:
    lottery = PanelLottery((("a", "b"), ("c",)), (((1, 1), TICKETS // 2), ((2, 0), TICKETS // 2)))
    seed = bytes(16)

    drawn = lottery.draw(seed)

    expected = {(drawn_order(seed, ["a", "b"])[0], "c"), ("a", "b")}
    assert drawn in expected
    assert {lottery.draw(bytes([at]) * 16) for at in range(20)} > {("a", "b")}
    assert lottery.draw(seed) == drawn


def test_after_the_smallest_chance_the_next_ones_are_raised_too() -> None:
    # c … h share one seat, so 1 in 6 is the most for each. a and b could be left out without making that
    # worse, but are as likely as they can be: one seat for the two, and the third for i, j or k.
    kinds = dict.fromkeys("cdefgh", "many") | dict.fromkeys("ab", "two") | dict.fromkeys("ijk", "three")
    pool = {key: {"x": kind} for key, kind in kinds.items()}

    chances = panel_lottery(pool, [Quota("x", "many", 0, 1)], 3).chances

    assert {chances[key] for key in "cdefgh"} == {Fraction(1, 6)}
    assert {round(float(chances[key]), 5) for key in "abijk"} == {0.4}


@pytest.mark.parametrize(
    ("quotas", "size", "changes"),
    [
        ([Quota("x", "yes", 3, 3)], 3, {("yes", 1)}),  # there are two
        ([Quota("x", "no", 0, 1)], 4, {("no", -1)}),  # four seats, two of "yes"
        ([Quota("x", "yes", 0, 2)], 9, set()),  # fewer people than seats
    ],
)
def test_impossible_quotas_name_what_would_have_to_give_way(
    quotas: list[Quota], size: int, changes: set[tuple[str, int]]
) -> None:
    pool = {key: {"x": "yes" if key in "ab" else "no"} for key in "abcdef"}

    with pytest.raises(QuotasImpossible) as caught:
        panel_lottery(pool, quotas, size)

    assert {(quota.value, seats) for quota, seats in caught.value.changes} == changes


@pytest.mark.parametrize(
    ("quotas", "size"), [([], 0), ([Quota("x", "yes", 2, 1)], 2), ([Quota("x", "y", -1, 1)], 2)]
)
def test_quotas_that_mean_nothing_are_refused(quotas: list[Quota], size: int) -> None:
    with pytest.raises(InvalidInput):
        panel_lottery({"a": {}, "b": {}}, quotas, size)


def test_without_quotas_everybody_has_the_same_chance() -> None:
    assert set(panel_lottery({key: {} for key in "abcd"}, [], 3).chances.values()) == {Fraction(3, 4)}


def test_what_is_not_proved_in_time_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, quotas = published()
    monkeypatch.setattr("scoring.sortition.ROUNDS", 1)
    with pytest.raises(NotProved):
        panel_lottery(pool, quotas, 20)

    monkeypatch.setattr("scoring.sortition.SECONDS", 0.0)
    with pytest.raises(NotProved):
        panel_lottery(pool, quotas, 20)


@st.composite
def pools(draw: st.DrawFn) -> tuple[dict[str, dict[str, str]], list[Quota], int]:
    people = "abcdef"[: draw(st.integers(2, 6))]
    pool = {one: {"x": draw(st.sampled_from("12")), "y": draw(st.sampled_from("12"))} for one in people}
    size = draw(st.integers(1, len(people) - 1))
    quotas = []
    for feature in draw(st.sampled_from(["", "x", "y", "xy"])):
        least = draw(st.integers(0, size))
        quotas.append(Quota(feature, "1", least, draw(st.integers(least, size))))
    return pool, quotas, size


@settings(max_examples=80, deadline=None)
@given(pools(), st.binary(min_size=16, max_size=16))
def test_quotas_hold_and_the_smallest_chance_is_the_largest_possible(
    asked: tuple[dict[str, dict[str, str]], list[Quota], int], seed: bytes
) -> None:
    pool, quotas, size = asked
    possible = [one for one in combinations(sorted(pool), size) if keeps(pool, quotas, one)]
    if not possible:
        with pytest.raises(QuotasImpossible) as caught:
            panel_lottery(pool, quotas, size)
        moved = dict(caught.value.changes)
        wider = [
            Quota(
                one.feature,
                one.value,
                one.least - max(moved.get(one, 0), 0),
                one.most - min(moved.get(one, 0), 0),
            )
            for one in quotas
        ]
        assert panel_lottery(pool, wider, size).panels
        return

    lottery = panel_lottery(pool, quotas, size)

    assert lottery.draw(seed) in possible
    assert sum(lottery.chances.values()) == size
    assert sum(tickets for _, tickets in lottery.panels) == TICKETS
    assert abs(float(min(lottery.chances.values())) - smallest_of_all(sorted(pool), possible)) < 1e-5
    alike = {}
    for person, answers in pool.items():
        kind = tuple(answers[one] for one in sorted({quota.feature for quota in quotas}))
        assert alike.setdefault(kind, lottery.chances[person]) == lottery.chances[person]


def smallest_of_all(people: list[str], possible: list[tuple[str, ...]]) -> float:
    """With every panel written down, person by person."""
    number = len(possible)
    program = Program(np.append(np.zeros(number), -1.0), np.ones(number + 1))
    program.add_row(range(number), lowest=1.0, highest=1.0)
    for one in people:
        chances = np.array([float(one in panel) for panel in possible])
        program.add_row(range(number + 1), np.append(chances, -1.0), lowest=0.0)
    return float(program.solve(20.0).values[number])


@settings(max_examples=60, deadline=None)
@given(pools(), st.permutations("abcdef"))
def test_names_do_not_matter(
    asked: tuple[dict[str, dict[str, str]], list[Quota], int], names: list[str]
) -> None:
    pool, quotas, size = asked
    assume(any(keeps(pool, quotas, one) for one in combinations(sorted(pool), size)))
    new = dict(zip("abcdef", names, strict=True))

    before = panel_lottery(pool, quotas, size).chances
    after = panel_lottery({new[one]: answers for one, answers in pool.items()}, quotas, size).chances

    assert {new[one]: chance for one, chance in before.items()} == after
