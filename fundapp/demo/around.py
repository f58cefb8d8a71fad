"""People around the applications of the demo: a helper, hosts who hold money, partners who say yes."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa

from forms.i18n import activate
from fundapp.db import db
from fundapp.demo.people import Group, address_of, new_person
from fundapp.models.application import Application, HelpKind
from fundapp.models.fund import Fund
from fundapp.models.invitation import Invitation
from fundapp.models.organisation import LegalForm, Organisation
from fundapp.models.partnership import Decider, FiscalHost
from fundapp.models.user import User
from fundapp.queries.applications import definition_for
from fundapp.queries.users import find_user_by_email
from fundapp.services.hosts import HostWord, confirm_host, invite_host
from fundapp.services.joining import accept_invitation
from fundapp.services.organisations import NewGroup, register_group
from fundapp.services.partners import confirm_share, invite_partner, share_of
from fundapp.services.writing_help import Help, invite_helper
from fundapp.web.groups.words import host_text, signed_text

HELPER, HOST_PERSON, HOST = "Winifred Sparrow", "Ada Quayle", "Quayside Trust"
FEE = Decimal("2.50")


def add_helper(application: Application, group: Group, *, at: datetime) -> User:
    """Somebody who may write for a month, and has said yes."""
    helper = find_user_by_email(address_of(HELPER)) or new_person(HELPER, "en", at)
    until = (at + timedelta(days=30)).date()
    help = Help(HELPER, HelpKind.WRITING, until=until, organisation_name="The Word House")
    invitation = invite_helper(application, helper.email, help, actor=group.person, now=at)
    accept_invitation(invitation, actor=helper, now=at)
    return helper


def ask_host(application: Application, asker: User, *, at: datetime) -> FiscalHost:
    """Asked, and reading what it would sign."""
    person = find_user_by_email(address_of(HOST_PERSON)) or new_person(HOST_PERSON, "en", at)
    host = invite_host(application, person.email, actor=asker, now=at)
    accept_invitation(host.invitation, actor=person, now=at)
    return host


def give_host(application: Application, asker: User, *, at: datetime) -> None:
    """For a group without an account: a host that has said yes in writing."""
    if not application.needs_host:
        return
    host = ask_host(application, asker, at=at)
    person = db.session.get(User, host.user_id)
    assert person is not None
    with activate("en"):
        text = signed_text(
            host_text(host, definition_for(application).awards.host_fee_percent),
            organisation=HOST,
            decides=Decider.GROUP.value,
            fee=FEE,
            signed_by=HOST_PERSON,
        )
    trust = _trust(application.call.fund, person, at)
    confirm_host(host, HostWord(trust, HOST_PERSON, FEE, Decider.GROUP, text), actor=person, now=at)


def _trust(fund: Fund, person: User, at: datetime) -> Organisation:
    known = db.session.execute(sa.select(Organisation).where(Organisation.name == HOST)).scalar_one_or_none()
    new = NewGroup(HOST, LegalForm.CIO, Decimal(320_000), "Southwark")
    return known or register_group(new, fund=fund, once="demo", actor=person, now=at)


def say_yes_as_partner(application: Application, lead: Group, partner: Group, *, at: datetime) -> None:
    """The partner sees its share, says yes, and declares for itself."""
    asked = invite_partner(application, partner.name, partner.person.email, actor=lead.person, now=at)
    invitation: Invitation = asked.invitation
    accept_invitation(invitation, actor=partner.person, now=at)
    amount = share_of(asked)
    if amount is not None:
        bands = {"E8": partner.led, "E9": "all", "E10": "all"}
        confirm_share(
            asked,
            amount,
            organisation=partner.organisation,
            bands=bands,
            is_migrant_led=partner.is_migrant_led,
            actor=partner.person,
            now=at,
        )
