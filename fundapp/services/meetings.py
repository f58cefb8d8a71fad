"""The panel's meeting: attendance, what comes on the table in which order, what is agreed and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.assessment import PanelRules
from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotAllowed, NotPossibleNow, StaleVersion, check_seen
from fundapp.lifecycles import ItemStatus, PanelAct
from fundapp.models.award import Decision, Outcome
from fundapp.models.meeting import Meeting, MeetingItem, MeetingPresence
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User
from fundapp.permissions import Permission, can, is_conflicted
from fundapp.queries.agenda import Planned, equal_items
from fundapp.queries.awards import get_board
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.meetings import (
    TakingPart,
    digest_of_votes,
    find_meeting,
    list_items,
    list_presences,
    list_seats,
    taking_part_in,
)
from fundapp.queries.panel_phases import check_phase
from fundapp.services.decisions import Choice, ReasonNeeded, decide, lock_open_round
from fundapp.services.events import move, record
from fundapp.ties import people_tied


class NoQuorum(FundError):
    """Too few may take part in this item, or those the call wants in the majority are not."""

    code = "no_quorum"

    def __init__(self, taking_part: TakingPart) -> None:
        super().__init__(f"{taking_part.missing} missing")
        self.taking_part = taking_part


class RoomNotClear(FundError):
    """Somebody with a tie is still in the room."""

    code = "room_not_clear"


@dataclass(frozen=True)
class Agreed:
    """What the panel agreed on one item. Without an outcome the awards list is left as it is."""

    reason: str
    levels: Mapping[str, int] = field(default_factory=dict)
    outcome: Outcome | None = None
    notes: str = ""


def open_meeting(panel: Panel, order: Sequence[Planned], *, actor: User, now: datetime) -> Meeting:
    """With the agenda in this order. A second press adds what has come to the panel since, at the end."""
    lock_row(Panel, panel.id)
    check_phase(panel, PanelAct.MEET, now)
    meeting = find_meeting(panel)
    if meeting is None:
        if not order:
            raise NotPossibleNow("nothing is at the panel yet")
        meeting = Meeting(panel=panel, opened_at=now, created_at=now)
        db.session.add(meeting)
        record(meeting, "open", actor=actor, now=now, details={"items": len(order)})
    _check_is_open(meeting)
    known = list_items(meeting)
    new = [each for each in order if each.application_id not in {item.application_id for item in known}]
    for position, each in enumerate(new, start=len(known) + 1):
        item = MeetingItem(meeting=meeting, application_id=each.application_id, tier=each.tier.name.lower())
        item.position, item.created_at = position, now
        db.session.add(item)
    db.session.flush()
    return meeting


def close_meeting(meeting: Meeting, *, actor: User, now: datetime) -> None:
    """Nothing changes any more. Raises NotPossibleNow while something is on the table."""
    _lock(meeting, now)
    if any(item.status is ItemStatus.ON_THE_TABLE for item in list_items(meeting)):
        raise NotPossibleNow("something is on the table")
    meeting.closed_at = now
    record(meeting, "close", actor=actor, now=now)


def note_who_is_here(
    meeting: Meeting, here: Set[UUID], *, actor: User, now: datetime, seen: Set[UUID] | None = None
) -> None:
    """Every member's coming and going, by the ids of their seats.

    `seen`: who was here on the page that was ticked; where nothing was changed, what members say counts.
    """
    _lock(meeting, now)
    known = {each.seat_id: each for each in list_presences(meeting)}
    if seen is not None:
        here = {key for key, each in known.items() if each.went_at is None} - (seen - here) | (here - seen)
    came = {
        seat.user_id
        for seat in list_seats(meeting.panel)
        if seat.id in here | known.keys()
        and _note(meeting, seat, known.get(seat.id), is_here=seat.id in here, actor=actor, now=now)
    }
    _keep_the_room_clear(meeting, came)


def note_own_presence(
    meeting: Meeting, seat: PanelSeat, *, is_here: bool, actor: User, now: datetime
) -> None:
    """A member who joins from afar says so."""
    _lock(meeting, now)
    if seat.panel_id != meeting.panel_id:
        raise NotAllowed
    known = {each.seat_id: each for each in list_presences(meeting)}
    if _note(meeting, seat, known.get(seat.id), is_here=is_here, actor=actor, now=now):
        _keep_the_room_clear(meeting, {seat.user_id})


def put_on_the_table(item: MeetingItem, *, actor: User, now: datetime) -> None:
    """What was on the table goes back. Raises NoQuorum: the call's rule holds for those who may take part."""
    _start(item, actor, now)
    taking_part = taking_part_in(item, _rules(item))
    if not taking_part.may_decide:
        raise NoQuorum(taking_part)
    for other in list_items(item.meeting):
        if other.status is ItemStatus.ON_THE_TABLE and other is not item:
            move(other, "take_off_the_table", actor=actor, now=now)
    if item.status is not ItemStatus.ON_THE_TABLE:
        item.room_is_clear = not taking_part.outside
        move(item, "put_on_the_table", actor=actor, now=now)


