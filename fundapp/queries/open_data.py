"""Awards as open data: the 360Giving Data Standard 1.4, made from an allow-list, never from a deny-list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import Json, db
from fundapp.lifecycles import AwardStatus, ClaimStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Ratification
from fundapp.models.call import Call
from fundapp.models.grant_plan import GrantVersion
from fundapp.models.organisation import ByAndForClaim, Community, Organisation
from fundapp.models.publication import GrantPublication
from fundapp.months import months_later
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.grant_plans import first_end
from fundapp.queries.places import BOROUGH_CODE_TYPE, BOROUGH_CODES, LONDON, REGION_CODE_TYPE
from fundapp.queries.register_numbers import charity_of, company_of
from fundapp.queries.tallies import MANY_ENOUGH

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

DEI_VERSION = "1.1"
DEI_EXTENSION = "dei"
ASKED_BEFORE, NOT_ASKED = "AS200", "AS100"
ANSWERED, ANSWERED_IN_GENERAL, NOT_TO_BE_SHARED = "RS200", "RS201", "RS203"
POPULATION_GROUPS = "AO100"
MIGRANTS, RACIALLY_MINORITISED = "DEI050000", "DEI010000"


@dataclass(frozen=True)
class Withheld:
    """Grants left out because somebody could be at risk: their number and their sum."""

    number: int
    amount: Decimal


@dataclass(frozen=True)
class ReleasedGrant:
    """An award whose group knows of it, with what was decided about it in open data."""

    award: Award
    publication: GrantPublication | None

    @property
    def is_confidential(self) -> bool:
        return self.award.keeps_confidential

    @property
    def is_coarse(self) -> bool:
        return self.publication is not None and self.publication.is_coarse

    def is_open_on(self, day: date) -> bool:
        """In open data: somebody has read it as it is now, and nothing speaks against it."""
        return not self.is_confidential and self.publication is not None and self.publication.is_open_on(day)

    def is_withheld_on(self, day: date) -> bool:
        """For safety: not because nobody has read it yet."""
        return self.is_confidential or (self.publication is not None and self.publication.is_withheld_on(day))


def withheld(call: Call, day: date) -> Withheld:
    return _withheld(list_released_grants(call), day)


def _withheld(released: Sequence[ReleasedGrant], day: date) -> Withheld:
    amounts = [each.award.amount for each in released if each.is_withheld_on(day)]
    return Withheld(len(amounts), sum(amounts, Decimal(0)))


def package_for(call: Call, today: date) -> Json:
    """A 360Giving package of one call; without grants as long as nobody has been told."""
    definition = definition_of(current_version(call))
    title = definition.title.in_language(SOURCE_LANGUAGE)
    released = list_released_grants(call)
    kept_back, leaders, plans = _withheld(released, today), _leaders(call), _plans(call)
    # few that are left out could be found by taking the others from what the ring-fences say of all
    may_tell = kept_back.number == 0 or kept_back.number >= MANY_ENOUGH
    grants = [
        _grant(each, call, title, plans.get(each.award.id))
        | {"deiDetails": _dei(each, leaders, may_tell=may_tell)}
        for each in released
        if each.is_open_on(today)
    ]
    changed = [datetime.fromisoformat(grant["dateModified"]).date() for grant in grants]
    return {
        "version": STANDARD_VERSION,
        "extensions": [DEI_EXTENSION],
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


def list_released_grants(call: Call) -> Sequence[ReleasedGrant]:
    query = (
        sa.select(Award, GrantPublication)
        .join(Ratification, Ratification.round_id == Award.round_id)
        .outerjoin(GrantPublication, GrantPublication.award_id == Award.id)
        .where(
            Award.call_id == call.id,
            Award.status.in_(AWARDED),
            Ratification.released_at.is_not(None),
        )
        .options(
            joinedload(Award.organisation), joinedload(Award.application).joinedload(Application.organisation)
        )
        .order_by(Award.public_id)
    )
    return [ReleasedGrant(award, publication) for award, publication in db.session.execute(query)]


def _leaders(call: Call) -> dict[UUID, set[Community]]:
    """Confirmed claims, by organisation."""
    rows = db.session.execute(
        sa.select(ByAndForClaim.organisation_id, ByAndForClaim.community).where(
            ByAndForClaim.call_id == call.id, ByAndForClaim.status == ClaimStatus.CONFIRMED
        )
    )
    found: dict[UUID, set[Community]] = {}
    for organisation_id, community in rows:
        found.setdefault(organisation_id, set()).add(community)
    return found


@dataclass(frozen=True)
class _Plan:
    ends_on: date
    agreed_at: datetime


def _plans(call: Call) -> dict[UUID, _Plan]:
    """By award, what is agreed now: more time moves the end."""
    query = (
        sa.select(GrantVersion.award_id, GrantVersion.ends_on, GrantVersion.agreed_at)
        .join(Award, Award.id == GrantVersion.award_id)
        .where(Award.call_id == call.id)
        .order_by(GrantVersion.number)  # the newest of each award stays
    )
    return {row.award_id: _Plan(row.ends_on, row.agreed_at) for row in db.session.execute(query)}


def _dei(released: ReleasedGrant, leaders: Mapping[UUID, set[Community]], *, may_tell: bool) -> Json:
    """The call asks about leadership and main purpose in one claim, and nothing about a single project."""
    publication = released.publication
    if publication is None or not publication.shares_dei or not may_tell:
        area: Json = {"askedStatus": ASKED_BEFORE, "replyStatus": NOT_TO_BE_SHARED}
    else:
        sure = leaders.get(released.award.organisation_id, set())
        code = MIGRANTS if Community.MIGRANT in sure else RACIALLY_MINORITISED
        area = {"askedStatus": ASKED_BEFORE, "availableOptions": [POPULATION_GROUPS]}
        if Community.BY_AND_FOR in sure:
            area |= {"replyStatus": ANSWERED, "response": {"taxonomyCodes": [code]}}
        else:
            area |= {"replyStatus": ANSWERED_IN_GENERAL}
    return {
        "deiVersion": DEI_VERSION,
        "leadership": area,
        "mission": dict(area),
        "project": {"askedStatus": NOT_ASKED},
    }


def _grant(released: ReleasedGrant, call: Call, programme: str, plan: _Plan | None) -> Json:
    award = released.award
    group, application = award.organisation, award.application
    read_at = [released.publication.reviewed_at] if released.publication else []
    agreed_at = [plan.agreed_at] if plan else []
    changed_at = max([award.accepted_at or award.created_at, *read_at, *agreed_at])
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
        "beneficiaryLocation": [_location(None if released.is_coarse else group.borough)],
        "fromOpenCall": "Yes",
        "dateModified": changed_at.isoformat(timespec="seconds"),
    }
    if application.amount_requested:
        grant["amountAppliedFor"] = _number(application.amount_requested)
    if award.starts_on:
        grant["plannedDates"] = [_dates(award.starts_on, plan.ends_on if plan else first_end(award))]
    return grant


def _dates(starts_on: date, ends_on: date) -> Json:
    """As both sides plan it now. The duration is in months, so it is said only where they are whole."""
    dates: Json = {"startDate": starts_on.isoformat(), "endDate": ends_on.isoformat()}
    after = ends_on + timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return dates | ({"duration": months} if months_later(starts_on, months) == after else {})


def _recipient(group: Organisation) -> Json:
    """Registered groups by their number, all others by an identifier of ours that opens nothing."""
    recipient: Json = {"id": group.public_id, "name": group.name}
    if company := company_of(group):
        recipient |= {"id": company.org_id, "companyNumber": company.number}
    if charity := charity_of(group):
        recipient |= {"id": charity.org_id, "charityNumber": charity.number}
    return recipient


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
