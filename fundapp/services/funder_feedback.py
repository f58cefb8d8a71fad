"""Taking in what groups say about the fund: no actor, no time, no event, on purpose. And answering it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom
from uuid import UUID, uuid4

import sqlalchemy as sa

from forms.localized import LocalizedText
from fundapp.call_file.codesign import Topic
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import BEING_BUILT
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from fundapp.models.funder_feedback import ENOUGH, FeedbackAnswer, FeedbackMoment, FeedbackYear
from fundapp.models.user import User
from fundapp.queries.funder_feedback import find_answers
from fundapp.services.codesign import Said, add_point
from fundapp.services.events import record
from fundapp.services.tallies import spend_ticket

SHUFFLER = SystemRandom()


class NothingSaid(FundError):
    """At least one question is answered."""

    code = "nothing_told"


class YearIsPublished(FundError):
    """What was said about a year stays as everybody has read it."""

    code = "year_is_published"


def put_into_the_box(
    call_id: UUID,
    moment: FeedbackMoment,
    texts: Mapping[str, str],
    *,
    language: str,
    ticket_digest: str,
) -> None:
    """Each answer alone. Once enough wait for a question, all of them can be read. Raises TicketSpent and
    NothingSaid."""
    said = {key: text.strip() for key, text in texts.items() if text.strip()}
    if not said:
        raise NothingSaid
    lock_row(Call, call_id)
    spend_ticket(ticket_digest)
    box = [*_empty(call_id), *(_answer(call_id, moment, key, text, language) for key, text in said.items())]
    for key in said:
        _make_readable([each for each in box if (each["moment"], each["question_key"]) == (moment, key)])
    # new ids in their own order: neither the key nor the place on the disk says which one came last
    SHUFFLER.shuffle(box)
    ids = sorted((uuid4() for _each in box), key=lambda each: each.hex)
    db.session.execute(
        sa.insert(FeedbackAnswer), [each | {"id": new_id} for each, new_id in zip(box, ids, strict=True)]
    )


def _empty(call_id: UUID) -> list[dict[str, object]]:
    """Everything that is in the box of a call, taken out of it."""
    columns = [column for column in FeedbackAnswer.__table__.columns if column.name != "id"]
    held = db.session.execute(sa.select(*columns).where(FeedbackAnswer.call_id == call_id)).mappings().all()
    db.session.execute(
        sa.delete(FeedbackAnswer)
        .where(FeedbackAnswer.call_id == call_id)
        .execution_options(synchronize_session=False)
    )
    return [dict(each) for each in held]


def _answer(call_id: UUID, moment: FeedbackMoment, key: str, text: str, language: str) -> dict[str, object]:
    answer = {"call_id": call_id, "moment": moment, "question_key": key, "text": text, "language": language}
    return answer | {"batch": 0, "hidden_why": ""}


def _make_readable(answers: list[dict[str, object]]) -> None:
    """All that wait for one question, once they are enough."""
    waiting = [each for each in answers if each["batch"] == 0]
    if len(waiting) >= ENOUGH:
        newest = max(int(str(each["batch"])) for each in answers) + 1
        for each in waiting:
            each["batch"] = newest


def hide_answer(call: Call, mark: str, why: str, *, actor: User, now: datetime) -> None:
    """Others read only why: it names somebody, or could bring somebody into danger. Nothing shows it to the
    public again. `mark`: `mark_of` it, for ids change with every new answer; who said the same is hidden too.

    Raises NotPossibleNow while nobody reads it.
    """
    lock_row(Call, call.id)
    found = find_answers(call, mark)
    if not found:
        raise NotPossibleNow("nobody reads it yet")
    for each in found:
        each.hidden_why = why
    details = {"question": found[0].question_key, "moment": found[0].moment.value}
    record(call, "hide_feedback", actor=actor, now=now, reason=why, details=details)


def publish_year(
    call: Call, year: int, heard: LocalizedText, changed: LocalizedText, *, actor: User, now: datetime
) -> FeedbackYear:
    """What we heard and what we changed. Raises YearIsPublished."""
    lock_row(Call, call.id)
    known = sa.select(FeedbackYear.id).where(FeedbackYear.call_id == call.id, FeedbackYear.year == year)
    if db.session.execute(known).first() is not None:
        raise YearIsPublished
    told = FeedbackYear(call=call, year=year, heard=heard.as_dict(), changed=changed.as_dict())
    told.published_at, told.published_by_id, told.created_at = now, actor.id, now
    db.session.add(told)
    record(told, "publish", actor=actor, now=now, call_id=call.id, details={"year": year})
    return told


def take_to_codesign(
    told: FeedbackYear, call: Call, said_by: str, *, actor: User, now: datetime
) -> CodesignPoint:
    """What was heard becomes a point of the next call, which is not published without an answer to it.

    Raises NotPossibleNow and DoesNotFit.
    """
    lock_row(FeedbackYear, told.id)
    db.session.refresh(told)
    if told.taken_to_id is not None or call.status not in BEING_BUILT or call.fund_id != told.call.fund_id:
        raise NotPossibleNow("it is a point already, or that call cannot be shaped")
    language = next(iter(told.heard))
    said = Said(
        said_by=LocalizedText.of({language: said_by}),
        said=LocalizedText.of(told.heard),
        topic=Topic.SUPPORT,
    )
    point = add_point(call, said, actor=actor, now=now)
    told.taken_to, told.point_key = call, point.key
    record(told, "take_to_codesign", actor=actor, now=now, call_id=call.id, details={"point": point.key})
    return point
