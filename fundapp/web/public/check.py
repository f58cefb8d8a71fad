"""The check before applying: no account, nothing stored but in the session of this browser."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.answers import AnswerValue, JsonAnswer, to_json
from forms.conditions import evaluate
from forms.definition import Question, Stage
from forms.eligibility import (
    ByAndForStanding,
    EligibilityFlag,
    EligibilityQuestion,
    Outcome,
    assess,
)
from forms.i18n import current_language, translate
from forms.localized import LocalizedText
from forms.pages.eligibility import CheckForm, check_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.models.call import Call
from fundapp.queries.applications import typed_eligibility
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.codesign import record_of
from fundapp.services.calls import is_open_for
from fundapp.web.access import public
from fundapp.web.binding import bind
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.known import find_known_answer
from fundapp.web.public.placed_points import points_by_part

MINUTES = 3
CHANGE = "change"  # the query that leads back to the result


@bp.get("/calls/<code>/check")
@public("everybody may find out whether a call is for them")
@exit_explained
def check(code: str) -> ResponseReturnValue:
    call, definition = _call(code)
    return render_template(
        "public/check_start.html",
        call=call,
        definition=definition,
        minutes=MINUTES,
        first=_open_question(definition, {}),
        next=_open_question(definition, _answers(code)),
        has_answers=bool(_answers(code)),
    )


@bp.route("/calls/<code>/check/<key>", methods=["GET", "POST"])
@public("everybody may find out whether a call is for them")
@exit_explained
def check_question(code: str, key: str) -> ResponseReturnValue:
    call, definition = _call(code)
    answers = _answers(code)
    asked = _asked(definition, answers)
    place = next((place for place, item in enumerate(asked) if item.key == key), None)
    if place is None:
        raise NotFound
    question = asked[place].question
    typed = typed_eligibility(definition, answers)
    told = find_known_answer(question) if typed.get(key) is None and request.method != "POST" else None
    chosen = typed.get(key) if told is None else told
    form = bind(check_form(question, current_language().code), data={key: chosen})
    if request.method == "POST" and form.validate():
        return redirect(_after(call, definition, form))
    back = asked[place - 1] if place else None
    page = render_template(
        "public/check_question.html",
        call=call,
        definition=definition,
        form=form,
        question=question,
        number=place + 1,
        total=len(asked),
        back=back,
        is_told=told is not None,
        points=points_by_part(record_of(call, only_published=True)).get(f"question:{key}", []),
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/calls/<code>/check-result")
@public("everybody may find out whether a call is for them")
@exit_explained
def check_result(code: str) -> ResponseReturnValue:
    call, definition = _call(code)
    answers = _answers(code)
    typed = typed_eligibility(definition, answers)
    result = assess(definition.eligibility, typed)
    if result.unanswered and result.outcome is not Outcome.NOT_THIS_FUND:
        return redirect(
            _question_url(code, result.unanswered[0]) if answers else url_for("public.check", code=code)
        )
    asked = _asked(definition, answers)
    standing = None if result.unanswered else definition.by_and_for.standing(typed)
    rows = [(item.question, _words(item.question, typed[item.key])) for item in asked if item.key in typed]
    return render_template(
        "public/check_result.html",
        call=call,
        definition=definition,
        result=result,
        outcomes=Outcome,
        flags=EligibilityFlag,
        standing=standing,
        standings=ByAndForStanding,
        rows=rows,
        is_open=any(is_open_for(round_, Stage.EOI, utcnow()) for round_ in call.rounds),
    )


@bp.post("/calls/<code>/check-clear")
@public("takes answers out of the session of this browser")
def clear_check(code: str) -> ResponseReturnValue:
    get_public_call(code)
    session.pop(_place(code), None)
    return redirect(url_for("public.check", code=code))


def _call(code: str) -> tuple[Call, CallDefinition]:
    call = get_public_call(code)
    return call, definition_of(current_version(call))


def _place(code: str) -> str:
    return f"eligibility:{code}"


def _answers(code: str) -> dict[str, JsonAnswer]:
    return dict(session.get(_place(code), {}))


def _asked(definition: CallDefinition, answers: dict[str, JsonAnswer]) -> list[EligibilityQuestion]:
    """The questions that are asked after these answers."""
    facts: dict[str, object] = {}
    typed = typed_eligibility(definition, answers)
    asked = []
    for item in definition.eligibility:
        if item.question.ask_if is None or evaluate(item.question.ask_if, facts):
            facts[item.key] = typed.get(item.key)
            asked.append(item)
    return asked


def _words(question: Question, value: AnswerValue) -> list[LocalizedText] | str:
    if isinstance(value, bool):
        return translate("Yes") if value else translate("No")
    chosen = value if isinstance(value, tuple) else (value,)
    labels = [choice.label for choice in question.choices if choice.key in chosen]
    return labels or str(value)


def _open_question(definition: CallDefinition, answers: dict[str, JsonAnswer]) -> str | None:
    """The first question without an answer."""
    asked = [item for item in _asked(definition, answers) if answers.get(item.key) is None]
    return asked[0].key if asked else None


def _after(call: Call, definition: CallDefinition, form: CheckForm) -> str:
    """Keep the answer; lead to the next question, or to the result when it is clear."""
    key = form.asked.key
    answers = _answers(call.code) | {key: to_json(form[key].data)}
    session[_place(call.code)] = answers
    outcome = assess(definition.eligibility, typed_eligibility(definition, answers)).outcome
    if outcome is Outcome.NOT_THIS_FUND:
        return url_for("public.check_result", code=call.code)
    asked = [item.key for item in _asked(definition, answers)]
    if CHANGE in request.args:
        following = _open_question(definition, answers)
    else:
        following = next(iter(asked[asked.index(key) + 1 :]), None)
    return (
        _question_url(call.code, following) if following else url_for("public.check_result", code=call.code)
    )


def _question_url(code: str, key: str) -> str:
    return url_for("public.check_question", code=code, key=key)
