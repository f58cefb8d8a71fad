"""Reading what groups say for themes: one reader, and for one text in five a second who is blind."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.theme_code import CodedText, ThemeCode, ThemeTag, Turn
from fundapp.models.user import User
from fundapp.queries.theme_codes import turn_of
from fundapp.queries.told_texts import ToldText, told_now
from fundapp.services.events import record
from fundapp.told_steps import ThemeCodeStatus
from scoring.coding import BLOCK, drawn_of_block


class SomebodyElseReads(FundError):
    """Another person has begun to read this text."""

    code = "somebody_else_reads"


class NotInText(FundError):
    """These words do not stand in the text."""

    code = "not_in_text"


def begin_reading(told: ToldText, *, actor: User, now: datetime) -> CodedText:
    """As its first reader; as its second where it was drawn. Raises SomebodyElseReads."""
    lock_row(Call, told.award.call_id)
    coded = db.session.execute(
        sa.select(CodedText).where(CodedText.source == told.source).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if coded is None:
        coded = _new(told, now)
    if turn_of(coded, actor) is not None:
        return coded
    if coded.first_reader_id is None and coded.first_read_at is None:
        coded.first_reader_id = actor.id
        step = "begin"
    elif coded.is_drawn and coded.second_reader_id is None and coded.second_read_at is None:
        coded.second_reader_id = actor.id
        step = "begin_second"
    else:
        raise SomebodyElseReads
    record(coded, step, actor=actor, now=now)
    return coded


def _new(told: ToldText, now: datetime) -> CodedText:
    coded = CodedText(
        call_id=told.award.call_id,
        award_id=told.award.id,
        kind=told.kind,
        check_in_id=told.check_in.id if told.check_in else None,
        question_key=told.question_key,
        check_in_file_id=told.recording.id if told.recording else None,
        story_id=told.story.id if told.story else None,
        source=told.source,
        created_at=now,
    )
    db.session.add(coded)
    return coded


def mark_passage(
    coded: CodedText, codes: Collection[ThemeCode], quote: str, *, actor: User, now: datetime
) -> list[ThemeTag]:
    """Put these codes on the quoted words, or on the whole text. Raises NotInText and NotPossibleNow."""
    turn, told = _open_turn(coded, actor), _told(coded)
    _check_in_use(codes)
    starts_at, ends_at = _place_of(quote, told.text) if quote.strip() else (None, None)
    known = {(tag.theme_code_id, tag.starts_at, tag.ends_at) for tag in coded.tags if tag.turn is turn}
    new = [
        _tag(coded, code, turn, told, starts_at, ends_at)
        for code in codes
        if (code.id, starts_at, ends_at) not in known
    ]
    if new:
        coded.tags.extend(new)
        record(
            coded, "mark", actor=actor, now=now, details={"codes": [str(tag.theme_code_id) for tag in new]}
        )
    return new


def take_mark_off(tag: ThemeTag, *, actor: User, now: datetime) -> None:
    """Only one's own, and only while nobody has compared. Twice is once. Raises NotPossibleNow."""
    coded, code, turn = tag.coded_text, str(tag.theme_code_id), tag.turn
    if _open_turn(coded, actor) is not turn:
        raise NotPossibleNow("another reader's mark")
    if tag not in coded.tags:
        return
    coded.tags.remove(tag)
    db.session.delete(tag)
    record(coded, "take_mark_off", actor=actor, now=now, details={"code": code})


def finish_reading(coded: CodedText, *, actor: User, now: datetime) -> None:
    """With any number of marks, also none. After every fifth text one of the five is drawn."""
    lock_row(Call, coded.call_id)
    turn = _open_turn(coded, actor)
    _told(coded)
    if turn is Turn.SECOND:
        coded.second_read_at = now
    elif coded.first_read_at is None:
        numbers = sa.select(sa.func.max(CodedText.number)).where(CodedText.call_id == coded.call_id)
        coded.number = (db.session.execute(numbers).scalar_one() or 0) + 1
        coded.first_read_at = now
    else:
        return
    record(coded, "finish" if turn is Turn.FIRST else "finish_second", actor=actor, now=now)
    if turn is Turn.FIRST and coded.number and coded.number % BLOCK == 0:
        _draw(coded, coded.number, now)


def _draw(last: CodedText, number: int, now: datetime) -> None:
    query = sa.select(CodedText).where(
        CodedText.call_id == last.call_id, CodedText.number.between(number - BLOCK + 1, number)
    )
    block = db.session.execute(query.order_by(CodedText.number)).scalars().all()
    name = drawn_of_block([str(each.id) for each in block], str(last.call_id))
    drawn = next(each for each in block if str(each.id) == name)
    drawn.is_drawn = True
    record(drawn, "draw", actor=None, now=now)


def settle_reading(coded: CodedText, codes: Sequence[ThemeCode], *, actor: User, now: datetime) -> None:
    """After both have talked: the codes that count for this text. Both readings stay as they were."""
    _refresh(coded)
    if coded.second_read_at is None:
        raise NotPossibleNow("two people read it first")
    _check_in_use(codes)
    told = _told(coded)
    for tag in [tag for tag in coded.tags if tag.turn is Turn.SETTLED]:
        coded.tags.remove(tag)
        db.session.delete(tag)
    coded.tags.extend(_tag(coded, code, Turn.SETTLED, told, None, None) for code in codes)
    coded.settled_at = now
    record(coded, "settle", actor=actor, now=now, details={"codes": sorted(str(code.id) for code in codes)})


def _tag(
    coded: CodedText, code: ThemeCode, turn: Turn, told: ToldText, starts_at: int | None, ends_at: int | None
) -> ThemeTag:
    return ThemeTag(
        call_id=coded.call_id,
        theme_code_id=code.id,
        turn=turn,
        starts_at=starts_at,
        ends_at=ends_at,
        text_digest=told.digest,
    )


def _open_turn(coded: CodedText, actor: User) -> Turn:
    """Whose reading it is, as long as both have not been compared."""
    _refresh(coded)
    turn = turn_of(coded, actor)
    if turn is None or coded.second_read_at is not None:
        raise NotPossibleNow("this reading is not open to you")
    return turn


def _refresh(coded: CodedText) -> None:
    lock_row(CodedText, coded.id)
    db.session.refresh(coded)


def _told(coded: CodedText) -> ToldText:
    told = told_now(coded)
    if told is None:
        raise NotPossibleNow("the group has taken it back")
    return told


def _check_in_use(codes: Collection[ThemeCode]) -> None:
    if any(code.status is not ThemeCodeStatus.IN_USE for code in codes):
        raise NotPossibleNow("a code is no longer in use")


def _place_of(quote: str, text: str) -> tuple[int, int]:
    """Spaces and line ends may differ: browsers change them."""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    if found is None:
        raise NotInText
    return found.span()
