"""What people say without an account. Nothing is written that could lead to them: no user, no time of day.

Only what becomes a point is an event, with the day alone and without an actor; support, doubt and comments
are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from forms.localized import LocalizedText
from fundapp.call_file.codesign import Topic
from fundapp.call_file.proposable import find_proposable
from fundapp.clock import day_of
from fundapp.db import db, sent_id
from fundapp.errors import FundError, StaleVersion, check_seen
from fundapp.models.codesign import CodesignPoint, PointShowing, PointSource
from fundapp.models.codesign_voice import (
    CodesignLink,
    CodesignProposal,
    CodesignReply,
    ReplyKind,
)
from fundapp.models.user import User
from fundapp.queries.call_drafts import working_content
from fundapp.queries.codesign import digest_of_retold, list_points, record_of
from fundapp.queries.voices import works
from fundapp.services.codesign import lock_record, next_key
from fundapp.services.events import record
from fundapp.services.tries import Limit, count_try

# In each day: the count is kept for a while, and an hour would say when somebody was here.
POINTS = Limit("codesign_points", 200, timedelta(days=1))
REPLIES = Limit("codesign_replies", 3_000, timedelta(days=1))
MOST_POINTS = 400  # by the links of one call together
MOST_COMMENTS = 100  # to one point


class LinkOver(FundError):
    """The link was stopped, its last day is over, or the call is no longer in co-design."""

    code = "link_over"


class SaidEnough(FundError):
    """So many points or comments cannot be read any more; the link has probably got into other hands."""

    code = "said_enough"


class NothingProposed(FundError):
    """It is what stands there already, or no such thing can be changed."""

    code = "nothing_proposed"
    status = 422


@dataclass(frozen=True)
class Words:
    """What somebody says. `said_by` is a role in words, never a name."""

    said: LocalizedText
    said_by: LocalizedText
    topic: Topic
    showing: PointShowing = PointShowing.OWN_WORDS
    about: str | None = None


@dataclass(frozen=True)
class Change:
    """What somebody proposes instead of what stands there. `seen`: digest of what they saw."""

    reference: str
    field: str
    language: str | None
    value: object
    seen: str


def say(link: CodesignLink, words: Words, *, now: datetime, once: str | None = None) -> CodesignPoint:
    """The same words with the same `once` are one point. Raises LinkOver, TooManyTries and SaidEnough."""
    lock_record(link.call)
    point_id = sent_id(link.id, once, words)
    return db.session.get(CodesignPoint, point_id) or _add(link, words, point_id, now)


def _add(link: CodesignLink, words: Words, point_id: UUID, now: datetime) -> CodesignPoint:
    call = link.call
    check_works(link, now)
    count_try(POINTS, str(link.id), now=now)
    points = list_points(call)
    if sum(point.came_by is PointSource.LINK for point in points) >= MOST_POINTS:
        raise SaidEnough
    taken = {known.key for known in points} | {known.key for known in record_of(call).points}
    point = CodesignPoint(
        id=point_id,
        call=call,
        created_at=day_of(now),
        key=next_key("P", taken),
        session_key=link.session_key,
        topic=words.topic,
        said_by=words.said_by.as_dict(),
        said=words.said.as_dict(),
        said_in=next(iter(words.said.as_dict())),
        changed={"things": []},
        came_by=PointSource.LINK,
        showing=words.showing,
        about=words.about,
    )
    db.session.add(point)
    details = {"key": point.key, "topic": words.topic.value, "session": link.session_key}
    record(point, "say", actor=None, now=day_of(now), details=details)
    return point


def propose(
    link: CodesignLink, words: Words, change: Change, *, now: datetime, once: str | None = None
) -> CodesignPoint:
    """A point with a proposal. Raises StaleVersion when what stands there is not what was seen,
    NothingProposed, and what `say` raises."""
    lock_record(link.call)
    point_id = sent_id(link.id, once, words, change)
    if (known := db.session.get(CodesignPoint, point_id)) is not None:
        return known
    today = find_proposable(working_content(link.call), change.reference, change.field)
    if today is None or change.value in ("", None):
        raise NothingProposed
    before = today.in_language(change.language)
    if today.digest(change.language) != change.seen:
        raise StaleVersion
    if str(change.value) == before:
        raise NothingProposed
    point = _add(link, words, point_id, now)
    db.session.add(
        CodesignProposal(
            point=point,
            reference=change.reference,
            field=change.field,
            language=change.language,
            before={"is": before},
            value={"is": change.value},
            digest=change.seen,
        )
    )
    return point


def weigh(
    link: CodesignLink,
    point: CodesignPoint,
    kind: ReplyKind,
    text: str,
    *,
    language: str,
    voice: str,
    now: datetime,
) -> None:
    """Support or doubt, once a voice: another word of the same voice takes the place of the first, under its
    link, and stays hidden until the fund shows it. Raises LinkOver, TooManyTries, and SaidEnough when more
    voices speak than the link is for."""
    _before_reply(link, now)
    known = db.session.execute(
        sa.select(CodesignReply).where(CodesignReply.point_id == point.id, CodesignReply.voice == voice)
    ).scalar_one_or_none()
    if known is None:
        spoken = _number(CodesignReply.link_id == link.id, point, CodesignReply.voice.is_not(None))
        if spoken >= link.people:
            raise SaidEnough
        db.session.add(known := CodesignReply(point_id=point.id, link_id=link.id, voice=voice))
    known.kind, known.text, known.language, known.on_day = kind, text, language, day_of(now).date()


def comment(
    link: CodesignLink,
    point: CodesignPoint,
    text: str,
    *,
    language: str,
    now: datetime,
    once: str | None = None,
) -> None:
    """The same words with the same `once` are one comment. Raises LinkOver, TooManyTries and SaidEnough."""
    _before_reply(link, now)
    reply_id = sent_id(point.id, once, link.id, text)
    if db.session.get(CodesignReply, reply_id) is not None:
        return
    if _number(CodesignReply.kind == ReplyKind.COMMENT, point) >= MOST_COMMENTS:
        raise SaidEnough
    reply = CodesignReply(
        id=reply_id,
        point_id=point.id,
        link_id=link.id,
        kind=ReplyKind.COMMENT,
        text=text,
        language=language,
        on_day=day_of(now).date(),
    )
    db.session.add(reply)


def hide_reply(
    reply: CodesignReply, point: CodesignPoint, why: str | None, *, actor: User, now: datetime
) -> None:
    """Others no longer read it, only why; None shows it again. A support or doubt still counts."""
    lock_record(point.call)
    reply.hidden_why = why
    step = "hide_reply" if why else "show_reply"
    record(point, step, actor=actor, now=now, reason=why, details={"key": point.key})


def retell(
    point: CodesignPoint, retold: LocalizedText, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """The fund's words for what was said; from now on others read these, as the person wished or for their
    safety. `seen`: digest of those that the writer saw. Raises StaleVersion when there are others since."""
    lock_record(point.call)
    db.session.refresh(point)
    check_seen(seen, digest_of_retold(point))
    point.retold, point.showing = retold.as_dict(), PointShowing.OUR_WORDS
    record(point, "retell", actor=actor, now=now, details={"key": point.key})


def _before_reply(link: CodesignLink, now: datetime) -> None:
    lock_record(link.call)
    check_works(link, now)
    count_try(REPLIES, str(link.id), now=now)


def check_works(link: CodesignLink, now: datetime) -> None:
    db.session.refresh(link)
    if not works(link, now):
        raise LinkOver


def _number(which: sa.ColumnElement[bool], point: CodesignPoint, *more: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(CodesignReply)
    return db.session.execute(query.where(CodesignReply.point_id == point.id, which, *more)).scalar_one()
