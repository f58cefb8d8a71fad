"""Complaints from anybody, without an account, and appeals of groups."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from forms.pages.complaints import ABOUT, OUTCOMES, AppealForm, ComplaintForm, FollowForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.complaint import ComplaintAbout
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.calls import get_public_call
from fundapp.queries.complaints import find_complaint_by_code, list_appeals
from fundapp.services.complaints import ACKNOWLEDGE_DAYS, Complained, appeal, code_digest, complain
from fundapp.web.access import public, requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("complaints", __name__)


@bp.route("/calls/<code>/complain", methods=["GET", "POST"])
@public("whoever has something to complain about needs no account")
def complain_page(code: str) -> ResponseReturnValue:
    """The code is shown as the answer to sending. A page that is loaded again sends nothing new."""
    call = get_public_call(code)
    language = current_language().code
    form = bind(ComplaintForm, data={"answer_language": language})
    given, status = None, 200
    if is_posted():
        status = 422
        if form.validate():
            said, secret = _said(form, form["reach"].data or ""), str(current_app.config["SECRET_KEY"])
            with unit_of_work():
                given = complain(call, said, once=posted_once(), secret=secret, now=utcnow())
            status = 200
    page = render_template(
        "complaints/complain.html", call=call, form=form, given=given, days=ACKNOWLEDGE_DAYS
    )
    return page, status


@bp.route("/complaints", methods=["GET", "POST"])
@public("opened with a code that was given when the complaint was sent")
def follow() -> ResponseReturnValue:
    """How it stands; nothing of what was written is shown again."""
    form = bind(FollowForm)
    complaint, status = None, 200
    if is_posted():
        if form.validate():
            complaint = find_complaint_by_code(code_digest(form["code"].data))
            if complaint is None:
                form.add_error("code", _("We know no such code. Check it, letter by letter."))
        status = 200 if complaint else 422
    page = render_template("complaints/follow.html", form=form, complaint=complaint, outcomes=dict(OUTCOMES))
    return page, status


@bp.route("/applications/<uuid:application_id>/appeal", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application)
def appeal_page(application: Application) -> ResponseReturnValue:
    form = bind(AppealForm, data={"answer_language": current_language().code})
    if is_posted() and form.validate():
        with unit_of_work():
            appeal(application, _said(form), actor=signed_in_user(), now=utcnow())
        return redirect(url_for(".appeal_page", application_id=application.id))
    appeals = list_appeals(application)
    page = render_template(
        "complaints/appeal.html",
        application=application,
        form=form,
        appeals=appeals,
        may_appeal=application.group_told_at is not None and all(each.answered_at for each in appeals),
        days=ACKNOWLEDGE_DAYS,
        about=dict(ABOUT),
        outcomes=dict(OUTCOMES),
    )
    return page, 422 if form.errors else 200


def _said(form: ComplaintForm | AppealForm, reach: str = "") -> Complained:
    language = form["answer_language"].data or current_language().code
    return Complained(ComplaintAbout(form["about"].data), form["text"].data, language, reach)
