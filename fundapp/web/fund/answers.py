"""What the fund does for answers that are not typed by the group: typing what was said on the phone."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.definition import Question
from forms.i18n import _
from forms.pages.answer_media import PhoneForm, may_be_spoken
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.documents.origins import origin_words, recording_words, transcript_words
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, Application
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.drafts import find_question
from fundapp.services.answer_origins import Typed, type_for_group
from fundapp.services.answers import SaveOutcome
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.posted_save import new_once, posted_once, posted_rev

bp = Blueprint("fund_answers", __name__)
for words in (origin_words, recording_words, transcript_words):
    bp.add_app_template_filter(words)
bp.add_app_template_filter(may_be_spoken)


@bp.route("/fund/applications/<uuid:application_id>/phone/<key>", methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application)
def phone(application: Application, key: str) -> ResponseReturnValue:
    """What the group said on the phone. It is told, and can correct every word."""
    question = find_question(application, key)
    if question is None or not may_be_spoken(question):
        abort(404)
    answer = next((each for each in application.answers if each.question_key == key), None)
    here = url_for("fund_applications.application_page", application_id=application.id)
    if application.status is not ApplicationStatus.DRAFT and request.method == "GET":
        return redirect(here)
    data = {
        "text": answer.value if answer else "",
        "answer_language": (answer.language if answer else None) or application.language,
    }
    form = bind(PhoneForm, data=data)
    if request.method == "GET":
        return _page(application, question, answer, form, rev=answer.rev if answer else 0, once=new_once())
    if not form.validate():
        return _page(application, question, answer, form, rev=posted_rev(), once=posted_once()), 422
    outcome = _type(application, question, form)
    if outcome.is_stale:
        fresh = get_application(application.id)
        saved = next((each for each in fresh.answers if each.question_key == key), None)
        return _page(fresh, question, saved, form, rev=outcome.rev, once=new_once(), is_stale=True), 409
    return redirect(here)


def _type(application: Application, question: Question, form: PhoneForm) -> SaveOutcome:
    typed = Typed(form["text"].data, form["answer_language"].data, posted_rev(), posted_once())
    with unit_of_work():
        return type_for_group(application, question, typed, actor=current_user, now=utcnow())


def _page(
    application: Application,
    question: Question,
    answer: Answer | None,
    form: PhoneForm,
    *,
    rev: int,
    once: str,
    is_stale: bool = False,
) -> str:
    return render_template(
        "fund/answers/phone.html",
        application=application,
        question=question,
        answer=answer,
        form=form,
        rev=rev,
        once=once,
        is_stale=is_stale,
        page_title=_("An answer from a phone call"),
        page_errors=form.error_list(),
    )
