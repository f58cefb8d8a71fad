"""Going down the ranking: whole-number proofs first, then a try to complete the list, then the solver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.completing import Completer, Entry, TooMuch
from scoring.engine import NotProved, Search
from scoring.exact import LARGEST, Role, Row, Whole
from scoring.room import Room

Flags = npt.NDArray[np.bool_]
Completion = frozenset[int]


@dataclass(eq=False)
class State:
    """Where we are. `slack`, one for each weighing: below zero, nothing completes what is chosen."""

    residual: Whole  # what is left of each row, with those chosen at their least
    is_open: Flags  # may still be chosen
    is_chosen: Flags
    slack: Whole

    def copy(self) -> State:
        return State(self.residual.copy(), self.is_open.copy(), self.is_chosen.copy(), self.slack.copy())


@dataclass(frozen=True)
class Obstacle:
    """Why a list with these choices cannot be completed. Without weights: found by search alone."""

    weights: tuple[int, ...] = ()  # one for each row
    slack: int = 0
    residual: tuple[int, ...] = ()


NOT_EXPLAINED = Obstacle()


@dataclass(frozen=True)
class Decision:
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
        entries: Sequence[list[Entry]] | None = None,
    ) -> None:
        """`room`: what each may get above its amount, in pence; None where nobody may get more.

        `entries`: what the completer knows of the columns already.
        """
        self.search, self.explains = search, explains
        self.room = None if room is None else Room(rows, room)
        self.coefficients = np.array([row.coefficients for row in rows], dtype=np.int64).reshape(
            len(rows), size
        )
        self.completer = Completer(self.coefficients, entries)
        self.locked = frozenset(locked)
        self.fixed = self.locked | frozenset(kept_out)
        is_open = np.ones(size, dtype=np.bool_)
        is_open[sorted(self.fixed)] = False
        bounds = np.array([row.bound for row in rows], dtype=np.int64)
        residual = bounds - self.coefficients[:, sorted(self.locked)].sum(axis=1)
        is_chosen = np.zeros(size, dtype=np.bool_)
        is_chosen[sorted(self.locked)] = True
        self.state = State(residual, is_open, is_chosen, np.zeros(0, dtype=np.int64))
        # Weighings: rows added up with weights >= 0; simple ones have no negative part, so they only tighten.
        self.weights = np.zeros((0, len(rows)), dtype=np.int64)
        self.positive = np.zeros((size, 0), dtype=np.int64)
        self.negative = np.zeros((size, 0), dtype=np.int64)
        self.is_simple = np.zeros(0, dtype=np.bool_)
        self._add_weighings(first_weights(rows), self.state)

    def start(self) -> tuple[Obstacle, ...]:
        """Everything that keeps the list from existing; () when there is one."""
        if obstacles := [self._obstacle(self.state, int(at)) for at in np.flatnonzero(self.state.slack < 0)]:
            return tuple(obstacles)
        completion = self._complete(self.state)
        if isinstance(completion, Obstacle):
            return (completion,)
        self.witness = completion
        self._close_hopeless(self.state)
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

    def _try(self, place: int) -> Obstacle | None:
        if place not in self.witness:
            simple = np.flatnonzero((self.positive[place] > self.state.slack) & self.is_simple)
            if len(simple):
                self._refuse(self.state, place)
                return self._obstacle(self.state, int(simple[0]), place)
            trial = self.state.copy()
            self._accept(trial, place)
            completion = self._complete(trial)
            if isinstance(completion, Obstacle):
                self._refuse(self.state, place)
                return completion
            self.witness = completion
        self._accept(self.state, place)
        return None

    def _complete(self, state: State) -> Completion | Obstacle:
        """A choice of open candidates with which all rows hold, or why there is none."""
        if (state.slack < 0).any():
            return self._obstacle(state, int(np.flatnonzero(state.slack < 0)[0]))
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
        self._add_weighings(self._in_whole_numbers(hint[: len(state.residual)], state), self.state, state)
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
            if (self.positive[place] > state.slack).any():
                self._refuse(state, place)
            else:
                self._accept(state, place)
                taken.append(place)
        return frozenset(taken) if (state.residual >= 0).all() else None

    def _in_whole_numbers(self, hint: npt.NDArray[np.float64], state: State) -> Whole:
        """Any weights are sound, so rounding does no harm; sums stay far from overflowing."""
        reach = np.abs(self.coefficients).astype(float).sum(axis=1) + np.abs(state.residual)
        if self.room is not None:
            reach = reach + self.room.reach
        scale = LARGEST / max(float(hint @ reach), 1.0)
        return np.floor(hint * scale).astype(np.int64)[np.newaxis, :]

    def _add_weighings(self, weights: Whole, *states: State) -> None:
        added = weights @ self.coefficients
        if self.room is not None:
            relief = self.room.relief(weights)
            added = added + relief
        positive, negative = np.maximum(added, 0).T, np.minimum(added, 0).T
        self.weights = np.vstack([self.weights, weights])
        self.positive = np.ascontiguousarray(np.hstack([self.positive, positive]))
        self.negative = np.ascontiguousarray(np.hstack([self.negative, negative]))
        self.is_simple = np.concatenate([self.is_simple, ~negative.any(axis=0)])
        for state in {id(state): state for state in states}.values():
            slack = weights @ state.residual - negative[state.is_open].sum(axis=0)
            if self.room is not None:
                slack = slack - relief[:, state.is_chosen].sum(axis=1)
            state.slack = np.concatenate([state.slack, slack])

    def _accept(self, state: State, place: int) -> None:
        state.is_open[place] = False
        state.is_chosen[place] = True
        state.slack -= self.positive[place]
        state.residual -= self.coefficients[:, place]
        self._close_hopeless(state)

    def _refuse(self, state: State, place: int) -> None:
        if state.is_open[place]:
            state.is_open[place] = False
            state.slack += self.negative[place]

    def _close_hopeless(self, state: State) -> None:
        """What a simple weighing forbids now stays forbidden, because those only tighten."""
        places = np.flatnonzero(state.is_open)
        is_hopeless = (self.positive[places][:, self.is_simple] > state.slack[self.is_simple]).any(axis=1)
        state.is_open[places[is_hopeless]] = False
        state.slack += self.negative[places[is_hopeless]].sum(axis=0)

    def _obstacle(self, state: State, weighing: int, place: int | None = None) -> Obstacle:
        """With `place`: as though that candidate were chosen too."""
        if not self.explains:
            return NOT_EXPLAINED
        residual, slack = state.residual, int(state.slack[weighing])
        if place is not None:
            residual = residual - self.coefficients[:, place]
            slack -= int(self.positive[place, weighing])
        return Obstacle(tuple(self.weights[weighing].tolist()), slack, tuple(residual.tolist()))


def first_weights(rows: Sequence[Row]) -> Whole:
    """Each rule alone, then each floor together with the money that could still go to it."""
    alone = np.eye(len(rows), dtype=np.int64)
    floors = [at for at, row in enumerate(rows) if row.role is Role.FLOOR and row.per_pound]
    pairs = [alone[at] + rows[at].per_pound * alone[0] for at in floors]
    return np.array([*alone, *pairs], dtype=np.int64)
