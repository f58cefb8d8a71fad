"""What groups ask for, before anybody decides: added up in the database, so that 50,000 are as easy as 50.

The database adds up groups that no rule of the call tells apart; the call's own conditions then say, once for
each such kind of group, for which ring-fences it counts. Two queries, whatever the number of applications.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from forms.conditions import facts_used
from fundapp.call_file.checks.kinds_of_group import income_limits
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import Fact
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, ClaimStatus
from fundapp.models.application import Application, ApplicationStage, PartnerShare
from fundapp.models.call import Call
from fundapp.models.organisation import ByAndForClaim, Community, Organisation
from fundapp.queries.call_money import NOT_ASKED, GroupFacts, Part, Purpose, split_parts
from fundapp.queries.ledger import tags_of

A, S = ApplicationStatus, ApplicationStage


class Place(StrEnum):
    """How far an application has come that still asks for money."""

    DRAFT = "draft"  # of the first stage
    WAITING = "waiting"  # the first stage is sent and not answered
    FOUND = "found"  # eligible, not invited yet
    TURNED_DOWN = "turned_down"  # at the first stage
    INVITED = "invited"  # the second stage is not sent yet
    FULL = "full"  # the second stage is sent, whatever came of it


SENT = frozenset(Place) - {Place.DRAFT}
ELIGIBLE = frozenset({Place.FOUND, Place.INVITED, Place.FULL})


Tags = frozenset[str]
Sum = tuple[int, int]  # pence, and applications which such a group leads


@dataclass(frozen=True)
class Asked:
    """By tag: what counts, and what would count if every claim were confirmed."""

    all: Sum
    confirmed: Mapping[str, Sum]
    if_confirmed: Mapping[str, Sum]


@dataclass
class Demand:
    """Everything asked for, by round and place: of groups that count for the same, and of each borough."""

    by_tags: dict[tuple[UUID, str, Tags, Tags], Sum] = field(default_factory=dict)
    by_borough: dict[tuple[UUID, str, str], Sum] = field(default_factory=dict)

    def add(self, round_id: UUID, place: str, borough: str | None, tags: tuple[Tags, Tags], one: Sum) -> None:
        _add(self.by_tags, (round_id, place, *tags), one)
        _add(self.by_borough, (round_id, place, borough or ""), one)

    def asked(self, places: Collection[Place], round_id: UUID | None = None) -> Asked:
        """Everything in these places, in one round or in all."""
        whole: Sum = (0, 0)
        confirmed, if_confirmed = dict[str, Sum](), dict[str, Sum]()
        for (in_round, place, sure, maybe), one in self.by_tags.items():
            if place in places and round_id in (None, in_round):
                whole = (whole[0] + one[0], whole[1] + one[1])
                for tag in sure:
                    _add(confirmed, tag, one)
                for tag in sure | maybe:
                    _add(if_confirmed, tag, one)
        return Asked(whole, confirmed, if_confirmed)

    def in_boroughs(self, places: Collection[Place], round_id: UUID | None = None) -> dict[str, Sum]:
        """By borough; "" where a group has named none."""
        found = dict[str, Sum]()
        for (in_round, place, borough), one in self.by_borough.items():
            if place in places and round_id in (None, in_round):
                _add(found, borough, one)
        return found


Key = TypeVar("Key")


def _add(sums: dict[Key, Sum], key: Key, one: Sum) -> None:
    before = sums.get(key, (0, 0))
    sums[key] = (before[0] + one[0], before[1] + one[1])


class _Kind(NamedTuple):
    """What rules ask of a group wherever it is; the income stands for all between the same two limits."""

    strand: str | None
    theme: str | None
    by_and_for: str
    migrant: str
    is_first_time: bool
    income: int | None
    borough: str | None = None  # only where a rule asks for it

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.strand or "", self.theme or "")

    def facts(self) -> GroupFacts:
        claims = {Community.BY_AND_FOR: self.by_and_for, Community.MIGRANT: self.migrant}
        return GroupFacts(
            income_pence=self.income,
            borough=self.borough,
            is_first_time=self.is_first_time,
            claims={kind: ClaimStatus(status) for kind, status in claims.items()},
        )


class _Tags:
    """Asks the call's conditions once for each kind of group."""

    def __init__(self, definition: CallDefinition) -> None:
        self._definition = definition
        rules = (rule.who for rule in definition.ring_fences if rule.who is not None)
        self._asks_borough = any(Fact.BOROUGH in facts_used(who) for who in rules)
        self._known: dict[_Kind, tuple[Tags, Tags]] = {}

    def of(self, row: Any) -> tuple[Tags, Tags]:
        borough = row.borough if self._asks_borough else None
        kind = _Kind(
            row.strand, row.theme, row.by_and_for, row.migrant, bool(row.is_first), row.income, borough
        )
        if kind not in self._known:
            self._known[kind] = tags_of(self._definition, kind.facts(), kind.purpose)
        return self._known[kind]


