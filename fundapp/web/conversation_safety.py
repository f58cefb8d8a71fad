"""A group says that somebody is not safe: to the people named for it, and to nobody else."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.pages.complaints import SafetyForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.monitoring import CheckIn
from fundapp.permissions import Permission
from fundapp.queries.calls import definition_of
from fundapp.queries.check_ins import get_check_in
from fundapp.queries.complaints import list_flags_of
from fundapp.services.safety import raise_flag
from fundapp.web.access import requires
from fundapp.web.awards import bp
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user


@bp.route("/check-ins/<uuid:check_in_id>/safety", methods=["GET", "POST"])
@requires(Permission.CHECK_IN_ANSWER, check_in=get_check_in)
def safety(check_in: CheckIn) -> ResponseReturnValue:
    """What was written is not shown again: others may use this device."""
    form = bind(SafetyForm)
    if is_posted() and form.validate():
        with unit_of_work():
            raise_flag(
                check_in,
                form["words"].data or "",
                from_group=True,
                actor=signed_in_user(),
                now=utcnow(),
                once=posted_once(),
            )
        return redirect(url_for(".safety", check_in_id=check_in.id))
    page = render_template(
        "awards/safety.html",
        definition=definition_of(check_in.award.application.call_version),
        check_in=check_in,
        form=form,
        flags=list_flags_of(check_in),
    )
    return page, 422 if form.errors else 200
