"""Every sum listed or granted in one call, with who it is for: what ring-fences are counted from.

Always the same nine queries, and nothing of the groups that have only asked so far (`demand` adds those up).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, AwardStatus, ClaimStatus, InstalmentStatus
from fundapp.models.application import Application, ApplicationStage, PartnerShare
from fundapp.models.award import Award, AwardShare, Clawback, Decision, Instalment, Outcome
from fundapp.models.call import Call
from fundapp.models.organisation import ByAndForClaim, Community, Organisation
from fundapp.models.ring_fence import RingFenceRelease
from fundapp.queries.proportions import in_proportion
from scoring.records import Counting

NOT_COUNTED = frozenset({AwardStatus.DECLINED_BY_GRANTEE, AwardStatus.WITHDRAWN})
NOT_ASKED = frozenset({ApplicationStatus.WITHDRAWN, ApplicationStatus.INELIGIBLE})
DECIDED = (ApplicationStatus.IN_PRINCIPLE, ApplicationStatus.RESERVE, ApplicationStatus.DECLINED)
ON_THE_BOARD = (ApplicationStatus.AT_PANEL, *DECIDED)


@dataclass(frozen=True)
class Part:
    """What one organisation gets, or asks for."""

    organisation_id: UUID
    pence: int


@dataclass(frozen=True)
class GroupFacts:
    """What ring-fences may ask about an organisation."""

    income_pence: int | None
    borough: str | None
    is_first_time: bool
    claims: Mapping[Community, ClaimStatus]


class Purpose(NamedTuple):
    """What ring-fences may ask about an application: its kind of grant and its theme; "" for none."""

    strand: str = ""
    theme: str = ""


@dataclass(frozen=True)
class Request:
    """A sum asked for, whatever came of it."""

    application_id: UUID
    round_id: UUID
    purpose: Purpose
    status: ApplicationStatus
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Listed:
    """An application to which the panel's list gives money."""

    application_id: UUID
    round_id: UUID
    purpose: Purpose
    parts: tuple[Part, ...]  # what each organisation asks for
    listed_pence: int

    @property
    def listed_parts(self) -> tuple[Part, ...]:
        """What each organisation gets if the panel's list becomes awards."""
        return split_parts(self.listed_pence, self.parts)


@dataclass(frozen=True)
class Grant:
    award_id: UUID
    application_id: UUID
    round_id: UUID
    purpose: Purpose
    status: AwardStatus
    is_accepted: bool
    paid_pence: int
    parts: tuple[Part, ...]
    asked_back_pence: int = 0  # of what was paid, whether it has come back or not
    returned_pence: int = 0

    @property
    def counting(self) -> Counting:
        if self.status in NOT_COUNTED:
            return Counting.NOT_COUNTED
        return Counting.TERMINATED if self.status is AwardStatus.TERMINATED else Counting.LIVE

    @property
    def counted_pence(self) -> int:
        """What the award takes out of the pot; money asked back is in the pot again once it has come."""
        match self.counting:
            case Counting.NOT_COUNTED:
                return 0
            case Counting.TERMINATED:
                return self.paid_pence - self.returned_pence
        return sum(part.pence for part in self.parts) - self.returned_pence

    @property
    def kept_pence(self) -> int:
        """What the group has or will have, without what it was asked to give back."""
        return max(0, self.counted_pence + self.returned_pence - self.asked_back_pence)


@dataclass(frozen=True)
class Released:
    """A ring-fence that keeps no more money; what was left may be kept for another one."""

    key: str
    moved_to: str | None
    kept_pence: int  # for the groups of that other one, with what they had


@dataclass(frozen=True)
class CallMoney:
    listed: tuple[Listed, ...]
    grants: tuple[Grant, ...]
    groups: Mapping[UUID, GroupFacts]
    released: tuple[Released, ...] = ()

    def grant(self, award_id: UUID) -> Grant:
        """Raises StopIteration for an award of another call."""
        return next(grant for grant in self.grants if grant.award_id == award_id)

    def counted_pence(self, *round_ids: UUID) -> int:
        """What awards take out of the pot, in these rounds or in all."""
        chosen = [g for g in self.grants if not round_ids or g.round_id in round_ids]
        return sum(grant.counted_pence for grant in chosen)

    @property
    def counted_applications(self) -> frozenset[UUID]:
        """Those whose awards take anything out of the pot."""
        return frozenset(grant.application_id for grant in self.grants if grant.counted_pence)


def pence(amount: Decimal | None) -> int:
    return int((amount or Decimal(0)) * 100)


def pounds(amount_in_pence: int) -> Decimal:
    return Decimal(amount_in_pence) / 100


