"""The fund's side of co-design: what was said, our answers, and publishing both."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.localized import LocalizedText
from forms.pages.codesign import (
    AnswerForm,
    GroupedForm,
    SaidForm,
    answer_form,
    said_form,
    starting_texts,
)
from fundapp.call_file.codesign import (
    CodesignResponse,
    Point,
    ReferenceKind,
    Topic,
)
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.lifecycles import CallStatus, SpokenStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint, PointSource
from fundapp.permissions import Permission, can
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.codesign import (
    digest_of_answer,
    digest_of_words,
    get_point,
    list_points,
    list_sessions,
    parts_of,
    point_of,
    record_of,
    session_of,
)
from fundapp.queries.measured_burden import RoundCost, cost_of_round, find_last_round
from fundapp.queries.spoken import count_spoken
from fundapp.services import codesign as service
from fundapp.services.codesign import Answer, AnswerProblem, DoesNotFit, Said
from fundapp.services.room import RoomNotStated
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("codesign", __name__)

# Which field of a form a problem belongs to, and what to write instead.
PROBLEMS: dict[AnswerProblem, tuple[tuple[str, ...], str]] = {
    AnswerProblem.IS_BEING_DECIDED: (
        ("response",),
        _("People are deciding about this point. Answer it when the decision is closed."),
    ),
    AnswerProblem.OWN_WORDS: (
        ("said",),
        _(
            "The person wrote this, so leave it as it was. You can add translations, or write it in the "
            "words of the fund."
        ),
    ),
    AnswerProblem.OWN_SESSION: (
        ("session",),
        _("The person came by the link of their session and read its rule, so the point stays in it."),
    ),
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
    AnswerProblem.HELD_LATER: (
        ("day",),
        _("People are counted once the session is over. Leave the numbers empty, or write an earlier day."),
    ),
    AnswerProblem.NOT_COUNTED: (
        ("organisations",),
        _("This session is over. Write how many groups and how many people came."),
    ),
    AnswerProblem.HALF_COUNTED: (
        ("organisations",),
        _("Write both how many groups and how many people came, or leave both empty."),
    ),
    AnswerProblem.LAST_DAY_WRONG: (
        ("last_day",),
        _("Only a session in writing has a last day, and it must not be before the first day."),
    ),
    AnswerProblem.RETELL_FIRST: (
        ("response",),
        _("The person does not want these words to be shown. Write it in the words of the fund first."),
    ),
    AnswerProblem.RULE_IS_TOLD: (
        ("rule",),
        _("People with a link have read this rule before they spoke. It stays as it was."),
    ),
    AnswerProblem.UNKNOWN_SESSION: (
        ("session",),
        _("There is no such session any more. Choose another one."),
    ),
}


@bp.get("/fund/calls/<uuid:call_id>/co-design")
@requires(Permission.CALL_VIEW, call=get_call)
def record_page(call: Call) -> ResponseReturnValue:
    points, spoken = list_points(call), count_spoken(call)
    return render_template(
        "codesign/record.html",
        call=call,
        definition=definition_in(call),
        points=[(row, point_of(row)) for row in points],
        texts=LocalizedText,
        sessions=[(row, session_of(row)) for row in list_sessions(call)],
        waiting=sum(row.response is None for row in points),
        ready=sum(row.response is not None and row.published_at is None for row in points),
        may_answer=can(signed_in_user(), Permission.CODESIGN_ANSWER, call)
        and call.status is not CallStatus.ARCHIVED,
        aloud=spoken[SpokenStatus.WAITING],
        has_aloud=bool(spoken),
        is_draft=call.status is CallStatus.DRAFT,
        cost=_last_cost(call),
    )


@bp.post("/fund/calls/<uuid:call_id>/co-design/start")
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def start(call: Call) -> ResponseReturnValue:
    try:
        with unit_of_work():
            service.start_codesign(call, actor=signed_in_user(), now=utcnow())
    except RoomNotStated:
        return redirect(url_for("codesign_room.room_page", call_id=call.id))
    return to_record(call)


@bp.post("/fund/calls/<uuid:call_id>/co-design/publish")
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def publish(call: Call) -> ResponseReturnValue:
    with unit_of_work():
        service.publish_points(call, actor=signed_in_user(), now=utcnow())
    return to_record(call)


@bp.route("/fund/calls/<uuid:call_id>/co-design/new-point", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def add_point(call: Call) -> ResponseReturnValue:
    form = bind(_said_form(call), data={"session": request.args.get("session")})
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                said = _said(form)
                service.add_point(call, said, actor=signed_in_user(), now=utcnow(), once=posted_once())
            return to_record(call)
        except DoesNotFit as refused:
            explain(form, refused)
    return form_page("codesign/said.html", form, call, row=None)


@bp.route("/fund/co-design-points/<uuid:point_id>", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def change_point(point: CodesignPoint) -> ResponseReturnValue:
    texts = starting_texts({"said": LocalizedText.of(point.said), "said_by": LocalizedText.of(point.said_by)})
    form = bind(
        _said_form(point.call, point),
        data=texts
        | {
            "topic": point.topic.value,
            "session": point.session_key,
            "typed_for": point.came_by is PointSource.TYPED_FOR,
        },
    )
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                service.change_point(
                    point, _said(form), actor=signed_in_user(), now=utcnow(), seen=sent_digest()
                )
            return to_record(point.call)
        except DoesNotFit as refused:
            explain(form, refused)
        except StaleVersion:
            return _both(form, get_point(point.id), "codesign/said.html", digest_of_words)
    return form_page(
        "codesign/said.html", form, point.call, row=point, seen=sent_digest() or digest_of_words(point)
    )


@bp.route("/fund/co-design-points/<uuid:point_id>/answer", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def answer_point(point: CodesignPoint) -> ResponseReturnValue:
    form = bind(_answer_form(point.call), data=_starting_answer(point_of(point)))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                service.answer_point(
                    point, _answer(form), actor=signed_in_user(), now=utcnow(), seen=sent_digest()
                )
            return to_record(point.call)
        except DoesNotFit as refused:
            explain(form, refused)
        except StaleVersion:
            return _both(form, get_point(point.id), "codesign/answer.html", digest_of_answer)
    return form_page(
        "codesign/answer.html",
        form,
        point.call,
        seen=sent_digest() or digest_of_answer(point),
        **_of_point(point),
    )


def _both(
    form: BaseForm, point: CodesignPoint, template: str, digest: Callable[[CodesignPoint], str]
) -> ResponseReturnValue:
    """Others were faster: what stands there now, above what was typed. Sending it again is meant."""
    page, _status = form_page(
        template,
        form,
        point.call,
        seen=digest(point),
        is_late=True,
        stored=point_of(point),
        **_of_point(point),
    )
    return page, 409


def _of_point(point: CodesignPoint) -> dict[str, object]:
    return {
        "row": point,
        "said": LocalizedText.of(point.said),
        "said_by": LocalizedText.of(point.said_by),
        "kinds": ReferenceKind,
    }


def _answer_form(call: Call) -> type[AnswerForm]:
    here = current_language().code
    choices = [(part.reference, part.label.in_language(here)) for part in parts_of(definition_in(call))]
    return answer_form(definition_in(call).languages, choices)


def definition_in(call: Call) -> CallDefinition:
    return definition_of(current_version(call))


def to_record(call: Call) -> ResponseReturnValue:
    return redirect(url_for("codesign.record_page", call_id=call.id))


def form_page(template: str, form: BaseForm, call: Call, **context: object) -> tuple[str, int]:
    status = 422 if request.method == "POST" else 200
    return render_template(template, form=form, call=call, definition=definition_in(call), **context), status


def _last_cost(call: Call) -> RoundCost | None:
    """What the last round cost groups lies before the next session."""
    last = find_last_round(call)
    return cost_of_round(last, current_language().code) if last else None


def _said_form(call: Call, point: CodesignPoint | None = None) -> type[SaidForm]:
    """In the languages of the call, and in those in which it was said."""
    here = current_language().code
    sessions = [(each.key, each.title.in_language(here)) for each in record_of(call).sessions]
    languages = dict.fromkeys(definition_in(call).languages)
    if point is not None:
        languages |= dict.fromkeys([*point.said, *point.said_by])
    return said_form(tuple(languages), sessions)


def _said(form: SaidForm) -> Said:
    return Said(
        said_by=form.needed_text("said_by"),
        said=form.needed_text("said"),
        topic=Topic(form.topic.data),
        session=form.session.data,
        came_by=PointSource.TYPED_FOR if form.typed_for.data else PointSource.FUND,
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


def explain(form: GroupedForm, refused: DoesNotFit) -> None:
    """Put each problem beside its field, in the order of the form."""
    for problem in refused.problems:
        names, message = PROBLEMS[problem]
        grouped = {group.name: f"{group.name}_{form.languages[0]}" for group in form.groups}
        places = [grouped.get(name, name) for name in names]
        form.add_error(next((place for place in places if place in form), None), message)
