"""Ring-fences of a call: who counts, how far they are filled, how much may still go elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import Family
from fundapp.call_file.ring_fences import RingFence as RingFenceRule
from fundapp.db import Json
from fundapp.models.call import Call, Round
from fundapp.queries.call_money import CallMoney, load_call_money, pounds
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.demand import ELIGIBLE, SENT, Asked, Demand, Place, Sum, load_demand
from fundapp.queries.ledger import (
    award_line,
    ledger_of,
    listed_lines,
    minimums_of,
    paid_line,
    pot_of,
    scoring_rules,
)
from scoring.records import (
    Kind,
    LedgerLine,
    Measure,
    Pot,
    RingFence,
    RingFenceFigures,
    Standing,
    Totals,
)
from scoring.ringfences import figures, tally, totals


class Stage(StrEnum):
    """How far the money has come, from "asked for" to "paid"."""

    DRAFTED = "drafted"
    SENT = "sent"
    ELIGIBLE = "eligible"
    LISTED = "listed"
    IN_PRINCIPLE = "in_principle"
    ACCEPTED = "accepted"
    PAID = "paid"


PLACES = {Stage.DRAFTED: frozenset({Place.DRAFT}), Stage.SENT: SENT, Stage.ELIGIBLE: ELIGIBLE}


@dataclass(frozen=True)
class StageFigures:
    """In pence or in number of awards, like the ring-fence itself."""

    stage: Stage
    confirmed: int
    if_confirmed: int
    total: int


@dataclass(frozen=True)
class PotParts:
    """The whole grant pot as one floor sees it; the four parts add up to it."""

    reached: int
    needed: int  # also for shares of awards: as if the whole pot were awarded
    headroom: int
    others: int  # awarded to groups that do not count
    floor: int

    @classmethod
    def of(cls, rule: RingFence, one: RingFenceFigures, all_: Totals, pot: Pot) -> PotParts | None:
        """None for limits and for rules by number, and where the floor can no longer be reached."""
        if rule.kind is Kind.CAP or rule.measure is Measure.COUNT or not one.confirmed.is_possible:
            return None
        reached, others = one.confirmed.reached, all_.live_pence - one.confirmed.reached
        floor = rule.required(pot.fund_pence, pot.grants_pence)
        needed = max(0, floor - reached)
        headroom = pot.grants_pence - reached - needed - others
        return cls(reached, needed, headroom, others, floor) if headroom >= 0 else None


@dataclass(frozen=True)
class ReportLine:
    """One ring-fence or, for a rule "for each …", one value of it."""

    rule: RingFenceRule
    figures: RingFenceFigures
    stages: tuple[StageFigures, ...]
    parts: PotParts | None = None

    @property
    def moved_to(self) -> str | None:
        """Released: what was left is kept for the groups of this ring-fence."""
        is_moved = self.rule.each is None and self.figures.tag != self.rule.key
        return self.figures.tag if is_moved else None

    @property
    def value(self) -> str | None:
        """The borough or theme, where the rule is for each of them."""
        return self.figures.tag.split(":", 1)[1] if self.rule.each else None


@dataclass(frozen=True)
class RoundMinimum:
    """What one round alone must bring to a ring-fence, and has brought."""

    rule: RingFenceRule
    round: str
    figures: RingFenceFigures


@dataclass(frozen=True)
class RingFenceReport:
    call_code: str
    pot: Pot
    totals: Totals
    lines: tuple[ReportLine, ...]
    demand: Demand
    money: CallMoney
    minimums: tuple[RoundMinimum, ...] = ()

    def line(self, key: str) -> ReportLine:
        """The first line of a ring-fence. Raises KeyError."""
        for line in self.lines:
            if line.rule.key == key:
                return line
        raise KeyError(key)


def report(call: Call, *, stages_of: Round | None = None, with_demand: bool = True) -> RingFenceReport:
    """The figures of all awards so far, with what was asked for and what has been paid.

    Eleven queries, however many applications there are; nine without the demand. `stages_of`: what was asked
    for, listed, awarded and paid in one round only; the ring-fences themselves belong to the call.
    """
    definition = definition_of(current_version(call))
    money = load_call_money(call)
    rules = scoring_rules(definition, money)
    ledger = ledger_of(money, definition)
    pot = pot_of(definition, money, rounds=tuple(call.rounds))
    demand = load_demand(call, definition) if with_demand else Demand()
    path = _Path.of(money, definition, demand, stages_of.id if stages_of else None)
    by_key = {rule.key: rule for rule in definition.ring_fences}
    of_scoring = {rule.key: rule for rule in rules}
    all_ = totals(ledger, pot)

    def line(one: RingFenceFigures) -> ReportLine:
        rule = replace(of_scoring[one.key], tag=one.tag)
        return ReportLine(by_key[one.key], one, path.stages(rule), PotParts.of(rule, one, all_, pot))

    lines = tuple(line(one) for one in figures(rules, ledger, pot))
    minimums = tuple(
        RoundMinimum(definition.ring_fence(one.key), round_.code, one)
        for round_ in call.rounds
        for one in _in_round(round_, money, definition, pot)
    )
    return RingFenceReport(call.code, pot, all_, lines, demand, money, minimums)


def _in_round(
    round_: Round, money: CallMoney, definition: CallDefinition, pot: Pot
) -> tuple[RingFenceFigures, ...]:
    here = [grant for grant in money.grants if grant.round_id == round_.id]
    lines = [award_line(grant, money, definition) for grant in here]
    return figures(minimums_of(definition, money, round_), lines, pot)


@dataclass(frozen=True)
class _Path:
    """Every sum on its way from "asked for" to "paid"."""

    asked: Mapping[Stage, Asked]
    in_boroughs: Mapping[Stage, Mapping[str, Sum]]
    given: Mapping[Stage, Sequence[LedgerLine]]
    for_each_borough: frozenset[str]  # keys of rules

    @classmethod
    def of(cls, money: CallMoney, definition: CallDefinition, demand: Demand, round_id: UUID | None) -> _Path:
        grants = [grant for grant in money.grants if round_id in (None, grant.round_id)]
        awarded = [award_line(grant, money, definition) for grant in grants]
        accepted = [line for line, grant in zip(awarded, grants, strict=True) if grant.is_accepted]
        return cls(
            asked={stage: demand.asked(places, round_id) for stage, places in PLACES.items()},
            in_boroughs={stage: demand.in_boroughs(places, round_id) for stage, places in PLACES.items()},
            for_each_borough=frozenset(
                rule.key for rule in definition.ring_fences if rule.each is Family.BOROUGH
            ),
            given={
                Stage.LISTED: listed_lines(money, definition, round_id),
                Stage.IN_PRINCIPLE: awarded,
                Stage.ACCEPTED: accepted,
                Stage.PAID: [paid_line(grant, money, definition) for grant in grants],
            },
        )

    def stages(self, rule: RingFence) -> tuple[StageFigures, ...]:
        unit, tag = int(rule.measure is Measure.COUNT), rule.counted_tag
        found = []
        for stage, asked in self.asked.items():
            sure, maybe = asked.confirmed.get(tag, (0, 0)), asked.if_confirmed.get(tag, (0, 0))
            if rule.key in self.for_each_borough:
                sure = maybe = self.in_boroughs[stage].get(tag.partition(":")[2], (0, 0))
            found.append(StageFigures(stage, sure[unit], maybe[unit], asked.all[unit]))
        for stage, lines in self.given.items():
            confirmed = tally(lines, rule, with_claimed=False)
            if_confirmed = tally(lines, rule, with_claimed=True)
            found.append(StageFigures(stage, confirmed.reached, if_confirmed.reached, confirmed.total))
        return tuple(found)


def report_as_data(found: RingFenceReport) -> Json:
    """For `fundapp ringfence report --json`: money as text in pounds, shares in percent with one decimal."""
    return {
        "call": found.call_code,
        "fund_total": _money(found.pot.fund_pence),
        "grant_pot": _money(found.pot.grants_pence),
        "live": _money(found.totals.live_pence),
        "live_awards": found.totals.live_awards,
        "unawarded": _money(found.totals.unawarded_pence),
        "ring_fences": [_line_as_data(line) for line in found.lines],
        "minimums_of_rounds": [
            {
                "key": one.rule.key,
                "round": one.round,
                "required": _money(one.figures.required),
                "reached": _money(one.figures.confirmed.reached),
                "if_confirmed": _money(one.figures.if_confirmed.reached),
                "needed": _money(one.figures.confirmed.needed),
                "met": one.figures.confirmed.is_met,
            }
            for one in found.minimums
        ],
    }


def _line_as_data(line: ReportLine) -> Json:
    one = line.figures
    return {
        "key": one.key,
        "value": line.value,
        "kind": one.kind.value,
        "measure": one.measure.value,
        "base": one.base.value,
        "enforcement": one.enforcement.value,
        "required": _amount(one.required, one.measure),
        "confirmed": _standing_as_data(one.confirmed, one.measure),
        "if_confirmed": _standing_as_data(one.if_confirmed, one.measure),
        "stages": {
            figure.stage.value: {
                "confirmed": _amount(figure.confirmed, one.measure),
                "if_confirmed": _amount(figure.if_confirmed, one.measure),
                "total": _amount(figure.total, one.measure),
            }
            for figure in line.stages
        },
    }


def _standing_as_data(standing: Standing, measure: Measure) -> Json:
    return {
        "reached": _amount(standing.reached, measure),
        "needed": _amount(standing.needed, measure),
        "headroom": None if standing.headroom is None else _amount(standing.headroom, measure),
        "percent_of_awards": percent_text(standing.share_per_mille),
        "percent_of_required": percent_text(standing.filled_per_mille),
        "met": standing.is_met,
        "possible": standing.is_possible,
    }


def percent_text(per_mille: int | None) -> str | None:
    """One decimal, never rounded up."""
    return None if per_mille is None else f"{per_mille // 10}.{per_mille % 10}"


def _amount(number: int, measure: Measure) -> str | int:
    return number if measure is Measure.COUNT else _money(number)


def _money(pence: int) -> str:
    return f"{pounds(pence):.2f}"
