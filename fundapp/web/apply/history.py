"""Every text ever saved as an answer, for the whole group; any of them can be taken again."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forms.answers import from_json
from forms.definition import Question
from forms.i18n import _
from forms.languages import text_direction
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.documents.lines import lines_of
from fundapp.errors import StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.permissions import Permission, can
from fundapp.queries.answer_history import SavedText, get_saved_text, history_of
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.drafts import find_question
from fundapp.services.answers import save_answer
from fundapp.web.access import requires
from fundapp.web.apply.answer_rows import drawn
from fundapp.web.apply.blueprint import bp
from fundapp.web.apply.questions import ADDRESS, find_answer
from fundapp.web.posted_save import new_once, posted_once, posted_rev
from fundapp.web.sessions import signed_in_user

LARGEST_PAGE = 10_000


@bp.get(f"{ADDRESS}/history")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def history(application: Application, key: str) -> ResponseReturnValue:
    question = _question(application, key)
    answer = find_answer(application, question)
    page = request.args.get("page", "1")
    found = history_of(application, key, page=min(int(page), LARGEST_PAGE) if _is_number(page) else 1)
    may_take = application.status is ApplicationStatus.DRAFT and can(
        signed_in_user(), Permission.APPLICATION_EDIT, application
    )
    return render_template(
        "apply/history.html",
        application=application,
        definition=definition_for(application),
        question=question,
        found=found,
        shown=[(each, _drawn(question, each)) for each in found.texts],
        rev=answer.rev if answer else 0,
        once=new_once(),
        may_take=may_take,
        page_url=lambda number: url_for("apply.history", application_id=application.id, key=key, page=number),
        page_title=_("Every text you have saved"),
        back_url=url_for("apply.question", application_id=application.id, key=key),
    )


@bp.post(f"{ADDRESS}/history/<uuid:revision_id>")
@requires(Permission.APPLICATION_EDIT, application=get_application)
def take_again(application: Application, key: str, revision_id: UUID) -> ResponseReturnValue:
    """An earlier text becomes the newest save; the one it replaces stays in the history.

    Raises StaleVersion when somebody has saved since the page was shown.
    """
    question = _question(application, key)
    text = get_saved_text(application, key, revision_id)
    with unit_of_work():
        outcome = save_answer(
            application,
            question,
            text.value,
            language=text.language,
            rev=posted_rev(),
            once=posted_once(),
            actor=signed_in_user(),
            now=utcnow(),
        )
        if outcome.is_stale:
            raise StaleVersion
    return redirect(url_for("apply.question", application_id=application.id, key=key))


def _question(application: Application, key: str) -> Question:
    return find_question(application, key) or abort(404)


def _drawn(question: Question, saved: SavedText) -> tuple[Markup, str | None]:
    """The text, and its direction."""
    lines = lines_of(question, from_json(question, saved.revision.value))
    text = "\n".join(map(str, lines))
    return drawn(lines), text_direction(text) if text else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
