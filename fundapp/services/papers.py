"""Papers that take long to make: asked for on a page, made by the worker, taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from forms.definition import Stage
from fundapp.db import db
from fundapp.models.agreement import AgreementText
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.call import CallVersion
from fundapp.models.panel import PanelSeat
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.models.user import User
from fundapp.queries.papers import (
    agreement_recipe,
    copy_recipe,
    find_paper,
    form_recipe,
    list_copies_of,
    list_old_copies,
    list_packs_of,
    list_papers_of,
    pack_recipe,
)
from fundapp.services.events import record
from fundapp.services.files import DELETE_BYTES
from fundapp.services.outbox import enqueue

MAKE_PAPER = "make_paper"
COPY_LIFE = timedelta(hours=24)  # what a group has written lies here twice no longer than it must


class Failure(StrEnum):
    """Why there is no paper. Asking again tries again."""

    NO_TEXT_ENGINE = "no_text_engine"  # Pango is not installed where the worker runs
    TOO_LARGE = "too_large"


def ask_for_form(
    version: CallVersion, stage: Stage, language: str, *, is_large: bool, now: datetime
) -> MadePaper:
    """The blank form as PDF. Made once for each version, stage, language and size, and kept."""
    paper = MadePaper(
        kind=PaperKind.BLANK_FORM,
        recipe=form_recipe(version, stage, language, is_large=is_large),
        call_version_id=version.id,
        stage=ApplicationStage(stage.value),
        language=language,
        is_large=is_large,
        asked_at=now,
    )
    return _ask(paper, now)


def ask_for_copy(
    application: Application, kind: PaperKind, language: str, *, files: Sequence[str] = (), now: datetime
) -> MadePaper:
    """Everything as it is now. Copies of older texts go at once."""
    recipe = copy_recipe(application, kind, language, files=files)
    for older in list_copies_of(application, kind):
        if older.recipe != recipe:
            take_away(older)
    paper = MadePaper(
        kind=kind, recipe=recipe, application_id=application.id, language=language, asked_at=now
    )
    return _ask(paper, now)


def ask_for_pack(
    seat: PanelSeat, kind: PaperKind, language: str, *, is_large: bool, actor: User, now: datetime
) -> MadePaper:
    """What the member may read now, for the member or by the fund for them. Older packs go at once."""
    recipe = pack_recipe(seat, kind, language, is_large=is_large, now=now)
    for older in list_packs_of(seat):
        is_same = (older.kind, older.is_large, older.language) == (kind, is_large, language)
        if is_same and older.recipe != recipe:
            take_away(older)
    details = {"kind": kind.value, "language": language, "is_large": is_large}
    record(seat, "ask_for_pack", actor=actor, now=now, call_id=seat.panel.call_id, details=details)
    paper = MadePaper(
        kind=kind, recipe=recipe, seat_id=seat.id, language=language, is_large=is_large, asked_at=now
    )
    return _ask(paper, now)


def ask_for_agreement(text: AgreementText, language: str, *, now: datetime) -> MadePaper:
    """The letter, the agreement and who has signed it so far. Papers with fewer signatures go at once."""
    recipe = agreement_recipe(text)
    for older in list_papers_of(text):
        if older.recipe != recipe:
            take_away(older)
    paper = MadePaper(
        kind=PaperKind.AGREEMENT, recipe=recipe, agreement_id=text.id, language=language, asked_at=now
    )
    return _ask(paper, now)


def keep_made(paper_id: UUID, *, key: str, size: int, sha256: str, now: datetime) -> None:
    """In the transaction that marks the job done. When nobody waits any more, the bytes go again."""
    paper = db.session.get(MadePaper, paper_id)
    if paper is None or paper.made_at is not None:
        enqueue(DELETE_BYTES, key=key)
        return
    paper.made_at, paper.storage_key, paper.size_bytes, paper.sha256 = now, key, size, sha256
    paper.failed_reason = None


def note_failure(paper_id: UUID, reason: Failure) -> None:
    paper = db.session.get(MadePaper, paper_id)
    if paper is not None and paper.made_at is None:
        paper.failed_reason = reason.value


def take_away(paper: MadePaper) -> None:
    if paper.storage_key is not None:
        enqueue(DELETE_BYTES, key=paper.storage_key)
    db.session.delete(paper)


def take_away_old_copies(*, now: datetime) -> None:
    for paper in list_old_copies(before=now - COPY_LIFE):
        take_away(paper)


def _ask(paper: MadePaper, now: datetime) -> MadePaper:
    """The one that is there already, or this one with the promise to make it; a failed one is tried again."""
    if (known := find_paper(paper.recipe)) is not None:
        if known.failed_reason is None:
            return known
        known.failed_reason, known.asked_at = None, now
        enqueue(MAKE_PAPER, paper_id=str(known.id))
        return known
    try:
        with db.session.begin_nested():
            db.session.add(paper)
    except sa.exc.IntegrityError:  # asked for by somebody else between our look and our insert
        return db.session.execute(sa.select(MadePaper).where(MadePaper.recipe == paper.recipe)).scalar_one()
    enqueue(MAKE_PAPER, paper_id=str(paper.id))
    return paper
