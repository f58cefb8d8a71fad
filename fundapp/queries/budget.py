"""The budget of a call against what became of it: in all, by strand, round, ring-fence and financial year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json, db
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.award import Award, Clawback, Instalment
from fundapp.models.call import Call
from fundapp.models.event import Event
from fundapp.queries.call_money import CallMoney, pence, pounds
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.ledger import shares_of
from fundapp.queries.ring_fences import ReportLine, RingFenceReport, percent_text
from fundapp.queries.ring_fences import report as ring_fence_report
from scoring.budget import Account, AskedBack, AwardMoney, CashLine, Payment, Receipt, Sums, account
from scoring.records import Kind, Measure

RECEIPTS = ("receive", "receive_part", "correct")


class Part(StrEnum):
    WHOLE = "whole"
    STRAND = "strand"
    ROUND = "round"
    RING_FENCE = "ring_fence"
    YEAR = "year"


@dataclass(frozen=True)
class BudgetLine:
    """`planned`: None where the call file plans no sum. `key` of a year: "2027/28"; "" for what has none."""

    part: Part
    key: str
    sums: Sums
    planned: int | None = None
    fence: ReportLine | None = None

    @property
    def counted(self) -> int:
        """What is set against the plan: money asked back fills no floor, but stays inside a limit."""
        fills_a_floor = self.fence is not None and self.fence.figures.kind is not Kind.CAP
        return self.sums.kept if fills_a_floor else self.sums.used

    @property
    def remaining(self) -> int | None:
        """Below zero where more was awarded than planned."""
        return None if self.planned is None else self.planned - self.counted

    @property
    def counted_per_mille(self) -> int | None:
        return self.counted * 1000 // self.planned if self.planned else None

    @property
    def paid_per_mille(self) -> int | None:
        return self.sums.paid * 1000 // self.sums.agreed if self.sums.agreed else None


@dataclass(frozen=True)
class Budget:
    """Lines of strands, rounds and years each add up to the whole; those of ring-fences overlap."""

    call_code: str
    fund_pence: int
    whole: BudgetLine
    strands: tuple[BudgetLine, ...]
    rounds: tuple[BudgetLine, ...]
    ring_fences: tuple[BudgetLine, ...]
    years: tuple[BudgetLine, ...]
    cash: tuple[CashLine, ...]

    @property
    def lines(self) -> tuple[BudgetLine, ...]:
        return (self.whole, *self.strands, *self.rounds, *self.ring_fences, *self.years)


def load_budget(call: Call, *, now: datetime) -> Budget:
    """Always the same number of queries, however many awards there are."""
    definition = definition_of(current_version(call))
    found = ring_fence_report(call, with_demand=False)
    rounds = {round_.id: round_.code for round_ in call.rounds}
    awards = _awards(call.id, found.money, definition, rounds)
    summed = account(awards, now.astimezone(definition.zone).date())
    return Budget(
        call_code=call.code,
        fund_pence=found.pot.fund_pence,
        whole=BudgetLine(Part.WHOLE, "", summed.whole, found.pot.grants_pence),
        strands=_strands(summed, definition),
        rounds=_rounds(summed, definition),
        ring_fences=tuple(_ring_fences(summed, found)),
        years=tuple(BudgetLine(Part.YEAR, year_name(year), sums) for year, sums in summed.years.items()),
        cash=summed.cash,
    )


def year_name(year: int | None) -> str:
    return "" if year is None else f"{year}/{(year + 1) % 100:02}"


def _strands(summed: Account, definition: CallDefinition) -> tuple[BudgetLine, ...]:
    """Those of the call file first; it plans no sums for them."""
    known = [strand.key for strand in definition.strands]
    keys = [*known, *(key for key in summed.strands if key not in known)]
    return tuple(BudgetLine(Part.STRAND, key, summed.strands.get(key, Sums())) for key in keys)


def _rounds(summed: Account, definition: CallDefinition) -> tuple[BudgetLine, ...]:
    planned = {each.key: pence(each.amount) for each in definition.rounds}
    keys = [*planned, *(key for key in summed.rounds if key not in planned)]
    return tuple(
        BudgetLine(Part.ROUND, key, summed.rounds.get(key, Sums()), planned.get(key)) for key in keys
    )


def _ring_fences(summed: Account, found: RingFenceReport) -> Iterable[BudgetLine]:
    """Without rules for each borough or theme. What is kept by number of awards has no planned sum."""
    for line in found.lines:
        if line.rule.each is None:
            one = line.figures
            planned = one.required if one.measure is Measure.VALUE else None
            yield BudgetLine(Part.RING_FENCE, one.key, summed.tags.get(one.tag, Sums()), planned, line)


def _awards(
    call_id: UUID, money: CallMoney, definition: CallDefinition, rounds: dict[UUID, str]
) -> Iterable[AwardMoney]:
    awarded_on = _awarded_on(call_id)
    payments = _payments(call_id, definition.zone)
    asked_back = _asked_back(call_id, definition.zone)
    for grant in money.grants:
        yield AwardMoney(
            strand=grant.purpose.strand,
            round=rounds.get(grant.round_id, ""),
            shares=shares_of(grant.parts, grant.purpose, money.groups, definition),
            counting=grant.counting,
            awarded_on=awarded_on[grant.award_id],
            is_agreed=grant.is_accepted,
            payments=tuple(payments.get(grant.award_id, ())),
            asked_back=tuple(asked_back.get(grant.award_id, ())),
        )


def _awarded_on(call_id: UUID) -> dict[UUID, date]:
    query = sa.select(Award.id, Award.awarded_on).where(Award.call_id == call_id)
    return {row.id: row.awarded_on for row in db.session.execute(query)}


def _payments(call_id: UUID, zone: ZoneInfo) -> dict[UUID, list[Payment]]:
    """By award, with the days as they are planned now; without those that were cancelled."""
    query = (
        sa.select(
            Instalment.award_id,
            Instalment.amount,
            Instalment.due_on,
            Instalment.status,
            Instalment.paid_at,
        )
        .join(Award, Award.id == Instalment.award_id)
        .where(Award.call_id == call_id, Instalment.status != InstalmentStatus.CANCELLED)
        .order_by(Instalment.award_id, Instalment.number)
    )
    found: dict[UUID, list[Payment]] = defaultdict(list)
    for row in db.session.execute(query):
        paid_on = row.paid_at.astimezone(zone).date() if row.status is InstalmentStatus.PAID else None
        is_held = row.status is InstalmentStatus.HELD
        found[row.award_id].append(Payment(pence(row.amount), row.due_on, paid_on, is_held))
    return found


def _asked_back(call_id: UUID, zone: ZoneInfo) -> dict[UUID, list[AskedBack]]:
    """By award, what was decided, with the days on which money came."""
    decided = sa.and_(Award.call_id == call_id, Clawback.decided_at.is_not(None))
    query = (
        sa.select(Clawback.id, Clawback.award_id, Clawback.amount, Clawback.received, Clawback.decided_at)
        .join(Award, Award.id == Clawback.award_id)
        .where(decided)
        .order_by(Clawback.decided_at, Clawback.id)
    )
    ids = sa.select(Clawback.id).join(Award, Award.id == Clawback.award_id).where(decided)
    events = (
        sa.select(Event.subject_id, Event.at, Event.step, Event.details)
        .where(Event.subject_kind == Clawback.__tablename__, Event.step.in_(RECEIPTS))
        .where(Event.subject_id.in_(ids))
        .order_by(Event.number)
    )
    noted: dict[UUID, list[tuple[date, str, Json]]] = defaultdict(list)
    for event in db.session.execute(events):
        noted[event.subject_id].append((event.at.astimezone(zone).date(), event.step, event.details))
    found: dict[UUID, list[AskedBack]] = defaultdict(list)
    for row in db.session.execute(query):
        asked_on = row.decided_at.astimezone(zone).date()
        receipts = receipts_of(noted[row.id], pence(row.received), asked_on)
        found[row.award_id].append(AskedBack(pence(row.amount), asked_on, receipts))
    return found


def receipts_of(
    noted: Iterable[tuple[date, str, Json]], received: int, asked_on: date
) -> tuple[Receipt, ...]:
    """When so much came, by what was written down; a correction takes from what was noted last.

    Together always what was received: what nobody noted came on the day it was asked for.
    """
    receipts: list[Receipt] = []
    for day, step, details in noted:
        if step == "correct":
            _down_to(receipts, pence(Decimal(details["received"])))
        else:
            receipts.append(Receipt(pence(Decimal(details["amount"])), day))
    _down_to(receipts, received)
    rest = received - sum(each.pence for each in receipts)
    return (*([Receipt(rest, asked_on)] if rest else ()), *receipts)


def _down_to(receipts: list[Receipt], received: int) -> None:
    too_much = sum(each.pence for each in receipts) - received
    while too_much > 0:
        last = receipts.pop()
        if last.pence > too_much:
            receipts.append(Receipt(last.pence - too_much, last.on))
        too_much -= last.pence


COLUMNS = (
    *("part", "key", "rule", "planned", "awarded", "agreement_signed", "agreement_not_signed", "paid"),
    *(
        "still_to_pay",
        "on_hold",
        "came_back",
        "asked_back_not_here",
        "no_longer_awarded",
        "planned_less_awarded",
    ),
    *("awarded_percent_of_planned", "paid_percent_of_agreement_signed"),
)
CASH_COLUMNS = (
    *("when", "month", "payments", "agreed", "on_hold", "agreement_not_signed", "together"),
    "together_so_far",
)


def rows(budget: Budget) -> Sequence[tuple[str | Decimal | None, ...]]:
    """For files, under COLUMNS."""
    return [_row(line) for line in budget.lines]


def _row(line: BudgetLine) -> tuple[str | Decimal | None, ...]:
    sums = line.sums
    amounts = (
        *(sums.awarded, sums.agreed, sums.not_agreed, sums.paid, sums.to_pay, sums.held),
        *(sums.came_back, sums.on_its_way, sums.gone),
    )
    return (
        *(line.part.value, line.key, line.fence.figures.kind.value if line.fence else ""),
        *(None if amount is None else pounds(amount) for amount in (line.planned, *amounts, line.remaining)),
        *(percent_text(line.counted_per_mille), percent_text(line.paid_per_mille)),
    )


def cash_rows(budget: Budget) -> Sequence[tuple[str | int | Decimal, ...]]:
    """For files, under CASH_COLUMNS."""
    return [
        (
            line.when.value,
            f"{line.month:%Y-%m}" if line.month else "",
            line.payments,
            *(pounds(each) for each in (line.ready, line.held, line.not_agreed, line.pence, line.so_far)),
        )
        for line in budget.cash
    ]


def budget_as_data(budget: Budget) -> Json:
    """For `fundapp budget --json`: money as text in pounds."""
    return {
        "call": budget.call_code,
        "fund_total": _said(pounds(budget.fund_pence)),
        "lines": [_named(COLUMNS, row) for row in rows(budget)],
        "to_pay": [_named(CASH_COLUMNS, row) for row in cash_rows(budget)],
    }


def _named(columns: Sequence[str], row: Sequence[object]) -> Json:
    return {name: _said(value) for name, value in zip(columns, row, strict=True)}


def _said(value: object) -> object:
    return f"{value:.2f}" if isinstance(value, Decimal) else value
