"""What every group hears with the decision: prefilled from the readers' sentences, settled by a person."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import StaleVersion
from fundapp.models.application import Application
from fundapp.models.award import Decision, Feedback
from fundapp.models.call import Round
from fundapp.models.user import User
from fundapp.queries.awards import feedback_rev, list_feedback, visible_to
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.wording import first_texts_of, list_sentences
from fundapp.services.events import record


def prepare_feedback(round_: Round, *, actor: User, now: datetime) -> int:
    """A first text for every decided group that has none yet, of sentences the fund has read. How many.

    A group with a sentence that still waits to be read gets none, and so nothing can be released.
    """
    assessment = definition_of(current_version(round_.call)).assessment
    wordings = first_texts_of(list_sentences(round_, viewer=actor), assessment)
    decided = sa.select(Application).join(Decision, Decision.application_id == Application.id)
    missing = decided.where(
        Application.round_id == round_.id,
        Application.id.not_in(sa.select(Feedback.application_id)),
        visible_to(actor, round_),
    )
    written = 0
    for application in db.session.execute(missing.order_by(Application.id)).scalars().all():
        if (wording := wordings.get(application.id)) and not _is_written(application):
            _store(application, wording.strengths, wording.to_improve, dict(wording.sentences))
            written += 1
    if written:
        record(round_, "prepare_feedback", actor=actor, now=now, details={"groups": written})
    return written


def _is_written(application: Application) -> bool:
    """Now, once whoever writes for this group has finished."""
    lock_row(Application, application.id)
    return bool(list_feedback([application.id]))


def write_feedback(
    application: Application,
    *,
    strengths: str,
    to_improve: str,
    actor: User,
    now: datetime,
    seen_rev: str | None = None,
) -> None:
    """Settle the text. It can be mended after the release too; the event keeps who did it and when.

    Raises StaleVersion when somebody wrote another text after `seen_rev` was shown.
    """
    lock_row(Application, application.id)
    standing = list_feedback([application.id]).get(application.id)
    is_the_same = standing is not None and (standing.strengths, standing.to_improve) == (
        strengths,
        to_improve,
    )
    if seen_rev is not None and seen_rev != feedback_rev(standing) and not is_the_same:
        raise StaleVersion
    _store(application, strengths, to_improve, None)
    record(application, "write_feedback", actor=actor, now=now)


def _store(
    application: Application, strengths: str, to_improve: str, sentences: dict[str, list[str]] | None
) -> None:
    feedback = list_feedback([application.id]).get(application.id)
    if feedback is None:
        feedback = Feedback(application=application)
        db.session.add(feedback)
    feedback.strengths, feedback.to_improve = strengths, to_improve
    if sentences is not None:
        feedback.sentences = dict(sentences)
