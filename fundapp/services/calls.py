"""Bringing calls in, freezing what they say, and moving them through their life."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from forms.definition import Stage
from fundapp.call_file import digest, to_data
from fundapp.call_file.definition import CallDefinition
from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.lifecycles import CallStatus
from fundapp.models.application import Application
from fundapp.models.call import Call, CallVersion, Round
from fundapp.models.call_draft import CallDraft
from fundapp.models.fund import Fund
from fundapp.models.user import User
from fundapp.queries.call_drafts import working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import record_of
from fundapp.queries.deadlines import deadline_of, grace_ends_at, last_moment_of
from fundapp.queries.readiness import OpenMatter, open_matters
from fundapp.services.call_content import round_row, set_content, take_up_draft
from fundapp.services.codesign import publish_points, take_from_file
from fundapp.services.events import move, record
from fundapp.services.form_trials import delete_trials
from fundapp.services.text_changes import note_changes, note_drafts


class CodeTaken(FundError):
    """Another call has this code already."""

    code = "call_code_taken"


class NoRoundLeft(FundError):
    """The deadlines of all rounds are past."""

    code = "no_round_left"


class StillTakingApplications(FundError):
    """Groups were promised a deadline, and time of grace after it; nobody takes that from them by a slip."""

    code = "still_taking_applications"


class CallNotReady(FundError):
    """A call is not published while something is open; `matters` says what, and where to mend it."""

    code = "call_not_ready"

    def __init__(self, matters: Sequence[OpenMatter]) -> None:
        super().__init__(", ".join(matter.kind for matter in matters))
        self.matters = tuple(matters)


def import_call(definition: CallDefinition, *, fund: Fund, actor: User | None, now: datetime) -> Call:
    """Make a draft call of a call file. What it has in draft languages nobody has read. Raises CodeTaken."""
    call = make_call(definition, fund=fund, actor=actor, now=now)
    note_drafts(call, to_data(definition), now=now)
    return call


def make_call(definition: CallDefinition, *, fund: Fund, actor: User | None, now: datetime) -> Call:
    """A draft call that says this; whoever calls this knows which of its texts have been read. Raises
    CodeTaken."""
    taken = sa.select(Call.id).where(Call.code == definition.code)
    if db.session.execute(taken).first() is not None:
        raise CodeTaken(definition.code)
    call = Call(fund=fund, code=definition.code)
    db.session.add(call)
    content = to_data(definition)
    call.versions.append(CallVersion(number=1, content=content, digest=digest(definition)))
    for planned in definition.rounds:
        call.rounds.append(round_row(planned, definition))
    take_from_file(call, definition, now=now)
    record(call, "import", actor=actor, now=now, details={"digest": digest(definition)})
    return call


def replace_content(call: Call, definition: CallDefinition, *, actor: User | None, now: datetime) -> None:
    """Give a call that is not published yet the content of another file, instead of all that was typed.

    Raises VersionIsFrozen and RoundInUse.
    """
    note_changes(call, working_content(call), to_data(definition), actor=actor, now=now, from_file=True)
    set_content(call, definition)
    db.session.execute(sa.delete(CallDraft).where(CallDraft.call_id == call.id))
    take_from_file(call, definition, now=now)
    record(call, "replace_content", actor=actor, now=now, details={"digest": current_version(call).digest})


def publish_call(call: Call, *, actor: User | None, now: datetime) -> None:
    """Freeze what the call says and show it to everybody. Raises CallNotReady."""
    lock_row(Call, call.id)  # nobody adds a point or changes a text meanwhile
    db.session.refresh(current_version(call))
    take_up_draft(call)
    if matters := open_matters(call):
        raise CallNotReady(matters)
    version, definition = current_version(call), content_of(call)
    version.content, version.digest = to_data(definition), digest(definition)
    publish_points(call, actor=actor, now=now)
    version.frozen_at = now
    move(call, "publish", actor=actor, now=now, details={"version": version.number, "digest": version.digest})


def open_call(call: Call, *, actor: User | None, now: datetime) -> None:
    """Groups can apply from now on, and no test of the form is left."""
    lock_row(Call, call.id)
    delete_trials(call, actor=actor, now=now)
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