def say_room_is_clear(item: MeetingItem, *, actor: User, now: datetime) -> None:
    """Whoever has a tie has left, or is in the waiting room of the call."""
    _start(item, actor, now)
    if item.status is not ItemStatus.ON_THE_TABLE:
        raise NotPossibleNow("this is not on the table")
    out = [str(seat.id) for seat in taking_part_in(item, _rules(item)).outside]
    item.room_is_clear = True
    record(item, "room_is_clear", actor=actor, now=now, call_id=item.call_id, details={"out": out})


def take_off_the_table(item: MeetingItem, *, actor: User, now: datetime) -> None:
    """It waits for another moment."""
    _start(item, actor, now)
    move(item, "take_off_the_table", actor=actor, now=now)


def write_notes(item: MeetingItem, notes: str, *, seen_version: int, actor: User, now: datetime) -> None:
    """Raises StaleVersion."""
    _start(item, actor, now, seen_version)
    item.notes = notes.strip()
    record(item, "write_notes", actor=actor, now=now, call_id=item.call_id)


def settle(item: MeetingItem, agreed: Agreed, *, seen_version: int, actor: User, now: datetime) -> None:
    """What the panel agreed, always with its reason; an outcome moves the line on the awards list too.

    Raises ReasonNeeded, NoQuorum, RoomNotClear, StaleVersion, and what `decide` raises.
    """
    _start(item, actor, now, seen_version)
    reason = agreed.reason.strip()
    if item.status is not ItemStatus.ON_THE_TABLE:
        raise NotPossibleNow("only what is on the table is settled")
    if not reason:
        raise ReasonNeeded
    taking_part = taking_part_in(item, _rules(item))
    if not taking_part.may_decide:
        raise NoQuorum(taking_part)
    if taking_part.outside and not item.room_is_clear:
        raise RoomNotClear
    if agreed.outcome is not None:
        _decide(item, agreed.outcome, reason, actor=actor, now=now)
    item.notes, item.reason, item.outcome = agreed.notes.strip(), reason, agreed.outcome
    item.agreed = dict(agreed.levels) or None
    item.took_part = {
        "in": [str(seat.id) for seat in taking_part.inside],
        "out": [str(seat.id) for seat in taking_part.outside],
    }
    details: Json = {
        "outcome": agreed.outcome.value if agreed.outcome else None,
        "levels": dict(agreed.levels),
    }
    move(item, "settle", actor=actor, now=now, reason=reason, details=details)


def move_item(item: MeetingItem, position: int, *, reason: str, actor: User, now: datetime) -> None:
    """To another place on the agenda. Raises ReasonNeeded."""
    _start(item, actor, now)
    if not reason.strip():
        raise ReasonNeeded
    others = [each for each in list_items(item.meeting) if each is not item]
    others.insert(max(0, min(position, len(others) + 1) - 1), item)
    for place, each in enumerate(others, start=1):
        if each.position != place:
            each.position = place
    item.moved_reason = reason.strip()
    details = {"to": item.position}
    record(item, "move", actor=actor, now=now, reason=reason.strip(), call_id=item.call_id, details=details)