def split_parts(total_pence: int, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The total shared out in the proportion of the parts; pennies left over go to the first ones.

    A part that would get nothing is left out, so that every share stays positive.
    """
    if not any(part.pence for part in parts):
        return ()
    shares = in_proportion(total_pence, [part.pence for part in parts])
    return tuple(
        Part(part.organisation_id, share) for part, share in zip(parts, shares, strict=True) if share
    )


def parts_of(application: Application, total_pence: int) -> tuple[Part, ...]:
    """How a grant of this size is shared by the organisations of an application, the lead first."""
    shares = sorted(application.shares, key=lambda share: (not share.is_lead, str(share.id)))
    asked = tuple(Part(share.organisation_id, pence(share.amount)) for share in shares)
    return _whole(application.organisation_id, total_pence, asked)


def purpose_of(application: Application) -> Purpose:
    return Purpose(application.strand_code or "", application.theme_code or "")


def load_call_money(call: Call) -> CallMoney:
    """With the groups that have an award or that the panel decides about."""
    at_panel = sa.and_(Application.stage == ApplicationStage.FULL, Application.status.in_(ON_THE_BOARD))
    return CallMoney(
        listed=_listed(call.id),
        grants=_grants(call.id),
        groups=_groups(call.id, at_panel),
        released=_released(call.id),
    )


def _released(call_id: UUID) -> tuple[Released, ...]:
    query = sa.select(
        RingFenceRelease.ring_fence,
        RingFenceRelease.moved_to,
        RingFenceRelease.left_over,
        RingFenceRelease.had_before,
    ).where(RingFenceRelease.call_id == call_id)
    rows = db.session.execute(query.order_by(RingFenceRelease.ring_fence))
    return tuple(
        Released(row.ring_fence, row.moved_to, pence(row.left_over) + pence(row.had_before)) for row in rows
    )


def load_requests(call: Call) -> tuple[tuple[Request, ...], Mapping[UUID, GroupFacts]]:
    """Every single request of a call with everybody in it: for what cannot be added up."""
    shares = _shares_by_owner(
        sa.select(PartnerShare.application_id, PartnerShare.organisation_id, PartnerShare.amount)
        .join(Application, Application.id == PartnerShare.application_id)
        .where(Application.call_id == call.id)
        .order_by(PartnerShare.application_id, PartnerShare.is_lead.desc(), PartnerShare.id)
    )
    rows = db.session.execute(
        sa.select(
            Application.id,
            Application.round_id,
            Application.organisation_id,
            Application.strand_code,
            Application.theme_code,
            Application.status,
            Application.amount_requested,
        )
        .where(Application.call_id == call.id, Application.amount_requested.is_not(None))
        .order_by(Application.id)
    )
    requests = tuple(
        Request(
            application_id=row.id,
            round_id=row.round_id,
            purpose=Purpose(row.strand_code or "", row.theme_code or ""),
            status=row.status,
            parts=_whole(row.organisation_id, pence(row.amount_requested), shares.get(row.id, ())),
        )
        for row in rows
    )
    return requests, _groups(call.id, sa.true())


def _listed(call_id: UUID) -> tuple[Listed, ...]:
    is_listed = sa.and_(
        Application.call_id == call_id,
        Application.status == ApplicationStatus.AT_PANEL,
        Application.amount_requested.is_not(None),
        Decision.outcome == Outcome.AWARD,
    )
    shares = _shares_by_owner(
        sa.select(PartnerShare.application_id, PartnerShare.organisation_id, PartnerShare.amount)
        .join(Application, Application.id == PartnerShare.application_id)
        .join(Decision, Decision.application_id == Application.id)
        .where(is_listed)
        .order_by(PartnerShare.application_id, PartnerShare.is_lead.desc(), PartnerShare.id)
    )
    rows = db.session.execute(
        sa.select(
            Application.id,
            Application.round_id,
            Application.organisation_id,
            Application.strand_code,
            Application.theme_code,
            Application.amount_requested,
            Decision.amount,
        )
        .join(Decision, Decision.application_id == Application.id)
        .where(is_listed)
        .order_by(Application.id)
    )
    return tuple(
        Listed(
            application_id=row.id,
            round_id=row.round_id,
            purpose=Purpose(row.strand_code or "", row.theme_code or ""),
            parts=_whole(row.organisation_id, pence(row.amount_requested), shares.get(row.id, ())),
            listed_pence=pence(row.amount),
        )
        for row in rows
    )


def _grants(call_id: UUID) -> tuple[Grant, ...]:
    is_lead = AwardShare.organisation_id == Award.organisation_id
    shares = _shares_by_owner(
        sa.select(AwardShare.award_id, AwardShare.organisation_id, AwardShare.amount)
        .join(Award, Award.id == AwardShare.award_id)
        .where(Award.call_id == call_id)
        .order_by(AwardShare.award_id, is_lead.desc(), AwardShare.created_at, AwardShare.id)
    )
    paid_rows = db.session.execute(
        sa.select(Instalment.award_id, Instalment.amount)
        .join(Award, Award.id == Instalment.award_id)
        .where(Award.call_id == call_id, Instalment.status == InstalmentStatus.PAID)
    )
    paid: dict[UUID, int] = defaultdict(int)
    for award_id, amount in paid_rows:
        paid[award_id] += pence(amount)
    asked_back, returned = _back(call_id)
    rows = db.session.execute(
        sa.select(
            Award.id,
            Award.application_id,
            Award.round_id,
            Award.organisation_id,
            Award.status,
            Award.accepted_at,
            Award.amount,
            Application.strand_code,
            Application.theme_code,
        )
        .join(Application, Application.id == Award.application_id)
        .where(Award.call_id == call_id)
        .order_by(Award.id)
    )
    return tuple(
        Grant(
            award_id=row.id,
            application_id=row.application_id,
            round_id=row.round_id,
            purpose=Purpose(row.strand_code or "", row.theme_code or ""),
            status=row.status,
            is_accepted=row.accepted_at is not None,
            paid_pence=paid[row.id],
            parts=_whole(row.organisation_id, pence(row.amount), shares.get(row.id, ())),
            asked_back_pence=asked_back[row.id],
            returned_pence=returned[row.id],
        )
        for row in rows
    )


def _back(call_id: UUID) -> tuple[Counter[UUID], Counter[UUID]]:
    """By award, in pence: what groups were asked to give back, and what has come."""
    query = (
        sa.select(Clawback.award_id, Clawback.amount, Clawback.received)
        .join(Award, Award.id == Clawback.award_id)
        .where(Award.call_id == call_id, Clawback.decided_at.is_not(None))
    )
    asked, received = Counter[UUID](), Counter[UUID]()
    for award_id, amount, came in db.session.execute(query):
        asked[award_id] += pence(amount)
        received[award_id] += pence(came)
    return asked, received


def _groups(call_id: UUID, which: sa.ColumnElement[bool]) -> dict[UUID, GroupFacts]:
    """Those in these applications, and those with an award."""
    seen = sa.and_(Application.call_id == call_id, which)
    partners = (
        sa.select(PartnerShare.organisation_id)
        .join(Application, Application.id == PartnerShare.application_id)
        .where(seen)
    )
    grantees = (
        sa.select(AwardShare.organisation_id)
        .join(Award, Award.id == AwardShare.award_id)
        .where(Award.call_id == call_id)
    )
    grant_holders = sa.select(Award.organisation_id).where(Award.call_id == call_id)
    leads = sa.select(Application.organisation_id).where(seen)
    ids = sa.union(leads, partners, grant_holders, grantees)
    claims: dict[UUID, dict[Community, ClaimStatus]] = defaultdict(dict)
    claim_rows = db.session.execute(
        sa.select(ByAndForClaim.organisation_id, ByAndForClaim.community, ByAndForClaim.status).where(
            ByAndForClaim.call_id == call_id, ByAndForClaim.organisation_id.in_(ids)
        )
    )
    for organisation_id, community, status in claim_rows:
        claims[organisation_id][community] = status
    rows = db.session.execute(
        sa.select(
            Organisation.id, Organisation.annual_income, Organisation.borough, Organisation.is_first_time
        ).where(Organisation.id.in_(ids))
    )
    return {
        row.id: GroupFacts(
            income_pence=None if row.annual_income is None else pence(row.annual_income),
            borough=row.borough,
            is_first_time=row.is_first_time,
            claims=claims.get(row.id, {}),
        )
        for row in rows
    }


def _shares_by_owner(query: sa.Select[UUID, UUID, Decimal]) -> dict[UUID, tuple[Part, ...]]:
    found: dict[UUID, list[Part]] = defaultdict(list)
    for owner_id, organisation_id, amount in db.session.execute(query):
        found[owner_id].append(Part(organisation_id, pence(amount)))
    return {owner_id: tuple(parts) for owner_id, parts in found.items()}


def _whole(organisation_id: UUID, total_pence: int, shares: tuple[Part, ...]) -> tuple[Part, ...]:
    """The shares where they add up to the total; else shared out again, or all for the one organisation."""
    if not shares:
        return (Part(organisation_id, total_pence),)
    if sum(part.pence for part in shares) == total_pence:
        return shares
    return split_parts(total_pence, shares)
