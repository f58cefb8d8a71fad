"""What the rule proposes for a round: merit order with protected ring-fences, each line with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from fundapp.call_file.awarding import TopUp
from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json
from fundapp.models.application import Application
from fundapp.models.award import Decision, Must, Outcome
from fundapp.queries.call_money import parts_of, pence, pounds, purpose_of
from fundapp.queries.ledger import Setting, shares_of
from fundapp.queries.rankings import Reading
from scoring.allocation import AwardProblem, NoList, ProposalLine
from scoring.allocation import propose as propose_list
from scoring.amounts import Amounts, Limits, at_floors, top_up
from scoring.amounts import TopUp as Spread
from scoring.engine import NotProved
from scoring.reasons import Reason, ReasonCode
from scoring.records import Candidate
from scoring.stability import place_needed

MINIMUM_MISSED = "minimum_missed"
TOTAL_TOO_LOW = "total_too_low"
SPREAD = {TopUp.BY_RANK: Spread.RANK, TopUp.EVENLY: Spread.PROPORTIONAL}


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
    problem = award_problem(applications, reading, setting, kept)
    if limits := part_limits(problem, applications, setting.definition, kept=kept or ()):
        problem = at_floors(problem, limits)
    try:
        proposal = propose_list(problem)
        amounts = amounts_of(problem, proposal.awards, spread_of(setting.definition))
    except NoList as nothing:
        return Proposals(lines, nothing.reasons)
    except NotProved:
        return Proposals(lines, is_proved=False)
    for line in proposal.lines:
        lines[UUID(line.application)] = _proposed(line, amounts)
    return Proposals(lines)


def _proposed(line: ProposalLine, amounts: Amounts) -> Proposed:
    """Of a part-funded award the reason also proves that it cannot be a penny more."""
    reason, amount = line.reason.as_data(), amounts.pence.get(line.application)
    if weights := amounts.weights.get(line.application):
        reason["amount_weights"] = dict(weights)
    if amount is None:
        is_about_money = line.reason.code is not ReasonCode.KEPT_OUT
        return Proposed(Outcome.DECLINE, reason, is_fundable=is_about_money)
    return Proposed(Outcome.AWARD, reason, amount=pounds(amount))


def amounts_of(problem: AwardProblem, awards: Sequence[str], spread: Spread) -> Amounts:
    """Pence by application; whole requests where nobody has room above the least. Raises NotProved."""
    if problem.room_pence is not None:
        return top_up(problem, awards, spread)
    return Amounts({one.id: one.pence for one in problem.candidates if one.id in set(awards)})


def part_limits(
    problem: AwardProblem,
    applications: Sequence[Application],
    definition: CallDefinition,
    percent: int | None = None,
    kept: Collection[UUID] = (),
) -> dict[str, Limits]:
    """From this part of the request, never below the strand's least; partners who share keep their sum.

    Without `percent` the call's own; {} when it funds whole requests only. What the panel set (`kept`) stays.
    """
    if percent is None and definition.awards.part_funding is None:
        return {}
    by_id = {str(one.id): one for one in applications}
    return {
        one.id: Limits(least_pence(by_id[one.id], one.pence, definition, percent), one.pence)
        for one in problem.candidates
        if len(one.shares) == 1 and UUID(one.id) not in kept
    }


def least_pence(
    application: Application, asked: int, definition: CallDefinition, percent: int | None = None
) -> int:
    """The least that an award may be; the whole where partners share it or the call funds requests only."""
    rule = definition.awards.part_funding
    if percent is None:
        percent = rule.least_percent if rule else 100
    if len(parts_of(application, asked)) > 1:
        return asked
    lowest = pence(amount_limits(application, definition)[0])
    return min(max(-(-asked * percent // 100), lowest), asked)


MOST_PLACES = 80  # so many refusals are asked "which place would have been enough?"


def places_needed(
    applications: Sequence[Application], reading: Reading, setting: Setting, refused: Sequence[UUID]
) -> dict[UUID, Json]:
    """For refusals about money: the place in the order, and the lowest one that would have got a grant."""
    problem = award_problem(applications, reading, setting)
    if limits := part_limits(problem, applications, setting.definition):
        problem = at_floors(problem, limits)
    order = {one.id: place for place, one in enumerate(problem.candidates, start=1)}
    asked = [key for key in refused if str(key) in order][:MOST_PLACES]
    try:
        return {key: {"place": order[str(key)], "needed": place_needed(problem, str(key))} for key in asked}
    except (NoList, NotProved):
        return {}


def spread_of(definition: CallDefinition) -> Spread:
    """How what is left above the least amounts is shared out."""
    rule = definition.awards.part_funding
    return SPREAD[TopUp.BY_RANK if rule is None else rule.top_up]


def exclusions_of(applications: Sequence[Application], setting: Setting) -> tuple[frozenset[UUID], ...]:
    """Of each set at most one can be funded: by the call's rule, and pairs the panel named."""
    groups: dict[UUID, set[UUID]] = defaultdict(set)
    for application in applications if setting.definition.awards.one_per_organisation else ():
        groups[application.organisation_id].add(application.id)
        for share in application.shares:
            groups[share.organisation_id].add(application.id)
    ids = {application.id for application in applications}
    named = [pair & ids for pair in setting.exclusions]
    sets = {frozenset(each) for each in (*groups.values(), *named) if len(each) > 1}
    return tuple(sorted(sets, key=lambda each: sorted(map(str, each))))


def below_minimum(applications: Sequence[Application], reading: Reading) -> set[UUID]:
    """Ranked, but with marks that the call does not fund."""
    return {application.id for application in applications if reading.is_too_low(application.id)}


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
    wanted = forced(setting, kept)
    must_fund = [key for key, is_award in wanted.items() if is_award]
    listed = [key for key in order if key not in too_low or key in must_fund]
    listed += [key for key in must_fund if key not in listed]
    candidates = [_candidate(by_id[key], setting, kept.get(key)) for key in listed if key in by_id]
    fundable = tuple(candidate for candidate in candidates if candidate is not None)
    ids = {candidate.id for candidate in fundable}
    exclusions = ({str(key) for key in each} & ids for each in exclusions_of(applications, setting))
    moved = {str(key): is_award for key, is_award in wanted.items() if str(key) in ids}
    return AwardProblem(
        candidates=fundable,
        ring_fences=setting.rules,
        pot=setting.pot,
        ledger=setting.ledger,
        must_fund=frozenset(key for key, is_award in moved.items() if is_award),
        must_not_fund=frozenset(key for key, is_award in moved.items() if not is_award),
        exclusions=tuple(frozenset(each) for each in exclusions if len(each) > 1),
    )


def forced(setting: Setting, kept: Mapping[UUID, Decision]) -> dict[UUID, bool]:
    """Who must get an award and who must not: by a mark, or by the panel's hand, which comes last."""
    marks = {key: setting.marks[key] is Must.FUND for key in sorted(setting.marks, key=str)}
    return marks | {key: decision.outcome is Outcome.AWARD for key, decision in kept.items()}


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
    shares = shares_of(parts, purpose_of(application), setting.money.groups, setting.definition)
    return Candidate(str(application.id), pence(amount), shares)


def _below_minimum(reading: Reading, key: UUID) -> Proposed:
    criteria = list(reading.results[key].minimums_missed)
    if not criteria:
        return Proposed(Outcome.DECLINE, {"code": TOTAL_TOO_LOW, "least": reading.least_total})
    return Proposed(Outcome.DECLINE, {"code": MINIMUM_MISSED, "criteria": criteria})
