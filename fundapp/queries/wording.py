"""Readers' sentences on their way into a letter: read by the fund, in which words, or still waiting."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.assessment import Assessment
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.panel import Review, ReviewAssignment, Score
from fundapp.models.user import User
from fundapp.models.wording import SentenceCheck
from fundapp.queries.marks import Mark, Wording, wording_by_application
from fundapp.queries.readings import without_conflict


@dataclass(frozen=True)
class Sentence:
    """One reader's sentence of a locked sheet; nobody is named."""

    score_id: UUID
    mark: Mark
    check: SentenceCheck | None

    @property
    def waits(self) -> bool:
        return self.check is None or self.check.digest != sentence_digest(self.mark.sentence)

    @property
    def words(self) -> str:
        """As the group would read it; empty where it is left out."""
        return _words(self.mark.sentence, self.check)


def _words(sentence: str, check: SentenceCheck | None) -> str:
    return check.text if check is not None and check.digest == sentence_digest(sentence) else sentence


def sentence_digest(sentence: str) -> str:
    return hashlib.sha256(sentence.strip().encode()).hexdigest()


def words_digest(sentence: str, check: SentenceCheck | None) -> str:
    """Changes whenever a group would read it otherwise."""
    return sentence_digest(_words(sentence, check))


def list_sentences(
    round_: Round, *, viewer: User, application: Application | None = None
) -> Sequence[Sentence]:
    """Of locked sheets that count, without applications the viewer has a tie with. One query."""
    query = (
        sa.select(Score, ReviewAssignment.application_id, ReviewAssignment.id, SentenceCheck)
        .join(Review, Review.id == Score.review_id)
        .join(ReviewAssignment, ReviewAssignment.id == Review.assignment_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .outerjoin(SentenceCheck, SentenceCheck.score_id == Score.id)
        .where(
            Application.round_id == round_.id,
            Review.locked_at.is_not(None),
            ReviewAssignment.voided_at.is_(None),
            Score.sentence != "",
            without_conflict(viewer.id, round_.call_id),
        )
        .order_by(ReviewAssignment.application_id, Score.criterion_key, ReviewAssignment.id)
    )
    if application is not None:
        query = query.where(Application.id == application.id)
    return [
        Sentence(
            score.id,
            Mark(application_id, assignment_id, score.criterion_key, score.value, score.sentence),
            check,
        )
        for score, application_id, assignment_id, check in db.session.execute(query)
        if score.sentence.strip()
    ]


def get_score(score_id: UUID) -> Score:
    """With what leads to its application. Raises NoResultFound."""
    query = sa.select(Score).where(Score.id == score_id)
    return db.session.execute(query).scalar_one()


def first_texts_of(sentences: Sequence[Sentence], assessment: Assessment) -> dict[UUID, Wording]:
    """First texts by application, strengths first, in the words in which the sentences go out.

    An application with a sentence that nobody has read yet has none.
    """
    waiting = {each.mark.application_id for each in sentences if each.waits}
    marks = [
        replace(each.mark, sentence=each.words)
        for each in sentences
        if each.mark.application_id not in waiting and each.words
    ]
    return wording_by_application(marks, assessment)
