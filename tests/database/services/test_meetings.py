"""The meeting: agenda, attendance, quorum for each item, the clear room, what is agreed and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from fundapp.clock import utcnow
from fundapp.errors import NotAllowed, NotPossibleNow, StaleVersion
from fundapp.lifecycles import ItemStatus
from fundapp.models.award import Decision, Outcome
from fundapp.models.event import Event
from fundapp.models.meeting import MeetingItem
from fundapp.models.panel import SeatKind
from fundapp.queries.agenda import plan_meeting, read_item
from fundapp.queries.awards import get_board
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.meetings import list_items, taking_part_in, view_of
from fundapp.services.decisions import ReasonNeeded, RoundIsRatified
from fundapp.services.events import seal
from fundapp.services.meetings import (
    Agreed,
    NoQuorum,
    RoomNotClear,
    close_meeting,
    count_votes,
    move_item,
    note_own_presence,
    note_who_is_here,
    open_meeting,
    put_on_the_table,
    say_room_is_clear,
    settle,
    take_off_the_table,
    write_notes,
)
from tests.board import FAIR, GOOD, call_at_panel, manager_of, panel_of, read_application, round_of
from tests.factories import ConflictFactory, PanelSeatFactory, RatificationFactory, days

pytestmark = pytest.mark.usefixtures("db_session")


class Room:
    """Three members who have read three groups; two of them are enough."""

    def __init__(self) -> None:
        self.call = call_at_panel()
        self.panel, self.manager = panel_of(self.call, has_met=False), manager_of(self.call)
        self.panel.quorum = 2
        self.applications = [read_application(self.panel, levels) for levels in (GOOD, FAIR, (1, 4, 3, 3, 3))]
        self.by = {"actor": self.manager, "now": utcnow()}

    def open(self, *, here: int = 3) -> list[MeetingItem]:
        planned = plan_meeting(get_board(round_of(self.call), reader=self.manager), self.panel)
        self.meeting = open_meeting(self.panel, planned, **self.by)
        note_who_is_here(self.meeting, {seat.id for seat in self.panel.seats[:here]}, **self.by)
        return list(list_items(self.meeting))

    def tie(self, user: Any, application: Any) -> None:
        ConflictFactory(user=user, call_id=self.call.id, organisation=application.organisation)

    def settle(self, item: MeetingItem, agreed: Agreed) -> None:
        settle(item, agreed, seen_version=item.version, **self.by)


def steps(db_session: Any) -> list[str]:
    seal()
    db_session.flush()
    return [event.step for event in db_session.query(Event).order_by(Event.number)]


def test_agenda_begins_with_what_the_readers_leave_open():
    room = Room()

    first, *others = room.open()

    assert (first.application, first.tier) == (room.applications[2], "to_talk_about")
    assert {item.tier for item in others} <= {"near_the_line", "clear"}
    assert [item.position for item in (first, *others)] == [1, 2, 3]


def test_meeting_needs_something_to_talk_about():
    call = call_at_panel()

    with pytest.raises(NotPossibleNow):
        open_meeting(panel_of(call, has_met=False), [], actor=manager_of(call), now=utcnow())


def test_second_opening_adds_only_what_is_new():
    room = Room()
    before = [item.application_id for item in room.open()]
    later = read_application(room.panel, GOOD)

    after = [item.application_id for item in room.open()]

    assert after == [*before, later.id]


def test_item_comes_on_the_table_one_at_a_time():
    first, second, _third = Room().open()
    by = {"actor": manager_of(first.application.call), "now": utcnow()}

    put_on_the_table(first, **by)
    put_on_the_table(second, **by)

    assert (first.status, second.status) == (ItemStatus.WAITING, ItemStatus.ON_THE_TABLE)


def test_quorum_counts_who_may_take_part_in_this_item():
    room = Room()
    first, second, _third = room.open(here=2)
    room.tie(room.panel.seats[0].user, first.application)

    with pytest.raises(NoQuorum) as refused:
        put_on_the_table(first, **room.by)
    put_on_the_table(second, **room.by)

    assert refused.value.taking_part.missing == 1
    assert (first.status, second.status) == (ItemStatus.WAITING, ItemStatus.ON_THE_TABLE)


def test_note_does_not_keep_anybody_from_the_quorum():
    room = Room()
    first, *_others = room.open(here=2)
    member = room.panel.seats[0].user
    ConflictFactory(
        user=member, call_id=room.call.id, organisation=first.application.organisation, response="note"
    )

    put_on_the_table(first, **room.by)

    assert first.room_is_clear


def test_seats_that_must_be_the_majority_are_more_than_half():
    room = Room()
    for _number in range(2):
        room.panel.seats.append(PanelSeatFactory(panel=room.panel, kind=SeatKind.PAST_GRANTEE))
    members = [room.panel.seats[0], *room.panel.seats[3:]]
    first, *_others = room.open(here=0)
    note_who_is_here(room.meeting, {seat.id for seat in members}, **room.by)

    with pytest.raises(NoQuorum) as refused:
        put_on_the_table(first, **room.by)

    assert (refused.value.taking_part.missing, refused.value.taking_part.has_majority) == (0, False)


def test_nothing_is_agreed_while_somebody_with_a_tie_is_in_the_room():
    room = Room()
    first, *_others = room.open()
    room.tie(room.panel.seats[0].user, first.application)
    put_on_the_table(first, **room.by)

    with pytest.raises(RoomNotClear):
        room.settle(first, Agreed("They lead it themselves."))
    say_room_is_clear(first, **room.by)
    room.settle(first, Agreed("They lead it themselves."))

    seats = [str(seat.id) for seat in room.panel.seats]
    assert first.took_part == {"in": seats[1:], "out": seats[:1]}


def test_who_comes_late_with_a_tie_is_asked_out_again():
    room = Room()
    first, *_others = room.open(here=2)
    late = room.panel.seats[2]
    room.tie(late.user, first.application)
    put_on_the_table(first, **room.by)
    was_clear = first.room_is_clear

    note_own_presence(room.meeting, late, is_here=True, actor=late.user, now=utcnow())

    assert (was_clear, first.room_is_clear) == (True, False)


def test_agreement_says_why():
    room = Room()
    first, *_others = room.open()
    put_on_the_table(first, **room.by)

    with pytest.raises(ReasonNeeded):
        room.settle(first, Agreed("  "))

    assert first.status is ItemStatus.ON_THE_TABLE


def test_only_what_is_on_the_table_is_settled():
    room = Room()
    first, *_others = room.open()

    with pytest.raises(NotPossibleNow):
        room.settle(first, Agreed("They lead it themselves."))


def test_decision_of_the_meeting_is_the_decision_on_the_list(db_session):
    room = Room()
    first, *_others = room.open()
    put_on_the_table(first, **room.by)

    room.settle(first, Agreed("Nobody else does this.", {"C1": 3}, Outcome.AWARD, "A long talk."))

    (decision,) = db_session.query(Decision).all()
    assert (decision.application_id, decision.outcome) == (first.application_id, Outcome.AWARD)
    assert decision.reason == "Nobody else does this."
    assert (first.agreed, first.notes, first.status) == ({"C1": 3}, "A long talk.", ItemStatus.SETTLED)
    assert steps(db_session)[-2:] == ["decide", "settle"]


def test_agreement_without_a_decision_leaves_the_list_alone(db_session):
    room = Room()
    first, *_others = room.open()
    put_on_the_table(first, **room.by)

    room.settle(first, Agreed("The readers agree after all.", {"C1": 2}))

    assert db_session.query(Decision).count() == 0


def test_two_who_write_at_once_do_not_overwrite_each_other(db_session):
    room = Room()
    first, *_others = room.open()
    seen = first.version
    write_notes(first, "We talked.", seen_version=seen, **room.by)
    db_session.flush()

    with pytest.raises(StaleVersion):
        write_notes(first, "Other words.", seen_version=seen, **room.by)
    assert first.notes == "We talked."


def test_manager_with_a_tie_touches_nothing_of_the_item():
    room = Room()
    first, second, third = room.open()
    room.tie(room.manager, first.application)

    for step in (put_on_the_table, take_off_the_table):
        with pytest.raises(NotAllowed):
            step(first, **room.by)
    with pytest.raises(NotAllowed):
        move_item(first, 3, reason="Later.", **room.by)
    with pytest.raises(NotAllowed):
        count_votes(room.meeting, {first.id: 3}, **room.by)

    view = view_of(room.meeting, definition_of(current_version(room.call)).panel, reader=room.manager)
    assert view.items == (second, third)
    assert [view.number(item) for item in view.items] == [1, 2]


def test_manager_with_a_tie_to_another_group_decides_nothing(db_session):
    room = Room()
    first, second, _third = room.open()
    room.tie(room.manager, second.application)
    put_on_the_table(first, **room.by)

    with pytest.raises(NotAllowed):
        room.settle(first, Agreed("Nobody else does this.", outcome=Outcome.AWARD))

    assert db_session.query(Decision).count() == 0


def test_another_place_says_why():
    room = Room()
    first, second, third = room.open()

    with pytest.raises(ReasonNeeded):
        move_item(first, 3, reason=" ", **room.by)
    move_item(first, 3, reason="Its reader comes at three.", **room.by)

    assert [item.position for item in (first, second, third)] == [3, 1, 2]
    assert first.moved_reason == "Its reader comes at three."


def test_vote_settles_equal_places_in_the_ranking():
    room = Room()
    call = room.call
    equal = [read_application(room.panel, FAIR, income=40_000) for _number in range(1)] + [
        room.applications[1]
    ]
    items = {item.application_id: item for item in room.open()}

    count_votes(room.meeting, {items[equal[0].id].id: 1, items[equal[1].id].id: 2}, **room.by)
    board = get_board(round_of(call), reader=room.manager)

    assert board.reading.ranking.vote_needed == ()
    places = [board.reading.places[each.id].place for each in equal]
    assert places[1] < places[0]


def test_only_equal_places_are_voted_on_and_only_until_the_list_is_signed():
    room = Room()
    clear = room.open()[-1]
    equal = read_application(room.panel, FAIR, income=40_000)
    items = {item.application_id: item for item in room.open()}

    with pytest.raises(NotPossibleNow):
        count_votes(room.meeting, {items[room.applications[0].id].id: 3}, **room.by)
    RatificationFactory(round=round_of(room.call), call_id=room.call.id)
    with pytest.raises(RoundIsRatified):
        count_votes(room.meeting, {items[equal.id].id: 3}, **room.by)

    assert (clear.votes, items[equal.id].votes) == (None, None)


def test_closed_meeting_changes_no_more():
    room = Room()
    first, *_others = room.open()
    put_on_the_table(first, **room.by)
    with pytest.raises(NotPossibleNow):
        close_meeting(room.meeting, **room.by)
    take_off_the_table(first, **room.by)

    close_meeting(room.meeting, **room.by)

    for step in (
        lambda: put_on_the_table(first, **room.by),
        lambda: note_who_is_here(room.meeting, set[UUID](), **room.by),
        lambda: count_votes(room.meeting, {}, **room.by),
    ):
        with pytest.raises(NotPossibleNow):
            step()


def test_going_and_coming_again_is_kept():
    room = Room()
    room.open(here=1)
    seat = room.panel.seats[0]
    note_who_is_here(room.meeting, set(), actor=room.manager, now=days(0.1))
    gone = room.meeting.presences[0].went_at is not None
    note_own_presence(room.meeting, seat, is_here=True, actor=seat.user, now=days(0.2))

    (presence,) = room.meeting.presences
    assert (gone, presence.went_at) == (True, None)


def test_marks_of_an_item_name_nobody_and_keep_no_order_of_readers():
    room = Room()

    reading = read_item(room.applications[0], definition_of(current_version(room.call)).assessment)

    assert [dict(sheet) for sheet in reading.sheets] == [dict.fromkeys(("C1", "C2", "C3", "C4", "C5"), 4)] * 3
    assert reading.result is not None
    assert float(reading.result.total) == 100


def test_taking_part_is_the_same_for_one_item_as_in_the_list():
    room = Room()
    items = room.open()
    room.tie(room.panel.seats[1].user, items[0].application)
    rules = definition_of(current_version(room.call)).panel

    view = view_of(room.meeting, rules, reader=room.manager)

    assert [view.taking_part[item.id] for item in items] == [taking_part_in(item, rules) for item in items]
