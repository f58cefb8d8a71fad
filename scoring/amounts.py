"""Part-funding: who is chosen gets at least a floor and at most the request, in whole pence.

`at_floors` makes the problem; who is chosen follows from it as from any other (`scoring.allocation`). The
money is then given out by the call's policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from scoring.allocation import AwardProblem
from scoring.engine import NotProved
from scoring.exact import Whole
from scoring.records import Candidate, InvalidInput, Share
from scoring.room import Room

PARTS = 2**40  # of what lies between floor and request
ROUNDED_DOWN = 3  # pennies off each that may mend what rounding a common part has broken


class TopUp(StrEnum):
    RANK = "rank_topup"  # in the order of the ranking each gets the most that the others' floors allow
    PROPORTIONAL = "proportional"  # all get the same part of what lies between floor and request


@dataclass(frozen=True)
class Limits:
    """The least and the most one award may be, in pence."""

    floor: int
    request: int

    @property
    def room(self) -> int:
        return self.request - self.floor


@dataclass(frozen=True)
class Amounts:
    """Pence for each award. `weights`, by rule: a proof by addition that it cannot be a penny more."""

    pence: Mapping[str, int]
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def at_floors(problem: AwardProblem, limits: Mapping[str, Limits]) -> AwardProblem:
    """Everybody asks for the floor, with room up to the request. Raises InvalidInput where partners share."""
    return replace(
        problem,
        candidates=tuple(_with_amount(one, limits) for one in problem.candidates),
        room=tuple(_limits_of(one, limits).room for one in problem.candidates),
    )


def _limits_of(one: Candidate, limits: Mapping[str, Limits]) -> Limits:
    return limits.get(one.id, Limits(one.pence, one.pence))


def _with_amount(one: Candidate, limits: Mapping[str, Limits]) -> Candidate:
    limit = _limits_of(one, limits)
    if not 0 < limit.floor <= limit.request:
        raise InvalidInput("floor", "above_the_request")
    if limit.floor == limit.request == one.pence:
        return one
    if len(one.shares) > 1:
        raise InvalidInput("floor", "partners_have_agreed_on_shares")
    share = one.shares[0]
    return Candidate(one.id, limit.floor, (Share(limit.floor, share.confirmed, share.claimed),))


def top_up(problem: AwardProblem, awards: Sequence[str], policy: TopUp) -> Amounts:
    """Pence for each award of a list that can keep the rules; `problem` has everybody at the floor.

    Raises NotProved when no whole amounts could be confirmed.
    """
    chosen = _Chosen(problem, awards)
    if policy is TopUp.RANK:
        chosen.in_rank_order()
    else:
        chosen.in_proportion()
    if not chosen.keeps_rules:
        raise NotProved
    pence = [int(one) for one in chosen.floors + chosen.extra]
    return Amounts(dict(zip(awards, pence, strict=True)), chosen.weights)


class _Chosen:
    """The awards alone: what each has above its floor so far, and what that leaves of each rule."""

    def __init__(self, problem: AwardProblem, awards: Sequence[str]) -> None:
        places = {one.id: place for place, one in enumerate(problem.candidates)}
        at = [places[award] for award in awards]
        rows = problem.rows()
        self.awards, self.names = awards, [row.name for row in rows]
        self.most = np.array([problem.room[place] if problem.room else 0 for place in at], dtype=np.int64)
        self.floors = np.array([problem.candidates[place].pence for place in at], dtype=np.int64)
        own = [replace(row, coefficients=row.coefficients[at], everything=row.everything[at]) for row in rows]
        self.room = Room(own, self.most)
        self.per_penny = self.room.per_penny
        self.left = np.array([row.bound - int(row.coefficients.sum()) for row in own], dtype=np.int64)
        self.extra = np.zeros(len(at), dtype=np.int64)
        self.weights: dict[str, dict[str, int]] = {}

    @property
    def keeps_rules(self) -> bool:
        within = (self.extra >= 0).all() and (self.extra <= self.most).all()
        return bool(within and (self._left >= 0).all())

    def in_rank_order(self) -> None:
        """Each in turn the most with which amounts for those below still keep the rules."""
        places = np.arange(len(self.most))
        room = self.room.above(self.extra)
        known = room.extras(self._left, places)
        if known is None:
            raise NotProved
        for place, award in enumerate(self.awards):
            limit, pool = int(room.room[place]), room.pool_of[place]
            own = min(limit, int(known[pool]))
            known[pool] -= own
            below = room.of(places[place + 1 :])
            found = below.most(self.per_penny[:, place], self._left, limit, (own, known))
            self.extra[place] += found.pence
            known = found.extras.copy()
            if found.weights:
                used = zip(self.names, found.weights, strict=True)
                self.weights[award] = {name: weight for name, weight in used if weight}

    @property
    def _left(self) -> Whole:
        return np.asarray(self.left - self.per_penny @ self.extra, dtype=np.int64)

    def in_proportion(self) -> None:
        """The largest common part that all rules allow, then the pennies that are left, in rank order.

        Where a ring-fence needs more than a common part gives: the largest part that all can have, and the
        rest in rank order.
        """
        self.extra = self._common(self._largest_part())
        for _penny in range(ROUNDED_DOWN):
            if self.keeps_rules:
                break
            self.extra = np.maximum(self.extra - 1, 0)
        if not self.keeps_rules:
            self.extra = self._common(self._part_with_room())
            self.in_rank_order()
        for place in range(len(self.extra)):
            self.extra[place] += int(self._fits(place))

    def _common(self, part: int) -> Whole:
        return np.array([room * part // PARTS for room in self.most.tolist()], dtype=np.int64)

    def _largest_part(self) -> int:
        """Rounded down: each rule that the part uses up limits it on its own."""
        use = (self.per_penny @ self.most).tolist()
        left = zip(self.left.tolist(), use, strict=True)
        return max(0, min([PARTS, *(int(rest * PARTS // used) for rest, used in left if used > 0)]))

    def _part_with_room(self) -> int:
        """The largest part that all can have while extras for some still keep every rule."""
        low, high = 0, PARTS
        while low < high:
            middle = (low + high + 1) // 2
            common = self._common(middle)
            left = self.left - self.per_penny @ common
            if self.room.above(common).extras(left, np.arange(len(common))) is not None:
                low = middle
            else:
                high = middle - 1
        return low

    def _fits(self, place: int) -> bool:
        """A penny more."""
        has_room = self.extra[place] < self.most[place]
        return bool(has_room and (self.per_penny[:, place] <= self._left).all())
