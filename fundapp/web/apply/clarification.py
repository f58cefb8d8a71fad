"""A question of the fund to the group, and its answer."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.apply import ClarificationForm
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.application import Application, Clarification
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application, get_clarification
from fundapp.services.clarifications import answer_clarification
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp
from fundapp.web.binding import bind
from fundapp.web.second_look import details_in
from fundapp.web.sessions import signed_in_user


@bp.route(
    "/applications/<uuid:application_id>/fund-questions/<uuid:clarification_id>", methods=["GET", "POST"]
)
@requires(Permission.APPLICATION_EDIT, application=get_application, clarification=get_clarification)
def clarification(application: Application, clarification: Clarification) -> ResponseReturnValue:
    """A question of the fund, and the group's answer to it."""
    here = url_for("apply.application_page", application_id=application.id)
    if clarification.application_id != application.id:
        return redirect(here)
    form = bind(ClarificationForm, data={"answer": clarification.answer or ""})
    is_valid = request.method == "POST" and form.validate()
    details = details_in(form) if is_valid and not clarification.is_answered else []
    refused = None
    if is_valid and not details:
        try:
            with unit_of_work():
                text = form["answer"].data
                answer_clarification(clarification, text, actor=signed_in_user(), now=arrived_at())
            return redirect(here)
        except FundError as error:
            refused = error
    page = render_template(
        "apply/clarification.html",
        application=application,
        definition=definition_for(application),
        clarification=clarification,
        form=form,
        details=details,
        refused=refused,
        page_title=_("A question from the fund"),
        page_errors=form.error_list(),
        back_url=here,
    )
    return page, refused.status if refused else 422 if form.errors else 200
