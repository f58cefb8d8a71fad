"""Help besides money, for a group: what it would like, who was suggested, and what it shares itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.pages.support import PAYERS, TOPICS, OwnTopicsForm, ShareForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.support import SupportIntroduction, SupportTopic
from fundapp.models.support_session import SupportPlace, SupportSession
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.support_needs import find_need, is_told
from fundapp.queries.support_offers import (
    find_peer,
    get_introduction,
    list_asking,
    list_introductions,
    may_share,
    reachable,
)
from fundapp.queries.support_sessions import ACTIVE, list_support_sessions, places_of
from fundapp.services.support_needs import say_topics
from fundapp.services.support_offers import answer_introduction, share_knowledge
from fundapp.support_steps import IntroductionStatus
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user

bp = Blueprint("support", __name__)


@bp.route("/applications/<uuid:application_id>/support", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application)
def page(application: Application) -> ResponseReturnValue:
    form = bind(OwnTopicsForm, **_said(application))
    if is_posted() and form.validate():
        with unit_of_work():
            say_topics(
                application,
                [SupportTopic(key) for key in form.topics.data],
                wants_none=form.wants.data == "no",
                actor=signed_in_user(),
                now=utcnow(),
            )
        return redirect(url_for(".page", application_id=application.id))
    return _page(application, form), 422 if form.errors else 200


@bp.route("/applications/<uuid:application_id>/support/share", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application)
def share(application: Application) -> ResponseReturnValue:
    peer = find_peer(application)
    form = bind(ShareForm, topics=peer.topics if peer else ())
    if is_posted() and form.validate():
        topics = [SupportTopic(key) for key in form.topics.data]
        with unit_of_work():
            share_knowledge(application, topics, actor=signed_in_user(), now=utcnow())
        return redirect(url_for(".page", application_id=application.id))
    user = signed_in_user()
    shown = render_template(
        "support/share.html",
        application=application,
        form=form,
        may_share=may_share(application),
        gives_address=user.id in reachable([user]),
        user=user,
        page_errors=form.error_list(),
    )
    return shown, 422 if form.errors else 200


@bp.post("/support-introductions/<uuid:introduction_id>/answer")
@requires(Permission.INTRODUCTION_ANSWER, introduction=get_introduction)
def answer(introduction: SupportIntroduction) -> ResponseReturnValue:
    wants = request.form.get("answer") == "yes"
    with unit_of_work():
        answer_introduction(introduction, wants=wants, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", application_id=introduction.application_id))


def _said(application: Application) -> dict[str, Any]:
    need = find_need(application)
    wants = {True: "no", False: "yes"}[need.wants_none] if need and need.said_at else ""
    return {"wants": wants, "topics": need.topics if need else ()}


def _page(application: Application, form: BaseForm) -> str:
    user, peer, told = signed_in_user(), find_peer(application), is_told(application)
    introductions = list_introductions(application) if told else []
    asking = list_asking(peer) if peer and peer.ended_at is None else ()
    given = [user, *(each.peer.user for each in introductions if each.peer)]
    return render_template(
        "support/help.html",
        application=application,
        need=find_need(application),
        topics=dict(TOPICS),
        payers=dict(PAYERS),
        form=form,
        is_told=told,
        sessions=_sessions(application) if told else [],
        introductions=[each for each in introductions if each.status in SHOWN],
        peer=peer if peer and peer.ended_at is None else None,
        asking=asking,
        may_share=told and may_share(application),
        reachable=reachable([*given, *(each.answered_by for each in asking)]),
        user=user,
        page_errors=form.error_list(),
    )


def _sessions(application: Application) -> list[tuple[SupportSession, SupportPlace | None]]:
    """Those to come. Whoever wants no help sees only what it has said yes to."""
    places, now, need = places_of(application), utcnow(), find_need(application)
    found = [
        (each, places.get(each.id))
        for each in list_support_sessions(application.call)
        if each.starts_at > now
    ]
    wants_none = need is not None and need.wants_none
    return [(each, place) for each, place in found if not wants_none or (place and place.status in ACTIVE)]


SHOWN = (IntroductionStatus.SUGGESTED, IntroductionStatus.WANTED)
