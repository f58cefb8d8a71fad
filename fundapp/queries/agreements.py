"""What stands in a grant's agreement, who has signed it and who still has to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.agreement_file import AgreementFacts, HostFacts, Payment
from fundapp.call_file.definition import CallDefinition
from fundapp.db import db
from fundapp.models.agreement import AgreementSignature, AgreementText, Side
from fundapp.models.award import Award, AwardShare
from fundapp.models.partnership import FiscalHost
from fundapp.queries.award_checks import list_conditions
from fundapp.queries.bank_accounts import may_sign_alone
from fundapp.queries.grant_plans import first_plan
from fundapp.queries.people import find_confirmed_host

_WITH_SIGNATURES = selectinload(AgreementText.signatures).joinedload(AgreementSignature.user)


def find_text(award: Award) -> AgreementText | None:
    """The newest version with its signatures: what is signed now, or what holds."""
    query = (
        sa.select(AgreementText)
        .where(AgreementText.award_id == award.id)
        .options(_WITH_SIGNATURES, joinedload(AgreementText.host))
        .order_by(AgreementText.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalar_one_or_none()


def find_hosted_text(host: FiscalHost) -> AgreementText | None:
    """The newest text about the grant whose money this host holds, where it names it as the third side."""
    query = sa.select(Award).where(Award.application_id == host.application_id)
    award = db.session.execute(query).scalar_one_or_none()
    text = find_text(award) if award is not None else None
    return text if text is not None and text.host_id == host.organisation_id else None


def get_text(text_id: UUID) -> AgreementText:
    """With its signatures. Raises NoResultFound."""
    query = sa.select(AgreementText).where(AgreementText.id == text_id).options(_WITH_SIGNATURES)
    return db.session.execute(query).scalar_one()


def still_to_sign(text: AgreementText) -> dict[Side, int]:
    """How many people of each side; empty once the agreement holds."""
    signed = [each.side for each in text.signatures]
    wanted = {Side.FUND: 1, Side.GROUP: text.group_signers}
    if text.host_id is not None:
        wanted[Side.HOST] = 1
    missing = {side: number - signed.count(side) for side, number in wanted.items()}
    return {side: number for side, number in missing.items() if number > 0}


def has_signed(text: AgreementText, user_id: UUID) -> bool:
    return any(each.user_id == user_id for each in text.signatures)


def needs_another_signer(award: Award, text: AgreementText) -> bool:
    """Fewer people may sign for the group than are needed."""
    return text.group_signers > 1 and may_sign_alone(award)


def facts_of(
    award: Award, definition: CallDefinition, *, version: int, offered_on: date, complaint_days: int
) -> AgreementFacts:
    """Everything the agreement says about this grant."""
    application, fund = award.application, award.call.fund
    host = find_confirmed_host(application)
    return AgreementFacts(
        number=award.public_id,
        version=version,
        fund=fund.organisation_name,
        group=award.organisation.name,
        language=application.language,
        amount=award.amount,
        months=award.months,
        strand=definition.strand(application.strand_code or "").title,
        definition=definition,
        payments=_payments(award, definition),
        group_signers=signers_of(award, definition),
        complaint_days=complaint_days,
        offered_on=offered_on,
        host=HostFacts(host.organisation.name, host.fee_percent, host.decides)
        if host and host.organisation and host.fee_percent is not None and host.decides
        else None,
        lines=_lines(award, definition),
        asked=application.amount_requested,
        shares=_shares(award),
        conditions=tuple((each.words, each.due_on) for each in list_conditions(award)),
        is_confidential=award.is_confidential,
        phone=fund.contact_phone,
    )


def _shares(award: Award) -> tuple[tuple[str, Decimal], ...]:
    """The lead first, then by name: the same text whatever order the database gives."""

    def place(share: AwardShare) -> tuple[bool, str]:
        return share.organisation_id != award.organisation_id, share.organisation.name

    return tuple((each.organisation.name, each.amount) for each in sorted(award.shares, key=place))


def signers_of(award: Award, definition: CallDefinition) -> int:
    """How many people of the group the call wants."""
    most = definition.awards.two_signers_from
    return 2 if most is not None and award.amount >= most else 1


def _payments(award: Award, definition: CallDefinition) -> tuple[Payment, ...]:
    return tuple(
        Payment(
            each.number,
            each.due_on,
            each.amount,
            definition.check_in(each.check_in_kind).title if each.check_in_kind else None,
        )
        for each in award.instalments
    )


def _lines(award: Award, definition: CallDefinition) -> tuple[tuple[str, Decimal], ...]:
    """With the amounts that are agreed; nothing where the group gave no lines."""
    lines = first_plan(award, definition).lines
    return tuple((line.name, line.amount) for line in lines if line.name)
