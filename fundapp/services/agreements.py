"""The agreement about a grant: its text is made, kept as it is, and signed by named people of every side."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fundapp.agreement_file import AgreementWords, agreement_words, digest_of
from fundapp.db import db
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import AwardStatus
from fundapp.models.agreement import AgreementSignature, AgreementText, Side, SignerRole
from fundapp.models.award import Award
from fundapp.models.user import User
from fundapp.queries.agreements import facts_of, find_text, has_signed, signers_of, still_to_sign
from fundapp.queries.award_checks import list_conditions
from fundapp.queries.calls import definition_of
from fundapp.queries.grant_plans import payments_as_agreed
from fundapp.queries.people import find_confirmed_host
from fundapp.services.complaints import ACKNOWLEDGE_DAYS


class AgreementChanged(FundError):
    """The text somebody accepted is not the text that stands now."""

    code = "agreement_changed"


class AlreadySigned(FundError):
    """One person signs a text once, and for one side only."""

    code = "already_signed"


class SideHasSigned(FundError):
    """Everybody who is needed on this side has signed."""

    code = "side_has_signed"


class AgreementStands(FundError):
    """A new version needs other facts than the one that is out."""

    code = "agreement_stands"


@dataclass(frozen=True)
class Signer:
    """Who signs, as the person says it; without a name the one of the account counts."""

    name: str = ""
    role: SignerRole = SignerRole.OTHER
    language: str = "en"


def draft_words(award: Award, *, now: datetime) -> AgreementWords:
    """What the agreement would say if it went out now."""
    definition = definition_of(award.application.call_version)
    today = now.astimezone(definition.zone).date()
    before = find_text(award)
    facts = facts_of(
        award,
        definition,
        version=before.number + 1 if before else 1,
        offered_on=today,
        complaint_days=ACKNOWLEDGE_DAYS,
    )
    return agreement_words(facts)


def offer_text(
    award: Award, *, signer: Signer, actor: User, now: datetime, read: str | None = None
) -> AgreementText:
    """Make the next version and sign it for the fund. `read`: the check sum of what the actor has read.

    Raises AgreementChanged where that is another text.
    """
    words = draft_words(award, now=now)
    written = words.written()
    digest = digest_of(written)
    if read is not None and read != digest:
        raise AgreementChanged
    host = find_confirmed_host(award.application)
    text = AgreementText(
        award=award,
        number=words.version,
        content=written,
        digest=digest,
        facts_digest=facts_digest(award),
        group_signers=signers_of(award, definition_of(award.application.call_version)),
        host_id=host.organisation_id if host else None,
        made_at=now,
    )
    db.session.add(text)
    db.session.flush()  # a signature is compared with the text it is for
    _add_signature(text, Side.FUND, signer, actor, now)
    award.agreement_digest = digest
    return text


def sign(
    award: Award, side: Side, *, digest: str, signer: Signer, actor: User, now: datetime
) -> AgreementText:
    """One more yes to exactly this text.

    Raises NotPossibleNow, AgreementChanged, AlreadySigned and SideHasSigned.
    """
    if award.status is not AwardStatus.AGREEMENT_SENT:
        raise NotPossibleNow("no agreement waits to be signed")
    text = find_text(award)
    if text is None or digest != text.digest or has_changed(award, text):
        raise AgreementChanged
    if has_signed(text, actor.id):
        raise AlreadySigned
    if side not in still_to_sign(text):
        raise SideHasSigned
    _add_signature(text, side, signer, actor, now)
    return text


def has_changed(award: Award, text: AgreementText) -> bool:
    """Whether what the text promises is no longer what the fund has in its books."""
    return award.agreement_digest != text.digest or text.facts_digest != facts_digest(award)


def facts_digest(award: Award) -> str:
    """SHA-256 of everything the agreement promises, apart from its words."""
    promised: dict[str, object] = {
        "award": award.public_id,
        "organisation": str(award.organisation_id),
        "amount": _written(award.amount),
        "months": award.months,
        "host": _host_of(award),
        "confidential": award.is_confidential,
        "rules": award.application.call_version.digest,
        "payments": [[_day(due_on), _written(amount)] for due_on, amount in payments_as_agreed(award)],
        "shares": sorted([str(share.organisation_id), _written(share.amount)] for share in award.shares),
    }
    if conditions := list_conditions(award):
        promised["conditions"] = [[each.words, each.help, _day(each.due_on)] for each in conditions]
    return hashlib.sha256(json.dumps(promised, sort_keys=True).encode()).hexdigest()


def _add_signature(text: AgreementText, side: Side, signer: Signer, actor: User, now: datetime) -> None:
    signature = AgreementSignature(
        text=text,
        side=side,
        user=actor,
        name=(signer.name.strip() or actor.shown_name)[:200],
        role=signer.role,
        digest=text.digest,
        language=signer.language,
        signed_at=now,
    )
    db.session.add(signature)
    db.session.flush()


def _host_of(award: Award) -> bool | list[str]:
    """The organisation that holds the money and the text it signed."""
    host = find_confirmed_host(award.application)
    if host is None:
        return award.application.needs_host
    return [str(host.organisation_id), host.text_digest or ""]


def _written(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _day(day: date) -> str:
    return day.isoformat()
