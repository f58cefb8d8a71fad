"""What all pages of this area share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint

from forms.pages.people import OrganisationChoice
from fundapp.models.fund import Fund
from fundapp.models.organisation import LegalForm, MemberRight, Organisation
from fundapp.models.user import User
from fundapp.queries.applications import list_groups_of
from fundapp.services.organisations import NewGroup, register_group
from fundapp.web.templating import in_own_direction

bp = Blueprint("groups", __name__)


def own_organisations(user: User) -> Sequence[Organisation]:
    """Those this person may speak for."""
    return list_groups_of(user, MemberRight.SUBMIT)


def as_choices(organisations: Sequence[Organisation]) -> list[tuple[str, str]]:
    return [(str(each.id), in_own_direction(each.name)) for each in organisations]


def chosen_organisation(
    form: OrganisationChoice, *, fund: Fund, once: str, actor: User, now: datetime
) -> Organisation:
    """The one chosen from the person's own, or a new one that is theirs from here on, once."""
    known = {str(each.id): each for each in own_organisations(actor)}
    if form.group_id in known:
        return known[str(form.group_id)]
    legal_form = form["legal_form"].data
    borough = form["borough"].data if "borough" in form else None
    new = NewGroup(form["name"].data, LegalForm(legal_form) if legal_form else None, borough=borough or None)
    return register_group(new, fund=fund, once=once, actor=actor, now=now)
