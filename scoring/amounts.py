"""Part-funding: who is chosen gets at least a floor and at most the request, in whole pence.

Who is chosen is decided first (`scoring.part_funding`); the money is then given out by the call's policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from scoring.allocation import AwardProblem
from scoring.engine import NotProved
from scoring.exact import Row, Whole
from scoring.program import Program, Real, Status
from scoring.records import Candidate, InvalidInput, Share

SECONDS = 20.0
MOST_PENNIES_BACK = 3  # how far a rounded amount may lie above what the rest allows


class TopUp(StrEnum):
    RANK = "rank_topup"  # in the order of the ranking each gets the most that the others' floors allow
    PROPORTIONAL = "proportional"  # all get the same part of what lies between floor and request


@dataclass(frozen=True)
class Limits:
    """The least and the most one award may be, in pence."""

    floor: int
    request: int


def at_floors(problem: AwardProblem, limits: Mapping[str, Limits]) -> AwardProblem:
    """The problem in which everybody asks for the floor. Raises InvalidInput where partners share."""
    return replace(problem, candidates=tuple(_with_amount(one, limits) for one in problem.candidates))


def _with_amount(one: Candidate, limits: Mapping[str, Limits]) -> Candidate:
    limit = limits.get(one.id, Limits(one.pence, one.pence))
    if not 0 < limit.floor <= limit.request:
        raise InvalidInput("floor", "above_the_request")
    if limit.floor == limit.request == one.pence:
        return one
    if len(one.shares) > 1:
        raise InvalidInput("floor", "partners_have_agreed_on_shares")
    return Candidate(one.id, limit.floor, (replace_pence(one.shares[0], limit.floor),))


def replace_pence(share: Share, pence: int) -> Share:
    return Share(pence, share.confirmed, share.claimed)


def top_up(
    problem: AwardProblem, awards: Sequence[str], limits: Mapping[str, Limits], policy: TopUp
) -> dict[str, int]:
    """Pence for each award of a list that keeps the rules; `problem` has everybody at the floor.

    Raises NotProved when no whole amounts could be confirmed.
    """
    chosen = _Chosen(problem, awards, limits)
    if policy is TopUp.RANK:
        amounts = chosen.in_rank_order()
    else:
        amounts = chosen.in_proportion()
    if not chosen.keeps_rules(amounts):
        raise NotProved
    return dict(zip(awards, amounts, strict=True))


def room_and_pence(candidates: Sequence[Candidate], limits: Mapping[str, Limits]) -> tuple[Whole, Whole]:
    """What each may get above its floor, and the floor; `candidates` are at their floors."""
    pence = np.array([one.pence for one in candidates], dtype=np.int64)
    requests = [limits.get(one.id, Limits(one.pence, one.pence)).request for one in candidates]
    return np.array(requests, dtype=np.int64) - pence, pence


class _Chosen:
    """The rows of the awards alone: what one more penny for each changes, and what is left at the floors."""

    def __init__(self, problem: AwardProblem, awards: Sequence[str], limits: Mapping[str, Limits]) -> None:
        places = {one.id: place for place, one in enumerate(problem.candidates)}
        candidates = [problem.candidates[places[award]] for award in awards]
        rows = problem.rows()
        at = [places[award] for award in awards]
        self.room, pence = room_and_pence(candidates, limits)
        self.floors = pence
        self.per_penny = np.array([_per_penny(row, at, pence) for row in rows], dtype=np.int64)
        self.left = np.array([row.bound - int(row.coefficients[at].sum()) for row in rows], dtype=np.int64)

    def keeps_rules(self, amounts: Sequence[int]) -> bool:
        extra = np.array(amounts, dtype=np.int64) - self.floors
        within = (extra >= 0).all() and (extra <= self.room).all()
        return bool(within and (self.per_penny @ extra <= self.left).all())

    def in_rank_order(self) -> list[int]:
        lowest = np.zeros(len(self.room), dtype=np.int64)
        highest = self.room.copy()
        for place in range(len(self.room)):
            most = round(self._most(place, lowest, highest))
            for pence in range(most, max(most - MOST_PENNIES_BACK, 0) - 1, -1):
                lowest[place] = highest[place] = pence
                if self._is_possible(lowest, highest):
                    break
            else:
                raise NotProved
        return [int(one) for one in self.floors + lowest]

    def in_proportion(self) -> list[int]:
        """The largest common part that all rows allow, then the pennies that are left, in rank order."""
        part = self._largest_part()
        extra = np.array([int(room * part) // 2**40 for room in self.room.tolist()], dtype=np.int64)
        while (self.per_penny @ extra > self.left).any():
            extra = np.maximum(extra - 1, 0)
            if not extra.any():
                break
        for place in range(len(extra)):
            extra[place] += self._allowed(place, extra, most=1)
        return [int(one) for one in self.floors + extra]

    def _allowed(self, place: int, extra: Whole, *, most: int) -> int:
        left = self.left - self.per_penny @ extra
        costs = self.per_penny[:, place]
        limits = [int(left[row] // costs[row]) for row in np.flatnonzero(costs > 0)]
        return max(0, min([most, int(self.room[place] - extra[place]), *limits]))

    def _largest_part(self) -> int:
        """In parts of 2**40, rounded down: each rule that the part uses up limits it on its own."""
        use = self.per_penny @ self.room
        parts = [
            int(left) * 2**40 // int(used) for left, used in zip(self.left, use, strict=True) if used > 0
        ]
        return max(0, min([2**40, *parts]))

    def _most(self, place: int, lowest: Whole, highest: Whole) -> float:
        cost = np.zeros(len(self.room))
        cost[place] = -1.0
        answer = self._solve(cost, lowest, highest)
        if answer is None:
            raise NotProved
        return answer[place]

    def _is_possible(self, lowest: Whole, highest: Whole) -> bool:
        if (lowest == highest).all():
            return bool((self.per_penny @ lowest <= self.left).all())
        return self._solve(np.zeros(len(self.room)), lowest, highest) is not None

    def _solve(self, cost: Real, lowest: Whole, highest: Whole) -> list[float] | None:
        program = Program(cost, (highest - lowest).astype(float), whole=len(self.room))
        left = self.left - self.per_penny @ lowest
        for row, limit in zip(self.per_penny, left, strict=True):
            used = np.flatnonzero(row)
            scale = float(np.abs(row).max(initial=1))
            if len(used):
                program.add_row(used, row[used] / scale, highest=float(limit) / scale)
            elif limit < 0:
                return None
        answer = program.solve(SECONDS)
        if answer.status is not Status.FOUND:
            return None
        return [float(each) for each in answer.values + lowest]


def _per_penny(row: Row, places: list[int], pence: Whole) -> Whole:
    """Money rows grow with the amount, rows that count awards do not."""
    if row.by_number:
        return np.zeros(len(places), dtype=np.int64)
    return row.coefficients[places] // pence
