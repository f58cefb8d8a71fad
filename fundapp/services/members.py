"""Who belongs to a group: asking, changing rights, leaving, and the fund's way to a new person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import InvalidRequestError

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.application import Application
from fundapp.models.invitation import HandOver, Invitation, InvitationKind
from fundapp.models.organisation import MemberRight, Organisation, OrganisationMember
from fundapp.models.user import User
from fundapp.queries.invitations import find_asked_hand_over
from fundapp.queries.people import find_membership, is_last_who_may_send, list_members
from fundapp.services.applications import ReasonNeeded
from fundapp.services.events import record
from fundapp.services.invitations import check_is_alive, invite
from fundapp.services.messages import MessageKind, notify

ORDER = (MemberRight.VIEW, MemberRight.EDIT, MemberRight.SUBMIT)


class LastWhoMaySend(FundError):
    """Somebody of the group must be able to send; name another person first."""

    code = "last_who_may_send"


class SamePerson(FundError):
    """It takes a second person."""

    code = "same_person"


def invite_member(
    organisation: Organisation, email: str, right: MemberRight, *, actor: User, now: datetime
) -> Invitation:
    return invite(
        InvitationKind.MEMBER,
        email,
        organisation=organisation,
        details={"right": right.value},
        actor=actor,
        now=now,
    )


def add_member(
    organisation: Organisation, person: User, right: MemberRight, *, actor: User, now: datetime
) -> OrganisationMember:
    """Who is in already keeps the larger right. The others are told, without names."""
    lock_row(Organisation, organisation.id)
    member = find_membership(person, organisation)
    if member is None:
        member = OrganisationMember(organisation=organisation, user=person, right=right)
        db.session.add(member)
    elif ORDER.index(right) <= ORDER.index(member.right):
        return member
    else:
        member.right = right
    details = {"person": str(person.id), "right": right.value}
    record(organisation, "add_member", actor=actor, now=now, details=details)
    _tell_others(organisation, person, now=now)
    return member


def change_right(member: OrganisationMember, right: MemberRight, *, actor: User, now: datetime) -> None:
    """Raises LastWhoMaySend."""
    _lock(member)
    if member.right is right:
        return
    if is_last_who_may_send(member):
        raise LastWhoMaySend
    member.right = right
    details = {"person": str(member.user_id), "right": right.value}
    record(member.organisation, "change_right", actor=actor, now=now, details=details)
    _tell_others(member.organisation, actor, now=now)


def remove_member(member: OrganisationMember, *, actor: User, now: datetime) -> None:
    """Also how somebody leaves. What the person wrote stays with the group. Raises LastWhoMaySend."""
    _lock(member)
    if is_last_who_may_send(member):
        raise LastWhoMaySend
    organisation, person = member.organisation, member.user
    db.session.delete(member)
    record(organisation, "remove_member", actor=actor, now=now, details={"person": str(person.id)})
    _tell_others(organisation, person, now=now)


def ask_hand_over(
    application: Application, email: str, *, reason: str, actor: User, now: datetime
) -> HandOver:
    """First of two people of the fund: the group has lost whoever could sign in. Raises ReasonNeeded."""
    if not reason.strip():
        raise ReasonNeeded
    lock_row(Application, application.id)
    check_is_alive(application)
    if find_asked_hand_over(application) is not None:
        raise NotPossibleNow("another one waits already")
    asked = HandOver(
        application=application,
        email=email.strip().lower(),
        reason=reason.strip(),
        asked_by=actor,
        created_at=now,
    )
    db.session.add(asked)
    record(application, "ask_hand_over", actor=actor, now=now, reason=reason.strip())
    _tell_others(application.organisation, None, now=now)
    return asked


def agree_hand_over(hand_over: HandOver, *, actor: User, now: datetime) -> None:
    """Second person: the new one is invited with the right to send. Raises SamePerson."""
    _lock_hand_over(hand_over)
    if hand_over.asked_by_id == actor.id:
        raise SamePerson
    application = hand_over.application
    check_is_alive(application)
    hand_over.agreed_by_id, hand_over.agreed_at = actor.id, now
    invite_member(application.organisation, hand_over.email, MemberRight.SUBMIT, actor=actor, now=now)
    record(application, "agree_hand_over", actor=actor, now=now, reason=hand_over.reason)
    _tell_others(application.organisation, None, now=now)


def drop_hand_over(hand_over: HandOver, *, actor: User, now: datetime) -> None:
    _lock_hand_over(hand_over)
    hand_over.dropped_at = now
    record(hand_over.application, "drop_hand_over", actor=actor, now=now)


def _lock(member: OrganisationMember) -> None:
    """Raises NotPossibleNow where somebody has removed the person meanwhile."""
    lock_row(Organisation, member.organisation_id)
    try:
        db.session.refresh(member)
    except InvalidRequestError:
        raise NotPossibleNow("no longer a member") from None


def _lock_hand_over(hand_over: HandOver) -> None:
    lock_row(Application, hand_over.application_id)
    db.session.refresh(hand_over)
    if hand_over.agreed_at is not None or hand_over.dropped_at is not None:
        raise NotPossibleNow("this was settled already")


def _tell_others(organisation: Organisation, but: User | None, *, now: datetime) -> None:
    """A neutral mail: who came or left is on the page, not in the mail."""
    db.session.flush()
    for member in list_members(organisation):
        if but is None or member.user_id != but.id:
            notify(member.user, MessageKind.PEOPLE_CHANGED, now=now)
