"""Small numbers cannot be read, and cannot be worked out by taking rows from a total."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from fundapp.queries.openness_tables import TOGETHER, shared_rows
from fundapp.queries.suppression import published, stand_alone

ROWS = st.lists(st.integers(0, 14), min_size=2, max_size=2).map(lambda pair: sorted(pair, reverse=True))
TABLES = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=1), ROWS, max_size=8)


def test_cell_with_five_groups_stands_alone_and_smaller_ones_are_added_up():
    assert stand_alone({"a": (9, 9), "b": (12, 5), "c": (3, 0), "d": (2, 0)}) == ["a", "b"]


def test_rest_that_is_too_small_takes_the_smallest_row_with_it():
    assert stand_alone({"a": (20, 10), "b": (7, 0), "c": (2, 0)}) == ["a"]


def test_row_whose_difference_is_small_is_not_shown():
    assert stand_alone({"a": (9, 6), "b": (20, 10), "c": (11, 3)}) == ["b"]


def test_what_must_not_be_seen_alone_is_never_a_row_by_itself():
    assert stand_alone({"a": (20, 10), "b": (10, 5)}, (1, 1)) == ["a"]
    assert stand_alone({"a": (6, 6)}, (1, 1)) == []


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(0, 40))
def test_nobody_takes_what_is_known_from_what_is_shown(numbers, known):
    for shown in published(numbers, known=(known,)):
        assert shown is None or is_large(abs(shown - known))


@given(cells=TABLES, rest=ROWS)
def test_nobody_finds_a_small_number_by_adding_and_taking_away_rows(cells, rest):
    alone = stand_alone(cells, rest)

    rows = [tuple(cells[key]) for key in alone]
    together = tuple(
        sum(column) for column in zip(rest, *(c for k, c in cells.items() if k not in alone), strict=True)
    )
    if alone:  # otherwise the whole table is not shown
        rows.append(together)
    for number in range(1, len(rows) + 1):
        for some in combinations(rows, number):
            asked, funded = (sum(column) for column in zip(*some, strict=True))
            for seen in (asked, funded, asked - funded):
                assert seen == 0 or seen >= 5


@given(cells=TABLES, rest=ROWS)
def test_table_of_who_got_money_adds_up_and_gives_nobody_away(cells, rest):
    sums = {key: 100 * funded for key, (_asked, funded) in cells.items()} | {TOGETHER: 100 * rest[1]}

    rows = shared_rows(cells, sums, rest)

    whole = [sum(column) for column in zip(rest, *cells.values(), strict=True)]
    assert sum(row.pence for row in rows) == sum(sums.values())
    known = [row for row in rows if row.funded is not None]
    if known:
        assert sum(row.funded for row in rows) == whole[1]
    seen = [(row.asked, row.funded) for row in known if row.asked is not None]
    hidden = [row for row in known if row.asked is None]
    if seen and hidden:  # what the total leaves for them
        seen.append((whole[0] - sum(a for a, _ in seen), sum(row.funded for row in hidden)))
    for number in range(1, len(known) + 1):
        for some in combinations(known, number):
            assert is_large(sum(row.funded for row in some))
    for number in range(1, len(seen) + 1):
        for some in combinations(seen, number):
            asked, funded = (sum(column) for column in zip(*some, strict=True))
            for seen_number in (asked, funded, asked - funded):
                assert is_large(seen_number)


def is_large(number):
    return number == 0 or number >= 5
