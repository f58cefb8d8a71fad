"""Every text ever saved as the answer to one question, and who saved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import AnswerRevision, Application
from fundapp.models.user import User

TEXTS_A_PAGE = 10


@dataclass(frozen=True)
class SavedText:
    revision: AnswerRevision
    person: User | None  # none: the person has left, or nobody did (copied from the first stage)


@dataclass(frozen=True)
class History:
    """One page, newest first."""

    texts: Sequence[SavedText]
    page: int
    pages: int


def history_of(application: Application, question_key: str, *, page: int) -> History:
    here = (
        AnswerRevision.application_id == application.id,
        AnswerRevision.question_key == question_key,
    )
    number = db.session.execute(sa.select(sa.func.count(AnswerRevision.id)).where(*here)).scalar_one()
    pages = max(1, -(-number // TEXTS_A_PAGE))
    page = min(max(page, 1), pages)
    query = (
        sa.select(AnswerRevision, User)
        .outerjoin(User, User.id == AnswerRevision.saved_by_id)
        .where(*here)
        .order_by(AnswerRevision.created_at.desc(), AnswerRevision.rev.desc(), AnswerRevision.id)
        .limit(TEXTS_A_PAGE)
        .offset((page - 1) * TEXTS_A_PAGE)
    )
    rows = db.session.execute(query).all()
    return History([SavedText(revision, person) for revision, person in rows], page, pages)


def get_saved_text(application: Application, question_key: str, revision_id: UUID) -> AnswerRevision:
    """Raises NoResultFound, also for a text of another question."""
    query = sa.select(AnswerRevision).where(
        AnswerRevision.id == revision_id,
        AnswerRevision.application_id == application.id,
        AnswerRevision.question_key == question_key,
    )
    return db.session.execute(query).scalar_one()
