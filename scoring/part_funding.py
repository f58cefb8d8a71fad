"""Merit order when an award may be less than the request: who is chosen, before the amounts are set.

Go down the ranking; fund an application if and only if the awards above it and this one can be completed to a
list for which some amounts between floor and request keep every rule. The solver is asked once for each
application that the last completion left out; `scoring.amounts` then sets whole pence and checks them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scoring.allocation import AwardProblem, NoList
from scoring.amounts import Limits, at_floors, room_and_pence
from scoring.engine import LOOK_AHEAD, NotProved
from scoring.exact import Whole
from scoring.program import Program, Real, Status
from scoring.reasons import Reason, ReasonCode

SECONDS = 20.0
HALF_A_PENNY = 0.5  # so that no whole-penny solution is lost to rounding
MOST_IN_PENNIES = 50  # with more candidates fractions of a penny count as money while choosing


def choose(problem: AwardProblem, limits: Mapping[str, Limits]) -> tuple[str, ...]:
    """Ids of those who get something, in rank order. Raises NoList, NotProved, InvalidInput."""
    choice = _Choice(at_floors(problem, limits), limits)
    undecided = [place for place in range(len(problem.candidates)) if place not in choice.fixed]
    witness = choice.solve(undecided[:LOOK_AHEAD])
    if witness is None:
        raise NoList((Reason(ReasonCode.NO_COMBINATION),))
    for at, place in enumerate(undecided):
        if witness[place] < 0.5:
            choice.fixed[place] = 1.0
            found = choice.solve(undecided[at + 1 : at + LOOK_AHEAD]) if choice.floors_fit() else None
            if found is None:
                choice.fixed[place] = 0.0
                continue
            witness = found
        choice.fixed[place] = 1.0
    ids = [one.id for one in problem.candidates]
    return tuple(ids[place] for place in sorted(choice.fixed) if choice.fixed[place])


class _Choice:
    """One column for each candidate at its floor, one more for what it may get above that."""

    def __init__(self, problem: AwardProblem, limits: Mapping[str, Limits]) -> None:
        rows = problem.rows()
        self.size = len(problem.candidates)
        self.room, pence = room_and_pence(problem.candidates, limits)
        self.at_floor = np.array([row.coefficients for row in rows], dtype=np.int64)
        self.per_penny = np.array(
            [
                np.zeros(self.size, dtype=np.int64) if row.by_number else row.coefficients // pence
                for row in rows
            ],
            dtype=np.int64,
        )
        self.bounds = np.array([row.bound for row in rows], dtype=np.int64)
        self.fixed = dict.fromkeys(problem.locked, 1.0) | dict.fromkeys(problem.kept_out, 0.0)

    def floors_fit(self) -> bool:
        """Whether the money reaches for the floors of all that are fixed; mostly this already says no."""
        chosen = [place for place, value in self.fixed.items() if value]
        return bool(self.at_floor[0, chosen].sum() <= self.bounds[0])

    def solve(self, wanted: list[int]) -> Real | None:
        """A completion of what is fixed, rather with the first of `wanted`; None when there is none."""
        cost = np.zeros(2 * self.size)
        cost[wanted] = -(2.0 ** np.arange(len(wanted) - 1, -1, -1)) if wanted else 0.0
        upper = np.concatenate([np.ones(self.size), self.room.astype(float)])
        program = Program(cost, upper, whole=self.size * (2 if self.size <= MOST_IN_PENNIES else 1))
        for row in range(len(self.bounds)):
            self._add_rule(program, row)
        for place in map(int, np.flatnonzero(self.room)):
            room = float(self.room[place])
            program.add_row([place, self.size + place], np.array([-1.0, 1.0 / room]), highest=0.0)
        for place, value in self.fixed.items():
            program.add_row([place], np.ones(1), lowest=value, highest=value)
        answer = program.solve(SECONDS)
        if answer.status is Status.NOT_KNOWN:
            raise NotProved
        return answer.values if answer.status is Status.FOUND else None

    def _add_rule(self, program: Program, row: int) -> None:
        extra = self.per_penny[row] * (self.room > 0)
        factors: Whole | Real = np.concatenate([self.at_floor[row].astype(float), extra])
        largest = float(np.abs(factors).max(initial=1)) / 100.0
        used = np.flatnonzero(factors)
        program.add_row(
            used, factors[used] / largest, highest=(float(self.bounds[row]) + HALF_A_PENNY) / largest
        )
