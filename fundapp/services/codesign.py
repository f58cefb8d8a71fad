"""Co-design: sessions, what was said in them, our answers, and showing both to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import count

from forms.localized import LocalizedText
from fundapp.call_file import to_data
from fundapp.call_file.checks.codesign import CHANGING
from fundapp.call_file.codesign import (
    CodesignRecord,
    CodesignResponse,
    PlannedSession,
    Point,
    SessionKind,
    Topic,
)
from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json, db, lock_row, sent_id
from fundapp.errors import FundError, NotPossibleNow, check_seen
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint, CodesignSession, PointShowing, PointSource
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import (
    digest_of_answer,
    digest_of_session,
    digest_of_words,
    list_points,
    list_sessions,
    parts_of,
    record_of,
    session_of,
)
from fundapp.queries.voices import find_decision, is_rule_told
from fundapp.services.call_content import take_up_if_possible
from fundapp.services.events import move, record
from fundapp.services.room import check_room_is_stated

BY_A_GUEST = (PointSource.LINK, PointSource.VOICE)


class AnswerProblem(StrEnum):
    """What does not fit together in an answer or a session."""

    SAY_WHAT_CHANGED = "say_what_changed"
    NOTHING_CHANGED = "nothing_changed"
    UNKNOWN_PART = "unknown_part"
    DECIDED_LATER = "decided_later"
    DECIDED_BEFORE_SESSION = "decided_before_session"
    REVIEW_BEFORE_DECISION = "review_before_decision"
    HELD_LATER = "held_later"
    NOT_COUNTED = "not_counted"
    HALF_COUNTED = "half_counted"
    LAST_DAY_WRONG = "last_day_wrong"
    RETELL_FIRST = "retell_first"
    RULE_IS_TOLD = "rule_is_told"
    UNKNOWN_SESSION = "unknown_session"
    OWN_WORDS = "own_words"
    OWN_SESSION = "own_session"
    IS_BEING_DECIDED = "is_being_decided"


class DoesNotFit(FundError):
    """Raised with every problem at once; nothing is stored."""

    code = "codesign_does_not_fit"
    status = 422

    def __init__(self, problems: Iterable[AnswerProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(self.problems))


@dataclass(frozen=True)
class Answer:
    """What we say to a point. Texts in one or more languages of the call."""

    response: CodesignResponse
    reason: LocalizedText
    decided_by: LocalizedText
    decided_on: date
    what_changed: LocalizedText | None = None
    changed: tuple[str, ...] = ()
    next_review: date | None = None


def start_codesign(call: Call, *, actor: User | None, now: datetime) -> None:
    """From now on everybody can read how far input reaches and what has been said. Raises RoomNotStated."""
    check_room_is_stated(call)
    move(call, "start_co_design", actor=actor, now=now)


def add_session(
    call: Call, session: PlannedSession, *, actor: User, now: datetime, once: str | None = None
) -> CodesignSession:
    """A session that is planned or took place, in counts only, under a new key. Raises DoesNotFit."""
    lock_record(call)
    session_id = sent_id(call.id, once, actor.id, session)
    if (sent := db.session.get(CodesignSession, session_id)) is not None:
        return sent
    key = next_key("S", {known.key for known in record_of(call).sessions})
    row = CodesignSession(id=session_id, call=call, key=key)
    _write_session(row, replace(session, key=key), now)
    db.session.add(row)
    take_up_if_possible(call)
    record(row, "add_session", actor=actor, now=now, details={"key": key})
    return row


def change_session(
    row: CodesignSession, session: PlannedSession, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """Put a session straight or add translations. `seen`: digest of the session that the writer saw. Raises
    DoesNotFit, and StaleVersion when others have changed it since."""
    lock_record(row.call)
    db.session.refresh(row)
    check_seen(seen, digest_of_session(row))
    if session.deciding != session_of(row).deciding and is_rule_told(row.call, row.key):
        raise DoesNotFit([AnswerProblem.RULE_IS_TOLD])
    _write_session(row, replace(session, key=row.key), now)
    take_up_if_possible(row.call)
    record(row, "change_session", actor=actor, now=now, details={"key": row.key})


@dataclass(frozen=True)
class Said:
    """One thing that was said, in the words of a role. Texts in one or more languages of the call."""

    said_by: LocalizedText
    said: LocalizedText
    topic: Topic
    session: str | None = None
    came_by: PointSource = PointSource.FUND


def add_point(
    call: Call, said: Said, *, actor: User, now: datetime, once: str | None = None
) -> CodesignPoint:
    """The same words with the same `once` are one point. Raises DoesNotFit."""
    lock_record(call)
    point_id = sent_id(call.id, once, actor.id, said)
    if (sent := db.session.get(CodesignPoint, point_id)) is not None:
        return sent
    taken = {known.key for known in list_points(call)} | {known.key for known in record_of(call).points}
    row = CodesignPoint(
        id=point_id, call=call, key=next_key("P", taken), changed={"things": []}, added_by_id=actor.id
    )
    row.came_by = said.came_by
    _write_said(row, said)
    db.session.add(row)
    record(row, "add_point", actor=actor, now=now, details={"key": row.key, "topic": said.topic.value})
    return row


def change_point(
    point: CodesignPoint, said: Said, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """Put straight what was said or add translations; the answer stays. `seen`: digest of the words that the
    writer saw. Raises DoesNotFit, and StaleVersion when others have changed them since."""
    lock_record(point.call)
    db.session.refresh(point)
    check_seen(seen, digest_of_words(point))
    if point.came_by not in BY_A_GUEST:
        point.came_by = said.came_by
    elif problems := list(_problems_of_guest(point, said)):
        raise DoesNotFit(problems)
    _write_said(point, said)
    take_up_if_possible(point.call)
    record(point, "change_point", actor=actor, now=now, details={"key": point.key, "topic": said.topic.value})


def answer_point(
    point: CodesignPoint, answer: Answer, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """Say what we do about it, and why; also to put a former answer straight. `seen`: digest of the answer
    that the writer saw. Raises DoesNotFit, and StaleVersion when others have answered since."""
    lock_record(point.call)
    db.session.refresh(point)
    check_seen(seen, digest_of_answer(point))
    if problems := list(_problems_of(point, answer, now)):
        raise DoesNotFit(problems)
    point.reason = answer.reason.as_dict()
    point.what_changed = answer.what_changed.as_dict() if answer.what_changed else None
    point.changed = {"things": list(answer.changed)}
    point.decided_by = answer.decided_by.as_dict()
    point.decided_on = answer.decided_on
    point.next_review = answer.next_review
    before, point.response = point.response, answer.response
    take_up_if_possible(point.call)
    details: Json = {"key": point.key, "response": answer.response.value}
    if before is not None:
        details["before"] = before.value
    record(point, "answer_point", actor=actor, now=now, details=details)


def publish_points(call: Call, *, actor: User | None, now: datetime) -> int:
    """Show everybody the points that have an answer by now; says how many are new."""
    lock_record(call)
    ready = [row for row in list_points(call) if row.response is not None and row.published_at is None]
    for row in ready:
        row.published_at = now
    if ready:
        record(call, "publish_points", actor=actor, now=now, details={"points": [row.key for row in ready]})
    return len(ready)


def take_from_file(call: Call, definition: CallDefinition, *, now: datetime) -> None:
    """Make the rows say what a call file says. Points without an answer stay: a file cannot hold them."""
    sessions = {row.key: row for row in list_sessions(call)}
    for session in definition.codesign.sessions:
        row = sessions.pop(session.key, None)
        if row is None:
            db.session.add(row := CodesignSession(call=call, key=session.key))
        row.held_on, row.content = session.day, _session_data(definition, session)
    points = {row.key: row for row in list_points(call)}
    for point in definition.codesign.points:
        known = points.pop(point.key, None)
        if known is None:
            db.session.add(known := CodesignPoint(call=call, key=point.key))
        _write_point(known, point)
        known.published_at = known.published_at or now
    for left in (*sessions.values(), *(point for point in points.values() if point.response is not None)):
        db.session.delete(left)


def _write_point(row: CodesignPoint, point: Point) -> None:
    row.session_key = point.session
    row.topic = point.topic
    row.said_by = point.said_by.as_dict()
    if point.retold:
        row.said = row.said or point.said.as_dict()
        row.retold, row.showing = point.said.as_dict(), PointShowing.OUR_WORDS
    elif row.came_by not in BY_A_GUEST or not row.said:  # a guest's own words are theirs
        row.said = point.said.as_dict()
    row.reason = point.reason.as_dict()
    row.what_changed = point.what_changed.as_dict() if point.what_changed else None
    row.changed = {"things": list(point.changed)}
    row.decided_by = point.decided_by.as_dict()
    row.decided_on = point.decided_on
    row.next_review = point.next_review
    if row.came_by not in BY_A_GUEST:
        row.said_in = point.said_in
    row.response = point.response


def _write_said(row: CodesignPoint, said: Said) -> None:
    held_on = _day_of_session(row.call, said.session)
    if said.session is not None and held_on is None:
        raise DoesNotFit([AnswerProblem.UNKNOWN_SESSION])
    if held_on is not None and row.decided_on is not None and row.decided_on < held_on:
        raise DoesNotFit([AnswerProblem.DECIDED_BEFORE_SESSION])
    row.session_key, row.topic = said.session, said.topic
    row.said_by, row.said = said.said_by.as_dict(), _with_original(row, said.said)


def _with_original(row: CodesignPoint, said: LocalizedText) -> Json:
    """The words of the speaker stay, also in a language that no form of the call has a field for."""
    words = said.as_dict()
    if row.said_in is None and len(words) == 1:
        (row.said_in,) = words
    before = row.said or {}
    if row.said_in in before and row.said_in not in definition_of(current_version(row.call)).languages:
        words.setdefault(row.said_in, before[row.said_in])
    if row.came_by is PointSource.LINK:
        words[_own_language(row)] = before[_own_language(row)]
    return words


def _own_language(point: CodesignPoint) -> str:
    return point.said_in or next(iter(point.said))


def _problems_of_guest(point: CodesignPoint, said: Said) -> Iterator[AnswerProblem]:
    """What somebody wrote by a link stays theirs, under the rule they have read; translations may follow.
    What the fund has heard and written down it may put straight. Spaces come back from a form tidied."""
    own = _own_language(point)
    typed = (said.said.find(own) or "").split()
    if point.came_by is PointSource.LINK and typed != point.said[own].split():
        yield AnswerProblem.OWN_WORDS
    if said.session != point.session_key:
        yield AnswerProblem.OWN_SESSION


def _write_session(row: CodesignSession, session: PlannedSession, now: datetime) -> None:
    definition = definition_of(current_version(row.call))
    if problems := list(_problems_of_session(session, today_of(definition, now))):
        raise DoesNotFit(problems)
    decided = [point.decided_on for point in record_of(row.call).points if point.session == row.key]
    if any(day < session.day for day in decided):
        raise DoesNotFit([AnswerProblem.DECIDED_BEFORE_SESSION])
    row.held_on, row.content = session.day, _session_data(definition, session)


def _problems_of_session(session: PlannedSession, today: date) -> Iterator[AnswerProblem]:
    """People are counted once it is over, and then they have to be."""
    if (session.organisations is None) != (session.people is None):
        yield AnswerProblem.HALF_COUNTED
    elif session.is_counted and session.ends_on > today:
        yield AnswerProblem.HELD_LATER
    elif not session.is_counted and session.ends_on < today:
        yield AnswerProblem.NOT_COUNTED
    is_in_writing = session.kind is SessionKind.WRITING
    if session.last_day is not None and (not is_in_writing or session.last_day < session.day):
        yield AnswerProblem.LAST_DAY_WRONG


def _session_data(definition: CallDefinition, session: PlannedSession) -> Json:
    """As a call file writes it."""
    record_of_one = CodesignRecord(definition.codesign.room, (session,))
    data: Json = to_data(replace(definition, codesign=record_of_one))
    written: Json = data["codesign"]["sessions"][0]
    return written


def _problems_of(point: CodesignPoint, answer: Answer, now: datetime) -> Iterator[AnswerProblem]:
    definition = definition_of(current_version(point.call))
    changes = answer.response in CHANGING
    decision = find_decision(point)
    if decision is not None and decision.is_open(now):
        yield AnswerProblem.IS_BEING_DECIDED
    if point.shown_words is None:
        yield AnswerProblem.RETELL_FIRST
    if changes and answer.what_changed is None:
        yield AnswerProblem.SAY_WHAT_CHANGED
    if not changes and (answer.changed or answer.what_changed is not None):
        yield AnswerProblem.NOTHING_CHANGED
    if not set(answer.changed) <= {part.reference for part in parts_of(definition)}:
        yield AnswerProblem.UNKNOWN_PART
    if answer.decided_on > today_of(definition, now):
        yield AnswerProblem.DECIDED_LATER
    held_on = _day_of_session(point.call, point.session_key)
    if held_on is not None and answer.decided_on < held_on:
        yield AnswerProblem.DECIDED_BEFORE_SESSION
    if answer.next_review is not None and answer.next_review < answer.decided_on:
        yield AnswerProblem.REVIEW_BEFORE_DECISION


def lock_record(call: Call) -> None:
    """Sessions and points get their keys one after another. An archived call is as it is."""
    lock_row(Call, call.id)
    db.session.refresh(call, ["status"])  # somebody may have published it while we waited
    if call.status is CallStatus.ARCHIVED:
        raise NotPossibleNow("the call is archived")


def today_of(definition: CallDefinition, now: datetime) -> date:
    return now.astimezone(definition.zone).date()


def _day_of_session(call: Call, key: str | None) -> date | None:
    return next((session.day for session in record_of(call).sessions if session.key == key), None)


def next_key(letter: str, taken: set[str]) -> str:
    """S3 after S1 and S2."""
    return next(key for number in count(1) if (key := f"{letter}{number}") not in taken)
