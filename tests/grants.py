"""Grants at each point of their life, made through the same services as the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from fundapp.agreement_file import digest_of
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import CheckInStatus, InstalmentStatus
from fundapp.models.award import Award, Instalment, Ratification
from fundapp.models.call import Call
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.monitoring import CheckIn
from fundapp.models.user import User
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import list_checks
from fundapp.services.agreements import draft_words
from fundapp.services.check_ins import hold_check_in
from fundapp.services.grant_plans import agree_to_variation, ask_for_time
from fundapp.services.grants import accept_agreement, send_agreement, settle_check, start_checks
from fundapp.services.instalments import plan_instalments
from tests.factories import (
    AwardFactory,
    BankAccountFactory,
    CallFactory,
    FundRoleFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    RatificationFactory,
)


@dataclass(frozen=True)
class Grant:
    """With the people who work on it."""

    award: Award
    manager: User
    other_manager: User
    finance: User
    signer: User  # of the group

    @property
    def payments(self) -> list[Instalment]:
        return self.award.instalments

    def check_in(self, kind: str) -> CheckIn:
        query = sa.select(CheckIn).where(CheckIn.award_id == self.award.id, CheckIn.kind == kind)
        return db.session.execute(query).scalar_one()


def grant_in_principle(
    call: Call | None = None,
    *,
    amount: str = "40000.00",
    strand: str = "A",
    income: str = "40000.00",
    **award: Any,
) -> Grant:
    """Everybody has been told; payments are planned, where to pay is checked, nothing else has happened."""
    call = call or CallFactory(closed=True)
    organisation = OrganisationFactory(annual_income=Decimal(income))
    made: Award = AwardFactory(
        application__call=call,
        application__organisation=organisation,
        application__strand_code=strand,
        amount=Decimal(amount),
        months=definition_of(call.versions[-1]).strand(strand).months,
        **{"application__group_told_at": utcnow()} | award,
    )
    if (
        db.session.execute(sa.select(Ratification).where(Ratification.round_id == made.round_id)).first()
        is None
    ):
        RatificationFactory(round=call.rounds[0], released=True)
    BankAccountFactory(award=made, checked=True)
    starts_on = made.starts_on or utcnow().date()
    grant = Grant(
        award=made,
        manager=FundRoleFactory(fund=call.fund).user,
        other_manager=FundRoleFactory(fund=call.fund).user,
        finance=FundRoleFactory(fund=call.fund, kind=FundRoleKind.FINANCE).user,
        signer=OrganisationMemberFactory(organisation=organisation).user,
    )
    with unit_of_work():
        plan_instalments(made, definition_of(call.versions[-1]), starts_on=starts_on, now=utcnow())
    return grant


def grant_with_agreement(call: Call | None = None, **traits: Any) -> Grant:
    """The checks are settled and the agreement waits for the group."""
    grant = grant_in_principle(call, **traits)
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    with unit_of_work():
        for item in list_checks(grant.award):
            settle_check(item, note="", actor=grant.manager, now=utcnow())
        send_agreement(grant.award, actor=grant.manager, now=utcnow())
    return grant


def text_read(award: Award) -> dict[str, str]:
    """What the fund's page of the agreement sends with the signature: which text stood on it."""
    return {"read": digest_of(draft_words(award, now=utcnow()).written())}


def active_grant(call: Call | None = None, **traits: Any) -> Grant:
    """The group has accepted."""
    grant = grant_with_agreement(call, **traits)
    with unit_of_work():
        digest = grant.award.agreement_digest or ""
        accept_agreement(grant.award, digest=digest, actor=grant.signer, now=utcnow())
    return grant


def talk(grant: Grant, kind: str, **told: Any) -> CheckIn:
    """The conversation takes place."""
    check_in = grant.check_in(kind)
    arguments = {"answers": {"K1": "Amina sleeps."}, "language": "en", "minutes": 30, "levels": {}} | told
    with unit_of_work():
        hold_check_in(check_in, actor=grant.signer, now=utcnow(), **arguments)
    return check_in


def pay_and_answer_all(grant: Grant) -> None:
    """What is paid already stays as it is."""
    for payment in grant.payments:
        if payment.status is not InstalmentStatus.PAID:
            payment.status, payment.paid_at = InstalmentStatus.PAID, utcnow()
    for talk in db.session.execute(sa.select(CheckIn).where(CheckIn.award_id == grant.award.id)).scalars():
        talk.status, talk.held_at, talk.replied_at = CheckInStatus.ANSWERED_BY_FUNDER, utcnow(), utcnow()


def more_time(grant: Grant, *, until: date) -> None:
    """The group asks for it, and the fund agrees."""
    with unit_of_work():
        wish = ask_for_time(
            grant.award,
            ends_on=until,
            words="The hall is being repaired.",
            language="en",
            actor=grant.signer,
            now=utcnow(),
        )
    with unit_of_work():
        agree_to_variation(wish, "Yes.", actor=grant.manager, now=utcnow())


def mails_to(user: User) -> list[str]:
    """Kinds of the mails promised to somebody, oldest first."""
    query = sa.select(Message.kind).where(Message.recipient_id == user.id).order_by(Message.created_at)
    return list(db.session.execute(query).scalars())
