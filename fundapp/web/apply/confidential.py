"""The group says that somebody would be at risk if it were named, or that this is over."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.permissions import Permission, can
from fundapp.queries.applications import definition_for, get_application
from fundapp.services.confidentiality import keep_confidential, may_be_named
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp
from fundapp.web.sessions import signed_in_user


@bp.route("/applications/<uuid:application_id>/confidential", methods=["GET", "POST"])
@requires(Permission.APPLICATION_EDIT, application=get_application)
def confidential(application: Application) -> ResponseReturnValue:
    """Whoever writes for the group may protect it; only who may send for it may take that back."""
    here = url_for("apply.application_page", application_id=application.id)
    may_take_back = can(signed_in_user(), Permission.APPLICATION_SUBMIT, application)
    if request.method == "POST":
        wanted = request.form.get("wanted")
        if wanted == "named" and not may_take_back:
            raise Forbidden
        change = may_be_named if wanted == "named" else keep_confidential
        with unit_of_work():
            change(application, actor=signed_in_user(), now=arrived_at())
        return redirect(here)
    return render_template(
        "apply/confidential.html",
        application=application,
        definition=definition_for(application),
        may_take_back=may_take_back,
        back_url=here,
    )
