"""The way in for whoever was asked by mail: a code, a look at who asks for what, yes or no."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.people import RIGHTS, CodeOfInvitationForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.permissions import Permission
from fundapp.queries.invitations import find_invitation_for
from fundapp.queries.people import get_host_asked, get_partner_asked
from fundapp.services.invitations import (
    CODES_TRIED,
    InvitationUnknown,
    code_digest,
    decline_invitation,
    plain_code,
)
from fundapp.services.joining import accept_invitation
from fundapp.services.tries import count_try
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.groups.blueprint import bp
from fundapp.web.sessions import signed_in_user


@bp.route("/join", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OPEN)
def join() -> ResponseReturnValue:
    """For a code typed by hand, for example from a mail read on another phone."""
    form = bind(CodeOfInvitationForm)
    if request.method == "POST" and form.validate():
        with unit_of_work():
            count_try(CODES_TRIED, str(signed_in_user().id), now=utcnow())
        if _find(form["code"].data) is not None:
            return redirect(url_for("groups.invitation", invitation_code=plain_code(form["code"].data)))
        form.add_error(
            "code", _("This code is wrong, used, or too old, or it is for another e-mail address.")
        )
    page = render_template(
        "groups/join.html", form=form, email=signed_in_user().email, page_errors=form.error_list()
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/join/<invitation_code>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OPEN)
def invitation(invitation_code: str) -> ResponseReturnValue:
    """Looking uses nothing up. The same page for every code that is not (or no longer) for this person."""
    found = _find(invitation_code)
    if found is None:
        return render_template("groups/not_for_you.html", email=signed_in_user().email), 404
    if request.method != "POST":  # scanners of mails look at every link, with HEAD too
        may = dict(RIGHTS).get(found.details.get("right", ""))
        return render_template("groups/invitation.html", invitation=found, may=may)
    try:
        return _answer(found)
    except InvitationUnknown:
        return render_template("groups/not_for_you.html", email=signed_in_user().email), 404


def _find(code: str) -> Invitation | None:
    return find_invitation_for(signed_in_user(), code_digest(code), now=utcnow())


def _answer(invitation: Invitation) -> ResponseReturnValue:
    if request.form.get("answer") == "no":
        with unit_of_work():
            decline_invitation(invitation, actor=signed_in_user(), now=utcnow())
        return redirect(url_for("account.home"))
    with unit_of_work():
        accept_invitation(invitation, actor=signed_in_user(), now=utcnow())
        return redirect(_where_to(invitation))


def _where_to(invitation: Invitation) -> str:
    match invitation.kind:
        case InvitationKind.MEMBER:
            return url_for("groups.members", organisation_id=invitation.organisation_id)
        case InvitationKind.HELPER:
            return url_for("apply.application_page", application_id=invitation.application_id)
        case InvitationKind.HOST:
            return url_for("groups.hosting", host_id=get_host_asked(invitation).id)
        case InvitationKind.PARTNER:
            return url_for("groups.partnership", partner_id=get_partner_asked(invitation).id)
