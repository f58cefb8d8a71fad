"""Telling everybody the themes of a year: groups hear it first and can keep texts out; a person publishes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.shared_themes import SharedThemes
from fundapp.models.theme_code import CodedText, TextKeptOut
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.shared_themes import content_of, counts_in
from fundapp.queries.theme_codes import list_all_coded_texts
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_about_grant
from fundapp.working_days import working_days_later


class AnnouncedBefore(FundError):
    """Each year is announced and published once."""

    code = "announced_before"


class NothingRead(FundError):
    """No text of that year was read to the end."""

    code = "nothing_read"


def announce_themes(call: Call, year: int, *, actor: User, now: datetime) -> SharedThemes:
    """Each group that would be counted gets a mail, and so many working days to keep a text out.

    Raises AnnouncedBefore and NothingRead.
    """
    lock_row(Call, call.id)
    known = sa.select(SharedThemes.id).where(SharedThemes.call_id == call.id, SharedThemes.year == year)
    if db.session.execute(known).first() is not None:
        raise AnnouncedBefore
    definition = definition_of(current_version(call))
    today = now.astimezone(definition.zone).date()
    open_from = working_days_later(today, definition.monitoring.reply_days)
    shared = SharedThemes(
        call_id=call.id, year=year, open_from=open_from, announced_by_id=actor.id, created_at=now
    )
    texts = [
        each
        for each in list_all_coded_texts(call)
        if counts_in(shared, each, zone=definition.zone, today=today) is not None
    ]
    if not texts:
        raise NothingRead
    db.session.add(shared)
    record(
        shared, "announce", actor=actor, now=now, details={"year": year, "open_from": open_from.isoformat()}
    )
    for award in sorted({each.award for each in texts}, key=lambda award: str(award.id)):
        tell_about_grant(award, now=now)
    return shared


def publish_themes(shared: SharedThemes, *, actor: User, now: datetime) -> None:
    """The numbers of this day stay. Raises NotPossibleNow before the day that the groups were told."""
    lock_row(Call, shared.call_id)
    db.session.refresh(shared)
    today = now.astimezone(definition_of(current_version(shared.call)).zone).date()
    if today < shared.open_from:
        raise NotPossibleNow("groups can still keep a text out")
    content = content_of(shared, today=today)
    with db.session.no_autoflush:
        shared.content, shared.published_at, shared.published_by_id = content, now, actor.id
        move(shared, "publish", actor=actor, now=now, details={"year": shared.year})


def keep_text_out(coded: CodedText, *, actor: User, now: datetime) -> None:
    """Of the next themes of a year, and its outcomes are gone at once. Twice is once."""
    _lock(coded)
    if coded.kept_out is None:
        coded.kept_out = TextKeptOut(kept_out_by_id=actor.id, created_at=now)
        record(coded, "keep_out", actor=actor, now=now)


def let_text_in(coded: CodedText, *, actor: User, now: datetime) -> None:
    """The group has changed its mind."""
    _lock(coded)
    if coded.kept_out is not None:
        db.session.delete(coded.kept_out)
        coded.kept_out = None
        record(coded, "let_in", actor=actor, now=now)


def _lock(coded: CodedText) -> None:
    lock_row(CodedText, coded.id)
    db.session.refresh(coded)
