"""Whether anybody used the answers of the last round, and proposing a question for retirement."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.definition import Question
from forms.i18n import _
from forms.localized import LocalizedText
from fundapp.call_file.codesign import Topic
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.permissions import Permission, can
from fundapp.queries.answer_use import AnswerUse, Trace, uses_in_round
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.codesign import list_points
from fundapp.queries.measured_burden import find_last_round
from fundapp.services.codesign import Said, add_point
from fundapp.web.access import requires
from fundapp.web.fund.burden import bp
from fundapp.web.language import in_each_language
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import isolated

WORDS = {
    Trace.MARKS: _("marks of readers under its criteria"),
    Trace.ASKED_BACK: _("questions back to groups about this answer"),
    Trace.RULE: _("applications whose answer a rule read"),
    Trace.INVITED: _("groups invited to the second stage"),
    Trace.MEETING: _("meetings with the list the panel sees"),
    Trace.PAYMENTS: _("planned payments"),
    Trace.CHECKS: _("checks after a yes"),
    Trace.MARKERS: _("signs of change that groups chose"),
}


@bp.get("/fund/calls/<uuid:call_id>/answers-used")
@requires(Permission.CALL_VIEW, call=get_call)
def answers_used(call: Call) -> ResponseReturnValue:
    last = find_last_round(call)
    uses = uses_in_round(last) if last else ()
    proposed = [row.said for row in list_points(call)]
    return render_template(
        "fund/calls/answers_used.html",
        call=call,
        definition=definition_of(current_version(call)),
        last=last,
        uses=uses,
        words=WORDS,
        proposed={each.question.key for each in uses if _said(call, each.question).as_dict() in proposed},
        may_propose=can(signed_in_user(), Permission.CODESIGN_ANSWER, call)
        and call.status is not CallStatus.ARCHIVED,
    )


@bp.post("/fund/calls/<uuid:call_id>/questions/<key>/retire")
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def propose_retirement(call: Call, key: str) -> ResponseReturnValue:
    """A point for the next session; only once, and only for a question whose answers nobody used."""
    use = _unused(call, key)
    said = _said(call, use.question)
    if said.as_dict() not in [row.said for row in list_points(call)]:
        said_by = _in_its_languages(call, lambda _code: _("The record of the last round"))
        with unit_of_work():
            add_point(call, Said(said_by, said, Topic.FORM), actor=signed_in_user(), now=utcnow())
    return redirect(url_for("codesign.record_page", call_id=call.id))


def _unused(call: Call, key: str) -> AnswerUse:
    """Raises NotPossibleNow where somebody has used the answers by now, or no round is over."""
    try:
        definition_of(current_version(call)).question(key)
    except KeyError:
        abort(404)
    last = find_last_round(call)
    for use in uses_in_round(last) if last else ():
        if use.question.key == key and not use.traces:
            return use
    raise NotPossibleNow("answers to this question were used, or no round is over yet")


def _said(call: Call, question: Question) -> LocalizedText:
    return _in_its_languages(
        call,
        lambda code: _(
            "Nobody used the answers to “%(question)s” in the last round. Shall we stop asking it?",
            question=isolated(question.label.in_language(code)),
        ),
    )


def _in_its_languages(call: Call, words: Callable[[str], str]) -> LocalizedText:
    return in_each_language(definition_of(current_version(call)).languages, words)