def load_demand(call: Call, definition: CallDefinition) -> Demand:
    """Everything that is asked for in a call and was not taken back or found to be out of its scope."""
    demand, tags, rows = Demand(), _Tags(definition), _Rows(call, definition)
    for row in db.session.execute(rows.added_up()):
        demand.add(row.round_id, row.place, row.borough, tags.of(row), (int(row.pence), row.leads))
    for _id, parts in groupby(db.session.execute(rows.uneven()), key=lambda row: row.id):
        _share_out(list(parts), tags, demand)
    return demand


def _share_out(rows: list[Any], tags: _Tags, demand: Demand) -> None:
    """Shares that do not add up to the request are shared out again, as an award would be."""
    by_group = {row.organisation_id: row for row in rows}
    parts = split_parts(rows[0].request_pence, [Part(row.organisation_id, row.share_pence) for row in rows])
    for number, part in enumerate(parts):
        row = by_group[part.organisation_id]
        demand.add(row.round_id, row.place, row.borough, tags.of(row), (part.pence, int(number == 0)))


class _Rows:
    """The two selects: groups alike added up, and partnerships whose shares do not add up, one by one."""

    def __init__(self, call: Call, definition: CallDefinition) -> None:
        self._call, self._limits = call, _limits_of(definition)
        self._request = self._requests().cte("request")
        self._shared = self._shares().cte("shared")

    def _requests(self) -> sa.Select[Any]:
        is_first = Application.stage == S.EOI
        place = sa.case(
            (sa.and_(is_first, Application.status == A.DRAFT), Place.DRAFT.value),
            (sa.and_(is_first, Application.status == A.SUBMITTED), Place.WAITING.value),
            (sa.and_(is_first, Application.status == A.DECLINED), Place.TURNED_DOWN.value),
            (is_first, Place.FOUND.value),
            (Application.status == A.DRAFT, Place.INVITED.value),
            else_=Place.FULL.value,
        )
        return sa.select(
            Application.id,
            Application.round_id,
            Application.organisation_id,
            Application.strand_code.label("strand"),
            Application.theme_code.label("theme"),
            place.label("place"),
            _pence(Application.amount_requested).label("pence"),
        ).where(
            Application.call_id == self._call.id,
            Application.amount_requested.is_not(None),
            Application.status.not_in(NOT_ASKED),
        )

    def _shares(self) -> sa.Select[Any, Any, Any]:
        return (
            sa.select(
                PartnerShare.application_id,
                sa.func.sum(_pence(PartnerShare.amount)).label("pence"),
                sa.func.sum(sa.case((PartnerShare.is_lead, 1), else_=0)).label("leads"),
            )
            .join(Application, Application.id == PartnerShare.application_id)
            .where(Application.call_id == self._call.id)
            .group_by(PartnerShare.application_id)
        )

    def added_up(self) -> sa.Select[Any]:
        request, shared = self._request.c, self._shared.c
        is_even = sa.and_(shared.pence == request.pence, shared.leads == 1)
        one = (
            self._one_share(
                _bucket(self._limits).label("bucket"),
                sa.func.coalesce(_pence(PartnerShare.amount), request.pence).label("pence"),
                sa.case((PartnerShare.is_lead, 1), (PartnerShare.id.is_(None), 1), else_=0).label("leads"),
            )
            .where(sa.or_(shared.application_id.is_(None), is_even))
            .subquery()
            .c
        )
        kinds = (
            *(one.round_id, one.place, one.strand, one.theme, one.by_and_for, one.migrant, one.is_first),
            one.borough,
        )
        return sa.select(
            *kinds,
            sa.func.min(one.income).label("income"),
            sa.func.sum(one.pence).label("pence"),
            sa.func.sum(one.leads).label("leads"),
        ).group_by(*kinds, one.bucket)

    def uneven(self) -> sa.Select[Any]:
        request, shared = self._request.c, self._shared.c
        return (
            self._one_share(
                request.id,
                PartnerShare.organisation_id,
                request.pence.label("request_pence"),
                _pence(PartnerShare.amount).label("share_pence"),
                shared_only=True,
            )
            .where(sa.or_(shared.pence != request.pence, shared.leads != 1))
            .order_by(request.id, PartnerShare.is_lead.desc(), PartnerShare.id)
        )

    def _one_share(self, *more: Any, shared_only: bool = False) -> sa.Select[Any]:
        request, shared = self._request, self._shared
        by_and_for, migrant = aliased(ByAndForClaim), aliased(ByAndForClaim)
        receives = sa.func.coalesce(PartnerShare.organisation_id, request.c.organisation_id)

        def of(claim: Any, community: Community) -> sa.ColumnElement[bool]:
            return sa.and_(
                claim.organisation_id == Organisation.id,
                claim.call_id == self._call.id,
                claim.community == community,
            )

        return (
            sa.select(
                request.c.round_id,
                request.c.place,
                request.c.strand,
                request.c.theme,
                _standing(by_and_for).label("by_and_for"),
                _standing(migrant).label("migrant"),
                Organisation.is_first_time.label("is_first"),
                Organisation.borough,
                _pence(Organisation.annual_income).label("income"),
                *more,
            )
            .select_from(request)
            .join(shared, shared.c.application_id == request.c.id, isouter=not shared_only)
            .join(PartnerShare, PartnerShare.application_id == request.c.id, isouter=not shared_only)
            .join(Organisation, Organisation.id == receives)
            .outerjoin(by_and_for, of(by_and_for, Community.BY_AND_FOR))
            .outerjoin(migrant, of(migrant, Community.MIGRANT))
        )


def _pence(amount: sa.ColumnElement[Any] | Any) -> sa.ColumnElement[int]:
    """Whole before anything is added up: sums of pounds would lose pennies on SQLite."""
    return sa.cast(sa.func.round(amount * Decimal(100)), sa.BigInteger)


def _standing(claim: Any) -> sa.ColumnElement[str]:
    return sa.case(
        (claim.status == ClaimStatus.CONFIRMED, ClaimStatus.CONFIRMED.value),
        (claim.status.in_((ClaimStatus.DECLARED, ClaimStatus.CHECKED)), ClaimStatus.DECLARED.value),
        else_=ClaimStatus.NOT_MET.value,
    )


def _bucket(limits: list[int]) -> sa.ColumnElement[int]:
    """Between which two limits the income lies, so that every rule sees all of them alike."""
    income = _pence(Organisation.annual_income)
    below = [(income < limit, place) for place, limit in enumerate(limits, start=1)]
    return sa.case((income.is_(None), -1), *below, else_=0)


def _limits_of(definition: CallDefinition) -> list[int]:
    rules = (rule.who for rule in definition.ring_fences if rule.who is not None)
    return sorted({limit for who in rules for limit in income_limits(who)})
