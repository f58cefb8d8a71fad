"""A new person for a group that has lost everybody who could sign in: one asks, another agrees."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.people import HandOverForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.invitation import HandOver
from fundapp.permissions import Permission, can
from fundapp.queries.applications import get_application
from fundapp.queries.invitations import find_asked_hand_over, get_hand_over
from fundapp.services.members import SamePerson, agree_hand_over, ask_hand_over, drop_hand_over
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_hand_over", __name__)


@bp.route("/fund/applications/<uuid:application_id>/new-person", methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application)
def ask(application: Application) -> ResponseReturnValue:
    form = bind(HandOverForm)
    waiting = find_asked_hand_over(application)
    if request.method == "POST" and waiting is None and form.validate():
        with unit_of_work():
            asked = ask_hand_over(
                application,
                form["email"].data,
                reason=form["reason"].data,
                actor=signed_in_user(),
                now=utcnow(),
            )
            return redirect(url_for("fund_hand_over.asked", hand_over_id=asked.id))
    if waiting is not None:
        return redirect(url_for("fund_hand_over.asked", hand_over_id=waiting.id))
    page = render_template(
        "fund/applications/new_person.html",
        application=application,
        form=form,
        page_errors=form.error_list(),
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/fund/hand-overs/<uuid:hand_over_id>")
@requires(Permission.HAND_OVER_AGREE, hand_over=get_hand_over)
def asked(hand_over: HandOver) -> ResponseReturnValue:
    """For the second person: who asks, why, and what a yes does."""
    return _page(hand_over)


@bp.post("/fund/hand-overs/<uuid:hand_over_id>/agree")
@requires(Permission.HAND_OVER_AGREE, hand_over=get_hand_over)
def agree(hand_over: HandOver) -> ResponseReturnValue:
    try:
        with unit_of_work():
            agree_hand_over(hand_over, actor=signed_in_user(), now=utcnow())
    except SamePerson:
        return _page(get_hand_over(hand_over.id), refused=_("It takes a second person for this step.")), 409
    return redirect(url_for("fund_hand_over.asked", hand_over_id=hand_over.id))


@bp.post("/fund/hand-overs/<uuid:hand_over_id>/drop")
@requires(Permission.HAND_OVER_AGREE, hand_over=get_hand_over)
def drop(hand_over: HandOver) -> ResponseReturnValue:
    with unit_of_work():
        drop_hand_over(hand_over, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("fund_hand_over.asked", hand_over_id=hand_over.id))


def _page(hand_over: HandOver, *, refused: str = "") -> str:
    return render_template(
        "fund/applications/hand_over.html",
        hand_over=hand_over,
        application=hand_over.application,
        is_first=hand_over.asked_by_id == signed_in_user().id,
        may_run=can(signed_in_user(), Permission.APPLICATION_RUN, hand_over.application),
        refused=refused,
    )
