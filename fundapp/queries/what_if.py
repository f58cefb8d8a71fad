"""What the rule would propose if something were different: other money, weights, readers, claims, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.assessment import Assessment
from fundapp.db import Json, db
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.panel import PanelSeat, ReviewAssignment
from fundapp.models.scenario import Scenario
from fundapp.queries.awards import Board
from fundapp.queries.call_money import CallMoney, GroupFacts, pence, pounds
from fundapp.queries.ledger import NOT_YET_DECIDED, Setting, ledger_of
from fundapp.queries.marks import Mark
from fundapp.queries.meetings import vote_places
from fundapp.queries.proposals import amounts_of, award_problem, part_limits, spread_of
from fundapp.queries.rankings import Reading, read_round
from scoring.allocation import AwardProblem, NoList, awards_of
from scoring.amounts import at_floors
from scoring.engine import NotProved
from scoring.reasons import Reason
from scoring.records import Candidate, LedgerLine, RingFenceFigures, Share
from scoring.ringfences import figures


class Claims(StrEnum):
    """Whose claims about who leads them count as confirmed."""

    AS_THEY_ARE = "as_they_are"
    ALL_CONFIRMED = "all_confirmed"
    ONE_NOT_MET = "one_not_met"


@dataclass(frozen=True)
class Changes:
    """Only what differs from the call. All empty: the rule as it is."""

    money: Decimal | None = None  # of this round
    cut_line: int | None = None  # a total; who is below gets nothing
    least_percent: int | None = None  # of the request; an award may be as little as this
    weights: Mapping[str, int] | None = None  # by criterion, 100 together
    without_seat: UUID | None = None  # a reader whose marks are left out
    claims: Claims = Claims.AS_THEY_ARE
    not_met: UUID | None = None  # the application whose claims are taken as not met

    def as_data(self) -> Json:
        data: Json = {
            "money": None if self.money is None else str(self.money),
            "cut_line": self.cut_line,
            "least_percent": self.least_percent,
            "weights": dict(self.weights) if self.weights else None,
            "without_seat": None if self.without_seat is None else str(self.without_seat),
            "claims": self.claims.value,
            "not_met": None if self.not_met is None else str(self.not_met),
        }
        return {key: value for key, value in data.items() if value is not None}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Changes:
        return cls(
            money=Decimal(data["money"]) if "money" in data else None,
            cut_line=data.get("cut_line"),
            least_percent=data.get("least_percent"),
            weights=data.get("weights"),
            without_seat=UUID(data["without_seat"]) if "without_seat" in data else None,
            claims=Claims(data.get("claims", Claims.AS_THEY_ARE)),
            not_met=UUID(data["not_met"]) if "not_met" in data else None,
        )


@dataclass(frozen=True)
class WhatIf:
    """The list that would be proposed. `gained` and `lost` compare it with the rule as it is."""

    name: str
    scenario: Scenario | None  # None: the rule as it is
    changes: Changes
    awards: Mapping[UUID, Decimal]
    figures: tuple[RingFenceFigures, ...]
    free: Decimal
    no_list: tuple[Reason, ...] = ()
    is_proved: bool = True
    gained: frozenset[UUID] = frozenset()
    lost: frozenset[UUID] = frozenset()

    @property
    def awarded(self) -> Decimal:
        return sum(self.awards.values(), Decimal(0))


@dataclass(frozen=True)
class Basis:
    """What all what-ifs of a round start from; loaded once."""

    board: Board
    marks: tuple[Mark, ...]
    seats: Mapping[UUID, UUID]  # the reader of each assignment
    votes: Mapping[UUID, int]  # places that the panel gave to equal applications

    @property
    def applications(self) -> list[Application]:
        return [line.application for line in self.board.all_lines if line.is_undecided]


def basis_of(board: Board) -> Basis:
    """Two queries beside the board's."""
    rows = db.session.execute(
        sa.select(ReviewAssignment.id, ReviewAssignment.seat_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(Application.round_id == board.round.id)
    )
    seats = {row.id: row.seat_id for row in rows}
    return Basis(board, board.marks, seats, vote_places(board.round.id))


def list_scenarios(round_: Round) -> Sequence[Scenario]:
    query = sa.select(Scenario).where(Scenario.round_id == round_.id)
    return db.session.execute(query.order_by(Scenario.created_at, Scenario.id)).scalars().all()


def get_scenario(scenario_id: UUID) -> Scenario:
    """With its round and call. Raises NoResultFound."""
    query = sa.select(Scenario).where(Scenario.id == scenario_id)
    return db.session.execute(query.options(joinedload(Scenario.round).joinedload(Round.call))).scalar_one()


def list_readers(round_: Round) -> Sequence[PanelSeat]:
    """Seats in the order in which they were made, as the panel page numbers them."""
    query = sa.select(PanelSeat).where(PanelSeat.panel.has(round_id=round_.id))
    return db.session.execute(query.order_by(PanelSeat.created_at, PanelSeat.id)).scalars().all()


def compare(basis: Basis, scenarios: Sequence[Scenario]) -> tuple[WhatIf, ...]:
    """The rule as it is, then each scenario beside it."""
    base = what_if(basis, "", Changes())
    found = [base]
    for scenario in scenarios:
        one = what_if(basis, scenario.name, Changes.from_data(scenario.changes), scenario)
        gained = frozenset(one.awards.keys() - base.awards.keys())
        lost = frozenset(base.awards.keys() - one.awards.keys())
        found.append(replace(one, gained=gained, lost=lost))
    return tuple(found)


def what_if(basis: Basis, name: str, changes: Changes, scenario: Scenario | None = None) -> WhatIf:
    setting, reading = _setting(basis, changes), _reading(basis, changes)
    listed = _above_the_line(basis, reading, changes)
    problem = _at_least(award_problem(listed, reading, setting), basis, changes)
    nothing = WhatIf(name, scenario, changes, {}, (), pounds(setting.pot.round_pence))
    try:
        amounts = amounts_of(problem, awards_of(problem), spread_of(basis.board.definition)).pence
    except NoList as error:
        return replace(nothing, no_list=error.reasons)
    except NotProved:
        return replace(nothing, is_proved=False)
    candidates = {one.id: one for one in problem.candidates}
    lines = [_line(candidates[key], amount) for key, amount in amounts.items()]
    return WhatIf(
        name,
        scenario,
        changes,
        {UUID(key): pounds(amount) for key, amount in amounts.items()},
        figures(setting.rules, (*setting.ledger, *lines), setting.pot),
        pounds(setting.pot.round_pence - sum(amounts.values())),
    )


def problem_of(basis: Basis) -> AwardProblem:
    """The rule as it is, for questions about single applications; at their least where the call allows it."""
    board = basis.board
    return _at_least(award_problem(basis.applications, board.reading, board.setting), basis, Changes())


def _above_the_line(basis: Basis, reading: Reading, changes: Changes) -> list[Application]:
    if changes.cut_line is None:
        return basis.applications
    totals = {one.application: one.total for one in reading.ranking.ranked}
    line = Fraction(changes.cut_line)
    return [one for one in basis.applications if totals.get(str(one.id), line) >= line]


def _at_least(problem: AwardProblem, basis: Basis, changes: Changes) -> AwardProblem:
    """With everybody at their least, where an award may be less than the request."""
    limits = part_limits(problem, basis.applications, basis.board.definition, changes.least_percent)
    return at_floors(problem, limits) if limits else problem


def _line(one: Candidate, amount: int) -> LedgerLine:
    if amount == one.pence:
        return one.as_award()
    (share,) = one.shares
    return LedgerLine(one.id, amount, (Share(amount, share.confirmed, share.claimed),))


def _reading(basis: Basis, changes: Changes) -> Reading:
    assessment: Assessment = basis.board.definition.assessment
    if changes.weights is None and changes.without_seat is None:
        return basis.board.reading
    marks = [mark for mark in basis.marks if basis.seats.get(mark.assignment_id) != changes.without_seat]
    if changes.weights is not None:
        weights = changes.weights
        criteria = tuple(replace(one, weight=weights.get(one.key, one.weight)) for one in assessment.criteria)
        assessment = replace(assessment, criteria=criteria)
    order = [one.application.id for one in basis.board.all_lines if one.decided]
    return read_round(basis.applications, marks, assessment, basis.votes, order)


def _setting(basis: Basis, changes: Changes) -> Setting:
    setting = basis.board.setting
    if changes.money is not None:
        more = pence(changes.money) - setting.pot.round_pence - basis.board.round_awarded_pence
        pot = setting.pot
        round_pence = max(0, pot.round_pence + more)
        grants = max(pot.grants_pence, pot.grants_pence + more)
        setting = replace(setting, pot=replace(pot, round_pence=round_pence, grants_pence=grants))
    if changes.claims is Claims.AS_THEY_ARE:
        return setting
    money = replace(setting.money, groups=_claims(basis, setting.money, changes))
    return replace(setting, money=money, ledger=ledger_of(money, setting.definition))


def _claims(basis: Basis, money: CallMoney, changes: Changes) -> dict[UUID, GroupFacts]:
    touched = {one.organisation_id for one in basis.applications if one.id == changes.not_met}

    def status_of(organisation_id: UUID, status: ClaimStatus) -> ClaimStatus:
        if changes.claims is Claims.ALL_CONFIRMED:
            return ClaimStatus.CONFIRMED if status in NOT_YET_DECIDED else status
        return ClaimStatus.NOT_MET if organisation_id in touched else status

    return {
        key: replace(facts, claims={kind: status_of(key, status) for kind, status in facts.claims.items()})
        for key, facts in money.groups.items()
    }
