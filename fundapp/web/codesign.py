"""The fund's side of co-design: what was said, our answers, and publishing both."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.localized import LocalizedText
from forms.pages.codesign import (
    AnswerForm,
    GroupedForm,
    SaidForm,
    SessionForm,
    answer_form,
    said_form,
    session_form,
    starting_texts,
)
from fundapp.call_file.codesign import (
    CodesignResponse,
    PlannedSession,
    Point,
    ReferenceKind,
    Specialism,
    Topic,
)
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint, CodesignSession
from fundapp.permissions import Permission, can
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.codesign import (
    get_point,
    get_session,
    list_points,
    list_sessions,
    parts_of,
    point_of,
    record_of,
    session_of,
)
from fundapp.services import codesign as service
from fundapp.services.codesign import Answer, AnswerProblem, DoesNotFit, Said
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("codesign", __name__)

# Which field of a form a problem belongs to, and what to write instead.
PROBLEMS: dict[AnswerProblem, tuple[tuple[str, ...], str]] = {
    AnswerProblem.SAY_WHAT_CHANGED: (
        ("what_changed",),
        _("Write what is different now, in at least one language."),
    ),
    AnswerProblem.NOTHING_CHANGED: (
        ("response",),
        _("With this answer nothing changes. Take away what is different now and where to see it."),
    ),
    AnswerProblem.UNKNOWN_PART: (("changed",), _("This part is no longer in the call. Choose another one.")),
    AnswerProblem.DECIDED_LATER: (
        ("decided_on",),
        _("This day is not over yet. Write today or an earlier day."),
    ),
    AnswerProblem.DECIDED_BEFORE_SESSION: (
        ("decided_on", "session", "day"),
        _("A decision cannot be older than the session that led to it. Check both days."),
    ),
    AnswerProblem.REVIEW_BEFORE_DECISION: (
        ("next_review",),
        _("The next look must come after the decision. Check both days."),
    ),
    AnswerProblem.HELD_LATER: (("day",), _("This day is not over yet. Write today or an earlier day.")),
    AnswerProblem.UNKNOWN_SESSION: (
        ("session",),
        _("There is no such session any more. Choose another one."),
    ),
}


@bp.get("/fund/calls/<uuid:call_id>/co-design")
@requires(Permission.CALL_VIEW, call=get_call)
def record_page(call: Call) -> ResponseReturnValue:
    points = list_points(call)
    return render_template(
        "codesign/record.html",
        call=call,
        definition=_definition(call),
        points=[(row, point_of(row)) for row in points],
        texts=LocalizedText,
        sessions=[(row, session_of(row)) for row in list_sessions(call)],
        waiting=sum(row.response is None for row in points),
        ready=sum(row.response is not None and row.published_at is None for row in points),
        may_answer=can(signed_in_user(), Permission.CODESIGN_ANSWER, call)
        and call.status is not CallStatus.ARCHIVED,
        is_draft=call.status is CallStatus.DRAFT,
    )


@bp.post("/fund/calls/<uuid:call_id>/co-design/start")
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def start(call: Call) -> ResponseReturnValue:
    with unit_of_work():
        service.start_codesign(call, actor=signed_in_user(), now=utcnow())
    return _to_record(call)


@bp.post("/fund/calls/<uuid:call_id>/co-design/publish")
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def publish(call: Call) -> ResponseReturnValue:
    with unit_of_work():
        service.publish_points(call, actor=signed_in_user(), now=utcnow())
    return _to_record(call)


@bp.route("/fund/calls/<uuid:call_id>/co-design/new-session", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def add_session(call: Call) -> ResponseReturnValue:
    form = bind(_session_form(call))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                service.add_session(call, _session(form, call, "new"), actor=signed_in_user(), now=utcnow())
            return _to_record(call)
        except DoesNotFit as refused:
            _explain(form, refused)
    return _form_page("codesign/session.html", form, call, row=None)


@bp.route("/fund/co-design-sessions/<uuid:session_id>", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, session=get_session)
def change_session(session: CodesignSession) -> ResponseReturnValue:
    known = session_of(session)
    texts = starting_texts({"title": known.title, "place": known.place, "run_by": known.run_by})
    here = current_language().code
    lines = "\n".join(f"{each.label.in_language(here)}: {each.number}" for each in known.specialisms)
    form = bind(
        _session_form(session.call),
        data=texts
        | {
            "day": known.day,
            "organisations": known.organisations,
            "people": known.people,
            "child_care": known.child_care,
            "pay": known.pay,
            "spoken": known.languages,
            "boroughs": known.boroughs,
            "specialisms": lines,
        },
    )
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                changed = _session(form, session.call, session.key, known)
                service.change_session(session, changed, actor=signed_in_user(), now=utcnow())
            return _to_record(session.call)
        except DoesNotFit as refused:
            _explain(form, refused)
    return _form_page("codesign/session.html", form, session.call, row=session)


@bp.route("/fund/calls/<uuid:call_id>/co-design/new-point", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def add_point(call: Call) -> ResponseReturnValue:
    form = bind(_said_form(call), data={"session": request.args.get("session")})
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                service.add_point(call, _said(form), actor=signed_in_user(), now=utcnow())
            return _to_record(call)
        except DoesNotFit as refused:
            _explain(form, refused)
    return _form_page("codesign/said.html", form, call, row=None)


@bp.route("/fund/co-design-points/<uuid:point_id>", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def change_point(point: CodesignPoint) -> ResponseReturnValue:
    texts = starting_texts({"said": LocalizedText.of(point.said), "said_by": LocalizedText.of(point.said_by)})
    form = bind(
        _said_form(point.call), data=texts | {"topic": point.topic.value, "session": point.session_key}
    )
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                service.change_point(point, _said(form), actor=signed_in_user(), now=utcnow())
            return _to_record(point.call)
        except DoesNotFit as refused:
            _explain(form, refused)
    return _form_page("codesign/said.html", form, point.call, row=point)


@bp.route("/fund/co-design-points/<uuid:point_id>/answer", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def answer_point(point: CodesignPoint) -> ResponseReturnValue:
    call, known = point.call, point_of(point)
    parts = list(parts_of(_definition(call)))
    here = current_language().code
    choices = [(part.reference, part.label.in_language(here)) for part in parts]
    form = bind(answer_form(_definition(call).languages, choices), data=_starting_answer(known))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                service.answer_point(point, _answer(form), actor=signed_in_user(), now=utcnow())
            return _to_record(call)
        except DoesNotFit as refused:
            _explain(form, refused)
    return _form_page(
        "codesign/answer.html",
        form,
        call,
        row=point,
        said=LocalizedText.of(point.said),
        said_by=LocalizedText.of(point.said_by),
        kinds=ReferenceKind,
    )


def _definition(call: Call) -> CallDefinition:
    return definition_of(current_version(call))


def _to_record(call: Call) -> ResponseReturnValue:
    return redirect(url_for("codesign.record_page", call_id=call.id))


def _form_page(template: str, form: BaseForm, call: Call, **context: object) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return render_template(template, form=form, call=call, definition=_definition(call), **context), status


def _session_form(call: Call) -> type[SessionForm]:
    definition = _definition(call)
    return session_form(definition.languages, definition.boroughs)


def _said_form(call: Call) -> type[SaidForm]:
    here = current_language().code
    sessions = [(each.key, each.title.in_language(here)) for each in record_of(call).sessions]
    return said_form(_definition(call).languages, sessions)


def _session(form: SessionForm, call: Call, key: str, known: PlannedSession | None = None) -> PlannedSession:
    return PlannedSession(
        key=key,
        title=form.needed_text("title"),
        day=form.day.data,
        languages=tuple(form.spoken.data),
        run_by=form.needed_text("run_by"),
        organisations=form.organisations.data,
        people=form.people.data,
        place=form.text("place"),
        child_care=form.child_care.data,
        pay=form.pay.data or None,
        boroughs=tuple(form.boroughs.data),
        specialisms=_specialisms(form, call, known.specialisms if known else ()),
    )


def _specialisms(form: SessionForm, call: Call, known: Sequence[Specialism]) -> tuple[Specialism, ...]:
    """Lines in the language of the page; a line that was there keeps its other languages."""
    languages = _definition(call).languages
    here = current_language().code
    there = {each.label.in_language(here): each.label for each in known}
    written_in = here if here in languages else languages[0]
    return tuple(
        Specialism(there.get(what) or LocalizedText.of({written_in: what}), number)
        for what, number in form.specialism_counts()
    )


def _said(form: SaidForm) -> Said:
    return Said(
        said_by=form.needed_text("said_by"),
        said=form.needed_text("said"),
        topic=Topic(form.topic.data),
        session=form.session.data,
    )


def _starting_answer(known: Point | None) -> dict[str, object]:
    if known is None:
        return {}
    texts = starting_texts(
        {"reason": known.reason, "what_changed": known.what_changed, "decided_by": known.decided_by}
    )
    return texts | {
        "response": known.response.value,
        "changed": known.changed,
        "decided_on": known.decided_on,
        "next_review": known.next_review,
    }


def _answer(form: AnswerForm) -> Answer:
    return Answer(
        response=CodesignResponse(form.response.data),
        reason=form.needed_text("reason"),
        decided_by=form.needed_text("decided_by"),
        decided_on=form.decided_on.data,
        what_changed=form.text("what_changed"),
        changed=tuple(form.changed.data),
        next_review=form.next_review.data,
    )


def _explain(form: GroupedForm, refused: DoesNotFit) -> None:
    """Put each problem beside its field, in the order of the form."""
    for problem in refused.problems:
        names, message = PROBLEMS[problem]
        grouped = {group.name: f"{group.name}_{form.languages[0]}" for group in form.groups}
        places = [grouped.get(name, name) for name in names]
        form.add_error(next((place for place in places if place in form), None), message)
