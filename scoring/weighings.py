"""Rules added up with weights of 0 or more, and what that says of each candidate."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import numpy.typing as npt

from scoring.exact import Role, Row, Whole


class Weighings:
    """`positive` and `negative`, candidates x weighings, are the two sides of what each comes to.

    Simple weighings have no negative side, so they only tighten.
    """

    def __init__(self, weights: Whole, added: Whole) -> None:
        """`added`, weighings x candidates: the rows, times their weights, added up."""
        size = added.shape[1]
        self.weights = np.zeros((0, weights.shape[1]), dtype=np.int64)
        self.used: list[tuple[tuple[int, int], ...]] = []  # of each, the rows and weights that are not 0
        self.positive = self.negative = np.zeros((size, 0), dtype=np.int64)
        self.is_simple = np.zeros(0, dtype=np.bool_)
        # Where simple weighings are not 0, which are few places: the candidate, the weighing, what it takes.
        self._place = self._weighing = self._takes = np.zeros(0, dtype=np.int64)
        self.add(weights, added)

    def add(self, weights: Whole, added: Whole) -> None:
        is_simple = (added >= 0).all(axis=1)
        simple = np.flatnonzero(is_simple)
        at, place = np.nonzero(added[simple])
        self._place = np.concatenate([self._place, place])
        self._weighing = np.concatenate([self._weighing, simple[at] + len(self.weights)])
        self._takes = np.concatenate([self._takes, added[simple[at], place]])
        self.weights = np.vstack([self.weights, weights])
        self.used = self.used + [
            tuple((row, weight) for row, weight in enumerate(each) if weight) for each in weights.tolist()
        ]
        self.positive = np.hstack([self.positive, np.maximum(added, 0).T])
        self.negative = np.hstack([self.negative, np.minimum(added, 0).T])
        self.is_simple = np.concatenate([self.is_simple, is_simple])

    def in_order(self, order: Whole) -> Weighings:
        """The same with the candidates in another order."""
        found = copy(self)
        found.positive, found.negative = self.positive[order], self.negative[order]
        found._place = np.argsort(order)[self._place]
        return found

    def forbids(self, place: int, slack: Whole) -> bool:
        return bool((self.positive[place] > slack).any())

    def hopeless(self, slack: Whole, is_open: npt.NDArray[np.bool_]) -> Whole:
        """Open candidates that a simple weighing forbids now, and so from now on."""
        is_hopeless = np.zeros_like(is_open)
        is_hopeless[self._place[self._takes > slack[self._weighing]]] = True
        return np.flatnonzero(is_hopeless & is_open)


def first_weighings(rows: Sequence[Row], coefficients: Whole) -> tuple[Whole, Whole]:
    """Each rule alone, then each floor together with the money that could still go to it.

    Their weights, and the coefficients of the rows added up with them.
    """
    alone = np.eye(len(rows), dtype=np.int64)
    floors = [at for at, row in enumerate(rows) if row.role is Role.FLOOR and row.per_pound]
    pounds = np.array([[rows[at].per_pound] for at in floors], dtype=np.int64).reshape(-1, 1)
    weights = np.vstack([alone, alone[floors] + pounds * alone[:1]])
    return weights, np.vstack([coefficients, coefficients[floors] + pounds * coefficients[:1]])
