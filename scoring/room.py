"""What awards may get above their least, in whole pence, pooled for all that count for the same rules.

A penny more changes every rule alike for everybody in a pool, so a handful of pools stands for hundreds of
amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import NamedTuple

import numpy as np

from scoring.engine import LARGEST_COEFFICIENT, NotProved
from scoring.exact import LARGEST, Row, Whole, per_penny
from scoring.program import NO_LIMIT, Program, Real, Status
from scoring.records import InvalidInput

SECONDS = 20.0
WINDOW = 1_000  # pence around an answer in parts, in which whole pence are looked for
MOST_MOVED = 12  # pools; with more only those are looked at that the answer in parts leaves in between
MOST_PENNIES_BACK = 100  # how far whole pence may lie below the answer in parts
MOST_IN_PENNIES = 1_000_000  # a solver's numbers are too coarse for whole pence above this


class Most(NamedTuple):
    """`weights`, one for each row: they prove that once more does not fit; () where that is not known."""

    pence: int
    extras: Whole  # for each pool of the others
    weights: tuple[int, ...] = ()


class Room:
    """Rows x candidates: what one more penny for each changes, and how many pennies more it may get."""

    def __init__(self, rows: Sequence[Row], room: Whole) -> None:
        self.room = room
        self.per_penny = np.array([per_penny(row) for row in rows], dtype=np.int64).reshape(
            len(rows), len(room)
        )
        self.per_penny[:, room == 0] = 0
        for row, changes in zip(rows, self.reach, strict=True):
            if changes + float(np.abs(row.coefficients).sum()) > LARGEST:
                raise InvalidInput("pence", "too_much_together")
        pools, self.pool_of = np.unique(self.per_penny, axis=1, return_inverse=True)
        self.pools = pools.reshape(len(rows), -1)
        self.pool_of = self.pool_of.reshape(-1)

    @property
    def reach(self) -> Real:
        """The most that all extras together can change, each row."""
        return np.asarray((np.abs(self.per_penny).astype(float) * self.room).sum(axis=1))

    def relief(self, weights: Whole) -> Whole:
        """For each weighing of the rows: what the extras of each candidate can take off it, 0 or below."""
        return np.asarray(np.minimum(weights @ self.per_penny, 0) * self.room, dtype=np.int64)

    def pooled(self, places: Whole) -> Whole:
        pence = np.zeros(self.pools.shape[1], dtype=np.int64)
        np.add.at(pence, self.pool_of[places], self.room[places])
        return pence

    def with_pools(
        self, columns: Whole, left: Whole, still_open: Whole, chosen: Whole
    ) -> tuple[Whole, Whole, int]:
        """Columns from 0 to 1 for the extras, and rows that keep them within what those chosen may get.

        How many columns were added comes last.
        """
        most, own = self.pooled(np.concatenate([still_open, chosen])), self.pooled(chosen)
        used = np.flatnonzero(most)
        links = np.where(self.pool_of[still_open] == used[:, np.newaxis], -self.room[still_open], 0)
        above = np.hstack([columns, self.pools[:, used] * most[used]])
        below = np.hstack([links, np.diag(most[used])])
        return np.vstack([above, below]), np.concatenate([left, own[used]]), len(used)

    def of(self, places: Whole) -> Room:
        """Room for these alone, in the same pools."""
        found = copy(self)
        found.room = np.zeros_like(self.room)
        found.room[places] = self.room[places]
        return found

    def in_order(self, order: Whole) -> Room:
        """The same with the candidates in another order."""
        found = copy(self)
        found.room, found.per_penny = self.room[order], self.per_penny[:, order]
        found.pool_of = self.pool_of[order]
        return found

    def above(self, pence: Whole) -> Room:
        """What is left of it when everybody has this much already."""
        found = copy(self)
        found.room = self.room - pence
        return found

    def most(self, change: Whole, left: Whole, limit: int, known: tuple[int, Whole]) -> Most:
        """How often `change` fits, not above `limit`, while extras keep all rows.

        `known`: one number that fits, and the extras that go with it.
        """
        pence, weights = self._most_by_one_row(change, left, limit)
        most = self.pooled(np.arange(len(self.room)))
        hint: Real = np.zeros(len(most))
        if self._fill(left - change * pence, most) is None:
            found = self._most_in_parts(change, left, limit)
            if found is None:
                return Most(*known)
            pence, weights, hint = found
        for less in range(pence, max(pence - MOST_PENNIES_BACK, known[0]), -1):
            extras = self._near(hint, left - change * less, most)
            if extras is not None:
                known = (less, extras)
                break
        over = int(weights @ (left - change * (known[0] + 1))) - int(self.relief(weights).sum())
        return Most(*known, tuple(weights.tolist()) if over < 0 and known[0] < limit else ())

    def _most_by_one_row(self, change: Whole, left: Whole, limit: int) -> tuple[int, Whole]:
        """What each row allows on its own when all extras help it: rarely is it less."""
        help_ = np.maximum(-self.per_penny, 0) @ self.room
        uses = np.flatnonzero(change > 0)
        bounds = (left[uses] + help_[uses]) // change[uses]
        weights = np.zeros(len(left), dtype=np.int64)
        if limit <= bounds.min(initial=limit):
            return limit, weights
        weights[uses[np.argmin(bounds)]] = 1
        return max(int(bounds.min()), 0), weights

    def _most_in_parts(self, change: Whole, left: Whole, limit: int) -> tuple[int, Whole, Real] | None:
        """By the solver, rounded down, with the weights that hint at a proof and what the extras are then.

        None where rounding leaves the solver nothing.
        """
        most = self.pooled(np.arange(len(self.room)))
        scaled = np.hstack([self.pools * most, (change * limit)[:, np.newaxis]])
        cost = np.zeros(len(most) + 1)
        cost[-1] = -1.0
        program = Program(cost, np.ones(len(most) + 1))
        sizes = np.abs(scaled).max(axis=1, initial=1) / LARGEST_COEFFICIENT
        for row, size, rest in zip(scaled, sizes, left, strict=True):
            used = np.flatnonzero(row)
            program.add_row(used, row[used] / size, highest=float(rest) / size)
        answer = program.solve(SECONDS)
        if answer.status is not Status.FOUND:
            return None
        prices = np.maximum(-answer.prices, 0.0) / sizes
        reach = float(prices @ (np.abs(scaled).astype(float).sum(axis=1) + np.abs(left)))
        weights = np.floor(prices * (LARGEST / max(reach, 1.0))).astype(np.int64)
        return int(np.floor(answer.values[-1] * limit + 1e-6)), weights, answer.values[:-1] * most

    def extras(self, left: Whole, places: Whole) -> Whole | None:
        """Whole pence for each pool of these candidates that keep all rows; None where none were found."""
        most = self.pooled(places)
        found = self._fill(left, most)
        if found is None and (hint := self._in_parts(left, most, np.zeros(0, dtype=np.int64))) is not None:
            found = self._near(hint, left, most)
        return found

    def _fill(self, left: Whole, most: Whole) -> Whole | None:
        """A quick try: each row that is short takes what helps it and fits everywhere else."""
        left, taken = left.copy(), np.zeros_like(most)
        for row in map(int, np.flatnonzero(left < 0)):
            for pool in map(int, np.flatnonzero((self.pools[row] < 0) & (most > taken))):
                if left[row] >= 0:
                    break
                change = self.pools[:, pool]
                costs = np.flatnonzero(change > 0)
                wanted = -(left[row] // -change[row])
                fits = (np.maximum(left[costs], 0) // change[costs]).min(initial=most[pool] - taken[pool])
                pence = min(wanted, fits)
                left -= change * pence
                taken[pool] += pence
        return taken if (left >= 0).all() else None

    def _in_parts(self, left: Whole, most: Whole, soft: Whole) -> Real | None:
        """Fractions of a penny allowed; `soft` rows may be missed, in proportion to their size."""
        count = len(most)
        program = Program(
            np.concatenate([np.zeros(count), np.ones(len(soft))]),
            np.concatenate([np.ones(count), np.full(len(soft), NO_LIMIT)]),
        )
        scaled = self.pools * most
        relief = {int(row): count + at for at, row in enumerate(soft)}
        for row, limit in enumerate(left):
            size = float(np.abs(scaled[row]).max(initial=1)) / LARGEST_COEFFICIENT
            used = np.flatnonzero(scaled[row])
            factors = scaled[row, used] / size
            if row in relief:
                used, factors = np.append(used, relief[row]), np.append(factors, -1.0)
            program.add_row(used, factors, highest=float(limit) / size)
        answer = program.solve(SECONDS)
        if answer.status is Status.NOT_KNOWN:
            raise NotProved
        return answer.values[:count] * most if answer.status is Status.FOUND else None

    def _near(self, hint: Real, left: Whole, most: Whole) -> Whole | None:
        """Whole pence near an answer in parts, if there are some."""
        pence = np.clip(np.floor(hint + 1e-6).astype(np.int64), 0, most)
        if (more := self._fill(left - self.pools @ pence, most - pence)) is not None:
            return np.asarray(pence + more)
        moved = np.arange(len(most))
        if len(most) > MOST_MOVED:  # all others are at one of their ends
            moved = np.flatnonzero((hint > 0.5) & (hint < most - 0.5))
        pence[moved] = np.maximum(pence[moved] - WINDOW, 0)
        width = np.minimum(most[moved] - pence[moved], 2 * WINDOW)
        rest = left - self.pools @ pence
        program = Program(np.zeros(len(moved)), width.astype(float), whole=len(moved))
        for row, limit in zip(self.pools[:, moved], rest, strict=True):
            used = np.flatnonzero(row)
            size = float(np.abs(row).max(initial=1))
            program.add_row(used, row[used] / size, highest=(float(limit) + 0.5) / size)
        answer = program.solve(SECONDS)
        if answer.status is not Status.FOUND:
            return None
        pence[moved] += np.rint(answer.values).astype(np.int64)
        return pence if (self.pools @ pence <= left).all() else None

    def missed(self, left: Whole, places: Whole, soft: Whole) -> Whole:
        """By how much these candidates miss each row when their extras help as well as they can."""
        most = self.pooled(places)
        hint = self._in_parts(left, most, soft)
        if hint is None:
            raise NotProved
        found = self.pools @ np.floor(hint + 0.5).astype(np.int64) - left
        return np.asarray(np.maximum(found, 0), dtype=np.int64)

    def choice_in_pence(
        self, columns: Whole, left: Whole, still_open: Whole, chosen: Whole
    ) -> list[int] | None:
        """Columns with which whole pence keep all rows; None when there are none. Raises NotProved."""
        most, own = self.pooled(np.concatenate([still_open, chosen])), self.pooled(chosen)
        if most.max(initial=0) > MOST_IN_PENNIES:
            raise NotProved
        count = len(still_open)
        program = Program(
            np.zeros(count + len(most)),
            np.concatenate([np.ones(count), most.astype(float)]),
            whole=count + len(most),
        )
        links = np.where(
            self.pool_of[still_open] == np.arange(len(most))[:, np.newaxis], -self.room[still_open], 0
        )
        whole = np.vstack(
            [np.hstack([columns, self.pools]), np.hstack([links, np.eye(len(most), dtype=np.int64)])]
        )
        for row, limit in zip(whole, np.concatenate([left, own]), strict=True):
            used = np.flatnonzero(row)
            size = float(np.abs(row).max(initial=1)) / LARGEST_COEFFICIENT
            program.add_row(used, row[used] / size, highest=(float(limit) + 0.5) / size)
        answer = program.solve(SECONDS)
        if answer.status is Status.NONE:
            return None
        values = np.rint(answer.values).astype(np.int64)
        if answer.status is Status.NOT_KNOWN or (whole @ values > np.concatenate([left, own])).any():
            raise NotProved
        return [int(at) for at in np.flatnonzero(values[:count])]
