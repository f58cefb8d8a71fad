"""The room for influence: per part of a call, how far input reaches. Said before the first session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from fundapp.call_file import digest, to_data
from fundapp.call_file.codesign import Reach, RoomPart, StatedPart
from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, check_seen
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.queries.call_drafts import digest_of_working, find_draft
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import digest_of_part
from fundapp.services.events import record


class RoomNotStated(FundError):
    """Co-design does not start while the call is silent about a part; `parts` says which."""

    code = "room_not_stated"

    def __init__(self, parts: tuple[RoomPart, ...]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


class RoomIsFixed(FundError):
    """What groups were told before they spoke stays as it was once the call is published."""

    code = "room_is_fixed"


class RoomProblem(StrEnum):
    SAY_WHAT_IS_FIXED = "say_what_is_fixed"
    SAY_WHO_FIXED_IT = "say_who_fixed_it"
    NOTHING_IS_FIXED = "nothing_is_fixed"


class RoomDoesNotFit(FundError):
    """Raised with every problem at once; nothing is stored."""

    code = "room_does_not_fit"
    status = 422

    def __init__(self, problems: tuple[RoomProblem, ...]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def check_room_is_stated(call: Call) -> None:
    """Raises RoomNotStated."""
    definition = definition_of(current_version(call))
    if missing := definition.codesign.room.missing(definition.languages):
        raise RoomNotStated(missing)


def state_part(
    call: Call, stated: StatedPart, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """Say, or say otherwise, how far input reaches in one part. `seen`: digest of what the writer saw of it.
    Raises RoomIsFixed, RoomDoesNotFit, and StaleVersion when others have changed it since."""
    lock_row(Call, call.id)
    version = current_version(call)
    db.session.refresh(version)
    if version.frozen_at is not None:
        raise RoomIsFixed
    check_seen(seen, digest_of_part(call, stated.part))
    if problems := tuple(_problems_of(stated)):
        raise RoomDoesNotFit(problems)
    definition = definition_of(version)
    before = definition.codesign.room.find(stated.part)
    room = definition.codesign.room.stating(stated)
    definition = replace(definition, codesign=replace(definition.codesign, room=room))
    version.content, version.digest = to_data(definition), digest(definition)
    _keep_in_draft(call, to_data(definition)["codesign"])
    details: Json = {"part": stated.part.value, "reach": stated.reach.value}
    if before is not None:
        details["before"] = before.reach.value
    record(call, "state_room", actor=actor, now=now, details=details)


def _keep_in_draft(call: Call, written: object) -> None:
    """What is being built at the same time says the same; the rest of it stays as it was typed."""
    draft = find_draft(call)
    typed = draft.content.get("codesign") if draft else None
    if draft is None or not isinstance(typed, dict) or not isinstance(written, dict):
        return
    room = typed.get("room")
    parts = {"parts": written["room"]["parts"]}
    typed = typed | {"room": (room if isinstance(room, dict) else {}) | parts}
    draft.content = draft.content | {"codesign": typed}
    draft.digest = digest_of_working(draft.content)


def _problems_of(stated: StatedPart) -> Iterator[RoomProblem]:
    if stated.reach is Reach.INFORM and stated.fixed is None:
        yield RoomProblem.SAY_WHAT_IS_FIXED
    if stated.fixed is not None and stated.fixed_by is None:
        yield RoomProblem.SAY_WHO_FIXED_IT
    if stated.fixed is None and stated.fixed_by is not None:
        yield RoomProblem.NOTHING_IS_FIXED
