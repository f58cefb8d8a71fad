"""Writing down what is agreed of a grant: each version whole, and days that move with a new end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.monitoring import CheckInKind
from fundapp.db import Json, db
from fundapp.errors import FundError
from fundapp.lifecycles import TALKS_TO_COME, InstalmentStatus
from fundapp.models.award import Award
from fundapp.models.grant_plan import GrantLine, GrantVersion, GrantVersionLine, MovedDays, Variation
from fundapp.queries.calls import definition_of
from fundapp.queries.grant_plans import Plan, PlanLine, list_versions, plan_of
from fundapp.queries.grants import list_check_ins

WAITING_PAYMENTS = (InstalmentStatus.PLANNED, InstalmentStatus.HELD)


class SumDiffers(FundError):
    """The lines add up to the grant, always; `missing` is what is too little, below zero what is too much."""

    code = "sum_differs"
    status = 422

    def __init__(self, missing: Decimal) -> None:
        super().__init__(f"{missing} is missing")
        self.missing = missing


def start_plan(award: Award, *, now: datetime) -> None:
    """The first version stands in the agreement. Does nothing where there is one."""
    if not list_versions(award):
        add_version(award, current_plan(award), variation=None, now=now)


def add_version(
    award: Award,
    plan: Plan,
    *,
    variation: Variation | None,
    now: datetime,
    amounts: Mapping[UUID, Decimal] | None = None,
    ends_on: date | None = None,
) -> None:
    """Raises SumDiffers: no version stands that is not the grant, to the penny."""
    lines = amounts or {_row_of(award, line): line.amount for line in plan.lines}
    total = sum(lines.values(), Decimal(0))
    if total != award.amount:
        raise SumDiffers(award.amount - total)
    db.session.flush()
    version = GrantVersion(
        id=uuid4(),
        award_id=award.id,
        number=plan.number + 1,
        variation_id=variation.id if variation else None,
        ends_on=ends_on or plan.ends_on,
        days=_days(award),
        agreed_at=now,
    )
    db.session.add(version)
    db.session.flush()
    db.session.add_all(
        GrantVersionLine(version_id=version.id, line_id=line_id, amount=amount)
        for line_id, amount in lines.items()
    )
    db.session.flush()


def _row_of(award: Award, line: PlanLine) -> UUID:
    """The first version makes the rows."""
    if line.line_id is not None:
        return line.line_id
    row = GrantLine(id=uuid4(), award_id=award.id, number=line.number, name=line.name)
    db.session.add(row)
    return row.id


def _days(award: Award) -> Json:
    return {
        "payments": [[each.due_on.isoformat(), f"{each.amount:.2f}"] for each in award.instalments],
        "check_ins": [[each.kind, each.due_on.isoformat()] for each in list_check_ins(award)],
    }


def move_days(award: Award, variation: Variation, *, by: timedelta, today: date) -> None:
    """The closing conversation keeps its distance from the end; the rest moves where it is still to come."""
    definition = definition_of(award.application.call_version)
    closing = _closing_kinds(definition)
    takes_all = variation.moved_days is MovedDays.ALL
    for check_in in list_check_ins(award):
        is_closing = check_in.kind in closing
        if check_in.status in TALKS_TO_COME and (is_closing or (takes_all and check_in.due_on > today)):
            check_in.due_on += by
    for instalment in award.instalments:
        if takes_all and instalment.status in WAITING_PAYMENTS and instalment.due_on > today:
            instalment.due_on += by
    db.session.flush()


def _closing_kinds(definition: CallDefinition) -> frozenset[str]:
    planned = definition.monitoring.check_ins
    return frozenset(each.key for each in planned if each.kind is CheckInKind.CLOSING)


def current_plan(award: Award) -> Plan:
    return plan_of(award, definition_of(award.application.call_version))


def today_for(award: Award, now: datetime) -> date:
    return now.astimezone(definition_of(award.application.call_version).zone).date()
