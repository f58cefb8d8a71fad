"""What people say aloud in co-design, by a link: kept unheard by others, written down as a point, erased.

Of who sent it and when nothing is kept but the day, as in `voices`. A voice can be recognised all the same,
so the page says it first, and the sound goes on a day that is named before anybody speaks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO

from forms.localized import LocalizedText
from fundapp.call_file.codesign import Topic
from fundapp.clock import day_of
from fundapp.db import db, lock_row, sent_id
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import SpokenStatus
from fundapp.models.codesign import CodesignPoint, PointShowing, PointSource
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.models.codesign_voice import CodesignLink
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.user import User
from fundapp.queries.codesign import list_points, record_of
from fundapp.queries.spoken import count_kept_recordings, find_spoken_with, list_kept_too_long
from fundapp.services.codesign import lock_record, next_key
from fundapp.services.events import move, record
from fundapp.services.files import erase_file, receive_unsigned
from fundapp.services.tries import Limit, count_try
from fundapp.services.voices import SaidEnough, check_works
from fundapp.settings import MEGABYTE
from fundapp.storage import pieces_of

RECORDINGS = Limit("codesign_recordings", 60, timedelta(days=1))
MOST_KEPT = 200  # of one call, until they are erased
LARGEST = 10 * MEGABYTE
MINUTES = 3
KEPT_AFTER_THE_LINK = timedelta(days=30)
NAME = "recording"  # the name of a file on somebody's phone may be the name of a person


@dataclass(frozen=True)
class About:
    """What goes with a recording. `said_by` is a role in words, never a name."""

    said_by: LocalizedText
    said_in: str
    showing: PointShowing
    about: str | None = None


@dataclass(frozen=True)
class Heard:
    """What somebody of the fund writes down of it."""

    text: str
    language: str
    topic: Topic


def kept_until(link: CodesignLink) -> date:
    """The last day on which somebody can hear what is said by this link; the same for all its people."""
    return link.ends_on + KEPT_AFTER_THE_LINK


def say_aloud(
    link: CodesignLink, about: About, stream: IO[bytes], *, once: str, now: datetime
) -> CodesignRecording:
    """It waits to be written down. The same sound with the same `once` is one recording.

    Raises LinkOver, TooManyTries, SaidEnough, NotTaken, TooLarge and NoRoom.
    """
    call = link.call
    lock_record(call)
    check_works(link, now)
    count_try(RECORDINGS, str(link.id), now=now)
    if count_kept_recordings(call) >= MOST_KEPT:
        raise SaidEnough
    token = sent_id(link.id, once, about, _digest(stream)).hex
    file = receive_unsigned(stream, name=NAME, kinds={FileKind.AUDIO}, most=LARGEST, now=now, once=token)
    if (known := find_spoken_with(file)) is not None:
        return known
    spoken = CodesignRecording(
        call=call,
        link=link,
        file=file,
        created_at=day_of(now),
        said_by=about.said_by.as_dict(),
        said_in=about.said_in,
        showing=about.showing,
        about=about.about,
        keep_until=kept_until(link),
    )
    db.session.add(spoken)
    record(spoken, "say_aloud", actor=None, now=day_of(now), details={"session": link.session_key})
    return spoken


def write_down(spoken: CodesignRecording, heard: Heard, *, actor: User, now: datetime) -> CodesignPoint:
    """What was heard becomes a point, in the words of its speaker. Raises NotPossibleNow."""
    call = spoken.call
    lock_record(call)
    _refresh(spoken)
    taken = {known.key for known in list_points(call)} | {known.key for known in record_of(call).points}
    point = CodesignPoint(
        call=call,
        created_at=spoken.created_at,
        key=next_key("P", taken),
        session_key=spoken.link.session_key,
        topic=heard.topic,
        said_by=spoken.said_by,
        said={heard.language: heard.text},
        said_in=heard.language,
        changed={"things": []},
        came_by=PointSource.VOICE,
        showing=spoken.showing,
        about=spoken.about,
    )
    db.session.add(point)
    move(spoken, "write_down", actor=actor, now=now, details={"key": point.key})
    spoken.point = point
    db.session.flush()
    return point


def set_aside(spoken: CodesignRecording, why: str, *, actor: User, now: datetime) -> None:
    """Nothing can be written down from it, for this reason. Raises NotPossibleNow."""
    lock_record(spoken.call)
    _refresh(spoken)
    spoken.aside_why = why
    move(spoken, "set_aside", actor=actor, now=now, reason=why)


def erase_now(spoken: CodesignRecording, *, actor: User, now: datetime) -> None:
    """Before its day, once it is written down or set aside. Raises NotPossibleNow."""
    lock_record(spoken.call)
    _refresh(spoken)
    if spoken.status is SpokenStatus.WAITING:
        raise NotPossibleNow("nobody has written it down")
    erase_file(spoken.file, actor=actor, now=now, reason="erased by the fund before its day")


def lose_refused(file: StoredFile, *, now: datetime) -> None:
    """The check found that nobody can hear it, or that it is harmful."""
    spoken = find_spoken_with(file)
    if spoken is not None and spoken.status is SpokenStatus.WAITING:
        move(spoken, "lose", actor=None, now=now, reason="the file could not be used")


def erase_old_recordings(*, now: datetime) -> int:
    """For the daily jobs: the day that was named is over. What nobody wrote down is lost, and says so."""
    old = list_kept_too_long(day_of(now).date())
    for spoken in old:
        lock_row(CodesignRecording, spoken.id)
        _refresh(spoken)
        if spoken.status is SpokenStatus.WAITING:
            move(spoken, "lose", actor=None, now=now, reason="its day came before anybody wrote it down")
        erase_file(spoken.file, actor=None, now=now, reason="the named day is over")
    return len(old)


def _digest(stream: IO[bytes]) -> str:
    """Leaves the stream at its beginning."""
    found = hashlib.sha256()
    for piece in pieces_of(stream):
        found.update(piece)
    stream.seek(0)
    return found.hexdigest()


def _refresh(spoken: CodesignRecording) -> None:
    db.session.refresh(spoken, ["status"])
