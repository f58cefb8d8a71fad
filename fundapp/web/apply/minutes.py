"""Counting how long a question takes: only for who chose it, without a name, added to others' minutes.

The moment a page was opened travels in the page, sealed; nothing is stored until the answer is saved. Then
one is added to a band of minutes. A group counts once for each question; only our key leads to its ticket.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from forms.definition import Question
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.deadlines import stage_of
from fundapp.services.tallies import TicketSpent, count_minutes
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import bp

CHOSEN = "counts_minutes"  # in the session alone: it ends with the sign-in
FIELD = "opened"


@bp.post("/applications/<uuid:application_id>/count-minutes")
@requires(Permission.APPLICATION_EDIT, application=get_application)
def choose_counting(application: Application) -> ResponseReturnValue:
    if request.form.get("count") == "yes":
        session[CHOSEN] = True
    else:
        session.pop(CHOSEN, None)
    return redirect(url_for("apply.application_page", application_id=application.id))


def counts_minutes() -> bool:
    return bool(session.get(CHOSEN))


def opened_now(question: Question, *, has_answer: bool) -> str | None:
    """What the page carries; None without the choice, and for a question that was answered before."""
    if has_answer or not counts_minutes():
        return None
    return _signer().dumps([question.key, int(utcnow().timestamp())])


def count_posted(application: Application, question: Question, *, now: datetime) -> None:
    """After the answer was saved. What we have not written ourselves counts nothing."""
    if not counts_minutes() or (opened_at := _opened_at(question)) is None:
        return
    asked = definition_for(application).form.questions(stage_of(application))
    try:
        with unit_of_work():
            count_minutes(
                application.round_id,
                question.key,
                max(0, int(now.timestamp()) - opened_at),
                of_questions=[each.key for each in asked],
                ticket_digest=_ticket(application, question),
            )
    except TicketSpent:
        pass  # this group was counted for this question before


def _opened_at(question: Question) -> int | None:
    try:
        key, moment = _signer().loads(request.form.get(FIELD, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return moment if key == question.key and isinstance(moment, int) else None


def _ticket(application: Application, question: Question) -> str:
    about = f"minutes:{application.id}:{question.key}"
    return hmac.new(_key(), about.encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_key(), salt="minutes-of-a-question")
