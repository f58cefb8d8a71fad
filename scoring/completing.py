"""A quick try to complete a list in whole numbers: first what the floors still need, then the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import numpy.typing as npt

from scoring.exact import Whole

Entry = tuple[int, int]  # row, coefficient
BUDGET_ROW = 0  # or whatever limit stands first
MOST_SCANNED = 10_000  # candidates looked at in one search; with few places left to fill it ends before
MOST_ADDED = 200  # beside what the floors need: nobody further down is reached before the next try


class TooMuch(Exception):
    """The search would take longer than the solver."""


class Completer:
    """Fast because each candidate touches few rows; what it finds holds, what it misses means nothing."""

    def __init__(self, coefficients: Whole) -> None:
        self.coefficients = coefficients
        self.only_tightens = [lowest >= 0 for lowest in coefficients.min(axis=1, initial=0).tolist()]
        self.entries = _entries_of(coefficients)

    def in_order(self, order: Sequence[int]) -> Completer:
        """The same with the columns in another order."""
        found = copy(self)
        found.coefficients = self.coefficients[:, order]
        found.entries = [self.entries[place] for place in order]
        return found

    def complete(self, residual: Whole, is_open: npt.NDArray[np.bool_]) -> frozenset[int] | None:
        """Open candidates with which nothing is missing, or None when this way leads nowhere."""
        left = residual.tolist()
        places = np.flatnonzero(is_open)
        taken = self._fill_floors(left, places)
        if min(left, default=0) < 0:
            return None
        for place in places.tolist():
            if len(taken) > MOST_ADDED:
                break
            if place in taken:
                continue
            for row, factor in self.entries[place]:
                if factor > left[row]:
                    break
            else:
                self._take(place, left)
                taken.add(place)
        return frozenset(taken)

    def _fill_floors(self, left: list[int], places: Whole) -> set[int]:
        """Whoever helps the most floors comes first, then the better ranked."""
        taken: set[int] = set()
        short = [row for row, one in enumerate(left) if one < 0]
        if not short:
            return taken
        helps = (self.coefficients[short][:, places] < 0).sum(axis=0)
        places, helps = places[helps > 0], helps[helps > 0]  # nobody else brings anything
        for place in places[np.argsort(-helps, kind="stable")].tolist():
            if self._brings_nearer(place, left):
                self._take(place, left)
                taken.add(place)
                if min(left) >= 0:
                    break
        return taken

    def _brings_nearer(self, place: int, left: list[int]) -> bool:
        """It helps a row that is short, and no row stands in its way."""
        is_short = False
        for row, factor in self.entries[place]:
            if factor > 0:
                if left[row] < factor:
                    return False
            elif left[row] < 0:
                is_short = True
        return is_short

    def search(self, residual: Whole, is_open: npt.NDArray[np.bool_]) -> frozenset[int] | None:
        """A completion, or None when every way was tried and there is none. Raises TooMuch."""
        self.left_to_scan = MOST_SCANNED
        found = self._branch(residual.tolist(), np.flatnonzero(is_open).tolist())
        return None if found is None else frozenset(found)

    def _branch(self, left: list[int], places: list[int]) -> list[int] | None:
        """One of those who help the row with the fewest helpers has to be taken: each in turn."""
        short: dict[int, list[Entry]] = {row: [] for row, one in enumerate(left) if one < 0}
        if not short:
            return []
        self.left_to_scan -= len(places)
        if self.left_to_scan < 0:
            raise TooMuch
        places = self._fitting(places, left, short)
        if any(self._is_hopeless(row, helpers, left) for row, helpers in short.items()):
            return None
        row, helpers = min(short.items(), key=lambda each: len(each[1]))
        untried = sum(help_ for _, help_ in helpers)
        tried = set()
        for place, help_ in helpers:
            if untried + left[row] < 0:
                return None
            untried -= help_
            tried.add(place)
            rest = left.copy()
            self._take(place, rest)
            found = self._branch(rest, [one for one in places if one not in tried])
            if found is not None:
                return [place, *found]
        return None

    def _fitting(self, places: list[int], left: list[int], short: dict[int, list[Entry]]) -> list[int]:
        """Those who pass no row that only tightens; in `short` they are noted with what they bring."""
        fitting = []
        for place in places:
            helps = []
            for row, factor in self.entries[place]:
                if factor < 0:
                    if row in short:
                        helps.append((row, -factor))
                elif factor > left[row] and self.only_tightens[row]:
                    break
            else:
                fitting.append(place)
                for row, help_ in helps:
                    short[row].append((place, help_))
        return fitting

    def _is_hopeless(self, row: int, helpers: list[Entry], left: list[int]) -> bool:
        """All together bring too little, or all the money, spent as well as any of them spends it, does."""
        missing = -left[row]
        if sum(help_ for _, help_ in helpers) < missing:
            return True
        if not self.only_tightens[BUDGET_ROW]:
            return False
        cost = self.coefficients[BUDGET_ROW]
        return all(help_ * left[BUDGET_ROW] < missing * int(cost[place]) for place, help_ in helpers)

    def _take(self, place: int, left: list[int]) -> None:
        for row, factor in self.entries[place]:
            left[row] -= factor


def _entries_of(coefficients: Whole) -> list[list[Entry]]:
    """The rows that each column touches."""
    found: list[list[Entry]] = [[] for _ in range(coefficients.shape[1])]
    places, rows = np.nonzero(coefficients.T)
    factors = coefficients[rows, places]
    for place, row, factor in zip(places.tolist(), rows.tolist(), factors.tolist(), strict=True):
        found[place].append((row, factor))
    return found
