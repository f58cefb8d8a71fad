"""Days the fund has promised, and how many groups waited longer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import median_low
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json, db
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Instalment, Ratification
from fundapp.models.thread import MissedPromise, PromiseKind, ThreadMessage
from fundapp.queries.promises import TIMETABLE, promise_of
from fundapp.queries.tallies import MANY_ENOUGH

FEW = "few"  # one to four: somebody waited, and nobody can be told apart


def promises(ratifications: Sequence[Ratification], definition: CallDefinition) -> list[Json]:
    """Of each round: the days of its timetable, and answers to messages."""
    late = _late([each.round_id for each in ratifications])
    found: list[Json] = []
    for each in ratifications:
        for kind in TIMETABLE:
            promise = promise_of(each.round, kind, definition)
            if promise is not None:
                found.append(
                    {
                        "round": each.round.code,
                        "kind": kind.value,
                        "promised_for": promise.day.isoformat(),
                        "was_moved": promise.is_moved,
                        "late_for": _many(late.get((each.round_id, kind), 0)),
                    }
                )
        found.append(_replies(each, late))
    return found


def _replies(signed: Ratification, late: dict[tuple[UUID, PromiseKind], int]) -> Json:
    messages = db.session.execute(
        sa.select(sa.func.count(ThreadMessage.application_id.distinct()))
        .join(Application, Application.id == ThreadMessage.application_id)
        .where(Application.round_id == signed.round_id, ThreadMessage.from_fund.is_(False))
    ).scalar_one()
    return {
        "round": signed.round.code,
        "kind": PromiseKind.REPLY.value,
        "groups": _many(messages),
        "late_for": _many(late.get((signed.round_id, PromiseKind.REPLY), 0)),
    }


def _late(round_ids: Collection[UUID]) -> dict[tuple[UUID, PromiseKind], int]:
    """Groups, by round and kind of promise."""
    rows = db.session.execute(
        sa.select(
            Application.round_id,
            MissedPromise.kind,
            sa.func.count(MissedPromise.application_id.distinct()),
        )
        .join(Application, Application.id == MissedPromise.application_id)
        .where(Application.round_id.in_(round_ids))
        .group_by(Application.round_id, MissedPromise.kind)
    )
    return {(round_id, kind): number for round_id, kind, number in rows}


def first_payments(awards: Collection[Award], definition: CallDefinition) -> Json | None:
    """Days between a group's yes to the agreement and its first money; None for five groups or fewer."""
    first: dict[UUID, int] = {}
    rows = db.session.execute(
        sa.select(Instalment.award_id, sa.func.min(Instalment.paid_at))
        .where(
            Instalment.award_id.in_([award.id for award in awards]),
            Instalment.status == InstalmentStatus.PAID,
        )
        .group_by(Instalment.award_id)
    ).all()
    accepted = {award.id: award.accepted_at for award in awards}
    for award_id, paid_at in rows:
        since = accepted[award_id]
        if since is not None and paid_at is not None:
            first[award_id] = max(0, (paid_at - since).days)
    if len(first) <= MANY_ENOUGH:
        return None
    promised = definition.awards.first_payment_days
    return {
        "promised_days": promised,
        "middle_days": median_low(first.values()),
        "late_for": _many(sum(days > promised for days in first.values())),
    }


def _many(number: int) -> int | str:
    return FEW if 0 < number < MANY_ENOUGH else number
