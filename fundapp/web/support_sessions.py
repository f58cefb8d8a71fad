"""A session of help, for a group: what it is, saying that it comes, and taking that back."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.pages.support import TOPICS
from forms.pages.support_sessions import ComeForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.support_session import SupportSession
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.support_needs import is_told
from fundapp.queries.support_sessions import ACTIVE, find_place, get_support_session
from fundapp.services.support_sessions import NotEnoughPlaces, say_coming, take_place_back
from fundapp.support_steps import PlaceStatus, SessionStatus
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user
from fundapp.web.support import bp

SESSION = "/applications/<uuid:application_id>/support/sessions/<uuid:support_session_id>"


@bp.route(SESSION, methods=["GET", "POST"])
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application, support_session=get_support_session)
def session(application: Application, support_session: SupportSession) -> ResponseReturnValue:
    _check(application, support_session)
    if not is_told(application):
        return redirect(url_for(".page", application_id=application.id))
    place, now = find_place(support_session, application), utcnow()
    is_active = place is not None and place.status in ACTIVE
    known: dict[str, Any] = {"people": place.people, "needs": place.needs} if place and is_active else {}
    form, status = bind(ComeForm, **known), 422
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                say_coming(
                    support_session,
                    application,
                    people=form.people.data,
                    needs=form.needs.data or "",
                    actor=signed_in_user(),
                    now=now,
                )
            return redirect(_here(application, support_session))
        except NotEnoughPlaces:
            form.add_error("people", _("There is not room for so many. Write a smaller number."))
            status = 409
    shown = render_template(
        "support/session.html",
        application=application,
        session=support_session,
        place=place if is_active or (place and place.status is PlaceStatus.CAME) else None,
        form=form,
        topics=dict(TOPICS),
        is_open=support_session.status is SessionStatus.PLANNED and now < support_session.starts_at,
        page_errors=form.error_list(),
    )
    return shown, status if form.errors else 200


@bp.post(f"{SESSION}/take-back")
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application, support_session=get_support_session)
def take_back(application: Application, support_session: SupportSession) -> ResponseReturnValue:
    _check(application, support_session)
    place = find_place(support_session, application)
    if place is None:
        raise NotFound
    with unit_of_work():
        take_place_back(place, actor=signed_in_user(), now=utcnow())
    return redirect(_here(application, support_session))


def _check(application: Application, session: SupportSession) -> None:
    """404 for one of another call."""
    if session.call_id != application.call_id:
        raise NotFound


def _here(application: Application, session: SupportSession) -> str:
    return url_for(".session", application_id=application.id, support_session_id=session.id)
