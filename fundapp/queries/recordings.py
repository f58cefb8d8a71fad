"""Reading recorded answers: one, and those that still need somebody to listen and write."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, FileStatus, TranscriptStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm
from fundapp.models.application import Answer, Application
from fundapp.models.call import Call
from fundapp.models.file import StoredFile
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict

S = ApplicationStatus
STILL_READ = (S.SUBMITTED, S.ELIGIBLE, S.IN_REVIEW, S.CLARIFYING)
UNWRITTEN = (TranscriptStatus.NOT_HEARD, TranscriptStatus.NEEDED)


def get_recording(recording_id: UUID) -> AnswerMedia:
    """Also one that was taken away. Raises NoResultFound."""
    query = sa.select(AnswerMedia).where(AnswerMedia.id == recording_id)
    parts = joinedload(AnswerMedia.answer).joinedload(Answer.application)
    return db.session.execute(query.options(parts, joinedload(AnswerMedia.file))).scalar_one()


def list_without_transcript(call: Call, *, reader: User) -> Sequence[AnswerMedia]:
    """Of what was sent and is still to be read, the longest waiting first; conflicts left out."""
    query = (
        sa.select(AnswerMedia)
        .join(AnswerMedia.answer)
        .join(Answer.application)
        .join(AnswerMedia.file)
        .where(
            Application.call_id == call.id,
            Application.status.in_(STILL_READ),
            AnswerMedia.removed_at.is_(None),
            AnswerMedia.status.in_(UNWRITTEN),
            AnswerMedia.form != MediaForm.FILE,
            StoredFile.status == FileStatus.CLEAN,
            application_without_conflict(reader.id),
        )
        .options(
            contains_eager(AnswerMedia.answer)
            .contains_eager(Answer.application)
            .options(joinedload(Application.organisation), joinedload(Application.call_version)),
            contains_eager(AnswerMedia.file),
        )
        .order_by(Application.submitted_at, Application.id, Answer.question_key, AnswerMedia.position)
    )
    return db.session.execute(query).scalars().all()


def list_to_check(application: Application) -> list[AnswerMedia]:
    """The fund wrote down what is said, and the group has not looked at it yet. Asks the database nothing."""
    return [
        media
        for answer in application.answers
        for media in answer.recordings
        if media.status is TranscriptStatus.TRANSCRIBED
    ]


def list_unusable(application: Application) -> list[AnswerMedia]:
    """Sent as a part of an answer, and then found to be broken or harmful. Asks the database nothing."""
    return [
        media
        for answer in application.answers
        for media in answer.media
        if media.removed_at is None and media.file.status is FileStatus.REFUSED
    ]


def list_answers_with(file: StoredFile) -> Sequence[AnswerMedia]:
    """Where a file is a part of an answer."""
    query = sa.select(AnswerMedia).where(AnswerMedia.file_id == file.id, AnswerMedia.removed_at.is_(None))
    parts = joinedload(AnswerMedia.answer).joinedload(Answer.application)
    return db.session.execute(query.options(parts).order_by(AnswerMedia.id)).scalars().all()
