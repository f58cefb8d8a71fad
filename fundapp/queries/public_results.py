"""What everybody may know of a call's decisions, once every group of a round has been told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award, Decision, Must, Outcome, Ratification
from fundapp.models.call import Call, Round
from fundapp.queries.grant_plans import moved_ends
from fundapp.queries.must_marks import count_must_marks
from fundapp.queries.open_data import ReleasedGrant, list_released_grants


@dataclass(frozen=True)
class OutcomeCounts:
    """How many groups heard what. `short_of_money` could have been funded with more."""

    sent: int
    decided: int
    awarded: int
    reserve: int
    short_of_money: int
    declined: int


@dataclass(frozen=True)
class PublicResults:
    """`awards` may be named; the confidential ones, and those published later, are only counted."""

    ratifications: tuple[Ratification, ...]
    awards: tuple[Award, ...]
    moved_ends: Mapping[UUID, date]  # last days, where more time was agreed since
    without_place: frozenset[UUID]  # awards whose borough is not said
    confidential_awards: int
    confidential_amount: Decimal
    counts: OutcomeCounts
    marks: Mapping[Must, int]  # applications that had to be funded, or not, whatever their place
    is_complete: bool  # no round is signed whose groups do not know yet

    @property
    def total(self) -> Decimal:
        return sum((award.amount for award in self.awards), self.confidential_amount)

    @property
    def number(self) -> int:
        return len(self.awards) + self.confidential_awards

    def share_of(self, whole: int) -> Decimal | None:
        """Of those, how many got a grant; None when there were none."""
        return Decimal(self.number) / whole if whole else None


def calls_with_results(call_ids: Collection[UUID]) -> set[UUID]:
    """Those of these calls of which at least one round has been told."""
    query = sa.select(Ratification.call_id).where(
        Ratification.call_id.in_(call_ids), Ratification.released_at.is_not(None)
    )
    return set(db.session.execute(query).scalars())


def find_results(call: Call, today: date) -> PublicResults | None:
    """None while no round has been told."""
    ratifications = _ratifications(call)
    told = tuple(each for each in ratifications if each.released_at is not None)
    if not told:
        return None
    rounds = [each.round_id for each in told]
    grants = sorted(list_released_grants(call), key=_place)
    named = tuple(each for each in grants if not each.is_withheld_on(today))
    hidden = [each.award.amount for each in grants if each.is_withheld_on(today)]
    return PublicResults(
        ratifications=told,
        awards=tuple(each.award for each in named),
        moved_ends=moved_ends([each.award for each in named]),
        without_place=frozenset(each.award.id for each in named if each.is_coarse),
        confidential_awards=len(hidden),
        confidential_amount=sum(hidden, Decimal(0)),
        counts=_counts(rounds),
        marks=count_must_marks(rounds),
        is_complete=len(told) == len(ratifications),
    )


def _place(grant: ReleasedGrant) -> tuple[str, str]:
    return grant.award.organisation.name.casefold(), grant.award.public_id


def _ratifications(call: Call) -> Sequence[Ratification]:
    query = (
        sa.select(Ratification)
        .join(Ratification.round)
        .options(contains_eager(Ratification.round))
        .where(Ratification.call_id == call.id)
        .order_by(Round.opens_at)
    )
    return db.session.execute(query).scalars().all()


def _counts(rounds: Collection[UUID]) -> OutcomeCounts:
    was_sent = sa.or_(Application.eoi_submitted_at.is_not(None), Application.submitted_at.is_not(None))
    sent = db.session.execute(
        sa.select(sa.func.count()).select_from(Application).where(Application.round_id.in_(rounds), was_sent)
    ).scalar_one()
    grouped = db.session.execute(
        sa.select(Decision.outcome, Decision.is_fundable, sa.func.count())
        .where(Decision.round_id.in_(rounds), Decision.ratified_at.is_not(None))
        .group_by(Decision.outcome, Decision.is_fundable)
    ).all()
    found = {(outcome, fundable): number for outcome, fundable, number in grouped}

    def number(outcome: Outcome, fundable: bool | None = None) -> int:
        return sum(n for (each, money), n in found.items() if each is outcome and fundable in (None, money))

    return OutcomeCounts(
        sent=sent,
        decided=sum(found.values()),
        awarded=number(Outcome.AWARD),
        reserve=number(Outcome.RESERVE),
        short_of_money=number(Outcome.DECLINE, True),
        declined=number(Outcome.DECLINE, False),
    )
