"""A member's work on a panel: what is left, the hours so far, the fee they make, and what was asked for.

Own work counts also where a tie that came up later has closed the application: the hours were worked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from fundapp.call_file.assessment import PanelRules, Payment
from fundapp.db import db
from fundapp.lifecycles import PanelClaimStatus
from fundapp.models.call import Call, Round
from fundapp.models.meeting import Meeting, MeetingPresence
from fundapp.models.panel import Panel, PanelSeat, Review, ReviewAssignment
from fundapp.models.panel_claim import ClaimFor, PanelClaim
from fundapp.models.practice import PracticeSample, PracticeSheet
from fundapp.queries.training import list_taken, topics_of

DECLINED, TO_ORGANISATION = "declined", "organisation"  # ways of payment that mean something to us
NOT_COUNTED = (PanelClaimStatus.RETURNED, PanelClaimStatus.TAKEN_BACK)


@dataclass(frozen=True)
class Work:
    """What is counted for one member, in hours; `half_days` is every half day that was begun."""

    locked: int
    reading: Decimal
    training: Decimal
    meeting: Decimal
    half_days: int
    fee: Decimal

    @property
    def hours(self) -> Decimal:
        return self.reading + self.training + self.meeting


@dataclass(frozen=True)
class Samples:
    done: int
    all: int


def work_of(seat: PanelSeat, rules: PanelRules) -> Work:
    """Locked sheets by the minutes of the call, training, the meeting for who came."""
    locked = _count_locked(seat)
    day = rules.payment.hours_a_day
    reading = Decimal(locked * rules.load.minutes_each) / 60
    training = rules.training.days * day * _share_trained(seat, rules)
    meeting = rules.payment.meeting_days * day if _was_at_meeting(seat) else Decimal(0)
    half_days = int(((reading + training + meeting) * 2 / day).to_integral_value(ROUND_CEILING))
    return Work(locked, reading, training, meeting, half_days, fee_of(half_days, rules.payment))


def fee_of(half_days: int, payment: Payment) -> Decimal:
    """Two half days are a day."""
    days, half = divmod(half_days, 2)
    return days * payment.day + half * payment.half_day


def samples_of(seat: PanelSeat) -> Samples:
    """Of the practice round: locked by this member, and all there are."""
    mine = sa.and_(PracticeSheet.sample_id == PracticeSample.id, PracticeSheet.seat_id == seat.id)
    query = (
        sa.select(sa.func.count(PracticeSheet.locked_at), sa.func.count(PracticeSample.id))
        .select_from(PracticeSample)
        .outerjoin(PracticeSheet, mine)
        .where(PracticeSample.panel_id == seat.panel_id)
    )
    return Samples(*db.session.execute(query).one())


def half_days_asked(claims: Sequence[PanelClaim]) -> int:
    """Of fees that were asked for and not sent back."""
    return sum(each.half_days or 0 for each in claims if _is_fee_asked(each))


def fees_asked(claims: Sequence[PanelClaim]) -> Decimal:
    """Sum of the fees that were asked for and not sent back."""
    return sum((each.amount for each in claims if _is_fee_asked(each)), Decimal(0))


def _is_fee_asked(claim: PanelClaim) -> bool:
    return claim.kind is ClaimFor.FEE and claim.status not in NOT_COUNTED


def half_days_left(seat: PanelSeat, rules: PanelRules) -> int:
    """Counted, and not asked for yet."""
    return max(0, work_of(seat, rules).half_days - half_days_asked(list_claims_of(seat)))


def list_claims_of(seat: PanelSeat) -> Sequence[PanelClaim]:
    """A member's own, newest first."""
    query = (
        sa.select(PanelClaim)
        .where(PanelClaim.seat_id == seat.id)
        .options(joinedload(PanelClaim.receipt))
        .order_by(PanelClaim.asked_at.desc(), PanelClaim.id)
    )
    return db.session.execute(query).scalars().all()


