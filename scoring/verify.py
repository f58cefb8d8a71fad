"""Checks a proposal from the record alone, without believing who made it."""

from __future__ import annotations

import numpy as np

from scoring.allocation import AwardProblem, Proposal, ProposalLine
from scoring.engine import Highs, Search
from scoring.exact import Whole, broken_rows, slack, weighed
from scoring.reasons import ReasonCode
from scoring.records import InvalidInput
from scoring.room import Room
from scoring.weighings import first_weighings

AMOUNTS = ":amounts"  # no whole amounts keep all rules


def unconfirmed(problem: AwardProblem, proposal: Proposal, search: Search | None = None) -> tuple[str, ...]:
    """Names of rules the list breaks, and applications whose line is not confirmed; () when all is well.

    Refusals with weights need only additions; the few without are searched for once more.
    """
    if [line.application for line in proposal.lines] != [one.id for one in problem.candidates]:
        raise InvalidInput("proposal", "of_other_candidates")
    check = _Check(problem, proposal, search or Highs())
    wrong = [line.application for place, line in enumerate(proposal.lines) if not check.confirms(place, line)]
    return (*check.broken(), *wrong)


class _Check:
    def __init__(self, problem: AwardProblem, proposal: Proposal, search: Search) -> None:
        self.must_fund = problem.must_fund
        self.room = problem.room_pence
        self.fixed = problem.must_fund | problem.must_not_fund
        self.ids = [one.id for one in problem.candidates]
        self.funded = [place for place, line in enumerate(proposal.lines) if line.is_funded]
        self.search = search
        self.rows = problem.rows()
        self.coefficients = np.array([row.coefficients for row in self.rows])
        self.bounds = np.array([row.bound for row in self.rows])
        weights, lowest = first_weighings(self.rows, self.coefficients)
        if self.room is not None:
            lowest = lowest + Room(self.rows, self.room).relief(weights)
        is_simple = (lowest >= 0).all(axis=1)
        self.simple, self.lowest = weights[is_simple], lowest[is_simple]

    def broken(self) -> tuple[str, ...]:
        if self.room is None:
            return broken_rows(self.rows, self.funded)
        funded = np.array(self.funded, dtype=np.int64)
        extras = Room(self.rows, self.room).extras(self._left(self.funded), funded)
        return (AMOUNTS,) if extras is None else ()

    def confirms(self, place: int, line: ProposalLine) -> bool:
        if line.application in self.fixed:
            return line.is_funded == (line.application in self.must_fund)
        if line.is_funded:
            return line.reason.code is ReasonCode.FUNDED
        chosen = [at for at in self.funded if at < place or self.ids[at] in self.must_fund] + [place]
        if not line.reason.weights:
            return self._finds_nothing(self._still_open(place, chosen), chosen)
        weights = dict(line.reason.weights)
        can_make_room = self.room is not None or (weighed(self.rows, weights) < 0).any()
        still_open = self._still_open(place, chosen).tolist() if can_make_room else []
        return slack(self.rows, weights, chosen, still_open, self.room) < 0

    def _finds_nothing(self, still_open: Whole, chosen: list[int]) -> bool:
        columns, left = self.coefficients[:, still_open], self._left(chosen)
        if self.room is None:
            return self.search.choice(columns, left) is None
        room = Room(self.rows, self.room)
        asked = room.with_pools(columns, left, still_open, np.array(chosen, dtype=np.int64))
        return self.search.choice(*asked) is None

    def _left(self, chosen: list[int]) -> Whole:
        return np.asarray(self.bounds - self.coefficients[:, chosen].sum(axis=1), dtype=np.int64)

    def _still_open(self, place: int, chosen: list[int]) -> Whole:
        """Candidates below that no simple rule already forbids when these are chosen."""
        free = range(place + 1, len(self.ids))
        limits = self.simple @ self.bounds - self.lowest[:, chosen].sum(axis=1)
        fits = (self.lowest <= limits[:, np.newaxis]).all(axis=0)
        return np.array([at for at in free if fits[at] and self.ids[at] not in self.fixed], dtype=np.int64)
