"""What is said in a recording, written down: by the group, or by the fund for the group to correct."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import ApplicationStatus, TranscriptStatus
from fundapp.models.answer_media import AnswerMedia, TranscriptBy, TranscriptRevision
from fundapp.models.user import User
from fundapp.services.answer_origins import Typed
from fundapp.services.answers import posting_key
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import move
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind

S = ApplicationStatus
BEFORE_THE_MEETING = (S.DRAFT, S.SUBMITTED, S.ELIGIBLE, S.IN_REVIEW, S.CLARIFYING)


class GroupHasWritten(FundError):
    """The group's own words about its own recording stand."""

    code = "group_has_written"


@dataclass(frozen=True)
class TranscriptOutcome:
    """`rev` of the transcript as it stands. Stale: somebody else saved first; the text is in the history."""

    rev: int
    is_stale: bool = False


def save_transcript(
    media: AnswerMedia,
    typed: Typed,
    *,
    by: TranscriptBy,
    may_confirm: bool = True,
    actor: User,
    now: datetime,
) -> TranscriptOutcome:
    """Write or correct it. The same posting saves once; nobody's text is written over unseen.

    The group saving the fund's text as it is says that it is right, unless a helper does it.

    Raises TextNeeded, GroupHasWritten (the fund does not write over the group) and NotPossibleNow.
    """
    if not typed.text.strip():
        raise TextNeeded
    _lock(media)
    seen, key = media.transcript_rev, posting_key(typed.once, typed.text, typed.language)
    if media.transcript == typed.text and media.transcript_language == typed.language:
        if may_confirm and by is TranscriptBy.GROUP and media.status is TranscriptStatus.TRANSCRIBED:
            move(media, "confirm_transcript", actor=actor, now=now)
        return TranscriptOutcome(seen)
    if by is TranscriptBy.STAFF and media.transcript_by is TranscriptBy.GROUP:
        raise GroupHasWritten
    if _find_revision(media, key) is not None:
        return TranscriptOutcome(seen, is_stale=True)
    is_stale = typed.rev != seen
    revision = TranscriptRevision(
        media_id=media.id,
        text=typed.text,
        language=typed.language,
        written_by=by,
        rev=None if is_stale else seen + 1,
        once=key,
        saved_by_id=actor.id,
        created_at=now,
    )
    db.session.add(revision)
    if is_stale:
        return TranscriptOutcome(seen, is_stale=True)
    media.transcript, media.transcript_language = typed.text, typed.language
    media.transcript_by, media.transcript_rev = by, seen + 1
    is_first = by is TranscriptBy.STAFF and media.status is not TranscriptStatus.TRANSCRIBED
    move(media, "transcribe" if by is TranscriptBy.STAFF else "write_own_transcript", actor=actor, now=now)
    if is_first:
        application = media.answer.application
        tell_group(application, MessageKind.TRANSCRIPT_WRITTEN, now=now, application_id=str(application.id))
    return TranscriptOutcome(seen + 1)


def note_heard(media: AnswerMedia, *, actor: User, now: datetime) -> None:
    """Somebody of the fund has listened; readers need a transcript. Twice is once."""
    _lock(media)
    if media.status is TranscriptStatus.NOT_HEARD:
        move(media, "hear", actor=actor, now=now)


def confirm_transcript(media: AnswerMedia, *, rev: int, actor: User, now: datetime) -> None:
    """The group finds that the fund wrote down what is said. Raises NotPossibleNow for an older text."""
    _lock(media)
    if media.transcript_rev != rev:
        raise NotPossibleNow("the transcript was changed meanwhile")
    if media.status is not TranscriptStatus.CHECKED:
        move(media, "confirm_transcript", actor=actor, now=now)


def may_be_written(media: AnswerMedia) -> bool:
    """Also after sending, for a transcript changes nothing that is said; until the panel meets."""
    return (
        media.removed_at is None
        and not media.is_file
        and media.answer.application.status in BEFORE_THE_MEETING
    )


def _lock(media: AnswerMedia) -> None:
    lock_row(AnswerMedia, media.id)
    db.session.refresh(media)
    if not may_be_written(media):
        raise NotPossibleNow("transcripts are written until the panel meets")


def _find_revision(media: AnswerMedia, once: str) -> TranscriptRevision | None:
    query = sa.select(TranscriptRevision).where(
        TranscriptRevision.media_id == media.id, TranscriptRevision.once == once
    )
    return db.session.execute(query).scalar_one_or_none()
