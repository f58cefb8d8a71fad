"""Copies without names: written by somebody of the fund, confirmed, and only then seen by readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from secrets import SystemRandom

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, StaleVersion
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.redaction import RedactedCopy
from fundapp.models.user import User
from fundapp.queries.applications import list_clarifications
from fundapp.queries.panels import list_readers_to_tell
from fundapp.queries.redaction import (
    PieceKind,
    find_copy,
    is_copied,
    key_of,
    pieces_of,
    state_of,
    without_transcript,
)
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify


class CopiesMissing(FundError):
    """Somebody would have to read an application with its names."""

    code = "copies_missing"


class TranscriptMissing(FundError):
    """A voice says who speaks: readers get what is written down of it, and nothing is."""

    code = "transcript_missing"


class NotInTheRound(FundError):
    """Only a full application that was sent is read."""

    code = "not_in_the_round"


FIRST = 1  # version of a copy that nobody has written yet


def save_copy(
    application: Application,
    texts: Mapping[str, str],
    *,
    seen: Mapping[str, str],
    version: int,
    is_confirmed: bool,
    actor: User,
    now: datetime,
) -> RedactedCopy:
    """Keep the texts; once confirmed they are what readers see. `version` is that of the copy that was seen.

    `seen`: digests of the originals that stood beside the texts; nobody confirms what they did not read.

    Raises StaleVersion, NotInTheRound, and for confirming TextNeeded and TranscriptMissing.
    """
    number_copies(application.round, now=now)
    copy = find_copy(application)
    if copy is None:
        raise NotInTheRound
    pieces = {each.key: each for each in pieces_of(application)}
    if pieces.keys() - texts.keys() or any(seen.get(key) != each.digest for key, each in pieces.items()):
        raise StaleVersion
    written = {key: {"text": texts[key].strip(), "of": piece.digest} for key, piece in pieces.items()}
    if written == (copy.shown if is_confirmed else copy.written) and bool(copy.confirmed_at) >= is_confirmed:
        return copy  # pressed twice
    if max(version, FIRST) != copy.version:
        raise StaleVersion
    if is_confirmed and not all(each["text"] for each in written.values()):
        raise TextNeeded
    if is_confirmed and without_transcript(application):
        raise TranscriptMissing
    copy.written = written
    if is_confirmed:
        _tell_of_answers(application, written.keys() - copy.shown.keys(), now=now)
        copy.shown, copy.confirmed_at, copy.confirmed_by_id = written, now, actor.id
        record(copy, "confirm", actor=actor, now=now, call_id=application.call_id)
    db.session.flush()
    return copy


def _tell_of_answers(application: Application, new: Set[str], *, now: datetime) -> None:
    """What the group has answered is heard by its readers once somebody has read it for them."""
    for each in list_clarifications(application):
        if key_of(PieceKind.HEARD, each.id) in new:
            for reader in list_readers_to_tell(application):
                notify(reader, MessageKind.CLARIFICATION_ANSWERED, now=now, clarification_id=str(each.id))


def number_copies(round_: Round, *, now: datetime) -> None:
    """Each application that is or will be read gets its number: those of one moment in an order by lot."""
    lock_row(Round, round_.id)
    without = (
        sa.select(Application)
        .outerjoin(Application.redacted_copy)
        .where(
            is_copied(round_),
            RedactedCopy.id.is_(None),
        )
        .order_by(Application.id)
    )
    new = list(db.session.execute(without).scalars())
    SystemRandom().shuffle(new)
    last = db.session.execute(
        sa.select(sa.func.max(RedactedCopy.number)).where(RedactedCopy.round_id == round_.id)
    ).scalar_one()
    for number, application in enumerate(new, start=(last or 0) + 1):
        db.session.add(RedactedCopy(application=application, round=round_, number=number, created_at=now))
    db.session.flush()


def check_copies(applications: Sequence[Application]) -> None:
    """Raises CopiesMissing when one of them has no confirmed copy of everything it says."""
    if not all(state_of(each).is_ready for each in applications):
        raise CopiesMissing