def list_claims(round_: Round) -> Sequence[PanelClaim]:
    """Of all members of the round's panel, with receipts and people: what waits comes first."""
    order = sa.case(
        (PanelClaim.status == PanelClaimStatus.ASKED, 0),
        (PanelClaim.status == PanelClaimStatus.APPROVED, 1),
        else_=2,
    )
    query = (
        sa.select(PanelClaim)
        .join(PanelClaim.seat)
        .join(PanelSeat.panel)
        .where(Panel.round_id == round_.id, PanelClaim.status != PanelClaimStatus.TAKEN_BACK)
        .options(
            contains_eager(PanelClaim.seat).options(
                joinedload(PanelSeat.user), contains_eager(PanelSeat.panel).joinedload(Panel.call)
            ),
            joinedload(PanelClaim.receipt),
            joinedload(PanelClaim.approved_by),
        )
        .order_by(order, PanelClaim.asked_at, PanelClaim.id)
    )
    return db.session.execute(query).scalars().all()


@dataclass(frozen=True)
class Sums:
    """Of one kind, or of all (`kind` is none)."""

    kind: ClaimFor | None
    asked: Decimal
    approved: Decimal
    paid: Decimal


def sums_of(claims: Sequence[PanelClaim]) -> list[Sums]:
    """By kind where there is one, then of all; what was sent back or taken back is in no sum."""
    kinds: list[ClaimFor | None] = [kind for kind in ClaimFor if any(each.kind is kind for each in claims)]
    return [_sums(kind, claims) for kind in (*kinds, None)]


def _sums(kind: ClaimFor | None, claims: Sequence[PanelClaim]) -> Sums:
    def total(status: PanelClaimStatus) -> Decimal:
        amounts = (c.amount for c in claims if c.status is status and kind in (None, c.kind))
        return sum(amounts, Decimal(0))

    S = PanelClaimStatus
    return Sums(kind, total(S.ASKED), total(S.APPROVED), total(S.PAID))


def get_claim(claim_id: UUID) -> PanelClaim:
    """With its member, panel and receipt. Raises NoResultFound."""
    panel = joinedload(PanelSeat.panel).options(
        joinedload(Panel.round), joinedload(Panel.call).joinedload(Call.fund)
    )
    query = (
        sa.select(PanelClaim)
        .where(PanelClaim.id == claim_id)
        .options(
            joinedload(PanelClaim.seat).options(joinedload(PanelSeat.user), panel),
            joinedload(PanelClaim.receipt),
        )
    )
    return db.session.execute(query).scalar_one()


def find_claim_sent(seat: PanelSeat, once: str) -> PanelClaim | None:
    """What the same showing of the form has sent already."""
    query = sa.select(PanelClaim).where(PanelClaim.seat_id == seat.id, PanelClaim.once == once)
    return db.session.execute(query).scalar_one_or_none()


def _share_trained(seat: PanelSeat, rules: PanelRules) -> Decimal:
    """Whoever has marked a practice sample was there the whole day; others for the topics written down."""
    if samples_of(seat).done:
        return Decimal(1)
    taken = {each.topic for each in list_taken(seat)} & set(topics_of(rules))
    return Decimal(len(taken)) / max(1, len(topics_of(rules)))


def _count_locked(seat: PanelSeat) -> int:
    query = (
        sa.select(sa.func.count(Review.id))
        .join(ReviewAssignment, ReviewAssignment.id == Review.assignment_id)
        .where(ReviewAssignment.seat_id == seat.id, Review.locked_at.is_not(None))
    )
    return db.session.execute(query).scalar_one()


def _was_at_meeting(seat: PanelSeat) -> bool:
    query = (
        sa.select(MeetingPresence.id)
        .join(Meeting, Meeting.id == MeetingPresence.meeting_id)
        .where(Meeting.panel_id == seat.panel_id, MeetingPresence.seat_id == seat.id)
    )
    return db.session.execute(query.limit(1)).first() is not None
