"""Reading the co-design record: what the call's content says, and what was added since."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from forms.localized import LocalizedText
from fundapp.call_file.codesign import CodesignRecord, PlannedSession, Point, ReferenceKind, RoomPart
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.edit import digest_of_data
from fundapp.call_file.schema import Reading, read
from fundapp.db import Json, db
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint, CodesignSession, PointShowing
from fundapp.models.codesign_voice import CodesignLink
from fundapp.queries.calls import CALL_AT_ONCE, current_version, definition_of

Kind = TypeVar("Kind", CodesignPoint, CodesignSession, CodesignLink)


@dataclass(frozen=True)
class Part:
    """A part of a call that a point can have changed; `reference` is such as "question:Q5"."""

    reference: str
    kind: ReferenceKind
    label: LocalizedText


def get_call_in_codesign(code: str) -> Call:
    """A call whose co-design record anybody may read: as soon as co-design begins. Raises NoResultFound."""
    query = sa.select(Call).where(Call.code == code, Call.status != CallStatus.DRAFT).options(*CALL_AT_ONCE)
    return db.session.execute(query).unique().scalar_one()


def get_point(point_id: UUID) -> CodesignPoint:
    """With its call. Raises NoResultFound."""
    return one_with_call(CodesignPoint, point_id)


def get_session(session_id: UUID) -> CodesignSession:
    """With its call. Raises NoResultFound."""
    return one_with_call(CodesignSession, session_id)


def one_with_call(kind: type[Kind], row_id: UUID) -> Kind:
    """A row of co-design with the call it belongs to and its versions. Raises NoResultFound."""
    call = joinedload(kind.call)
    query = (
        sa.select(kind)
        .where(kind.id == row_id)
        .options(call.joinedload(Call.fund), call.selectinload(Call.versions))
    )
    return db.session.execute(query).scalar_one()


def list_sessions(call: Call) -> Sequence[CodesignSession]:
    """In the order of the call file, then as they were held."""
    rows = db.session.execute(sa.select(CodesignSession).where(CodesignSession.call_id == call.id)).scalars()
    order = _order(session.key for session in _content_of(call).sessions)
    return sorted(rows, key=lambda row: (order.get(row.key, len(order)), row.held_on, by_number(row.key)))


def list_points(call: Call) -> Sequence[CodesignPoint]:
    """In the order of the call file, then by key."""
    rows = db.session.execute(sa.select(CodesignPoint).where(CodesignPoint.call_id == call.id)).scalars()
    order = _order(point.key for point in _content_of(call).points)
    return sorted(rows, key=lambda row: (order.get(row.key, len(order)), by_number(row.key)))


def list_points_without_answer(call: Call) -> list[CodesignPoint]:
    return [point for point in list_points(call) if point.response is None]


def digest_of_answer(point: CodesignPoint) -> str:
    """The same as long as nobody has answered, or answered again."""
    decided_on, review = point.decided_on, point.next_review
    return digest_of_data(
        {
            "response": point.response.value if point.response else None,
            "texts": [point.reason, point.what_changed, point.decided_by],
            "changed": point.changed,
            "days": [day.isoformat() if day else None for day in (decided_on, review)],
        }
    )


def digest_of_words(point: CodesignPoint) -> str:
    """The same as long as nobody has changed what was said, by whom, about what and in which session."""
    return digest_of_data(
        [point.said, point.said_by, point.topic.value, point.session_key, point.came_by.value]
    )


def digest_of_retold(point: CodesignPoint) -> str:
    """The same as long as nobody has put it into other words of the fund."""
    return digest_of_data(point.retold)


def digest_of_part(call: Call, part: RoomPart) -> str:
    """The same as long as nobody says otherwise about this part."""
    stated = definition_of(current_version(call)).codesign.room.find(part)
    return digest_of_data(repr(stated))


def digest_of_session(row: CodesignSession) -> str:
    """The same as long as nobody has changed the session."""
    return digest_of_data(row.content)


def session_of(row: CodesignSession) -> PlannedSession:
    """The stored session as values."""
    reading = Reading(tuple(_languages_in(row.content)))
    session = read(PlannedSession, row.content, ("codesign",), reading)
    if reading.problems or not isinstance(session, PlannedSession):
        raise ValueError(f"session {row.key} cannot be read")
    return session


def point_of(row: CodesignPoint) -> Point | None:
    """The stored point as values; None while it has no answer."""
    if row.response is None or row.reason is None or row.decided_by is None or row.decided_on is None:
        return None
    if row.shown_words is None:
        return None
    is_retold = row.showing is PointShowing.OUR_WORDS
    return Point(
        key=row.key,
        said_by=LocalizedText.of(row.said_by),
        said=LocalizedText.of(row.shown_words),
        topic=row.topic,
        response=row.response,
        reason=LocalizedText.of(row.reason),
        decided_by=LocalizedText.of(row.decided_by),
        decided_on=row.decided_on,
        session=row.session_key,
        what_changed=LocalizedText.of(row.what_changed) if row.what_changed else None,
        changed=tuple(row.changed.get("things", ())),
        next_review=row.next_review,
        retold=is_retold,
        said_in=row.said_in if not is_retold and row.said_in in row.shown_words else None,
    )


def record_of(call: Call, *, only_published: bool = False) -> CodesignRecord:
    """The record of the content with what was added or answered since; without points nobody answered."""
    content = _content_of(call)
    sessions = {session.key: session for session in content.sessions}
    sessions |= {row.key: session_of(row) for row in list_sessions(call)}
    points = {point.key: point for point in content.points}
    for row in list_points(call):
        point = point_of(row)
        if point is not None and (row.published_at is not None or not only_published):
            points[row.key] = point
    return CodesignRecord(content.room, tuple(sessions.values()), tuple(points.values()))


def points_behind(call: Call, definition: CallDefinition, reference: str) -> tuple[Point, ...]:
    """Of a version that may be frozen; what the fund has put into its own words since is told in these."""
    points = definition.points_behind(reference)
    if not points:
        return ()
    query = sa.select(CodesignPoint.key, CodesignPoint.retold).where(
        CodesignPoint.call_id == call.id,
        CodesignPoint.key.in_([point.key for point in points]),
        CodesignPoint.showing == PointShowing.OUR_WORDS,
        CodesignPoint.retold.is_not(None),
    )
    told = {key: LocalizedText.of(words) for key, words in db.session.execute(query) if words}
    return tuple(
        dataclasses.replace(point, said=told[point.key], said_in=None, retold=True)
        if point.key in told
        else point
        for point in points
    )


def parts_of(definition: CallDefinition) -> Iterator[Part]:
    """Everything a point can have changed, in the order of the public pages."""
    kind = ReferenceKind
    questions = [*(item.question for item in definition.eligibility), *definition.form.questions()]
    for question in questions:
        yield Part(f"question:{question.key}", kind.QUESTION, question.label)
    for fence in definition.ring_fences:
        yield Part(f"ring_fence:{fence.key}", kind.RING_FENCE, fence.rule)
    for criterion in definition.assessment.criteria:
        yield Part(f"criterion:{criterion.key}", kind.CRITERION, criterion.title)
    for strand in definition.strands:
        yield Part(f"strand:{strand.key}", kind.STRAND, strand.title)
    for round_ in definition.rounds:
        yield Part(f"round:{round_.key}", kind.ROUND, round_.title)
    for seat in definition.panel.seats:
        yield Part(f"seat:{seat.key}", kind.SEAT, seat.who)
    for check in definition.awards.checks:
        yield Part(f"check:{check.key}", kind.CHECK, check.label)
    for plan in definition.awards.payment_plans:
        yield Part(f"payment_plan:{plan.key}", kind.PAYMENT_PLAN, plan.label)
    for check_in in definition.monitoring.check_ins:
        yield Part(f"check_in:{check_in.key}", kind.CHECK_IN, check_in.title)
    for offer in definition.support:
        yield Part(f"support:{offer.key}", kind.SUPPORT, offer.title)


def _content_of(call: Call) -> CodesignRecord:
    return definition_of(current_version(call)).codesign


def _order(keys: Iterable[str]) -> dict[str, int]:
    return {key: place for place, key in enumerate(keys)}


def by_number(key: str) -> tuple[int, str]:
    """P2 comes before P10."""
    digits = re.search(r"[0-9]{1,9}$", key, re.ASCII)
    return (int(digits.group()) if digits else 0, key)


def _languages_in(content: Json) -> list[str]:
    """Sessions are stored checked; only their own texts are looked at."""
    found: dict[str, None] = {}
    labels = [item["label"] for item in content.get("specialisms", ())]
    for text in (content["title"], content["run_by"], content.get("place") or {}, *labels):
        found |= dict.fromkeys(text)
    return list(found)
