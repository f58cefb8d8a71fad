"""Checks a proposal from the record alone, without believing who made it."""

from __future__ import annotations

from bisect import bisect

import numpy as np

from scoring.allocation import AwardProblem, Proposal, ProposalLine
from scoring.engine import Highs, Search
from scoring.exact import Proof, Whole, broken_rows
from scoring.reasons import ReasonCode
from scoring.records import InvalidInput
from scoring.room import Room
from scoring.weighings import first_weighings

NOBODY = np.zeros(0, dtype=np.int64)
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
        must = [at for at in self.funded if self.ids[at] in self.must_fund]
        self.free = [at for at in self.funded if self.ids[at] not in self.must_fund]
        self.first = np.array([*must, *self.free], dtype=np.int64)
        self.proofs: dict[tuple[tuple[str, int], ...], Proof] = {}
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
        extras = Room(self.rows, self.room).extras(self._left(self.first), self.first)
        return (AMOUNTS,) if extras is None else ()

    def confirms(self, place: int, line: ProposalLine) -> bool:
        if line.application in self.fixed:
            return line.is_funded == (line.application in self.must_fund)
        if line.is_funded:
            return line.reason.code is ReasonCode.FUNDED
        chosen = self._chosen_with(place)
        if not line.reason.weights:
            return self._finds_nothing(self._still_open(place, chosen), chosen)
        proof = self._proof(line.reason.weights)
        still_open = self._still_open(place, chosen) if proof.can_gain else NOBODY
        return proof.slack(chosen, still_open) < 0

    def _chosen_with(self, place: int) -> Whole:
        """Those that must be funded, those funded above this one, and itself."""
        above = len(self.first) - len(self.free) + bisect(self.free, place)
        return np.concatenate([self.first[:above], [place]])

    def _proof(self, weights: tuple[tuple[str, int], ...]) -> Proof:
        """Many refusals have the same one."""
        if weights not in self.proofs:
            self.proofs[weights] = Proof(self.rows, dict(weights), self.room)
        return self.proofs[weights]

    def _finds_nothing(self, still_open: Whole, chosen: Whole) -> bool:
        columns, left = self.coefficients[:, still_open], self._left(chosen)
        if self.room is None:
            return self.search.choice(columns, left) is None
        room = Room(self.rows, self.room)
        asked = room.with_pools(columns, left, still_open, chosen)
        return self.search.choice(*asked) is None

    def _left(self, chosen: Whole) -> Whole:
        return np.asarray(self.bounds - self.coefficients[:, chosen].sum(axis=1), dtype=np.int64)

    def _still_open(self, place: int, chosen: Whole) -> Whole:
        """Candidates below that no simple rule already forbids when these are chosen."""
        free = range(place + 1, len(self.ids))
        limits = self.simple @ self.bounds - self.lowest[:, chosen].sum(axis=1)
        fits = (self.lowest <= limits[:, np.newaxis]).all(axis=0)
        return np.array([at for at in free if fits[at] and self.ids[at] not in self.fixed], dtype=np.int64)
