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
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import TALKS_TO_COME
from fundapp.models.award import Award
from fundapp.models.complaint import SafetyFlag
from fundapp.models.monitoring import CheckIn, CheckInFile, Marker, MarkerLevel, MarkerReading, Story
from fundapp.models.theme_code import CodedText
from fundapp.models.user import User
from fundapp.months import months_later
from fundapp.queries.applications import list_members_to_tell
from fundapp.queries.calls import definition_of
from fundapp.services.contact import LONDON
from fundapp.services.events import move, record
from fundapp.services.group_messages import tell_group
from fundapp.services.instalments import make_due
from fundapp.services.messages import MessageKind, notify
from fundapp.working_days import working_days_later

HANGING = (
    CheckInFile.check_in_id,
    MarkerReading.check_in_id,
    Story.check_in_id,
    CodedText.check_in_id,
    SafetyFlag.check_in_id,
)
SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|[。።।؟۔]+")


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
    """A grant that has ended asks for no more of the group's time. Where something hangs on one, it stays."""
    db.session.execute(
        sa.delete(CheckIn).where(
            CheckIn.award_id == award.id,
            CheckIn.status.in_(TALKS_TO_COME),
            *(~sa.exists().where(column == CheckIn.id) for column in HANGING),
        )
    )


def offer_check_in(check_in: CheckIn, *, actor: User | None, now: datetime) -> None:
    """Ask the group when and how it would like to talk."""
    lock_check_in(check_in)
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
    link: str = "",
    typed_by_fund: bool = False,
    actor: User,
    now: datetime,
) -> None:
    """Keep what was told, in any form; the money that waited for it becomes due.

    What the fund typed waits for the group's word, the money does not. Raises NothingTold. A marker that went
    back changes nothing about the money.
    """
    lock_check_in(check_in)
    told = {key: value for key, value in answers.items() if value not in (None, "")}
    if not (told or link or check_in.shown_files):
        raise NothingTold
    definition = definition_of(check_in.award.application.call_version)
    check_in.answers, check_in.language, check_in.minutes_taken = told, language, minutes
    check_in.held_at, check_in.link, check_in.typed_by_fund = now, link, typed_by_fund
    today = now.astimezone(definition.zone).date()
    check_in.reply_due_on = working_days_later(today, definition.monitoring.reply_days)
    for marker_id, level in levels.items():
        db.session.add(MarkerReading(marker_id=marker_id, check_in_id=check_in.id, level=level))
    move(check_in, "hold", actor=actor, now=now)
    make_due(check_in.award, check_in.kind, actor=actor, now=now)
    if typed_by_fund:
        application = check_in.award.application
        tell_group(application, MessageKind.ANSWER_TYPED, now=now, check_in_id=str(check_in.id))


def confirm_told(check_in: CheckIn, correction: str, *, actor: User, now: datetime) -> None:
    """The group has read what the fund typed: it is right, or this is what it would say otherwise."""
    lock_check_in(check_in)
    if not check_in.typed_by_fund or check_in.held_at is None or check_in.confirmed_at is not None:
        raise NotPossibleNow("nothing waits for the group's word")
    check_in.confirmed_at, check_in.correction = now, correction.strip()
    step = "correct" if check_in.correction else "confirm"
    record(check_in, step, actor=actor, now=now, call_id=check_in.award.call_id)


def reply_to_check_in(check_in: CheckIn, text: str, *, actor: User, now: datetime) -> None:
    """The fund says what it learned. Raises ReplyTooShort."""
    lock_check_in(check_in)
    wanted = definition_of(check_in.award.application.call_version).monitoring.reply_sentences
    if sentence_count(text) < wanted:
        raise ReplyTooShort(wanted)
    check_in.reply, check_in.replied_at, check_in.replied_by_id = text.strip(), now, actor.id
    move(check_in, "answer", actor=actor, now=now)
    application = check_in.award.application
    tell_group(application, MessageKind.FUND_REPLIED, now=now, check_in_id=str(check_in.id))


def say_sorry_for_late_replies(*, now: datetime) -> None:
    """One mail to each person of a group for each conversation whose day of reply has passed.

    The page says whose fault it is (`reply_clock`).
    """
    today = now.astimezone(LONDON).date()
    late = sa.select(CheckIn).where(CheckIn.replied_at.is_(None), CheckIn.reply_due_on < today)
    for check_in in db.session.execute(late).scalars():
        for member in list_members_to_tell(check_in.award.application):
            notify(
                member,
                MessageKind.DATE_MISSED,
                now=now,
                once_key=f"late reply:{check_in.id}:{member.id}",
                check_in_id=str(check_in.id),
            )


def lock_check_in(check_in: CheckIn) -> None:
    """Raises NotPossibleNow when the grant has ended meanwhile and its open conversations are over."""
    lock_row(Award, check_in.award_id)
    try:
        db.session.refresh(check_in)
    except InvalidRequestError:
        raise NotPossibleNow("the conversation is no longer planned") from None
    db.session.refresh(check_in.award, ["status"])
    if check_in.is_over:
        raise NotPossibleNow("the grant has ended")


def sentence_count(text: str) -> int:
    """Sentences by their full stops, in any script we offer; the last one may go without."""
    return sum(any(map(str.isalnum, part)) for part in SENTENCE_END.split(text))


def name_markers(
    award: Award, words: Sequence[str], *, actor: User, now: datetime, seen: Sequence[str] | None = None
) -> list[Marker]:
    """The small signs the group has chosen. Those not named again are dropped, not deleted. `seen`: those
    that stood on the page of the writer. Raises StaleVersion when a colleague has named others since."""
    lock_row(Award, award.id)
    wanted = list(dict.fromkeys(line.strip() for line in words if line.strip()))
    known = {marker.words: marker for marker in _markers(award)}
    standing = {text for text, marker in known.items() if marker.dropped_at is None}
    if seen is not None and standing not in (set(seen), set(wanted)):
        raise StaleVersion
    for text, marker in known.items():
        marker.dropped_at = None if text in wanted else (marker.dropped_at or now)
    new = [Marker(award=award, words=text) for text in wanted if text not in known]
    db.session.add_all(new)
    record(award, "name_markers", actor=actor, now=now, details={"number": len(wanted)})
    return [*(known[text] for text in wanted if text in known), *new]


def _markers(award: Award) -> Sequence[Marker]:
    query = sa.select(Marker).where(Marker.award_id == award.id).order_by(Marker.created_at, Marker.id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalars().all()
