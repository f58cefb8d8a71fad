"""What groups of a call would like besides money, for the people of the fund."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.support import TOPICS, NoteForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.support import SupportTopic
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.calls import get_call
from fundapp.queries.support_needs import by_topic, is_told, list_needs, need_line, was_sent
from fundapp.queries.support_offers import list_fitting, list_introductions
from fundapp.services.support_needs import note_topics
from fundapp.support_steps import IntroductionStatus
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_support", __name__)
STATES = {
    IntroductionStatus.SUGGESTED: _("The group has not answered yet"),
    IntroductionStatus.WANTED: _("The group said yes"),
    IntroductionStatus.NOT_WANTED: _("The group said no, thank you"),
    IntroductionStatus.WITHDRAWN: _("You took it back"),
}


@bp.get("/fund/calls/<uuid:call_id>/support")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    lines = list_needs(call, reader=signed_in_user())
    return render_template(
        "fund/support/needs.html",
        call=call,
        topics=dict(TOPICS),
        by_topic=by_topic(lines),
        to_read=[line for line in lines if line.is_to_read],
        others=[line for line in lines if not line.is_to_read and not line.topics],
    )


@bp.route("/fund/applications/<uuid:application_id>/support", methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application)
def group(application: Application) -> ResponseReturnValue:
    line = need_line(application)
    form, status = bind(NoteForm, topics=line.need.noted if line.need else ()), 422
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                topics = [SupportTopic(key) for key in form.topics.data]
                note_topics(application, topics, actor=signed_in_user(), now=utcnow())
            return redirect(url_for(".page", call_id=application.call_id))
        except NotPossibleNow:
            form.add_error("topics", _("The group wants no help, or has sent nothing yet."))
            status = 409
    reader = signed_in_user()
    introductions = list_introductions(application, reader=reader)
    known = {
        str(each.offer_id or each.peer_id)
        for each in introductions
        if each.status is not IntroductionStatus.WITHDRAWN
    }
    shown = render_template(
        "fund/support/group.html",
        application=application,
        line=line,
        topics=dict(TOPICS),
        form=form,
        introductions=introductions,
        fitting=[each for each in list_fitting(application, reader=reader) if each.match.key not in known],
        states=STATES,
        is_told=is_told(application),
        may_note=was_sent(application) and not line.wants_none,
        page_errors=form.error_list(),
    )
    return shown, status if form.errors else 200
