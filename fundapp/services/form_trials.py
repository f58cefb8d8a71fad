"""Trying the form of a call before anybody can apply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from forms.answers import JsonAnswer
from fundapp.db import db, lock_row, sent_id
from fundapp.errors import NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.form_trial import FormTrial
from fundapp.models.user import User
from fundapp.queries.form_trials import BEFORE_OPENING, form_digest, last_whole_definition
from fundapp.services.events import record


def send_trial(
    call: Call,
    answers: Mapping[str, JsonAnswer],
    *,
    language: str,
    actor: User | None,
    now: datetime,
    once: str | None = None,
) -> FormTrial:
    """Keep a filled form as a test; the same with the same `once` is one. Raises NotPossibleNow once the call
    has opened."""
    lock_row(Call, call.id)
    db.session.refresh(call)
    if call.status not in BEFORE_OPENING:
        raise NotPossibleNow("a call that has opened takes no tests")
    trial_id = sent_id(call.id, once, language, answers)
    if (sent := db.session.get(FormTrial, trial_id)) is not None:
        return sent
    trial = FormTrial(
        id=trial_id,
        call_id=call.id,
        call_status=call.status,
        language=language,
        answers={key: value for key, value in answers.items() if value is not None},
        form_digest=form_digest(last_whole_definition(call)),
        sent_at=now,
        sent_by_id=actor.id if actor else None,
    )
    db.session.add(trial)
    record(trial, "send_test", actor=actor, now=now)
    return trial


def delete_trial(trial: FormTrial, *, actor: User | None, now: datetime) -> None:
    record(trial, "delete_test", actor=actor, now=now)
    db.session.execute(sa.delete(FormTrial).where(FormTrial.id == trial.id))


def delete_trials(call: Call, *, actor: User | None, now: datetime) -> None:
    """All of a call; also what happens before it opens."""
    gone = db.session.execute(
        sa.delete(FormTrial).where(FormTrial.call_id == call.id).returning(FormTrial.id)
    ).all()
    if gone:
        record(call, "delete_tests", actor=actor, now=now, details={"number": len(gone)})
