"""Awards as open data: the 360Giving Data Standard 1.4, made from an allow-list, never from a deny-list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import Json, db
from fundapp.lifecycles import AwardStatus
from fundapp.models.award import Award, Ratification
from fundapp.models.call import Call
from fundapp.models.organisation import Organisation
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.places import BOROUGH_CODE_TYPE, BOROUGH_CODES, LONDON, REGION_CODE_TYPE

STANDARD_VERSION = "1.4"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CURRENCY = "GBP"
UNITED_KINGDOM = "GB"
AWARDED = (
    AwardStatus.IN_PRINCIPLE,
    AwardStatus.CHECKS,
    AwardStatus.AGREEMENT_SENT,
    AwardStatus.ACTIVE,
    AwardStatus.CLOSING,
    AwardStatus.COMPLETED,
    AwardStatus.TERMINATED,
)
SOURCE_LANGUAGE = "en"
REGISTER_NUMBER = re.compile(r"[A-Z]{0,3}[0-9]{4,10}")
OTHER_REGISTERS = (("SC", "GB-SC"), ("NIC", "GB-NIC"))  # charities of Scotland and Northern Ireland


@dataclass(frozen=True)
class Withheld:
    """Grants left out because somebody could be at risk: their number and their sum."""

    number: int
    amount: Decimal


def withheld(call: Call) -> Withheld:
    kept_back = [award for award in _released_awards(call) if _is_confidential(award)]
    return Withheld(len(kept_back), sum((award.amount for award in kept_back), Decimal(0)))


def package_for(call: Call, today: date) -> Json:
    """A 360Giving package of one call; without grants as long as nobody has been told."""
    definition = definition_of(current_version(call))
    title = definition.title.in_language(SOURCE_LANGUAGE)
    kept_back = withheld(call)
    grants = [_grant(award, call, title) for award in _released_awards(call) if not _is_confidential(award)]
    changed = [datetime.fromisoformat(grant["dateModified"]).date() for grant in grants]
    return {
        "version": STANDARD_VERSION,
        "title": f"Grants of {title}",
        "description": (
            f"Awards of call {call.code}. Withheld for safety: {kept_back.number} grants, "
            f"{kept_back.amount:.2f} pounds in all."
        ),
        "issued": min(changed, default=today).isoformat(),
        "modified": max(changed, default=today).isoformat(),
        "identifier": f"{call.fund.publisher_prefix}-{call.code}",
        "publisher": {"identifier": call.fund.publisher_prefix, "name": call.fund.organisation_name},
        "license": LICENCE,
        "grants": grants,
    }


def _released_awards(call: Call) -> Sequence[Award]:
    query = (
        sa.select(Award)
        .join(Ratification, Ratification.round_id == Award.round_id)
        .where(
            Award.call_id == call.id,
            Award.status.in_(AWARDED),
            Ratification.released_at.is_not(None),
        )
        .options(joinedload(Award.organisation), joinedload(Award.application))
        .order_by(Award.public_id)
    )
    return db.session.execute(query).scalars().all()


def _is_confidential(award: Award) -> bool:
    """Any of the three is enough: the award, the group as it is today, or what it once answered."""
    return award.is_confidential or award.organisation.is_confidential or award.application.is_confidential


def _grant(award: Award, call: Call, programme: str) -> Json:
    group, application = award.organisation, award.application
    grant: Json = {
        "id": award.public_id,
        "title": award.public_title,
        "description": award.public_summary,
        "currency": CURRENCY,
        "amountAwarded": _number(award.amount),
        "awardDate": award.awarded_on.isoformat(),
        "recipientOrganization": [_recipient(group)],
        "fundingOrganization": [{"id": call.fund.org_identifier, "name": call.fund.organisation_name}],
        "grantProgramme": [{"code": call.code, "title": programme}],
        "beneficiaryLocation": [_location(group.borough)],
        "fromOpenCall": "Yes",
        "dateModified": (award.accepted_at or award.created_at).isoformat(timespec="seconds"),
    }
    if application.amount_requested:
        grant["amountAppliedFor"] = _number(application.amount_requested)
    if award.starts_on:
        grant["plannedDates"] = [{"startDate": award.starts_on.isoformat(), "duration": award.months}]
    return grant


def _recipient(group: Organisation) -> Json:
    """Registered groups by their number, all others by an identifier of ours that opens nothing."""
    recipient: Json = {"id": group.public_id, "name": group.name}
    if company := _register_number(group.company_number):
        recipient |= {"id": f"GB-COH-{company}", "companyNumber": company}
    if charity := _register_number(group.charity_number):
        register = next((name for start, name in OTHER_REGISTERS if charity.startswith(start)), "GB-CHC")
        recipient |= {"id": f"{register}-{charity}", "charityNumber": charity}
    return recipient


def _register_number(typed: str | None) -> str | None:
    """Without spaces; None where it cannot be a number of a register."""
    number = "".join((typed or "").split()).upper()
    return number if REGISTER_NUMBER.fullmatch(number) else None


def _location(borough: str | None) -> Json:
    """The borough at finest, London where it is not known."""
    if borough in BOROUGH_CODES:
        place, code, kind = borough, BOROUGH_CODES[borough], BOROUGH_CODE_TYPE
    else:
        (place, code), kind = LONDON, REGION_CODE_TYPE
    return {"name": place, "geoCode": code, "geoCodeType": kind, "countryCode": UNITED_KINGDOM}


def _number(amount: Decimal) -> int | float:
    """The standard wants a JSON number; pence survive, because two decimals do."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)
