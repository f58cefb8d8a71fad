"""The address under which a calendar reads somebody's dates. Adds its page to `account`."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.permissions import Permission
from fundapp.queries.own_dates import find_feed
from fundapp.services.calendar import make_address, stop_address
from fundapp.web.access import requires
from fundapp.web.account import bp
from fundapp.web.calendar import address_of
from fundapp.web.sessions import signed_in_user


@bp.get("/account/calendar")
@requires(Permission.ACCOUNT_OPEN)
def calendar() -> ResponseReturnValue:
    return render_template("account/calendar.html", calendar=address_of(find_feed(signed_in_user())))


@bp.post("/account/calendar")
@requires(Permission.ACCOUNT_OPEN)
def calendar_address() -> ResponseReturnValue:
    """Made, made anew, or stopped."""
    user = signed_in_user()
    with unit_of_work():
        if request.form.get("go") == "stop":
            stop_address(user, actor=user, now=utcnow())
        else:
            make_address(user, actor=user, now=utcnow())
    return redirect(url_for(".calendar"))
