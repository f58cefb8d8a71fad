"""What the secretary does with readers' sheets: opening a locked one again."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.panel import UnlockForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.application import Application
from fundapp.models.panel import PanelSeat, ReviewAssignment
from fundapp.permissions import Permission
from fundapp.queries.panels import get_application, get_seat
from fundapp.queries.readings import find_assignment
from fundapp.services.unlocks import unlock_review
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_sheets", __name__)
SHEET = "/fund/applications/<uuid:application_id>/readers/<uuid:seat_id>"


@bp.route(f"{SHEET}/unlock", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, application=get_application, seat=get_seat)
def unlock(application: Application, seat: PanelSeat) -> ResponseReturnValue:
    """Without a look at what is in it."""
    form, refused = bind(UnlockForm), None
    assignment = assignment_of(application, seat)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                unlock_review(assignment, form["reason"].data, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("fund_panels.readers_page", application_id=application.id))
        except FundError as error:
            refused = error
    page = render_template(
        "fund/panels/unlock.html",
        application=application,
        seat=seat,
        form=form,
        refused=refused,
        page_title=_("Open a sheet again"),
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.errors else 200


def assignment_of(application: Application, seat: PanelSeat) -> ReviewAssignment:
    assignment = find_assignment(application, seat)
    if assignment is None:
        abort(404)
    return assignment
