"""Planned conversations: what the group tells, the fund's reply, and the group's own markers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError

from forms.answers import JsonAnswer
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.monitoring import PlannedCheckIn
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import CheckInStatus
from fundapp.models.award import Award
from fundapp.models.monitoring import CheckIn, Marker, MarkerLevel, MarkerReading
from fundapp.models.user import User
from fundapp.queries.calls import definition_of
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.instalments import make_due, months_later
from fundapp.services.messages import MessageKind

SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|[。።।؟۔]+")
SATURDAY = 5


class ReplyTooShort(FundError):
    """The fund says at least so many sentences about what it learned."""

    code = "reply_too_short"

    def __init__(self, sentences: int) -> None:
        super().__init__(f"at least {sentences} sentences")
        self.sentences = sentences


class NothingTold(FundError):
    """A conversation leaves at least one answer, in any form."""

    code = "nothing_told"


def plan_check_ins(award: Award, definition: CallDefinition, *, starts_on: date) -> list[CheckIn]:
    """The call's conversations within the months of this grant."""
    planned = [
        CheckIn(award=award, kind=item.key, due_on=_due_on(item, starts_on))
        for item in definition.monitoring.check_ins
        if not item.is_optional and (item.month is None or item.month <= award.months)
    ]
    db.session.add_all(planned)
    return planned


def _due_on(item: PlannedCheckIn, starts_on: date) -> date:
    if item.month is not None:
        return months_later(starts_on, item.month)
    return starts_on + timedelta(weeks=item.week or 0)


def drop_check_ins(award: Award) -> None:
    """A grant that has ended asks for no more of the group's time."""
    db.session.execute(
        sa.delete(CheckIn).where(
            CheckIn.award_id == award.id,
            CheckIn.status.in_((CheckInStatus.PLANNED, CheckInStatus.OFFERED)),
        )
    )


def offer_check_in(check_in: CheckIn, *, actor: User | None, now: datetime) -> None:
    """Ask the group when and how it would like to talk."""
    _lock(check_in)
    move(check_in, "offer", actor=actor, now=now)
    application = check_in.award.application
    tell_group(application, MessageKind.CHECK_IN_DUE, now=now, check_in_id=str(check_in.id))


def hold_check_in(
    check_in: CheckIn,
    *,
    answers: Mapping[str, JsonAnswer],
    language: str | None,
    minutes: int | None,
    levels: Mapping[UUID, MarkerLevel],
    actor: User,
    now: datetime,
) -> None:
    """Keep what was told, by the group or typed for it; the money that waited for it becomes due.

    Raises NothingTold. A marker that went back changes nothing about the money.
    """
    _lock(check_in)
    told = {key: value for key, value in answers.items() if value not in (None, "")}
    if not told:
        raise NothingTold
    definition = definition_of(check_in.award.application.call_version)
    check_in.answers, check_in.language, check_in.minutes_taken = told, language, minutes
    check_in.held_at = now
    today = now.astimezone(definition.zone).date()
    check_in.reply_due_on = working_days_later(today, definition.monitoring.reply_days)
    for marker_id, level in levels.items():
        db.session.add(MarkerReading(marker_id=marker_id, check_in_id=check_in.id, level=level))
    move(check_in, "hold", actor=actor, now=now)
    make_due(check_in.award, check_in.kind, actor=actor, now=now)


def reply_to_check_in(check_in: CheckIn, text: str, *, actor: User, now: datetime) -> None:
    """The fund says what it learned. Raises ReplyTooShort."""
    _lock(check_in)
    wanted = definition_of(check_in.award.application.call_version).monitoring.reply_sentences
    if sentence_count(text) < wanted:
        raise ReplyTooShort(wanted)
    check_in.reply, check_in.replied_at, check_in.replied_by_id = text.strip(), now, actor.id
    move(check_in, "answer", actor=actor, now=now)
    application = check_in.award.application
    tell_group(application, MessageKind.FUND_REPLIED, now=now, check_in_id=str(check_in.id))


def _lock(check_in: CheckIn) -> None:
    """Raises NotPossibleNow when the grant has ended meanwhile and its open conversations are gone."""
    lock_row(Award, check_in.award_id)
    try:
        db.session.refresh(check_in)
    except InvalidRequestError:
        raise NotPossibleNow("the conversation is no longer planned") from None


def sentence_count(text: str) -> int:
    """Sentences by their full stops, in any script we offer; the last one may go without."""
    return sum(any(map(str.isalnum, part)) for part in SENTENCE_END.split(text))


def working_days_later(day: date, number: int) -> date:
    """Mondays to Fridays; bank holidays are not known here, so the promise is a little stricter."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day


def name_markers(award: Award, words: Sequence[str], *, actor: User, now: datetime) -> list[Marker]:
    """The small signs the group has chosen. Those not named again are dropped, not deleted."""
    lock_row(Award, award.id)
    wanted = list(dict.fromkeys(line.strip() for line in words if line.strip()))
    known = {marker.words: marker for marker in _markers(award)}
    for text, marker in known.items():
        marker.dropped_at = None if text in wanted else (marker.dropped_at or now)
    new = [Marker(award=award, words=text) for text in wanted if text not in known]
    db.session.add_all(new)
    record(award, "name_markers", actor=actor, now=now, details={"number": len(wanted)})
    return [*(known[text] for text in wanted if text in known), *new]


def _markers(award: Award) -> Sequence[Marker]:
    query = sa.select(Marker).where(Marker.award_id == award.id).order_by(Marker.created_at, Marker.id)
    return db.session.execute(query).scalars().all()
