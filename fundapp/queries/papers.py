"""Reading about papers that the worker makes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from forms.definition import Stage
from fundapp.db import db
from fundapp.models.agreement import AgreementText
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.call import CallVersion
from fundapp.models.file import StoredFile
from fundapp.models.panel import PanelSeat
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.models.redaction import RedactedCopy
from fundapp.models.translation import AnswerTranslation, ClarificationTranslation
from fundapp.queries.readings import list_readings

EDITION = 1  # one higher when papers look different, so that old ones are made anew


def form_recipe(version: CallVersion, stage: Stage, language: str, *, is_large: bool) -> str:
    return _digest([PaperKind.BLANK_FORM, str(version.id), version.digest, stage, language, is_large])


def copy_recipe(
    application: Application, kind: PaperKind, language: str, *, files: Sequence[str] = ()
) -> str:
    """Changes with every save, so that a copy is never older than what it copies."""
    saves = sorted((each.question_key, each.rev, str(each.language)) for each in application.answers)
    return _digest(
        [kind, str(application.id), application.stage, application.status, language, saves, sorted(files)]
    )


def agreement_recipe(text: AgreementText) -> str:
    """Changes with every signature: they stand in the paper."""
    signed = sorted(str(each.id) for each in text.signatures if each.name)
    return _digest([PaperKind.AGREEMENT, str(text.id), text.digest, signed])


def pack_recipe(seat: PanelSeat, kind: PaperKind, language: str, *, is_large: bool, now: datetime) -> str:
    """Of what the member may read now. It changes with a tie, so that no older pack is found any more."""
    readings = list_readings(seat, seat.panel)
    ids = [reading.assignment.application_id for reading in readings]
    answer_ids = sa.select(Answer.id).where(Answer.application_id.in_(ids))
    media, translation, of_asked = AnswerMedia, AnswerTranslation, ClarificationTranslation
    revs: list[sa.Executable] = [
        sa.select(Answer.id, Answer.rev).where(Answer.id.in_(answer_ids)),
        sa.select(media.id, media.transcript_rev, StoredFile.status)
        .join(StoredFile, StoredFile.id == media.file_id)
        .where(media.answer_id.in_(answer_ids)),
        sa.select(translation.id, translation.saved_at, translation.objected_at).where(
            translation.answer_id.in_(answer_ids)
        ),
        sa.select(Clarification.id, Clarification.answered_at).where(Clarification.application_id.in_(ids)),
        sa.select(of_asked.id, of_asked.saved_at, of_asked.objected_at)
        .join(Clarification, Clarification.id == of_asked.clarification_id)
        .where(Clarification.application_id.in_(ids)),
        sa.select(RedactedCopy.id, RedactedCopy.version).where(RedactedCopy.application_id.in_(ids)),
    ]
    saves = [sorted(map(str, db.session.execute(query))) for query in revs]
    hides_names = seat.panel.hides_names(now)
    return _digest([kind, str(seat.id), language, is_large, hides_names, list(map(str, ids)), saves])


def list_packs_of(seat: PanelSeat) -> Sequence[MadePaper]:
    query = sa.select(MadePaper).where(MadePaper.seat_id == seat.id)
    return db.session.execute(query.order_by(MadePaper.asked_at, MadePaper.id)).scalars().all()


def find_paper(recipe: str) -> MadePaper | None:
    return db.session.execute(sa.select(MadePaper).where(MadePaper.recipe == recipe)).scalar_one_or_none()


def find_papers(recipes: Sequence[str]) -> dict[str, MadePaper]:
    """Those that were asked for, by their recipe."""
    query = sa.select(MadePaper).where(MadePaper.recipe.in_(recipes))
    return {paper.recipe: paper for paper in db.session.execute(query).scalars()}


def list_copies_of(application: Application, kind: PaperKind) -> Sequence[MadePaper]:
    query = sa.select(MadePaper).where(MadePaper.application_id == application.id, MadePaper.kind == kind)
    return db.session.execute(query.order_by(MadePaper.asked_at, MadePaper.id)).scalars().all()


def list_papers_of(text: AgreementText) -> Sequence[MadePaper]:
    query = sa.select(MadePaper).where(MadePaper.agreement_id == text.id)
    return db.session.execute(query.order_by(MadePaper.asked_at, MadePaper.id)).scalars().all()


def list_old_copies(*, before: datetime, limit: int = 100) -> Sequence[MadePaper]:
    """Copies for groups that were asked for before then; blank forms stay."""
    query = (
        sa.select(MadePaper)
        .where(MadePaper.kind != PaperKind.BLANK_FORM, MadePaper.asked_at < before)
        .order_by(MadePaper.asked_at, MadePaper.id)
        .limit(limit)
    )
    return db.session.execute(query).scalars().all()


def _digest(parts: list[object]) -> str:
    written = json.dumps([EDITION, *parts], ensure_ascii=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()
