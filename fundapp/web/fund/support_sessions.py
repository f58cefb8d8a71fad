"""Sessions of help for the groups of a call, planned and looked after by the people of the fund."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.languages import choices_of
from forms.pages.support import TOPICS
from forms.pages.support_sessions import CancelForm, SupportSessionForm, came_form, support_session_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.models.support import SupportTopic
from fundapp.models.support_session import SupportPlace, SupportSession
from fundapp.moments import LONDON
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.support_sessions import (
    HAS_A_PLACE,
    get_support_session,
    groups_that_came,
    list_places,
    list_support_sessions,
)
from fundapp.services.support_sessions import (
    NotEnoughPlaces,
    SessionInThePast,
    SessionWords,
    cancel_session,
    change_session,
    mark_who_came,
    plan_session,
)
from fundapp.support_steps import PlaceStatus
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once, posted_version
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction

bp = Blueprint("fund_support_sessions", __name__)


@bp.get("/fund/calls/<uuid:call_id>/support/sessions")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return render_template(
        "fund/support/sessions.html",
        call=call,
        sessions=list_support_sessions(call),
        came=groups_that_came(call, reader=signed_in_user()),
        topics=dict(TOPICS),
    )


@bp.route("/fund/calls/<uuid:call_id>/support/sessions/new", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def new(call: Call) -> ResponseReturnValue:
    form = bind(_form_of(call))
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                made = plan_session(
                    call, _words(form), actor=signed_in_user(), now=utcnow(), once=posted_once()
                )
            return redirect(url_for(".session", support_session_id=made.id))
        except SessionInThePast:
            form.add_error("day", IN_THE_PAST)
    shown = render_template("fund/support/new_session.html", call=call, session=None, form=form)
    return shown, 422 if form.errors else 200


@bp.route("/fund/support-sessions/<uuid:support_session_id>/change", methods=["GET", "POST"])
@requires(Permission.SUPPORT_RUN, support_session=get_support_session)
def change(support_session: SupportSession) -> ResponseReturnValue:
    form, seen = bind(_form_of(support_session.call), **_known(support_session)), posted_version()
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                change_session(support_session, _words(form), actor=signed_in_user(), now=utcnow(), seen=seen)
            return redirect(url_for(".session", support_session_id=support_session.id))
        except SessionInThePast:
            form.add_error("day", IN_THE_PAST)
        except NotEnoughPlaces:
            form.add_error("places", _("More people come already. Write a larger number."))
    shown = render_template(
        "fund/support/new_session.html",
        call=support_session.call,
        session=support_session,
        form=form,
        version=support_session.version if seen is None else seen,
    )
    return shown, 422 if form.errors else 200


@bp.get("/fund/support-sessions/<uuid:support_session_id>")
@requires(Permission.SUPPORT_RUN, support_session=get_support_session)
def session(support_session: SupportSession) -> ResponseReturnValue:
    return _page(support_session, CancelForm(None))


@bp.post("/fund/support-sessions/<uuid:support_session_id>/cancel")
@requires(Permission.SUPPORT_RUN, support_session=get_support_session)
def cancel(support_session: SupportSession) -> ResponseReturnValue:
    form = bind(CancelForm)
    if not form.validate():
        return _page(support_session, form), 422
    with unit_of_work():
        cancel_session(support_session, form.why.data or "", actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".session", support_session_id=support_session.id))


@bp.post("/fund/support-sessions/<uuid:support_session_id>/came")
@requires(Permission.SUPPORT_RUN, support_session=get_support_session)
def came(support_session: SupportSession) -> ResponseReturnValue:
    form = bind(_came_form(list_places(support_session, reader=signed_in_user())))
    if not form.validate():
        return _page(support_session, CancelForm(None)), 422
    with unit_of_work():
        chosen = [UUID(key) for key in form["came"].data]
        mark_who_came(support_session, chosen, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".session", support_session_id=support_session.id))


IN_THE_PAST = _("Choose a day and a time to come.")


def _page(session: SupportSession, cancel_form: CancelForm) -> str:
    places = list_places(session, reader=signed_in_user())
    coming = [each for each in places if each.status in HAS_A_PLACE]
    chosen = [str(each.id) for each in coming if each.status is PlaceStatus.CAME]
    return render_template(
        "fund/support/session.html",
        call=session.call,
        session=session,
        coming=coming,
        waiting=[each for each in places if each.status is PlaceStatus.WAITING],
        people=sum(each.people for each in coming),
        came_form=_came_form(places)(None, came=chosen),
        cancel_form=cancel_form,
        topics=dict(TOPICS),
        has_begun=utcnow() >= session.starts_at,
        page_errors=cancel_form.error_list(),
    )


def _came_form(places: Any) -> type[BaseForm]:
    coming: list[SupportPlace] = [each for each in places if each.status in HAS_A_PLACE]
    return came_form(
        [(str(each.id), in_own_direction(each.application.organisation.name)) for each in coming]
    )


def _form_of(call: Call) -> type[SupportSessionForm]:
    codes = definition_of(current_version(call)).languages
    return support_session_form(choices_of(codes))


def _known(session: SupportSession) -> dict[str, Any]:
    local = session.starts_at.astimezone(LONDON)
    names = ("title", "place", "languages", "has_interpreters", "has_child_care", "costs", "places")
    return {name: getattr(session, name) for name in names} | {
        "topic": session.topic.value,
        "day": local.date(),
        "clock": f"{local:%H:%M}",
        "kind": "online" if session.is_online else "room",
    }


def _words(form: SupportSessionForm) -> SessionWords:
    clock = time.fromisoformat(form.clock.data)
    return SessionWords(
        title=form.title.data or "",
        topic=SupportTopic(form.topic.data),
        starts_at=datetime.combine(form.day.data, clock, LONDON),
        is_online=form.kind.data == "online",
        place=form.place.data or "",
        languages=form["languages"].data,
        has_interpreters=bool(form.has_interpreters.data),
        has_child_care=bool(form.has_child_care.data),
        costs=form.costs.data or "",
        places=form.places.data,
    )
