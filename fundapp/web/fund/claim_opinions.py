"""Asking an umbrella organisation for a second opinion about one claim."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.pages.claim_opinions import ask_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.panel import PanelSeat
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.claims import answers_to_show, list_askable, list_opinions
from fundapp.queries.fund_applications import list_claims
from fundapp.queries.users import get_user
from fundapp.services.claim_opinions import Asked, ask_opinion
from fundapp.services.promises import DayNotAhead
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction, show_text

bp = Blueprint("fund_claim_opinions", __name__)


@bp.route("/fund/applications/<uuid:application_id>/claims/<int:number>/opinion", methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application)
def ask(application: Application, number: int) -> ResponseReturnValue:
    claims = list_claims(application)
    if not 1 <= number <= len(claims):
        raise NotFound
    claim = claims[number - 1]
    asked_before = {each.user_id for each in list_opinions([claim.id])}
    free = [
        seat for seat in list_askable(claim, application, now=utcnow()) if seat.user_id not in asked_before
    ]
    answers = [
        (question.key, show_text(question.label)) for question, _answer in answers_to_show(application)
    ]
    form = bind(ask_form([(str(seat.user_id), _named(seat)) for seat in free], answers))
    if is_posted() and form.validate():
        what = Asked(
            user=get_user(UUID(form["person"].data)),
            question=form["question"].data,
            shown=form["shown"].data if "shown" in form else (),
            answer_by=form["answer_by"].data,
        )
        try:
            with unit_of_work():
                ask_opinion(claim, application, what, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("fund_applications.application_page", application_id=application.id))
        except DayNotAhead:
            form.add_error("answer_by", _("Choose a day after today."))
    page = render_template(
        "fund/applications/ask_opinion.html",
        application=application,
        claim=claim,
        form=form,
        free=free,
        page_errors=form.error_list(),
    )
    return page, 422 if form.errors else 200


def _named(seat: PanelSeat) -> Markup:
    """The person, and who named them for the panel."""
    body = seat.nominated_by.name if seat.nominated_by else ""
    return Markup(" · ").join(map(in_own_direction, filter(None, (seat.user.name or seat.user.email, body))))
