"""The money of a call added up again from its rows, in whole pence, without any rule of the app."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award, AwardShare, Clawback, Instalment
from fundapp.models.organisation import ByAndForClaim, Organisation

GONE = ("declined_by_grantee", "withdrawn")


@dataclass(frozen=True)
class AwardRows:
    """One award with what hangs on it. Sums are in pence."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    strand_code: str | None
    status: str
    accepted_at: datetime | None
    whole: int
    payments: dict[str, int]  # by status
    shares: dict[UUID, int]  # by organisation
    asked_back: int  # the group was asked to give it back
    returned: int  # and gave so much of it

    @property
    def paid(self) -> int:
        return self.payments.get("paid", 0)


def award_rows(call_id: UUID) -> list[AwardRows]:
    """Read anew, all awards of the call with four queries."""
    payments = _summed(call_id, Instalment, Instalment.status)
    shares = _summed(call_id, AwardShare, AwardShare.organisation_id)
    asked_back, returned = (
        _summed(call_id, Clawback, Clawback.status, amount) for amount in (Clawback.amount, Clawback.received)
    )
    query = (
        sa.select(
            Award.id,
            Award.round_id,
            Award.organisation_id,
            Application.strand_code,
            sa.cast(Award.status, sa.String).label("status"),
            Award.accepted_at,
            Award.amount,
        )
        .join(Application, Application.id == Award.application_id)
        .where(Award.call_id == call_id)
    )
    found = []
    for *columns, amount in db.session.execute(query):
        award_id, whole = columns[0], int(amount * 100)
        asked, came = (
            sum(rows[award_id].get(status, 0) for status in ("asked", "received"))
            for rows in (asked_back, returned)
        )
        parts = shares[award_id] or {columns[2]: whole}
        found.append(AwardRows(*columns, whole, payments[award_id], parts, asked, came))
    return found


def _summed(call_id: UUID, table: Any, by: Any, amount: Any = None) -> defaultdict[UUID, dict[Any, int]]:
    """Pence of the rows of each award, by one of their columns."""
    query = (
        sa.select(table.award_id, by, table.amount if amount is None else amount)
        .join(Award, Award.id == table.award_id)
        .where(Award.call_id == call_id)
    )
    found: defaultdict[UUID, dict[Any, int]] = defaultdict(dict)
    for award_id, key, pounds in db.session.execute(query):
        name = getattr(key, "value", key)
        found[award_id][name] = found[award_id].get(name, 0) + int(pounds * 100)
    return found


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


def recount(call_id: UUID, awards: Iterable[AwardRows]) -> Recount:
    """What counts now, award by award and partner by partner."""
    groups = _groups(call_id)
    all_pence = by_and_for = migrant = small = starter = number = first_time = 0
    by_round: dict[UUID, int] = {}
    for award in awards:
        if award.status in GONE:
            continue
        given = award.paid if award.status == "terminated" else award.whole
        counted, kept = given - award.returned, given - award.asked_back
        if not counted:
            continue
        all_pence += counted
        by_round[award.round_id] = by_round.get(award.round_id, 0) + counted
        number += 1
        first_time += bool(kept) and groups[award.organisation_id].is_first_time
        for organisation_id, share in award.shares.items():
            group, part = groups[organisation_id], share * kept // award.whole
            is_led = group.claims.get("by_and_for") == "confirmed"
            by_and_for += part * is_led
            migrant += part * (is_led and group.claims.get("migrant") == "confirmed")
            small += part * (group.income is not None and group.income < 10_000_000)
            starter += part * (award.strand_code == "C")
    return Recount(all_pence, by_round, by_and_for, migrant, small, starter, number, first_time)


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
