"""The demo's own pages: its mail, and being anybody. Only with demo settings, only from this machine."""

from __future__ import annotations

from ipaddress import ip_address
from itertools import groupby
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _
from fundapp.queries.users import get_user, list_latest_mails, list_people_by_role
from fundapp.web.access import public
from fundapp.web.sessions import our_session

ROLES: dict[str, str] = {
    "applicant": _("Groups that apply"),
    "around": _("Groups that help, hold money or work together"),
    "panel": _("Panel members"),
    "manager": _("Fund managers"),
    "finance": _("Finance officers"),
    "admin": _("Administrators"),
}

bp = Blueprint("demo", __name__, url_prefix="/demo")


@bp.before_request
def only_from_this_machine() -> None:
    try:
        is_near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        is_near = False
    if not is_near:
        raise NotFound


@bp.get("/")
@public("everybody in the demo is invented")
def people() -> ResponseReturnValue:
    found = sorted(list_people_by_role(), key=lambda person: list(ROLES).index(person.role))
    by_role = [(role, ROLES[role], list(members)) for role, members in groupby(found, key=lambda p: p.role)]
    return render_template("account/demo_people.html", by_role=by_role)


@bp.post("/people/<uuid:user_id>")
@public("everybody in the demo is invented")
def enter(user_id: UUID) -> ResponseReturnValue:
    user = get_user(user_id)
    our_session().sign_in(user, shared_device=False, proved=user.is_staff)
    return redirect(url_for("account.home"))


@bp.get("/mail")
@public("mails of the demo go to invented people")
def mail() -> ResponseReturnValue:
    return render_template("account/demo_mail.html", mails=list_latest_mails())
