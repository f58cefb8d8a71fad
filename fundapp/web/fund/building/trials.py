"""Trying the form as a group would fill it in: a test is kept apart, and is gone when the call opens."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.answers import JsonAnswer, asked_questions, missing_answers, stored_values, too_long_answers
from forms.base import BaseForm
from forms.builder import answers_to_keep, questions_form
from forms.definition import Question, QuestionKind, Stage
from forms.fields import EntriesField
from forms.i18n import activate
from forms.languages import LANGUAGES
from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.models.form_trial import FormTrial
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.form_trials import (
    BEFORE_OPENING,
    form_digest,
    get_trial,
    last_whole_definition,
    list_trials,
)
from fundapp.services import form_trials as service
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_trials", __name__)


@bp.route("/fund/calls/<uuid:call_id>/tests/new", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def new(call: Call) -> ResponseReturnValue:
    """Every question of both stages on one page. What a group could not send is kept, and said."""
    if call.status not in BEFORE_OPENING and not is_posted():
        return redirect(url_for("fund_trials.list_page", call_id=call.id))
    definition = last_whole_definition(call)
    code = request.args.get("in", definition.languages[0])
    if code not in definition.languages:
        abort(404)
    with activate(code):
        forms = _forms(definition, code)
        is_sent = is_posted() and not any(map(_is_rearranged, forms))
        good = [form.validate() or _only_too_long(form) for _title, form in forms] if is_sent else []
        page = render_template(
            "fund/building/trial_form.html",
            call=call,
            definition=definition,
            forms=forms,
            page_errors=[each for _title, form in forms for each in form.error_list()],
            shown_in=LANGUAGES[code],
            codes=[(each, LANGUAGES[each].own_name) for each in definition.languages],
        )
    if not is_sent or not all(good):
        return page, 422 if is_sent else 200
    return _send(
        call, {key: value for _title, form in forms for key, value in answers_to_keep(form).items()}, code
    )


def _forms(definition: CallDefinition, code: str) -> list[tuple[LocalizedText, BaseForm]]:
    return [(part.title, bind(questions_form(part.questions, code))) for part in definition.form.sections]


def _is_rearranged(part: tuple[LocalizedText, BaseForm]) -> bool:
    """A button of a list was pressed: the page is drawn again with all that was typed; nothing is sent."""
    return any(isinstance(field, EntriesField) and field.is_rearranged for field in part[1])


def _only_too_long(form: BaseForm) -> bool:
    return {field.name for field in form} == set(answers_to_keep(form))


def _send(call: Call, answers: dict[str, JsonAnswer], code: str) -> ResponseReturnValue:
    with unit_of_work():
        trial = service.send_trial(
            call, answers, language=code, actor=signed_in_user(), now=utcnow(), once=posted_once()
        )
    return redirect(url_for("fund_trials.one", trial_id=trial.id))


@bp.get("/fund/calls/<uuid:call_id>/tests")
@requires(Permission.CALL_RUN, call=get_call)
def list_page(call: Call) -> ResponseReturnValue:
    definition = last_whole_definition(call)
    return render_template(
        "fund/building/trials.html",
        call=call,
        definition=definition,
        trials=[(each, LANGUAGES[each.language]) for each in list_trials(call)],
        form_digest=form_digest(definition),
        may_try=call.status in BEFORE_OPENING,
    )


@bp.get("/fund/tests/<uuid:trial_id>")
@requires(Permission.CALL_RUN, trial=get_trial)
def one(trial: FormTrial) -> ResponseReturnValue:
    """The answers beside the questions of today."""
    definition = last_whole_definition(trial.call)
    is_same = trial.form_digest == form_digest(definition)
    questions = {each.key: each for part in definition.form.sections for each in part.questions}
    answers = {key: value for key, value in trial.answers.items() if _fits(questions.get(key), value)}
    asked = {each.key for each in asked_questions(definition.form, None, answers)}
    return render_template(
        "fund/building/trial.html",
        trial=trial,
        definition=definition,
        sections=[
            (part.title, [each for each in part.questions if each.key in asked])
            for part in definition.form.sections
        ],
        values=stored_values(questions.values(), answers),
        without_question=len(trial.answers) - len(answers),
        missing=[each for each in _missing(definition, answers) if each.kind is not QuestionKind.FILE],
        too_long=[each for stage in Stage for each in too_long_answers(definition.form, stage, answers)],
        is_same=is_same,
        shown_in=LANGUAGES[trial.language],
    )


def _missing(definition: CallDefinition, answers: dict[str, JsonAnswer]) -> list[Question]:
    return [each for stage in Stage for each in missing_answers(definition.form, stage, answers)]


def _fits(question: Question | None, value: JsonAnswer) -> bool:
    """Whether the question of today can still have this answer."""
    try:
        return question is not None and bool(stored_values([question], {question.key: value}))
    except ValueError:
        return False


@bp.post("/fund/tests/<uuid:trial_id>/delete")
@requires(Permission.CALL_RUN, trial=get_trial)
def delete(trial: FormTrial) -> ResponseReturnValue:
    here = url_for("fund_trials.list_page", call_id=trial.call_id)
    with unit_of_work():
        service.delete_trial(trial, actor=signed_in_user(), now=utcnow())
    return redirect(here)


@bp.post("/fund/calls/<uuid:call_id>/tests/delete")
@requires(Permission.CALL_RUN, call=get_call)
def delete_all(call: Call) -> ResponseReturnValue:
    with unit_of_work():
        service.delete_trials(call, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("fund_trials.list_page", call_id=call.id))
