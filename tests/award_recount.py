"""The money of a call added up again from its rows, in whole pence, without any rule of the app."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award, AwardShare, Clawback, Instalment
from fundapp.models.organisation import ByAndForClaim, Organisation

GONE = ("declined_by_grantee", "withdrawn")


@dataclass(frozen=True)
class Recount:
    all_pence: int
    by_round: dict[UUID, int]
    by_and_for: int  # this and the next two at most: a penny that does not divide counts for nobody
    migrant: int
    small: int
    starter: int
    awards: int
    first_time: int


@dataclass(frozen=True)
class _Group:
    claims: dict[str, str]
    income: int | None
    is_first_time: bool


def recount(call_id: UUID) -> Recount:
    """What counts now, award by award and partner by partner."""
    groups = _groups(call_id)
    all_pence = by_and_for = migrant = small = starter = awards = first_time = 0
    by_round: dict[UUID, int] = {}
    for row in _awards(call_id):
        if row.status in GONE:
            continue
        whole = int(row.amount * 100)
        given = paid_pence(row.id) if row.status == "terminated" else whole
        asked_back, returned = back_pence(row.id)
        counted, kept = given - returned, given - asked_back
        if not counted:
            continue
        all_pence += counted
        by_round[row.round_id] = by_round.get(row.round_id, 0) + counted
        awards += 1
        first_time += bool(kept) and groups[row.organisation_id].is_first_time
        for organisation_id, share in _shares(row).items():
            group, part = groups[organisation_id], share * kept // whole
            is_led = group.claims.get("by_and_for") == "confirmed"
            by_and_for += part * is_led
            migrant += part * (is_led and group.claims.get("migrant") == "confirmed")
            small += part * (group.income is not None and group.income < 10_000_000)
            starter += part * (row.strand_code == "C")
    return Recount(all_pence, by_round, by_and_for, migrant, small, starter, awards, first_time)


def paid_pence(award_id: UUID) -> int:
    query = sa.select(Instalment.amount).where(Instalment.award_id == award_id, Instalment.status == "paid")
    return sum(int(amount * 100) for amount in db.session.execute(query).scalars())


def back_pence(award_id: UUID) -> tuple[int, int]:
    """What the group was asked to give back, and what has come."""
    query = sa.select(Clawback.amount, Clawback.received).where(
        Clawback.award_id == award_id, Clawback.status.in_(("asked", "received"))
    )
    rows = db.session.execute(query).all()
    return sum(int(row.amount * 100) for row in rows), sum(int(row.received * 100) for row in rows)


def _awards(call_id: UUID) -> list[sa.Row[tuple[UUID, UUID, UUID, object, str, str]]]:
    query = (
        sa.select(
            Award.id,
            Award.round_id,
            Award.organisation_id,
            Award.amount,
            sa.cast(Award.status, sa.String).label("status"),
            Application.strand_code,
        )
        .join(Application, Application.id == Award.application_id)
        .where(Award.call_id == call_id)
    )
    return list(db.session.execute(query).all())


def _shares(award: sa.Row[tuple[UUID, UUID, UUID, object, str, str]]) -> dict[UUID, int]:
    query = sa.select(AwardShare.organisation_id, AwardShare.amount).where(AwardShare.award_id == award.id)
    shares = {row.organisation_id: int(row.amount * 100) for row in db.session.execute(query)}
    return shares or {award.organisation_id: int(award.amount * 100)}


def _groups(call_id: UUID) -> dict[UUID, _Group]:
    claims: dict[UUID, dict[str, str]] = {}
    query = sa.select(ByAndForClaim).where(ByAndForClaim.call_id == call_id)
    for claim in db.session.execute(query.execution_options(populate_existing=True)).scalars():
        claims.setdefault(claim.organisation_id, {})[claim.community.value] = claim.status.value
    rows = db.session.execute(
        sa.select(Organisation.id, Organisation.annual_income, Organisation.is_first_time)
    )
    return {
        row.id: _Group(
            claims.get(row.id, {}),
            None if row.annual_income is None else int(row.annual_income * 100),
            bool(row.is_first_time),
        )
        for row in rows
    }
