"""Bringing calls in, freezing what they say, and moving them through their life."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import sqlalchemy as sa

from forms.definition import Stage
from fundapp.call_file import digest, to_data
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.timetable import Round as PlannedRound
from fundapp.call_file.timetable import StepKind
from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.lifecycles import CallStatus
from fundapp.models.application import Application
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import list_points_without_answer, record_of
from fundapp.queries.deadlines import deadline_of, grace_ends_at, last_moment_of
from fundapp.services.codesign import publish_points, take_from_file
from fundapp.services.events import move, record


class CodeTaken(FundError):
    """Another call has this code already."""

    code = "call_code_taken"


class NoRoundLeft(FundError):
    """The deadlines of all rounds are past."""

    code = "no_round_left"


class VersionIsFrozen(FundError):
    """What a published call says cannot be changed; only a dated notice can be added."""

    code = "version_is_frozen"


class StillTakingApplications(FundError):
    """Groups were promised a deadline, and time of grace after it; nobody takes that from them by a slip."""

    code = "still_taking_applications"


class PointsWithoutAnswer(FundError):
    """A call is not published while something that was said in co-design has no answer; `keys` says which."""

    code = "points_without_answer"

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


def import_call(definition: CallDefinition, *, fund: Fund, actor: User | None, now: datetime) -> Call:
    """Make a draft call of a call file. Raises CodeTaken."""
    taken = sa.select(Call.id).where(Call.code == definition.code)
    if db.session.execute(taken).first() is not None:
        raise CodeTaken(definition.code)
    call = Call(fund=fund, code=definition.code)
    db.session.add(call)
    content = to_data(definition)
    call.versions.append(CallVersion(number=1, content=content, digest=digest(definition)))
    for planned in definition.rounds:
        call.rounds.append(_round_row(planned, definition))
    take_from_file(call, definition, now=now)
    record(call, "import", actor=actor, now=now, details={"digest": digest(definition)})
    return call


def _round_row(planned: PlannedRound, definition: CallDefinition) -> Round:
    zone = definition.zone
    scoring = planned.step(StepKind.SCORING)
    return Round(
        code=planned.key,
        opens_at=planned.opens_at(zone),
        eoi_closes_at=planned.closes_at(Stage.EOI, zone),
        full_closes_at=planned.closes_at(Stage.FULL, zone),
        scoring_opens_at=scoring.begins_at(zone),
        scoring_closes_at=scoring.closes_at(zone),
        panel_meets_at=planned.step(StepKind.PANEL_MEETING).begins_at(zone),
        told_at=planned.step(StepKind.EVERYBODY_TOLD).begins_at(zone),
        grace_minutes=planned.grace_hours * 60,
    )


def replace_content(call: Call, definition: CallDefinition, *, actor: User | None, now: datetime) -> None:
    """Give a call that is not published yet another content. Raises VersionIsFrozen."""
    version = current_version(call)
    if version.frozen_at is not None:
        raise VersionIsFrozen
    version.content, version.digest = to_data(definition), digest(definition)
    take_from_file(call, definition, now=now)
    record(call, "replace_content", actor=actor, now=now, details={"digest": version.digest})


def publish_call(call: Call, *, actor: User | None, now: datetime) -> None:
    """Freeze what the call says and show it to everybody. Raises PointsWithoutAnswer."""
    lock_row(Call, call.id)  # nobody adds a point meanwhile
    if waiting := list_points_without_answer(call):
        raise PointsWithoutAnswer(tuple(point.key for point in waiting))
    version, definition = current_version(call), content_of(call)
    version.content, version.digest = to_data(definition), digest(definition)
    publish_points(call, actor=actor, now=now)
    version.frozen_at = now
    move(call, "publish", actor=actor, now=now, details={"version": version.number, "digest": version.digest})


def open_call(call: Call, *, actor: User | None, now: datetime) -> None:
    move(call, "open", actor=actor, now=now)


def close_call(call: Call, *, actor: User | None, now: datetime) -> None:
    """Once no group can send anything any more; there is no way back. Raises StillTakingApplications."""
    if any(round_.opens_at <= now <= grace_ends_at(round_, Stage.FULL) for round_ in call.rounds):
        raise StillTakingApplications
    move(call, "close", actor=actor, now=now)


def open_next_round(call: Call, *, actor: User | None, now: datetime) -> None:
    """The call takes applications again, in a round that is not over yet. Raises NoRoundLeft."""
    lock_row(Call, call.id)
    if not any(round_.full_closes_at > now for round_ in call.rounds):
        raise NoRoundLeft
    move(call, "reopen_for_next_round", actor=actor, now=now)


def start_monitoring(call: Call, *, actor: User | None, now: datetime) -> None:
    """Every round is decided: what remains is staying in touch."""
    move(call, "start_monitoring", actor=actor, now=now)


def archive_call(call: Call, *, actor: User | None, now: datetime) -> None:
    move(call, "archive", actor=actor, now=now)


def is_open_for(round_: Round, stage: Stage, now: datetime) -> bool:
    """Whether a stage can be begun or sent at this moment; the deadline itself is still in time."""
    return _takes_until(round_, deadline_of(round_, stage), now)


def may_send(application: Application, now: datetime) -> bool:
    """Whether it can be sent at this moment; the time a group has asked for counts."""
    return _takes_until(application.round, last_moment_of(application), now)


def _takes_until(round_: Round, last_moment: datetime, now: datetime) -> bool:
    return round_.call.status is CallStatus.OPEN and round_.opens_at <= now <= last_moment


def content_of(call: Call) -> CallDefinition:
    """What `fundapp call export` writes: the newest content, with what was answered in co-design since."""
    return dataclasses.replace(definition_of(current_version(call)), codesign=record_of(call))
