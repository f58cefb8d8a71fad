"""Money by borough: asked for, eligible and awarded, beside what any one borough may get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import Family
from fundapp.db import db
from fundapp.models.application import Application, PartnerShare
from fundapp.models.award import Award, AwardShare
from fundapp.models.call import Call
from fundapp.models.organisation import Organisation
from fundapp.queries.demand import ELIGIBLE, SENT
from fundapp.queries.places import LONDON_TILES
from fundapp.queries.ring_fences import RingFenceReport

LEVELS = 4  # shades above "nothing"


@dataclass(frozen=True)
class BoroughLine:
    borough: str  # "" for groups that have named none
    asked: int
    eligible: int
    awarded: int
    is_over: bool  # above the limit of a rule for each borough
    asked_level: int  # 0: nothing, LEVELS: as much as the borough with most
    awarded_level: int
    tile: tuple[int, int] | None  # column and row on the map


def borough_lines(found: RingFenceReport, definition: CallDefinition) -> tuple[BoroughLine, ...]:
    """Every borough of the call in the order of its file, then others that occur."""
    asked = {name: one[0] for name, one in found.demand.in_boroughs(SENT).items()}
    eligible = {name: one[0] for name, one in found.demand.in_boroughs(ELIGIBLE).items()}
    awarded = _awarded(found)
    over = {
        line.value
        for line in found.lines
        if line.rule.each is Family.BOROUGH and not line.figures.binding.is_met
    }
    names = dict.fromkeys((*definition.boroughs, *sorted({*asked, *awarded})))
    return tuple(
        BoroughLine(
            borough=name,
            asked=asked.get(name, 0),
            eligible=eligible.get(name, 0),
            awarded=awarded.get(name, 0),
            is_over=name in over,
            asked_level=_level(name, asked),
            awarded_level=_level(name, awarded),
            tile=LONDON_TILES.get(name),
        )
        for name in names
    )


def _awarded(found: RingFenceReport) -> Mapping[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for grant in found.money.grants:
        whole = sum(part.pence for part in grant.parts)
        for part in grant.parts:
            group = found.money.groups.get(part.organisation_id)
            sums[(group.borough if group else None) or ""] += grant.counted_pence * part.pence // whole
    return sums


def _level(name: str, sums: Mapping[str, int]) -> int:
    most = max(sums.values(), default=0)
    return -(-sums.get(name, 0) * LEVELS // most) if most else 0


def list_hidden_boroughs(call: Call) -> frozenset[str]:
    """Where a group of this call is that must not be named: such a line would show where it is."""
    is_hidden = sa.or_(Organisation.is_confidential, Application.is_confidential)
    leads = (
        sa.select(Organisation.borough)
        .join(Application, Application.organisation_id == Organisation.id)
        .where(Application.call_id == call.id, is_hidden)
    )
    partners = (
        sa.select(Organisation.borough)
        .join(PartnerShare, PartnerShare.organisation_id == Organisation.id)
        .join(Application, Application.id == PartnerShare.application_id)
        .where(Application.call_id == call.id, is_hidden)
    )
    grantees = (
        sa.select(Organisation.borough)
        .join(AwardShare, AwardShare.organisation_id == Organisation.id)
        .join(Award, Award.id == AwardShare.award_id)
        .where(Award.call_id == call.id, sa.or_(Organisation.is_confidential, Award.is_confidential))
    )
    rows = db.session.execute(sa.union(leads, partners, grantees)).scalars()
    return frozenset(name for name in rows if name)
