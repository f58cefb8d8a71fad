"""Ties of the people who work for the fund: they are bound like members of the panel."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.panel import own_tie_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.models.panel import ConflictResponse
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.panels import list_conflicts_of, list_groups_of_call
from fundapp.services.conflicts import Tie, declare_own
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_ties", __name__)


@bp.route("/fund/calls/<uuid:call_id>/ties", methods=["GET", "POST"])
@requires(Permission.CALL_VIEW, call=get_call)
def own_ties(call: Call) -> ResponseReturnValue:
    """What we know of the reader's own ties, and a form for one more. Nobody else's are here."""
    user = signed_in_user()
    groups = list_groups_of_call(call, reader=user)
    form = bind(own_tie_form([(str(group.id), group.name) for group in groups]))
    if request.method == "POST" and form.validate():
        tie = Tie(ConflictResponse(form["response"].data), form["reason"].data)
        with unit_of_work():
            declare_own(user, call, UUID(form["group"].data), tie, now=utcnow())
        return redirect(url_for("fund_ties.own_ties", call_id=call.id))
    page = render_template(
        "fund/panels/own_ties.html",
        call=call,
        form=form,
        groups=groups,
        known=list_conflicts_of(user, call.id),
        page_title=_("Your ties"),
        page_errors=form.error_list(),
    )
    return page, 422 if form.error_list() else 200
