"""The practice round: everybody marks the same samples, sees the spread, and agrees what the levels mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from fundapp.call_file.assessment import Criterion
from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json, db, lock_row, sent_id
from fundapp.errors import FundError, StaleVersion, check_seen
from fundapp.lifecycles import PanelAct
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.practice import LevelAgreement, PracticeSample, PracticeSheet
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_phases import check_phase
from fundapp.queries.practice import (
    agreed_levels,
    digest_of_levels,
    find_practice_sheet,
    list_samples,
    marks_rev,
)
from fundapp.queries.rankings import rubric_of
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record
from fundapp.services.readings import Gap, IncompleteSheet, NewMark, SheetIsLocked, UnknownMark
from scoring.records import Mark, ScoreSheet
from scoring.rubric import SheetProblemCode, check_sheet

MOST_SAMPLES = 2


class PracticeDatesWrong(FundError):
    """The practice round begins before it ends, and ends before scoring opens."""

    code = "practice_dates_wrong"


class EnoughSamples(FundError):
    """The same one or two samples for everybody are enough."""

    code = "enough_samples"


@dataclass(frozen=True)
class NewSample:
    title: str
    texts: Mapping[str, str]


def plan_practice(
    panel: Panel, *, opens_at: datetime, closes_at: datetime, actor: User, now: datetime
) -> None:
    """Raises NotInThisPhase and PracticeDatesWrong."""
    lock_row(Panel, panel.id)
    check_phase(panel, PanelAct.PLAN_PRACTICE, now)
    if not opens_at < closes_at <= panel.round.scoring_opens_at:
        raise PracticeDatesWrong
    panel.practice_opens_at, panel.practice_closes_at = opens_at, closes_at
    details = {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}
    record(panel, "plan_practice", actor=actor, now=now, details=details)


def add_sample(
    panel: Panel, new: NewSample, *, actor: User, now: datetime, once: str | None = None
) -> PracticeSample:
    """The same words with the same `once` are one. Raises NotInThisPhase, EnoughSamples and TextNeeded."""
    lock_row(Panel, panel.id)
    sample_id = sent_id(panel.id, once, actor.id, new)
    if (sent := db.session.get(PracticeSample, sample_id)) is not None:
        return sent
    check_phase(panel, PanelAct.PLAN_PRACTICE, now)
    if len(known := list_samples(panel)) >= MOST_SAMPLES:
        raise EnoughSamples
    texts = {criterion.key: new.texts.get(criterion.key, "").strip() for criterion in _criteria(panel)}
    if not new.title.strip() or not all(texts.values()):
        raise TextNeeded
    number, title = len(known) + 1, new.title.strip()
    sample = PracticeSample(id=sample_id, panel=panel, number=number, title=title, texts=texts)
    db.session.add(sample)
    record(sample, "add", actor=actor, now=now, call_id=panel.call_id)
    return sample


def save_practice(
    sample: PracticeSample,
    seat: PanelSeat,
    marks: Mapping[str, NewMark],
    *,
    rev: str,
    actor: User,
    now: datetime,
) -> str:
    """Keep the marks, finished or not; gives the new rev.

    Raises NotInThisPhase, SheetIsLocked, UnknownMark, and StaleVersion after another window.
    """
    sheet = _open_sheet(sample, seat, now)
    stored = {key: _as_json(mark) for key, mark in marks.items() if mark != NewMark()}
    _check(stored, sample)
    if sheet is not None and sheet.marks == stored:
        return marks_rev(stored)
    if rev != marks_rev(sheet.marks if sheet else None):
        raise StaleVersion
    if sheet is None:
        sheet = PracticeSheet(sample=sample, seat=seat, marks=stored, created_at=now)
        db.session.add(sheet)
        record(sheet, "start", actor=actor, now=now, call_id=sample.panel.call_id)
    sheet.marks = stored
    db.session.flush()
    return marks_rev(stored)


def lock_practice(sample: PracticeSample, seat: PanelSeat, *, actor: User, now: datetime) -> None:
    """From here on the marks stay, and the spread is shown. Raises IncompleteSheet and NotInThisPhase."""
    sheet = find_practice_sheet(sample, seat)
    if sheet is not None and sheet.locked_at is not None:
        return
    sheet = _open_sheet(sample, seat, now)
    marks: Json = sheet.marks if sheet else {}
    if gaps := [(each.key, gap) for each in _criteria(sample.panel) if (gap := _gap(marks.get(each.key)))]:
        raise IncompleteSheet(gaps)
    if sheet is not None:
        sheet.locked_at = now
        record(sheet, "lock", actor=actor, now=now, call_id=sample.panel.call_id)


def agree_levels(
    panel: Panel,
    criterion_key: str,
    texts: Mapping[int, str],
    *,
    actor: User,
    now: datetime,
    seen: str | None = None,
) -> None:
    """What each level of a criterion means here, in the panel's words; an empty text takes one back.

    `seen`: digest of what was agreed when the writer saw it. Raises NotInThisPhase, UnknownMark, and
    StaleVersion when others have changed it since.
    """
    lock_row(Panel, panel.id)
    check_phase(panel, PanelAct.AGREE_LEVELS, now)
    assessment = _definition(panel).assessment
    if criterion_key not in {each.key for each in assessment.criteria} or not texts.keys() <= set(
        assessment.scale.levels
    ):
        raise UnknownMark
    wanted = {level: text.strip() for level, text in texts.items() if text.strip()}
    known = agreed_levels(panel.id).get(criterion_key, {})
    if dict(known) == wanted:
        return
    check_seen(seen, digest_of_levels(known))
    db.session.execute(
        sa.delete(LevelAgreement).where(
            LevelAgreement.panel_id == panel.id, LevelAgreement.criterion_key == criterion_key
        )
    )
    for level, text in wanted.items():
        db.session.add(LevelAgreement(panel=panel, criterion_key=criterion_key, level=level, text=text))
    details = {"criterion": criterion_key, "levels": sorted(wanted)}
    record(panel, "agree_levels", actor=actor, now=now, details=details)


def _open_sheet(sample: PracticeSample, seat: PanelSeat, now: datetime) -> PracticeSheet | None:
    lock_row(PanelSeat, seat.id)
    check_phase(sample.panel, PanelAct.PRACTISE, now)
    sheet = find_practice_sheet(sample, seat)
    if sheet is not None and sheet.locked_at is not None:
        raise SheetIsLocked
    return sheet


def _check(marks: Json, sample: PracticeSample) -> None:
    rubric = rubric_of(_definition(sample.panel).assessment)
    sheet = ScoreSheet("", "", tuple(Mark(key, mark["value"]) for key, mark in marks.items()))
    problems = check_sheet(sheet, rubric)
    if any(each.code is not SheetProblemCode.MARK_MISSING for each in problems):
        raise UnknownMark


def _gap(mark: Json | None) -> Gap | None:
    if mark is None or (mark["value"] is None and not mark["cant_tell"]):
        return Gap.MARK
    return None if mark["sentence"] else Gap.SENTENCE


def _as_json(mark: NewMark) -> Json:
    value = None if mark.cant_tell else mark.value
    return {"value": value, "cant_tell": mark.cant_tell, "sentence": mark.sentence.strip()}


def _definition(panel: Panel) -> CallDefinition:
    return definition_of(current_version(panel.call))


def _criteria(panel: Panel) -> tuple[Criterion, ...]:
    return _definition(panel).assessment.criteria
