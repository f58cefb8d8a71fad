"""Checks a proposal from the record alone, without believing who made it."""

from __future__ import annotations

import numpy as np

from scoring.allocation import AwardProblem, Proposal, ProposalLine
from scoring.engine import Highs, Search
from scoring.exact import Whole, broken_rows, slack, weighed
from scoring.merit import first_weights
from scoring.reasons import ReasonCode
from scoring.records import InvalidInput


def unconfirmed(problem: AwardProblem, proposal: Proposal, search: Search | None = None) -> tuple[str, ...]:
    """Names of rules the list breaks, and applications whose line is not confirmed; () when all is well.

    Refusals with weights need only additions; the few without are searched for once more.
    """
    if [line.application for line in proposal.lines] != [one.id for one in problem.candidates]:
        raise InvalidInput("proposal", "of_other_candidates")
    check = _Check(problem, proposal, search or Highs())
    wrong = [line.application for place, line in enumerate(proposal.lines) if not check.confirms(place, line)]
    return (*broken_rows(check.rows, check.funded), *wrong)


class _Check:
    def __init__(self, problem: AwardProblem, proposal: Proposal, search: Search) -> None:
        self.must_fund = problem.must_fund
        self.fixed = problem.must_fund | problem.must_not_fund
        self.ids = [one.id for one in problem.candidates]
        self.funded = [place for place, line in enumerate(proposal.lines) if line.is_funded]
        self.search = search
        self.rows = problem.rows()
        self.coefficients = np.array([row.coefficients for row in self.rows])
        self.bounds = np.array([row.bound for row in self.rows])
        weights = first_weights(self.rows)
        self.simple = weights[(weights @ self.coefficients >= 0).all(axis=1)]

    def confirms(self, place: int, line: ProposalLine) -> bool:
        if line.application in self.fixed:
            return line.is_funded == (line.application in self.must_fund)
        if line.is_funded:
            return line.reason.code is ReasonCode.FUNDED
        chosen = [at for at in self.funded if at < place or self.ids[at] in self.must_fund] + [place]
        if not line.reason.weights:
            columns = self.coefficients[:, self._still_open(place, chosen)]
            return self.search.choice(columns, self._left(chosen)) is None
        weights = dict(line.reason.weights)
        can_make_room = (weighed(self.rows, weights) < 0).any()
        still_open = self._still_open(place, chosen).tolist() if can_make_room else []
        return slack(self.rows, weights, chosen, still_open) < 0

    def _left(self, chosen: list[int]) -> Whole:
        return np.asarray(self.bounds - self.coefficients[:, chosen].sum(axis=1), dtype=np.int64)

    def _still_open(self, place: int, chosen: list[int]) -> Whole:
        """Candidates below that no simple rule already forbids when these are chosen."""
        limits = (self.simple @ self._left(chosen))[:, np.newaxis]
        fits = (self.simple @ self.coefficients <= limits).all(axis=0)
        free = range(place + 1, len(self.ids))
        return np.array([at for at in free if fits[at] and self.ids[at] not in self.fixed], dtype=np.int64)
