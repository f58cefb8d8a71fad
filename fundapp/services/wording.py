"""Reading the readers' sentences before a group does: kept, put kindly, or left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.panel import Review, ReviewAssignment, Score
from fundapp.models.user import User
from fundapp.models.wording import SentenceCheck
from fundapp.queries.wording import Sentence, list_sentences, sentence_digest, words_digest
from fundapp.services.events import record


def settle_sentence(
    application: Application,
    score: Score,
    text: str,
    *,
    seen_digest: str,
    actor: User,
    now: datetime,
    seen_words: str | None = None,
) -> None:
    """The sentence goes into the letter in these words; an empty text leaves it out.

    `seen_words`: digest of how the group would have read it. Raises StaleVersion when the reader changed it
    since, or a colleague put it into other words, and NotPossibleNow for one that is not locked.
    """
    lock_row(Score, score.id)
    db.session.refresh(score)
    locked = (
        sa.select(Review.id)
        .join(ReviewAssignment, ReviewAssignment.id == Review.assignment_id)
        .where(
            Review.id == score.review_id,
            Review.locked_at.is_not(None),
            ReviewAssignment.voided_at.is_(None),
            ReviewAssignment.application_id == application.id,
        )
    )
    if db.session.execute(locked).first() is None:
        raise NotPossibleNow("only sentences of locked sheets go into letters")
    digest = sentence_digest(score.sentence)
    if seen_digest != digest:
        raise StaleVersion
    stands = words_digest(score.sentence, _find(score.id))
    if seen_words is not None and seen_words != stands != sentence_digest(text):
        raise StaleVersion
    _store(score.id, digest, text.strip(), actor)
    details = {"criterion": score.criterion_key, "left_out": not text.strip()}
    record(score, "settle_sentence", actor=actor, now=now, call_id=application.call_id, details=details)


def accept_sentences(round_: Round, *, actor: User, now: datetime) -> int:
    """Everything that waits goes out as the readers wrote it. How many; ties of the actor stay untouched."""
    lock_row(Round, round_.id)
    waiting = [each for each in list_sentences(round_, viewer=actor) if each.waits and _still_waits(each)]
    for each in waiting:
        sentence = each.mark.sentence.strip()
        _store(each.score_id, sentence_digest(sentence), sentence, actor)
    if waiting:
        record(round_, "accept_sentences", actor=actor, now=now, details={"sentences": len(waiting)})
    return len(waiting)


def _still_waits(sentence: Sentence) -> bool:
    """Once whoever puts it into words has finished."""
    lock_row(Score, sentence.score_id)
    return replace(sentence, check=_find(sentence.score_id)).waits


def _find(score_id: UUID) -> SentenceCheck | None:
    query = sa.select(SentenceCheck).where(SentenceCheck.score_id == score_id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def _store(score_id: UUID, digest: str, text: str, actor: User) -> None:
    check = _find(score_id)
    if check is None:
        check = SentenceCheck(score_id=score_id)
        db.session.add(check)
    check.digest, check.text, check.is_left_out, check.checked_by_id = digest, text, not text, actor.id
