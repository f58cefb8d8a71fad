"""The code book of a call: it grows with what groups say; a code that no longer fits is merged or retired."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.theme_code import ThemeCode
from fundapp.models.user import User
from fundapp.services.events import move, record
from fundapp.told_steps import ThemeCodeStatus


class NameTaken(FundError):
    """The code book has a code of this name, in use or from before."""

    code = "name_taken"


def add_theme_code(
    call: Call, *, name: str, meaning: str, example: str, actor: User, now: datetime
) -> ThemeCode:
    """Raises NameTaken."""
    lock_row(Call, call.id)
    name = " ".join(name.split())
    same = sa.func.lower(ThemeCode.name) == name.lower()
    if db.session.execute(sa.select(ThemeCode.id).where(ThemeCode.call_id == call.id, same)).first():
        raise NameTaken
    code = ThemeCode(
        call_id=call.id,
        name=name,
        meaning=meaning.strip(),
        example=example.strip(),
        added_by_id=actor.id,
        created_at=now,
    )
    db.session.add(code)
    record(code, "add", actor=actor, now=now)
    return code


def merge_theme_code(code: ThemeCode, into: ThemeCode, *, reason: str, actor: User, now: datetime) -> None:
    """What was marked with it counts for the other from now on. Raises NotPossibleNow."""
    lock_row(Call, code.call_id)
    db.session.refresh(code)
    db.session.refresh(into)
    if into.status is not ThemeCodeStatus.IN_USE or into.call_id != code.call_id or into is code:
        raise NotPossibleNow("the other code is not in use")
    with db.session.no_autoflush:
        code.merged_into_id = into.id
        _end(code, reason, actor, now)
        move(code, "merge", actor=actor, now=now, details={"into": str(into.id)})


def retire_theme_code(code: ThemeCode, *, reason: str, actor: User, now: datetime) -> None:
    """Nothing new is marked with it; what was marked stays."""
    lock_row(Call, code.call_id)
    db.session.refresh(code)
    with db.session.no_autoflush:
        _end(code, reason, actor, now)
        move(code, "retire", actor=actor, now=now)


def _end(code: ThemeCode, reason: str, actor: User, now: datetime) -> None:
    if code.status is not ThemeCodeStatus.IN_USE:
        raise NotPossibleNow("it is out of use already")
    code.ended_at, code.ended_by_id, code.end_reason = now, actor.id, reason.strip()
