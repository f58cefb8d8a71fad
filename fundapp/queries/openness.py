"""How a call went, as everybody may read it: worked out from every round whose groups have been told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.burden import BurdenBudget
from fundapp.db import Json, db
from fundapp.lifecycles import BEING_BUILT, CallStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.award import Ratification
from fundapp.models.call import Call
from fundapp.models.published_figures import PublishedFigures
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.open_data import ReleasedGrant, list_released_grants
from fundapp.queries.openness_tables import answers, boroughs, communities, incomes, load_sharing
from fundapp.queries.openness_times import first_payments, promises
from fundapp.queries.public_results import find_results
from fundapp.queries.ring_fences import RingFenceReport, percent_text, report
from fundapp.queries.suppression import published
from scoring.records import Measure

FORMAT = "fundapp openness 1"


@dataclass(frozen=True)
class Reached:
    """How many groups got so far; None where the step before or after differs by one to four."""

    eois: int | None
    full: int | None
    grants: int


def find_published_figures(call: Call) -> PublishedFigures | None:
    """The newest."""
    query = (
        sa.select(PublishedFigures)
        .where(PublishedFigures.call_id == call.id)
        .order_by(PublishedFigures.on_day.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def list_calls_with_figures() -> Sequence[Call]:
    """Calls of which at least one round has been told, until they are archived."""
    told = sa.select(Ratification.call_id).where(Ratification.released_at.is_not(None))
    query = sa.select(Call).where(Call.id.in_(told), Call.status.not_in((*BEING_BUILT, CallStatus.ARCHIVED)))
    return db.session.execute(query.order_by(Call.code)).scalars().all()


def figures_of(call: Call, day: date) -> Json | None:
    """None while a round is signed whose groups do not know yet, or nothing is decided at all."""
    results = find_results(call, day)
    if results is None or not results.is_complete:
        return None
    definition = definition_of(current_version(call))
    grants = list_released_grants(call)
    awards = [each.award for each in grants]
    rounds = [each.round_id for each in results.ratifications]
    reached = _reached(rounds, len(awards))
    found, sharing = report(call, with_demand=False), load_sharing(call, rounds)
    return {
        "format": FORMAT,
        "call": call.code,
        "day": day.isoformat(),
        "currency": "GBP",
        "money": _money(grants, day, found, sharing.kept_pence),
        "groups": _groups(reached),
        "answers": answers(results.counts),
        "promises": promises(results.ratifications, definition),
        "first_payments": first_payments(awards, definition),
        "incomes": incomes(sharing, definition),
        "communities": communities(sharing),
        "boroughs": boroughs(rounds, grants, day, definition),
        "ring_fences": _ring_fences(found),
        "burden": _burden(definition.burden, reached, sum((a.amount for a in awards), Decimal(0))),
    }


def _money(grants: Collection[ReleasedGrant], day: date, found: RingFenceReport, kept_pence: int) -> Json:
    """Withheld is for safety; not published yet is what nobody has read for open data as it is now."""
    hidden = [each.award.amount for each in grants if each.is_withheld_on(day)]
    unread = [
        each.award.amount for each in grants if not each.is_withheld_on(day) and not each.is_open_on(day)
    ]
    return {
        "fund": _pounds(found.pot.fund_pence),
        "pot": _pounds(found.pot.grants_pence),
        "grants": len(grants),
        "awarded": _text(sum((each.award.amount for each in grants), Decimal(0))),
        "withheld_grants": len(hidden),
        "withheld": _text(sum(hidden, Decimal(0))),
        "not_published_yet_grants": len(unread),
        "not_published_yet": _text(sum(unread, Decimal(0))),
        "kept": _pounds(kept_pence),
    }


def _reached(rounds: Collection[UUID], grants: int) -> Reached:
    is_full = sa.and_(Application.stage == ApplicationStage.FULL, Application.submitted_at.is_not(None))
    eois, full = db.session.execute(
        sa.select(
            sa.func.count().filter(Application.eoi_submitted_at.is_not(None)), sa.func.count().filter(is_full)
        ).where(Application.round_id.in_(rounds))
    ).one()
    shown_full, shown_eois = published([full, eois], known=(grants,))
    return Reached(shown_eois, shown_full, grants)


def _groups(reached: Reached) -> Json:
    def share(whole: int | None) -> str | None:
        return _percent(Decimal(reached.grants * 100), Decimal(whole)) if whole else None

    return {
        "eois": reached.eois,
        "full": reached.full,
        "grants": reached.grants,
        "percent_of_eois": share(reached.eois),
        "percent_of_full": share(reached.full),
    }


def _ring_fences(found: RingFenceReport) -> list[Json]:
    """Without rules "for each borough": they could show where a confidential group is."""
    return [
        {
            "key": line.rule.key,
            "kind": line.figures.kind.value,
            "measure": line.figures.measure.value,
            "required": _amount(line.figures.required, line.figures.measure),
            "reached": _amount(line.figures.binding.reached, line.figures.measure),
            "percent_of_grants": percent_text(line.figures.binding.share_per_mille),
            "met": line.figures.binding.is_met,
        }
        for line in found.lines
        if line.rule.each is None
    ]


def _burden(burden: BurdenBudget, reached: Reached, awarded: Decimal) -> Json:
    """What the call promised for one group, times the groups that got so far.

    A step whose number is not shown counts with the largest that is: then the sums are "at least".
    """
    full = reached.full or reached.grants
    eois = reached.eois or full
    applying = eois * burden.eoi_hours + full * burden.application_hours
    afterwards = reached.grants * burden.hours_afterwards
    cost, one = burden.cost(applying + afterwards), Decimal(reached.grants or 1)
    mean = _cents(awarded / one)
    before_one, after_one = burden.cost(applying / one), burden.cost(burden.hours_afterwards)
    return {
        "eoi_hours": str(burden.eoi_hours),
        "application_hours": str(burden.application_hours),
        "checks_hours": str(burden.checks_hours),
        "monitoring_hours": str(burden.monitoring_hours),
        "day_pay": str(burden.day_pay),
        "hours_a_day": str(burden.hours_a_day),
        "at_least": None in (reached.eois, reached.full),
        "counted_eois": eois,
        "counted_full": full,
        "hours_applying": str(applying),
        "hours_afterwards": str(afterwards),
        "hours": str(applying + afterwards),
        "cost": _text(cost),
        "percent_of_awarded": _percent(cost * 100, awarded),
        "mean_grant": _text(mean),
        "applying_for_one_grant": _text(before_one),
        "afterwards_of_one_grant": _text(after_one),
        "net_mean_grant": _text(mean - before_one - after_one),
        "net_of_all": _text(awarded - cost),
    }


def _percent(part: Decimal, whole: Decimal) -> str | None:
    """To one decimal."""
    return str((part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)) if whole else None


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _amount(number: int, measure: Measure) -> str | int:
    return number if measure is Measure.COUNT else _pounds(number)


def _pounds(pence: int) -> str:
    return f"{Decimal(pence) / 100:.2f}"


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"
