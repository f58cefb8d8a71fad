"""Thousands of other groups that apply, quickly: what must not slow down anybody's page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, ClaimStatus
from fundapp.models.application import Answer, Application, ApplicationStage, PartnerShare
from fundapp.models.award import Decision, Outcome
from fundapp.models.call import Call
from fundapp.models.organisation import ByAndForClaim, Community, Organisation
from fundapp.queries.calls import definition_of
from tests.factories import ApplicationFactory, OrganisationFactory, now

MANY_AT_ONCE = 1_000


def add_crowd(like: Application, number: int, *, first: int = 0, answers: int = 2) -> None:
    """So many applications like this one in the same round, each of a group of its own, with answers."""
    group, application = _values(like.organisation), _values(like)
    for start in range(first, first + number, MANY_AT_ONCE):
        these = range(start, min(start + MANY_AT_ONCE, first + number))
        groups = [group | {"id": uuid4(), "name": f"Group {n}", "public_id": f"crowd-{n}"} for n in these]
        applications = [
            application | {"id": uuid4(), "organisation_id": each["id"], "receipt": f"C{n:07d}"}
            for n, each in zip(these, groups, strict=True)
        ]
        texts = [
            {
                "application_id": each["id"],
                "question_key": f"Q{n + 1}",
                "value": "We meet every week.",
                "language": "en",
                "saved_at": now(),
            }
            for each in applications
            for n in range(answers)
        ]
        db.session.execute(sa.insert(Organisation), groups)
        db.session.execute(sa.insert(Application), applications)
        if texts:
            db.session.execute(sa.insert(Answer), texts)


def _values(row: Any) -> dict[str, Any]:
    return {each.key: getattr(row, each.key) for each in sa.inspect(type(row)).column_attrs}


KINDS = (
    (ApplicationStage.EOI, ApplicationStatus.DRAFT),
    (ApplicationStage.EOI, ApplicationStatus.SUBMITTED),
    (ApplicationStage.EOI, ApplicationStatus.ELIGIBLE),
    (ApplicationStage.EOI, ApplicationStatus.DECLINED),
    (ApplicationStage.FULL, ApplicationStatus.DRAFT),
    (ApplicationStage.FULL, ApplicationStatus.SUBMITTED),
    (ApplicationStage.FULL, ApplicationStatus.IN_REVIEW),
    (ApplicationStage.FULL, ApplicationStatus.WITHDRAWN),
)
CLAIMS = (None, *ClaimStatus)


def add_varied_crowd(call: Call, number: int, *, first: int = 0, panel_of: int = 100) -> None:
    """So many applications of all kinds: places, sums, boroughs, incomes, claims, partnerships.

    The first `panel_of` of them are at the panel, half of these on its list.
    """
    boroughs = definition_of(call.versions[-1]).boroughs
    group, application = _values(OrganisationFactory.build()), _values(ApplicationFactory.build(call=call))
    for start in range(first, first + number, MANY_AT_ONCE):
        rows: dict[type[Any], list[dict[str, Any]]] = defaultdict(list)
        for n in range(start, min(start + MANY_AT_ONCE, first + number)):
            ids = uuid4(), uuid4()
            for which, id_ in enumerate(ids):
                rows[Organisation].append(_group(group, id_, n + 7 * which, which, boroughs))
                rows[ByAndForClaim] += _claims(call, id_, n + 3 * which)
            rows[Application].append(_application(application, call, ids[0], n, is_listed=n < panel_of))
            last = rows[Application][-1]
            if n % 5 == 0:
                rows[PartnerShare] += _shares(last, ids, n)
            if n < panel_of:
                rows[Decision].append(_decision(last, n))
        for kind, values in rows.items():
            db.session.execute(sa.insert(kind), values)


def _group(like: dict[str, Any], id_: UUID, n: int, which: int, boroughs: Sequence[str]) -> dict[str, Any]:
    return like | {
        "id": id_,
        "name": f"Group {n}-{which}",
        "public_id": f"varied-{n}-{which}-{id_}"[:40],
        "borough": None if n % 41 == 0 else boroughs[n % len(boroughs)],
        "annual_income": None if n % 43 == 0 else Decimal(n * 7919 % 300_000) + Decimal("0.37"),
        "is_first_time": n % 3 > 0,
        "created_at": now(),
    }


def _claims(call: Call, organisation_id: UUID, n: int) -> list[dict[str, Any]]:
    statuses = {Community.BY_AND_FOR: CLAIMS[n % 5], Community.MIGRANT: CLAIMS[n // 5 % 5]}
    return [
        {
            "organisation_id": organisation_id,
            "call_id": call.id,
            "community": community,
            "answers": {},
            "status": status,
            "reason": "Others decide." if status is ClaimStatus.NOT_MET else None,
        }
        for community, status in statuses.items()
        if status is not None
    ]


def _application(
    like: dict[str, Any], call: Call, organisation_id: UUID, n: int, *, is_listed: bool
) -> dict[str, Any]:
    stage, status = KINDS[n % len(KINDS)]
    if is_listed:
        stage, status = ApplicationStage.FULL, ApplicationStatus.AT_PANEL
    is_sent = stage is ApplicationStage.FULL or status is not ApplicationStatus.DRAFT
    amount = Decimal(5_000 + n * 37 % 90_000) + Decimal("0.29")
    return like | {
        "id": uuid4(),
        "call_id": call.id,
        "round_id": call.rounds[n // 9 % len(call.rounds)].id,
        "call_version_id": call.versions[-1].id,
        "organisation_id": organisation_id,
        "stage": stage,
        "status": status,
        "strand_code": ("A", "B", "C", None)[n % 4],
        "amount_requested": None if n % 47 == 0 and not is_listed else amount,
        "receipt": f"V{n:07d}" if is_sent else None,
        "submitted_at": now() if is_sent else None,
        "eoi_submitted_at": now() if is_sent else None,
        "created_at": now(),
        "version": 1,
    }


def _shares(application: dict[str, Any], ids: tuple[UUID, UUID], n: int) -> list[dict[str, Any]]:
    """Among the first every fifth does not add up to what is asked for, later every hundredth."""
    whole = application["amount_requested"] or Decimal(3)
    lead = (whole / 3).quantize(Decimal("0.01"))
    is_uneven = n % (25 if n < 500 else 500) == 0
    other = Decimal("777.77") if is_uneven else whole - lead
    return [
        {"application_id": application["id"], "organisation_id": id_, "amount": amount, "is_lead": is_lead}
        for id_, amount, is_lead in ((ids[0], lead, True), (ids[1], other, False))
    ]


def _decision(application: dict[str, Any], n: int) -> dict[str, Any]:
    is_award = n % 2 == 0
    return {
        "application_id": application["id"],
        "round_id": application["round_id"],
        "outcome": Outcome.AWARD if is_award else Outcome.DECLINE,
        "amount": Decimal(int(application["amount_requested"] / 2)) if is_award else None,
        "version": 1,
    }
