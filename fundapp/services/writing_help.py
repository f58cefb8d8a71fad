"""Help with writing: invited by the group, for one application and a time, marked on what it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from forms.definition import Stage
from fundapp.db import db
from fundapp.errors import FundError
from fundapp.models.application import Application, ApplicationHelper, HelpKind
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.queries.applications import definition_for
from fundapp.queries.deadlines import grace_ends_at
from fundapp.queries.people import list_helpers, list_umbrellas
from fundapp.services.answers import lock_application
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import record
from fundapp.services.invitations import check_is_alive, invite


class HelpEndsInThePast(FundError):
    """The time of a helper lies ahead, and within the round."""

    code = "help_ends_in_the_past"


@dataclass(frozen=True)
class Help:
    """What the group says of a helper. An umbrella organisation on file is named by its id or by its name."""

    name: str
    kind: HelpKind
    until: date | None = None
    organisation_id: UUID | None = None
    organisation_name: str = ""


def last_day_of_help(application: Application) -> datetime:
    """The end of the round for groups: nobody helps longer than there is something to write."""
    return grace_ends_at(application.round, Stage.FULL)


def invite_helper(
    application: Application, email: str, help: Help, *, actor: User, now: datetime
) -> Invitation:
    """Raises HelpEndsInThePast."""
    lock_application(application)
    check_is_alive(application)
    ends_at = last_day_of_help(application)
    if help.until is not None:
        zone = definition_for(application).zone
        ends_at = min(ends_at, datetime.combine(help.until, time(), zone) + timedelta(days=1))
    if ends_at <= now:
        raise HelpEndsInThePast
    organisation = _umbrella(help)
    details = {
        "name": help.name,
        "kind": help.kind.value,
        "until": ends_at.isoformat(),
        "organisation": organisation.name if organisation else help.organisation_name,
        "organisation_id": str(organisation.id) if organisation else "",
    }
    return invite(
        InvitationKind.HELPER,
        email,
        organisation=application.organisation,
        application=application,
        details=details,
        actor=actor,
        now=now,
    )


def start_help(invitation: Invitation, *, actor: User, now: datetime) -> ApplicationHelper:
    """The helper said yes. Ties with panel members are written down at once."""
    application = invitation.application
    assert application is not None
    known = {helper.user_id: helper for helper in list_helpers(application)}
    helper = known.get(actor.id) or ApplicationHelper(application=application, user=actor, created_at=now)
    said = invitation.details
    helper.name, helper.kind = said["name"], HelpKind(said["kind"])
    helper.organisation_name = said["organisation"]
    helper.organisation_id = UUID(said["organisation_id"]) if said["organisation_id"] else None
    helper.expires_at, helper.ended_at = datetime.fromisoformat(said["until"]), None
    db.session.add(helper)
    record(helper, "start_help", actor=actor, now=now, call_id=application.call_id)
    note_known_conflicts(application.call, actor=actor, now=now, application=application)
    return helper


def end_help(helper: ApplicationHelper, *, actor: User, now: datetime) -> None:
    """At once; ending twice keeps the first time. The tie stays on record."""
    if helper.ended_at is None and helper.expires_at > now:
        helper.ended_at = now
        record(helper, "end_help", actor=actor, now=now, call_id=helper.application.call_id)


def _umbrella(help: Help) -> Organisation | None:
    """Chosen from the list, or written by hand as it is on file."""
    for each in list_umbrellas():
        if (
            each.id == help.organisation_id
            or each.name.casefold() == help.organisation_name.strip().casefold()
        ):
            return each
    return None
