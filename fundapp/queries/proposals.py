"""What the rule proposes for a round: merit order with protected ring-fences, each line with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json
from fundapp.models.application import Application
from fundapp.models.award import Decision, Outcome
from fundapp.queries.call_money import parts_of, pence, pounds
from fundapp.queries.ledger import Setting, shares_of
from fundapp.queries.rankings import Reading
from scoring.allocation import AwardProblem, NoList
from scoring.allocation import propose as propose_list
from scoring.engine import NotProved
from scoring.reasons import Reason
from scoring.records import Candidate

MINIMUM_MISSED = "minimum_missed"


@dataclass(frozen=True)
class Proposed:
    """What the rule says of one application. `reason` is a code with its numbers."""

    outcome: Outcome
    reason: Json
    amount: Decimal | None = None
    is_fundable: bool = False  # a "no" that is about money alone


@dataclass(frozen=True)
class Proposals:
    """Without a line: no total, so the panel talks first. `no_list`: why nothing keeps all the rules.

    Not proved: the search took too long, and a list nobody can vouch for is none.
    """

    lines: Mapping[UUID, Proposed] = field(default_factory=dict)
    no_list: tuple[Reason, ...] = ()
    is_proved: bool = True


def propose(
    applications: Sequence[Application],
    reading: Reading,
    setting: Setting,
    kept: Mapping[UUID, Decision] | None = None,
) -> Proposals:
    """For the applications still open. `kept`: moved by hand by the panel, which the rule respects."""
    lines = {key: _below_minimum(reading, key) for key in below_minimum(applications, reading)}
    try:
        proposal = propose_list(award_problem(applications, reading, setting, kept))
    except NoList as nothing:
        return Proposals(lines, nothing.reasons)
    except NotProved:
        return Proposals(lines, is_proved=False)
    for line in proposal.lines:
        lines[UUID(line.application)] = Proposed(
            outcome=Outcome.AWARD if line.is_funded else Outcome.DECLINE,
            reason=line.reason.as_data(),
            amount=pounds(line.pence) if line.is_funded else None,
            is_fundable=not line.is_funded,
        )
    return Proposals(lines)


def below_minimum(applications: Sequence[Application], reading: Reading) -> set[UUID]:
    """Ranked, but with marks that the call does not fund."""
    ids = {application.id for application in applications}
    ranked = (UUID(one.application) for one in reading.ranking.ranked)
    return {key for key in ranked if key in ids and reading.results[key].minimums_missed}


def award_problem(
    applications: Sequence[Application],
    reading: Reading,
    setting: Setting,
    kept: Mapping[UUID, Decision] | None = None,
) -> AwardProblem:
    """Who could be funded, in the order of the ranking, with the rules and the money."""
    kept = kept or {}
    by_id = {application.id: application for application in applications}
    order = [UUID(one.application) for one in reading.ranking.ranked if UUID(one.application) in by_id]
    too_low = below_minimum(applications, reading)
    awarded_by_hand = [key for key, decision in kept.items() if decision.outcome is Outcome.AWARD]
    listed = [key for key in order if key not in too_low or key in awarded_by_hand]
    listed += [key for key in awarded_by_hand if key not in listed]
    candidates = [_candidate(by_id[key], setting, kept.get(key)) for key in listed if key in by_id]
    fundable = tuple(candidate for candidate in candidates if candidate is not None)
    ids = {candidate.id for candidate in fundable}
    moved = {str(key): decision.outcome is Outcome.AWARD for key, decision in kept.items() if str(key) in ids}
    return AwardProblem(
        candidates=fundable,
        ring_fences=setting.rules,
        pot=setting.pot,
        ledger=setting.ledger,
        must_fund=frozenset(key for key, is_award in moved.items() if is_award),
        must_not_fund=frozenset(key for key, is_award in moved.items() if not is_award),
    )


def amount_limits(application: Application, definition: CallDefinition) -> tuple[Decimal, Decimal]:
    """From the strand's least amount to its most, and never more than the group asked for."""
    asked = application.amount_requested or Decimal(0)
    for strand in definition.strands:
        if strand.key == application.strand_code:
            highest = min(strand.maximum, asked)
            return min(strand.minimum, highest), highest
    return asked, asked


def _candidate(application: Application, setting: Setting, decision: Decision | None) -> Candidate | None:
    _lowest, highest = amount_limits(application, setting.definition)
    amount = decision.amount if decision is not None and decision.amount else highest
    if amount <= 0:
        return None
    parts = parts_of(application, pence(amount))
    shares = shares_of(parts, application.strand_code or "", setting.money.groups, setting.definition)
    return Candidate(str(application.id), pence(amount), shares)


def _below_minimum(reading: Reading, key: UUID) -> Proposed:
    criteria = list(reading.results[key].minimums_missed)
    return Proposed(Outcome.DECLINE, {"code": MINIMUM_MISSED, "criteria": criteria})
