"""What people say by a link, and what others say to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from forms.localized import LocalizedText
from fundapp.call_file.edit import digest_of_data
from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from fundapp.models.codesign_voice import (
    CodesignBallot,
    CodesignDecision,
    CodesignLeftOpen,
    CodesignLink,
    CodesignProposal,
    CodesignReply,
    ReplyKind,
)
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import list_points, list_points_without_answer, one_with_call
from scoring.consent import Decided, Rule, decide


def get_link(code: str, digest: str) -> CodesignLink:
    """With its call, whether it still works or not. Raises NoResultFound."""
    call = joinedload(CodesignLink.call)
    query = (
        sa.select(CodesignLink)
        .join(Call, Call.id == CodesignLink.call_id)
        .where(CodesignLink.digest == digest, Call.code == code, Call.status != CallStatus.DRAFT)
        .options(call.joinedload(Call.fund), call.joinedload(Call.versions))
    )
    return db.session.execute(query).unique().scalar_one()


def get_link_of_staff(link_id: UUID) -> CodesignLink:
    """With its call. Raises NoResultFound."""
    return one_with_call(CodesignLink, link_id)


def list_links(call: Call, session_key: str) -> Sequence[CodesignLink]:
    query = sa.select(CodesignLink).where(
        CodesignLink.call_id == call.id, CodesignLink.session_key == session_key
    )
    return db.session.execute(query.order_by(CodesignLink.created_at, CodesignLink.id)).scalars().all()


def works(link: CodesignLink, now: datetime) -> bool:
    """Its last day counts, in the zone of the call, and only while the call is in co-design."""
    today = now.astimezone(definition_of(current_version(link.call)).zone).date()
    return link.call.status is CallStatus.CO_DESIGN and link.stopped_at is None and today <= link.ends_on


def is_rule_told(call: Call, session_key: str) -> bool:
    """Whether somebody may have read how this session decides."""
    query = sa.select(CodesignLink.id).where(
        CodesignLink.call_id == call.id, CodesignLink.session_key == session_key
    )
    return db.session.execute(query.limit(1)).first() is not None


@dataclass(frozen=True)
class Shown:
    """A point as others see it; no words while the fund has still to find its own."""

    row: CodesignPoint
    words: LocalizedText | None
    said_by: LocalizedText
    supports: int = 0
    doubts: int = 0
    comments: int = 0


def list_shown(call: Call) -> list[Shown]:
    """Every point of the call, the newest first, with how many support and doubt it: two queries."""
    rows = reversed(list_points(call))
    counts = counted_replies(call)
    return [shown(row, counts.get(row.id, {})) for row in rows]


def shown(row: CodesignPoint, counts: dict[ReplyKind, int] | None = None) -> Shown:
    counts = counts or {}
    return Shown(
        row,
        LocalizedText.of(row.shown_words) if row.shown_words else None,
        LocalizedText.of(row.said_by),
        *(counts.get(kind, 0) for kind in ReplyKind),
    )


def counted_replies(call: Call) -> dict[UUID, dict[ReplyKind, int]]:
    query = (
        sa.select(CodesignReply.point_id, CodesignReply.kind, sa.func.count())
        .join(CodesignPoint, CodesignPoint.id == CodesignReply.point_id)
        .where(CodesignPoint.call_id == call.id)
        .where(sa.or_(CodesignReply.hidden_why.is_(None), CodesignReply.kind != ReplyKind.COMMENT))
        .group_by(CodesignReply.point_id, CodesignReply.kind)
    )
    found: dict[UUID, dict[ReplyKind, int]] = {}
    for point_id, kind, number in db.session.execute(query):
        found.setdefault(point_id, {})[kind] = number
    return found


def get_shown_point(call: Call, point_id: UUID) -> CodesignPoint:
    """Raises NoResultFound, also for a point of another call."""
    query = sa.select(CodesignPoint).where(CodesignPoint.id == point_id, CodesignPoint.call_id == call.id)
    return db.session.execute(query).scalar_one()


def find_proposal(point: CodesignPoint) -> CodesignProposal | None:
    return db.session.get(CodesignProposal, point.id)


def list_replies(point: CodesignPoint) -> Sequence[CodesignReply]:
    """By day, then in an order that says nothing."""
    query = sa.select(CodesignReply).where(CodesignReply.point_id == point.id)
    return db.session.execute(query.order_by(CodesignReply.on_day, CodesignReply.id)).scalars().all()


def get_reply(reply_id: UUID) -> CodesignReply:
    """Raises NoResultFound."""
    return db.session.execute(sa.select(CodesignReply).where(CodesignReply.id == reply_id)).scalar_one()


def find_decision(point: CodesignPoint) -> CodesignDecision | None:
    """The newest one."""
    query = sa.select(CodesignDecision).where(CodesignDecision.point_id == point.id)
    newest = query.order_by(CodesignDecision.created_at.desc(), CodesignDecision.id).limit(1)
    return db.session.execute(newest).scalar_one_or_none()


def list_decisions(call: Call) -> dict[UUID, CodesignDecision]:
    """The newest one of each point."""
    query = sa.select(CodesignDecision).where(CodesignDecision.call_id == call.id)
    rows = db.session.execute(query.order_by(CodesignDecision.created_at)).scalars()
    return {row.point_id: row for row in rows}


def list_ballots(decision: CodesignDecision) -> Sequence[CodesignBallot]:
    """In an order that says nothing."""
    query = sa.select(CodesignBallot).where(CodesignBallot.decision_id == decision.id)
    return db.session.execute(query.order_by(CodesignBallot.voice)).scalars().all()


@dataclass(frozen=True)
class Held:
    """A decision with what was said in it."""

    decision: CodesignDecision
    ballots: tuple[CodesignBallot, ...]
    decided: Decided


def list_held(point: CodesignPoint) -> list[Held]:
    """Every decision about a point, the newest first: two queries."""
    query = sa.select(CodesignDecision).where(CodesignDecision.point_id == point.id)
    newest_first = query.order_by(CodesignDecision.created_at.desc(), CodesignDecision.id)
    rows = db.session.execute(newest_first).scalars().all()
    if not rows:
        return []
    spoken = sa.select(CodesignBallot).where(CodesignBallot.decision_id.in_([row.id for row in rows]))
    ballots: dict[UUID, list[CodesignBallot]] = {}
    for each in db.session.execute(spoken.order_by(CodesignBallot.voice)).scalars():
        ballots.setdefault(each.decision_id, []).append(each)
    return [Held(row, tuple(found := ballots.get(row.id, [])), decided(row, found)) for row in rows]


def decided(decision: CodesignDecision, ballots: Sequence[CodesignBallot]) -> Decided:
    choices = [ballot.choice for ballot in ballots]
    return decide(Rule(decision.rule.value), choices, at_least=decision.at_least)


def find_left_open(call: Call) -> CodesignLeftOpen | None:
    """Why some points have no answer when the call is published."""
    query = sa.select(CodesignLeftOpen).where(CodesignLeftOpen.call_id == call.id)
    return db.session.execute(query).scalar_one_or_none()


def digest_of_left_open(call: Call) -> str:
    """The same as long as the same points wait, and nobody has written another reason."""
    left = find_left_open(call)
    waiting = [point.key for point in list_points_without_answer(call)]
    return digest_of_data([waiting, left.reason if left else None, left.role if left else None])
