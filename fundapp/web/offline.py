"""Writing without a line: switched on by hand, for one's own phone alone. The work is in static/sw.js."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fundapp.permissions import Permission
from fundapp.web.access import public, requires
from fundapp.web.own_device import is_own_device
from fundapp.web.scripts import script

bp = Blueprint("offline", __name__)
worker_bp = Blueprint("worker", __name__)


@bp.get("/offline")
@requires(Permission.ACCOUNT_OPEN)
def switch() -> ResponseReturnValue:
    return render_template("account/offline.html", is_own_device=is_own_device())


@bp.post("/offline/off")
@requires(Permission.ACCOUNT_OPEN)
def switch_off() -> ResponseReturnValue:
    """The browser throws away all it has kept, and the script that kept it."""
    response = redirect(url_for("offline.switch"))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@worker_bp.get("/sw.js")
@public("the same script for everybody; it stands here because it works for pages below its own address only")
def worker() -> Response:
    return script("sw.js")
