"""Going down the ranking: whole-number proofs first, then a try to complete the list, then the solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scoring.completing import Completer, TooMuch
from scoring.engine import NotProved, Search
from scoring.exact import LARGEST, Row, Whole
from scoring.room import Room
from scoring.weighings import Weighings, first_weighings

Flags = npt.NDArray[np.bool_]
Completion = frozenset[int]


@dataclass(eq=False)
class State:
    """Where we are. `slack`, one for each weighing: below zero, nothing completes what is chosen.

    Sums are replaced, never changed, so that copies share them.
    """

    residual: Whole  # what is left of each row, with those chosen at their least
    is_open: Flags  # may still be chosen
    is_chosen: Flags
    slack: Whole
    is_settled: bool = False  # nobody is open whom a simple weighing forbids

    def copy(self) -> State:
        return State(self.residual, self.is_open.copy(), self.is_chosen.copy(), self.slack, self.is_settled)

    def in_order(self, order: Whole) -> State:
        return State(self.residual, self.is_open[order], self.is_chosen[order], self.slack, self.is_settled)


class Obstacle(NamedTuple):
    """Why a list with these choices cannot be completed. Without weights: found by search alone."""

    weights: tuple[tuple[int, int], ...] = ()  # a row and its weight, where that is not 0
    slack: int = 0
    residual: tuple[int, ...] = ()


NOT_EXPLAINED = Obstacle()


class Decision(NamedTuple):
    place: int
    is_funded: bool
    above: int = 0  # awards ranked above, and those that must be funded
    obstacle: Obstacle | None = None  # None for what must be funded or is kept out


class MeritOrder:
    """Decides one candidate after the other, in the order of the columns of the rows."""

    def __init__(
        self,
        rows: Sequence[Row],
        size: int,
        locked: Sequence[int],
        kept_out: Sequence[int],
        search: Search,
        *,
        room: Whole | None = None,
        explains: bool = True,
    ) -> None:
        """`room`: what each may get above its amount, in pence; None where nobody may get more."""
        self.search, self.explains = search, explains
        self.room = None if room is None else Room(rows, room)
        self.coefficients = np.array([row.coefficients for row in rows], dtype=np.int64).reshape(
            len(rows), size
        )
        self.completer = Completer(self.coefficients)
        self.locked = frozenset(locked)
        self.fixed = self.locked | frozenset(kept_out)
        is_open = np.ones(size, dtype=np.bool_)
        is_open[sorted(self.fixed)] = False
        bounds = np.array([row.bound for row in rows], dtype=np.int64)
        residual = bounds - self.coefficients[:, sorted(self.locked)].sum(axis=1)
        is_chosen = np.zeros(size, dtype=np.bool_)
        is_chosen[sorted(self.locked)] = True
        weights, added = first_weighings(rows, self.coefficients)
        self.weighings = Weighings(weights, self._relieved(weights, added))
        self.state = State(residual, is_open, is_chosen, np.zeros(0, dtype=np.int64))
        self._add_slack(self.state, 0)

    def in_order(self, order: Sequence[int]) -> MeritOrder:
        """The same, not yet started, with the candidates ranked in another order, and without reasons."""
        columns, found = np.array(order, dtype=np.int64), copy(self)
        place_of = np.argsort(columns)
        found.explains = False
        found.room = None if self.room is None else self.room.in_order(columns)
        found.coefficients = self.coefficients[:, columns]
        found.completer = self.completer.in_order(order)
        found.locked = frozenset(place_of[sorted(self.locked)].tolist())
        found.fixed = frozenset(place_of[sorted(self.fixed)].tolist())
        found.weighings = self.weighings.in_order(columns)
        found.state = self.state.in_order(columns)
        return found

    def start(self) -> tuple[Obstacle, ...]:
        """Everything that keeps the list from existing; () when there is one."""
        if obstacles := [self._obstacle(self.state, int(at)) for at in np.flatnonzero(self.state.slack < 0)]:
            return tuple(obstacles)
        completion = self._complete(self.state)
        if isinstance(completion, Obstacle):
            return (completion,)
        self.witness = completion
        return ()

    def nearest_misses(self) -> tuple[int, ...]:
        """By how much each row is missed by a list that comes near, when there is none that keeps all."""
        return self.nearest(np.flatnonzero(self.state.residual < 0).tolist())[1]

    def nearest(self, soft: Sequence[int]) -> tuple[list[int], tuple[int, ...]]:
        """A list that misses only these rows, and by little: its places, and what it misses of each row."""
        state = self.state
        columns, left, parts = self._question(state)
        chosen = np.flatnonzero(state.is_open)[self.search.nearest(columns, left, soft, parts)]
        places = np.sort(np.concatenate([np.flatnonzero(state.is_chosen), chosen]))
        left = state.residual - self.coefficients[:, chosen].sum(axis=1)
        missed = np.maximum(-left, 0)
        if self.room is not None:
            missed = self.room.missed(left, places, np.array(soft, dtype=np.int64))
        return places.tolist(), tuple(missed.tolist())

    def _question(self, state: State) -> tuple[Whole, Whole, int]:
        """Columns of those still open, and what they may fill; with room also columns for extras."""
        places = np.flatnonzero(state.is_open)
        columns = self.coefficients[:, places]
        if self.room is None:
            return columns, state.residual, 0
        return self.room.with_pools(columns, state.residual, places, np.flatnonzero(state.is_chosen))

    def decisions(self) -> Iterator[Decision]:
        """One for each column, in order. `start` must have found no obstacle."""
        above = len(self.locked)
        for place in range(self.coefficients.shape[1]):
            if place in self.fixed:
                yield Decision(place, place in self.locked, above)
                continue
            obstacle = self._try(place)
            yield Decision(place, obstacle is None, above, obstacle)
            above += obstacle is None

    def funded(self) -> Iterator[int]:
        """The places that `decisions` funds, in order."""
        return (one.place for one in self.decisions() if one.is_funded)

    def _try(self, place: int) -> Obstacle | None:
        if place in self.witness:
            self._accept(self.state, place)
            return None
        self._close_hopeless(self.state)
        if not self.state.is_open[place]:
            return self._simple_obstacle(place)
        trial = self.state.copy()
        self._accept(trial, place)
        self._close_hopeless(trial)
        completion = self._complete(trial)
        if isinstance(completion, Obstacle):
            self._refuse(self.state, place)
            return completion
        self.state, self.witness = trial, completion
        return None

    def _simple_obstacle(self, place: int) -> Obstacle:
        """The first simple weighing that forbids this candidate."""
        if not self.explains:
            return NOT_EXPLAINED
        is_passed = self.weighings.positive[place] > self.state.slack
        return self._obstacle(self.state, int(np.argmax(is_passed & self.weighings.is_simple)), place)

    def _complete(self, state: State) -> Completion | Obstacle:
        """A choice of open candidates with which all rows hold, or why there is none."""
        if (state.slack < 0).any():
            return self._obstacle(state, int(np.argmax(state.slack < 0)))
        found = self.completer.complete(state.residual, state.is_open)
        if found is None:
            found = self._dive(state)
        if found is not None:
            return found
        if (self.explains or self.room is not None) and (obstacle := self._proof(state)) is not None:
            return obstacle
        if self.room is not None:
            return self._ask_solver(state)
        try:
            found = self.completer.search(state.residual, state.is_open)
            return Obstacle() if found is None else found
        except TooMuch:
            return self._ask_solver(state)

    def _proof(self, state: State) -> Obstacle | None:
        """Weights that prove that nothing completes the list; they prove more refusals further down."""
        columns, left, _parts = self._question(state)
        hint = self.search.weights(columns, left)
        if hint is None:
            return None
        weights = self._in_whole_numbers(hint[: len(state.residual)], state)
        known = len(self.weighings.weights)
        self.weighings.add(weights, self._relieved(weights, weights @ self.coefficients))
        for each in {id(one): one for one in (self.state, state)}.values():
            self._add_slack(each, known)
        return self._obstacle(state, len(state.slack) - 1) if state.slack[-1] < 0 else None

    def _ask_solver(self, state: State) -> Completion | Obstacle:
        places = np.flatnonzero(state.is_open)
        columns, left, parts = self._question(state)
        chosen = self.search.choice(columns, left, parts)
        if chosen is not None and not self._is_complete(state, places[chosen]):
            if self.room is None:
                raise NotProved
            above = np.flatnonzero(state.is_chosen)
            columns = self.coefficients[:, places]
            chosen = self.room.choice_in_pence(columns, state.residual, places, above)
        return Obstacle() if chosen is None else frozenset(int(places[one]) for one in chosen)

    def _is_complete(self, state: State, places: Whole) -> bool:
        left = state.residual - self.coefficients[:, places].sum(axis=1)
        if self.room is None or (left >= 0).all():
            return bool((left >= 0).all())
        everybody = np.concatenate([np.flatnonzero(state.is_chosen), places])
        return self.room.extras(left, everybody) is not None

    def _dive(self, state: State) -> Completion | None:
        """Takes whatever no proof forbids; often this already is the list."""
        state = state.copy()
        taken = []
        for place in map(int, np.flatnonzero(state.is_open)):
            if not state.is_open[place]:
                continue
            if self.weighings.forbids(place, state.slack):
                self._refuse(state, place)
            else:
                self._accept(state, place)
                self._close_hopeless(state)
                taken.append(place)
        return frozenset(taken) if (state.residual >= 0).all() else None

    def _in_whole_numbers(self, hint: npt.NDArray[np.float64], state: State) -> Whole:
        """Any weights are sound, so rounding does no harm; sums stay far from overflowing."""
        reach = np.abs(self.coefficients).astype(float).sum(axis=1) + np.abs(state.residual)
        if self.room is not None:
            reach = reach + self.room.reach
        scale = LARGEST / max(float(hint @ reach), 1.0)
        return np.floor(hint * scale).astype(np.int64)[np.newaxis, :]

    def _relieved(self, weights: Whole, added: Whole) -> Whole:
        """With what the extras of each candidate can take off it."""
        return added if self.room is None else added + self.room.relief(weights)

    def _add_slack(self, state: State, known: int) -> None:
        """Of the weighings after the first `known`."""
        weights = self.weighings.weights[known:]
        slack = weights @ state.residual - self.weighings.negative[state.is_open, known:].sum(axis=0)
        if self.room is not None:
            slack = slack - self.room.relief(weights)[:, state.is_chosen].sum(axis=1)
        state.slack = np.concatenate([state.slack, slack])
        state.is_settled = False

    def _accept(self, state: State, place: int) -> None:
        state.is_open[place] = False
        state.is_chosen[place] = True
        state.slack = state.slack - self.weighings.positive[place]
        state.residual = state.residual - self.coefficients[:, place]
        state.is_settled = False

    def _refuse(self, state: State, place: int) -> None:
        state.is_open[place] = False
        state.slack = state.slack + self.weighings.negative[place]

    def _close_hopeless(self, state: State) -> None:
        """What a simple weighing forbids now stays forbidden, because those only tighten."""
        if state.is_settled:
            return
        places = self.weighings.hopeless(state.slack, state.is_open)
        if len(places):
            state.is_open[places] = False
            state.slack = state.slack + self.weighings.negative[places].sum(axis=0)
        state.is_settled = True

    def _obstacle(self, state: State, weighing: int, place: int | None = None) -> Obstacle:
        """With `place`: as though that candidate were chosen too."""
        if not self.explains:
            return NOT_EXPLAINED
        residual, slack = state.residual, int(state.slack[weighing])
        if place is not None:
            residual = residual - self.coefficients[:, place]
            slack -= int(self.weighings.positive[place, weighing])
        return Obstacle(self.weighings.used[weighing], slack, tuple(residual.tolist()))
