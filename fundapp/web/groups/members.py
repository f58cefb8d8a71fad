"""Who belongs to a group, and what each of them may do."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.pages.people import RIGHTS, MemberForm, RightForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.models.organisation import MemberRight, Organisation, OrganisationMember
from fundapp.permissions import Permission, can
from fundapp.queries.invitations import get_invitation, list_open_invitations
from fundapp.queries.people import find_membership, get_member, get_organisation, list_members
from fundapp.services.invitations import TooManyOpen, withdraw_invitation
from fundapp.services.members import LastWhoMaySend, change_right, invite_member, remove_member
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.groups.blueprint import bp
from fundapp.web.sessions import signed_in_user

RIGHT_WORDS = dict(RIGHTS)
LAST = _("Somebody must be able to send. Give another person this right first.")
TOO_MANY = _("Many people have not answered yet. Take some invitations back first.")


@bp.get("/groups/<uuid:organisation_id>/people")
@requires(Permission.GROUP_VIEW, organisation=get_organisation)
def members(organisation: Organisation) -> ResponseReturnValue:
    return _page(organisation)


@bp.post("/groups/<uuid:organisation_id>/people")
@requires(Permission.GROUP_RUN, organisation=get_organisation)
def ask_member(organisation: Organisation) -> ResponseReturnValue:
    """The same answer whether we know the address or not."""
    form = bind(MemberForm)
    if not form.validate():
        return _page(organisation, form=form), 422
    try:
        with unit_of_work():
            right = MemberRight(form["may"].data)
            invite_member(organisation, form["email"].data, right, actor=signed_in_user(), now=utcnow())
    except TooManyOpen:
        form.add_error("email", TOO_MANY)
        return _page(organisation, form=form), 422
    return redirect(url_for("groups.members", organisation_id=organisation.id))


@bp.route("/groups/<uuid:organisation_id>/people/<uuid:member_id>", methods=["GET", "POST"])
@requires(Permission.GROUP_RUN, organisation=get_organisation, member=get_member)
def member(organisation: Organisation, member: OrganisationMember) -> ResponseReturnValue:
    """Change what somebody may do."""
    _check_is_of(organisation, member)
    form = bind(RightForm, data={"may": member.right.value})
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                right = MemberRight(form["may"].data)
                change_right(member, right, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("groups.members", organisation_id=organisation.id))
        except LastWhoMaySend:
            form.add_error("may", LAST)
    page = render_template(
        "groups/member.html",
        organisation=organisation,
        member=member,
        form=form,
        page_errors=form.error_list(),
        back_url=url_for("groups.members", organisation_id=organisation.id),
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/groups/<uuid:organisation_id>/people/<uuid:member_id>/remove")
@requires(Permission.GROUP_RUN, organisation=get_organisation, member=get_member)
def remove(organisation: Organisation, member: OrganisationMember) -> ResponseReturnValue:
    _check_is_of(organisation, member)
    return _remove(organisation, member)


@bp.post("/groups/<uuid:organisation_id>/leave")
@requires(Permission.GROUP_VIEW, organisation=get_organisation)
def leave(organisation: Organisation) -> ResponseReturnValue:
    member = find_membership(signed_in_user(), organisation)
    return _remove(organisation, member) if member else redirect(url_for("account.home"))


@bp.post("/groups/<uuid:organisation_id>/invitations/<uuid:invitation_id>/take-back")
@requires(Permission.GROUP_RUN, organisation=get_organisation, invitation=get_invitation)
def take_back(organisation: Organisation, invitation: Invitation) -> ResponseReturnValue:
    if invitation.organisation_id != organisation.id:
        raise NotFound
    with unit_of_work():
        withdraw_invitation(invitation, actor=signed_in_user(), now=utcnow())
    if invitation.kind is InvitationKind.HELPER:
        return redirect(url_for("groups.helpers", application_id=invitation.application_id))
    return redirect(url_for("groups.members", organisation_id=organisation.id))


def _check_is_of(organisation: Organisation, member: OrganisationMember) -> None:
    if member.organisation_id != organisation.id:
        raise NotFound


def _remove(organisation: Organisation, member: OrganisationMember) -> ResponseReturnValue:
    is_self = member.user_id == signed_in_user().id
    try:
        with unit_of_work():
            remove_member(member, actor=signed_in_user(), now=utcnow())
    except LastWhoMaySend:
        return _page(organisation, refused=LAST), 409
    if is_self:
        return redirect(url_for("account.home"))
    return redirect(url_for("groups.members", organisation_id=organisation.id))


def _page(organisation: Organisation, *, form: MemberForm | None = None, refused: str = "") -> str:
    may_run = can(signed_in_user(), Permission.GROUP_RUN, organisation)
    return render_template(
        "groups/members.html",
        organisation=organisation,
        members=[(each, RIGHT_WORDS[each.right.value]) for each in list_members(organisation)],
        me=signed_in_user(),
        may_run=may_run,
        form=form or MemberForm(None),
        refused=refused,
        invitations=list_open_invitations(InvitationKind.MEMBER, organisation=organisation, now=utcnow())
        if may_run
        else (),
        page_errors=form.error_list() if form else [],
        back_url=url_for("account.home"),
    )
