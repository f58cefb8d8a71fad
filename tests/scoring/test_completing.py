"""The quick ways to complete a list: what they find holds, and what they rule out does not exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import completing
from scoring.allocation import propose
from scoring.completing import Completer, TooMuch
from scoring.engine import Highs, Search
from scoring.exact import Row
from scoring.merit import MeritOrder
from tests.scoring.bench import award_problem, read
from tests.scoring.small_cases import lists_that_keep, random_problem
from tests.scoring.test_allocation import HARD, WithoutHints


def bounds_of(rows: tuple[Row, ...]) -> completing.Whole:
    return np.array([row.bound for row in rows], dtype=np.int64)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_completions_keep_all_rows_and_a_full_search_misses_none(seed: int, with_budget: bool) -> None:
    problem = random_problem(seed)
    rows = problem.rows()[0 if with_budget else 1 :]
    if not rows:
        return
    coefficients = np.array([row.coefficients for row in rows])
    completer = Completer(coefficients)
    everybody = np.ones(len(problem.candidates), dtype=np.bool_)

    quick = completer.complete(bounds_of(rows), everybody)
    found = completer.search(bounds_of(rows), everybody)

    assert (found is not None) is bool(lists_that_keep(problem, rows))
    for completion in (quick, found):
        if completion is not None:
            assert (coefficients[:, sorted(completion)].sum(axis=1) <= bounds_of(rows)).all()
    assert quick is None or found is not None


def test_only_as_many_are_added_as_the_next_steps_can_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing, "MOST_ADDED", 1)
    everybody = np.ones(5, dtype=np.bool_)

    assert Completer(np.ones((1, 5), dtype=np.int64)).complete(np.array([5]), everybody) == {0, 1}


@pytest.mark.parametrize("explains", [True, False])
def test_where_the_search_is_too_long_the_solver_is_asked(
    monkeypatch: pytest.MonkeyPatch, explains: bool
) -> None:
    problem = award_problem(read("award_bench", "n150_k10_s1_abs"))
    known = propose(problem).awards

    def awards(search: Search | None = None) -> tuple[str, ...]:
        rows = problem.rows()
        order = MeritOrder(rows, len(problem.candidates), [], [], search or Highs(), explains=explains)
        assert order.start() == ()
        chosen = [decision.place for decision in order.decisions() if decision.is_funded]
        return tuple(problem.candidates[place].id for place in chosen)

    assert awards() == known
    monkeypatch.setattr(completing, "MOST_SCANNED", 0)
    with pytest.raises(TooMuch):
        Completer(np.array([[1], [-1]])).search(np.array([5, -1]), np.ones(1, dtype=np.bool_))
    assert awards() == awards(WithoutHints()) == known


def test_the_same_list_comes_out_whichever_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    before = propose(HARD).awards

    monkeypatch.setattr(Completer, "complete", lambda *_: None)
    monkeypatch.setattr(completing, "MOST_SCANNED", 0)

    assert propose(HARD).awards == propose(HARD, WithoutHints()).awards == before
