"""Ring-fences of a call: who counts, how far they are filled, how much may still go elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import RingFence as RingFenceRule
from fundapp.db import Json
from fundapp.models.call import Call
from fundapp.queries.call_money import NOT_ASKED, CallMoney, load_call_money, pounds
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.ledger import award_line, ledger_of, list_line, listed_lines, pot_of, scoring_rules
from scoring.records import (
    Counting,
    LedgerLine,
    Measure,
    Pot,
    RingFence,
    RingFenceFigures,
    Share,
    Standing,
    Totals,
)
from scoring.ringfences import expand, figures, tally, totals


class Stage(StrEnum):
    """How far the money has come, from "asked for" to "paid"."""

    DRAFTED = "drafted"
    SENT = "sent"
    LISTED = "listed"
    IN_PRINCIPLE = "in_principle"
    ACCEPTED = "accepted"
    PAID = "paid"


@dataclass(frozen=True)
class StageFigures:
    """In pence or in number of awards, like the ring-fence itself."""

    stage: Stage
    confirmed: int
    if_confirmed: int
    total: int


@dataclass(frozen=True)
class ReportLine:
    """One ring-fence or, for a rule "for each …", one value of it."""

    rule: RingFenceRule
    figures: RingFenceFigures
    stages: tuple[StageFigures, ...]

    @property
    def value(self) -> str | None:
        """The borough, where the rule is for each borough."""
        return self.figures.tag.split(":", 1)[1] if self.rule.each else None


@dataclass(frozen=True)
class RingFenceReport:
    call_code: str
    pot: Pot
    totals: Totals
    lines: tuple[ReportLine, ...]

    def line(self, key: str) -> ReportLine:
        """The first line of a ring-fence. Raises KeyError."""
        for line in self.lines:
            if line.rule.key == key:
                return line
        raise KeyError(key)


def report(call: Call) -> RingFenceReport:
    """The figures of all awards so far, with what was asked for and what has been paid. Seven queries."""
    definition = definition_of(current_version(call))
    money = load_call_money(call)
    rules = scoring_rules(definition)
    ledger = ledger_of(money, definition)
    pot = pot_of(definition, money, rounds=tuple(call.rounds))
    by_stage = {stage: _lines_at(stage, money, definition) for stage in Stage}
    everything = [share for lines in by_stage.values() for line in lines for share in line.shares]
    by_key = {rule.key: rule for rule in definition.ring_fences}
    lines = tuple(
        ReportLine(by_key[one.key], one, _stages(one, rules, by_stage, everything))
        for one in figures(rules, ledger, pot)
    )
    return RingFenceReport(call.code, pot, totals(ledger, pot), lines)


def _lines_at(stage: Stage, money: CallMoney, definition: CallDefinition) -> tuple[LedgerLine, ...]:
    match stage:
        case Stage.DRAFTED | Stage.SENT:
            asked = [request for request in money.requests if request.status not in NOT_ASKED]
            return tuple(
                list_line(request, request.pence, request.parts, money, definition)
                for request in asked
                if request.is_sent is (stage is Stage.SENT)
            )
        case Stage.LISTED:
            return listed_lines(money, definition)
        case Stage.IN_PRINCIPLE:
            return ledger_of(money, definition)
        case Stage.ACCEPTED:
            return tuple(award_line(grant, money, definition) for grant in money.grants if grant.is_accepted)
    return tuple(
        LedgerLine(line.id, line.pence, line.shares, Counting.TERMINATED, line.paid_pence)
        for line in ledger_of(money, definition)
    )


def _stages(
    one: RingFenceFigures,
    rules: Iterable[RingFence],
    by_stage: Mapping[Stage, Sequence[LedgerLine]],
    everything: Iterable[Share],
) -> tuple[StageFigures, ...]:
    wanted = next(
        rule for rule in expand(rules, everything) if (rule.key, rule.counted_tag) == (one.key, one.tag)
    )
    stages = []
    for stage, lines in by_stage.items():
        confirmed = tally(lines, wanted, with_claimed=False)
        if_confirmed = tally(lines, wanted, with_claimed=True)
        stages.append(StageFigures(stage, confirmed.reached, if_confirmed.reached, confirmed.total))
    return tuple(stages)


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
