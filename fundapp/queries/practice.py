"""The practice round: its samples, own marks, the spread of the locked ones, what was agreed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.edit import digest_of_data
from fundapp.db import Json, db
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.practice import LevelAgreement, PracticeSample, PracticeSheet

CANT_TELL = "cant_tell"


@dataclass
class Spread:
    """Of one criterion: how many chose each level, and their sentences. Nobody is named."""

    levels: Counter[int] = field(default_factory=Counter)
    cant_tell: int = 0
    sentences: list[tuple[int | None, str]] = field(default_factory=list)


def list_samples(panel: Panel) -> Sequence[PracticeSample]:
    query = sa.select(PracticeSample).where(PracticeSample.panel_id == panel.id)
    return db.session.execute(query.order_by(PracticeSample.number)).scalars().all()


def get_sample(sample_id: UUID) -> PracticeSample:
    """With its panel. Raises NoResultFound."""
    panel = joinedload(PracticeSample.panel).options(joinedload(Panel.round), joinedload(Panel.call))
    query = sa.select(PracticeSample).where(PracticeSample.id == sample_id).options(panel)
    return db.session.execute(query).scalar_one()


def find_practice_sheet(sample: PracticeSample, seat: PanelSeat) -> PracticeSheet | None:
    """As it is in the database now."""
    query = sa.select(PracticeSheet).where(
        PracticeSheet.sample_id == sample.id, PracticeSheet.seat_id == seat.id
    )
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def list_practice_sheets(panel: Panel) -> dict[UUID, list[PracticeSheet]]:
    """By sample, in the order of the seats' ids, so that the order says nothing."""
    query = (
        sa.select(PracticeSheet)
        .join(PracticeSheet.sample)
        .where(PracticeSample.panel_id == panel.id)
        .order_by(PracticeSheet.sample_id, PracticeSheet.id)
    )
    found: dict[UUID, list[PracticeSheet]] = defaultdict(list)
    for sheet in db.session.execute(query).scalars():
        found[sheet.sample_id].append(sheet)
    return found


def spread_of(sheets: Sequence[PracticeSheet]) -> dict[str, Spread]:
    """By criterion, of the locked sheets alone."""
    found: dict[str, Spread] = defaultdict(Spread)
    for sheet in sheets:
        for key, mark in sheet.marks.items() if sheet.locked_at else ():
            spread = found[key]
            if mark["value"] is None:
                spread.cant_tell += 1
            else:
                spread.levels[mark["value"]] += 1
            spread.sentences.append((mark["value"], mark["sentence"]))
    return found


def marks_rev(marks: Json | None) -> str:
    """Changes whenever the marks do."""
    if not marks:
        return "0"
    return hashlib.sha256(json.dumps(marks, sort_keys=True).encode()).hexdigest()[:16]


def agreed_levels(panel_id: UUID) -> Mapping[str, Mapping[int, str]]:
    """What the panel agreed, by criterion and level."""
    query = sa.select(LevelAgreement).where(LevelAgreement.panel_id == panel_id)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for each in db.session.execute(
        query.order_by(LevelAgreement.criterion_key, LevelAgreement.level)
    ).scalars():
        found[each.criterion_key][each.level] = each.text
    return found


def digest_of_levels(agreed: Mapping[int, str]) -> str:
    """The same as long as nobody has changed what was agreed on one criterion."""
    return digest_of_data(dict(agreed))
