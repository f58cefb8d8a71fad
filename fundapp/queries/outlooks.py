"""While a call is open: will enough be asked for to keep each ring-fence, and when can one tell?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call, Round
from fundapp.models.event import Event
from fundapp.models.fund import FundRole, FundRoleKind
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.demand import SENT, Place
from fundapp.queries.ledger import pot_of
from fundapp.queries.ring_fences import ReportLine, RingFenceReport
from scoring.outlook import TELLING_PART, Outlook, Prospect, Window, prospect
from scoring.records import Enforcement, Kind, Measure

WARN_STEP = "warn_of_ring_fence"
LAST_DAYS = timedelta(days=14)  # before a deadline; then what depends on drafts is worth a warning
HEARD_FOR = timedelta(days=7)


@dataclass(frozen=True)
class RuleOutlook:
    line: ReportLine
    prospect: Prospect
    tells_at: datetime | None  # until then one cannot say; None: now
    warns: bool


@dataclass(frozen=True)
class CallOutlook:
    round: Round
    ends_at: datetime  # when groups can no longer start or, once that has passed, no longer send
    can_start: bool
    rules: tuple[RuleOutlook, ...]

    @property
    def warnings(self) -> tuple[RuleOutlook, ...]:
        return tuple(rule for rule in self.rules if rule.warns)


def running_round(call: Call, now: datetime) -> Round | None:
    """The round in which groups write now."""
    if call.status is not CallStatus.OPEN:
        return None
    running = [each for each in call.rounds if each.opens_at <= now < each.full_closes_at]
    return running[-1] if running else None


def outlook_of(call: Call, report: RingFenceReport, now: datetime) -> CallOutlook | None:
    """None while nobody can write. No query of its own: everything is in the report."""
    round_ = running_round(call, now)
    if round_ is None:
        return None
    can_start = now < round_.eoi_closes_at
    first, last = round_.eoi_closes_at, round_.full_closes_at
    begins, ends = (round_.opens_at, first) if can_start else (first, last)
    window = Window(int((now - begins).total_seconds()), int((ends - begins).total_seconds()), can_start)
    rules = []
    for line in report.lines:
        if line.figures.kind is Kind.CAP:
            continue
        found = _prospect(line, report, call, round_, window)
        tells_at = {
            Outlook.TOO_EARLY: begins + (ends - begins) / TELLING_PART,
            Outlook.PACE: ends,
            Outlook.DRAFTS_DECIDE: ends,
        }.get(found.outlook)
        rules.append(RuleOutlook(line, found, tells_at, _warns(line, found, ends - now)))
    return CallOutlook(round_, ends, can_start, tuple(rules))


def _is_open(found: Prospect) -> bool:
    return found.outlook in (Outlook.DRAFTS_DECIDE, Outlook.PACE)


def _warns(line: ReportLine, found: Prospect, left: timedelta) -> bool:
    if line.figures.enforcement is Enforcement.REPORT:
        return False
    return found.outlook is Outlook.SHORT or (_is_open(found) and left <= LAST_DAYS)


def _prospect(
    line: ReportLine, report: RingFenceReport, call: Call, round_: Round, window: Window
) -> Prospect:
    coming = {Place.DRAFT} if window.can_start else SENT - {Place.FULL, Place.TURNED_DOWN}
    here = SENT - {Place.TURNED_DOWN} if window.can_start else {Place.FULL}
    sent, drafts = (report.demand.asked(places, round_.id) for places in (here, coming))
    unit, tag = int(line.figures.measure is Measure.COUNT), line.figures.tag
    needed = _needed(line, report, call, round_, sent.all[1])
    return prospect(
        needed,
        sent.if_confirmed.get(tag, (0, 0))[unit],
        drafts.if_confirmed.get(tag, (0, 0))[unit],
        window,
    )


def _needed(line: ReportLine, report: RingFenceReport, call: Call, round_: Round, sent: int) -> int:
    """This round's part of what is still needed: as much as its part of the money that is left.

    By number nobody knows how many awards there will be; then the share is asked of who has sent.
    """
    one = line.figures
    if one.measure is Measure.COUNT:
        return ceil((line.rule.percent or 0) * sent / 100)
    needed = line.parts.needed if line.parts else one.confirmed.needed
    pot = pot_of(definition_of(current_version(call)), report.money, rounds=tuple(call.rounds), round_=round_)
    left = report.totals.unawarded_pence
    least = sum(
        each.figures.confirmed.needed
        for each in report.minimums
        if (each.rule.key, each.round) == (line.rule.key, round_.code)
    )
    if pot.is_last or left <= pot.round_pence:
        return max(needed, least)
    return max(-(-needed * pot.round_pence // left), least)


def list_open_calls() -> Sequence[Call]:
    query = sa.select(Call).where(Call.status == CallStatus.OPEN).order_by(Call.id)
    return db.session.execute(query).scalars().all()


def list_managers(call: Call) -> Sequence[User]:
    query = (
        sa.select(User)
        .join(FundRole, FundRole.user_id == User.id)
        .where(FundRole.fund_id == call.fund_id, FundRole.kind == FundRoleKind.MANAGER)
        .order_by(User.id)
    )
    return db.session.execute(query).scalars().all()


@dataclass(frozen=True)
class Warned:
    """What was warned of, with the figures of that day."""

    at: datetime
    ring_fence: str
    prospect: Prospect
    can_start: bool
    ends_at: datetime


def list_warnings(calls: Sequence[Call], *, now: datetime) -> dict[UUID, dict[str, Warned]]:
    """By call and ring-fence, the newest of the past week."""
    query = (
        sa.select(Event.subject_id, Event.at, Event.details)
        .where(
            Event.call_id.in_([call.id for call in calls]),
            Event.step == WARN_STEP,
            Event.at > now - HEARD_FOR,
        )
        .order_by(Event.number)
    )
    found: dict[UUID, dict[str, Warned]] = {}
    for call_id, at, details in db.session.execute(query):
        key, numbers = details["ring_fence"], dict(details["figures"])
        one = Prospect(Outlook(numbers.pop("outlook")), **numbers)
        found.setdefault(call_id, {})[key] = Warned(
            at, key, one, details["can_start"], datetime.fromisoformat(details["ends_at"])
        )
    return found