def count_votes(
    meeting: Meeting,
    votes: Mapping[UUID, int | None],
    *,
    actor: User,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Between applications no rule can tell apart; by item. The ranking follows at once.

    `seen`: digest of these votes when the page was shown. Raises StaleVersion when others have counted since,
    RoundIsRatified, and NotPossibleNow where the ranking needs no vote.
    """
    _lock(meeting, now)
    lock_open_round(meeting.panel.round)
    items = [each for each in list_items(meeting) if each.id in votes]
    changed = [each for each in items if each.votes != votes[each.id]]
    if changed:
        check_seen(seen, digest_of_votes(items))
    if any(is_conflicted(actor, item.application) for item in changed):
        raise NotAllowed
    if len(equal_items(get_board(meeting.panel.round, reader=actor), changed)) < len(changed):
        raise NotPossibleNow("only equal places are voted on")
    for item in changed:
        item.votes = votes[item.id]
        details = {"votes": item.votes}
        record(item, "count_votes", actor=actor, now=now, call_id=item.call_id, details=details)


def _decide(item: MeetingItem, outcome: Outcome, reason: str, *, actor: User, now: datetime) -> None:
    application = item.application
    if not can(actor, Permission.DECISION_MAKE, application.round):
        raise NotAllowed
    query = sa.select(Decision).where(Decision.application_id == application.id)
    known = db.session.execute(query).scalar_one_or_none()
    if known is not None and known.outcome is outcome and known.reason == reason:
        return
    amount = known.amount if known is not None and outcome is Outcome.AWARD else None
    is_fundable = known is not None and known.is_fundable
    choice = Choice(outcome, amount=amount, is_fundable=is_fundable, reason=reason)
    decide(application, choice, seen_version=known.version if known else 0, actor=actor, now=now)


def _start(item: MeetingItem, actor: User, now: datetime, seen_version: int | None = None) -> None:
    _lock(item.meeting, now)
    db.session.refresh(item)
    if is_conflicted(actor, item.application):
        raise NotAllowed
    if seen_version is not None and item.version != seen_version:
        raise StaleVersion


def _lock(meeting: Meeting, now: datetime) -> None:
    lock_row(Meeting, meeting.id)
    check_phase(meeting.panel, PanelAct.MEET, now)
    db.session.refresh(meeting)
    _check_is_open(meeting)


def _check_is_open(meeting: Meeting) -> None:
    if meeting.closed_at is not None:
        raise NotPossibleNow("the meeting is over")


def _rules(item: MeetingItem) -> PanelRules:
    return definition_of(current_version(item.application.call)).panel


def _note(
    meeting: Meeting,
    seat: PanelSeat,
    known: MeetingPresence | None,
    *,
    is_here: bool,
    actor: User,
    now: datetime,
) -> bool:
    """Whether somebody came just now."""
    was_here = known is not None and known.went_at is None
    if was_here is is_here:
        return False
    if known is None:
        known = MeetingPresence(meeting=meeting, seat=seat, came_at=now, created_at=now)
        db.session.add(known)
    known.went_at = None if is_here else now
    details = {"seat": str(seat.id)}
    record(meeting, "come" if is_here else "go", actor=actor, now=now, details=details)
    return is_here


def _keep_the_room_clear(meeting: Meeting, came: Collection[UUID]) -> None:
    """Somebody with a tie who comes while the item is on the table has to be asked out first."""
    db.session.flush()
    for item in list_items(meeting):
        if item.status is ItemStatus.ON_THE_TABLE:
            tied = people_tied(item.application.call_id, [item.application])[item.application_id]
            item.room_is_clear = item.room_is_clear and not tied & set(came)
