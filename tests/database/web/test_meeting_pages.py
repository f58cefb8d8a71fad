"""The meeting through HTTP: secretary, members from afar, the screen of the room, minutes for each reader."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fundapp.db import db
from fundapp.lifecycles import ItemStatus
from fundapp.models.meeting import Meeting, MeetingItem, MeetingPresence
from fundapp.models.panel import SeatKind
from fundapp.services.events import move
from tests.board import FAIR, GOOD, call_at_panel, manager_of, panel_of, read_application, with_rules
from tests.database.journeys.browser import Page
from tests.factories import ConflictFactory


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


class Room:
    def __init__(self, client_for: Any) -> None:
        self.call = call_at_panel()
        self.panel = panel_of(self.call, has_met=False)
        self.panel.quorum = 2
        self.first, self.second = (
            read_application(self.panel, (1, 4, 4, 4, 4)),
            read_application(self.panel, GOOD),
        )
        self.first.organisation.name, self.second.organisation.name = "Rosa Circle!", "Blue Door!"
        self.client_for = client_for
        self.secretary: FlaskClient = client_for(manager_of(self.call))
        self.url = f"/en/fund/rounds/{self.panel.round_id}/meeting"
        self.members = [seat.user for seat in self.panel.seats]

    def begin(self, *, here: int = 3) -> list[str]:
        """Addresses of the items in the order of the agenda."""
        seats = [str(seat.id) for seat in self.panel.seats[:here]]
        assert self.secretary.post(f"{self.url}/open").status_code == 302
        assert self.secretary.post(f"{self.url}/here", data={"here": seats}).status_code == 302
        items = db.session.query(MeetingItem).order_by(MeetingItem.position)
        return [f"/en/fund/meeting-items/{item.id}" for item in items]

    def tie(self, member: Any) -> None:
        ConflictFactory(user=member, call_id=self.call.id, organisation=self.first.organisation)

    def member(self, number: int, page: str = "meeting") -> str:
        return text(self.client_for(self.members[number]).get(f"/en/panels/{self.panel.id}/{page}"))

    def settle(self, item: str, **more: str) -> TestResponse:
        version = re.search(r'name="seen_version" value="(\d+)"', text(self.secretary.get(item)))
        assert version
        data = {"seen_version": version[1], "go": "settle", "reason": "They lead it themselves."} | more
        return self.secretary.post(item, data=data)


def ticked(room: Room, page: TestResponse) -> dict[str, list[str]]:
    """Who is here, as the form on this page would send it."""
    form = Page(room.url, page.status_code, page.text).form(holding="here")
    return {name: form.fields[name].values for name in ("here", "seen")}


def here_now(room: Room) -> set[str]:
    db.session.expire_all()
    there = db.session.query(MeetingPresence).filter(MeetingPresence.went_at.is_(None))
    return {str(each.seat_id) for each in there}


@pytest.fixture
def room(client_for: Any, db_session: Any) -> Room:
    return Room(client_for)


def test_meeting_from_the_agenda_to_the_minutes(room: Room) -> None:
    empty = text(room.secretary.get(room.url))
    first, second = room.begin()
    room.secretary.post(f"{first}/table")

    on_the_table = room.member(0)
    agreed = room.settle(first, level_C1="2", notes="A long talk about the rent.")
    minutes = text(room.secretary.get(f"{room.url}/minutes"))

    assert "The meeting has not begun" in empty
    assert "Rosa Circle!" in on_the_table
    assert agreed.status_code == 302
    assert "1. <bdi" in minutes
    for words in ("They lead it themselves.", "A long talk about the rent.", "C1: 2", "Not settled"):
        assert words in minutes
    assert "Blue Door!" in text(room.secretary.get(second))
    assert f'href="{room.url}"' in minutes, "a way back"
    assert f'href="/en/panels/{room.panel.id}/meeting"' in room.member(0, "minutes"), "a way back"


def test_member_without_a_vote_leaves_the_room_too(room: Room) -> None:
    seats = [seat | {"readings_each": 60} for seat in room.call.versions[-1].content["panel"]["seats"]]
    without_vote = [seat | {"votes": "no"} if seat["key"] == "funder_officer" else seat for seat in seats]
    with_rules(room.call, "panel", seats=without_vote)
    room.panel.seats[2].kind = SeatKind.FUNDER_OFFICER
    room.tie(room.members[2])
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")

    before = text(room.secretary.get(f"{room.url}/screen"))
    refused = room.settle(first)
    room.secretary.post(f"{first}/clear")
    after = text(room.secretary.get(f"{room.url}/screen"))

    assert ("Rosa Circle!" in before, room.members[2].shown_name in before) == (False, True)
    assert (refused.status_code, "Rosa Circle!" in after) == (409, True)


def test_old_page_of_who_is_here_sends_nobody_out_who_has_come_since(room: Room) -> None:
    room.begin(here=2)
    first, second, third = (str(seat.id) for seat in room.panel.seats)
    shown = ticked(room, room.secretary.get(room.url))
    room.client_for(room.members[2]).post(f"/en/panels/{room.panel.id}/meeting/here")
    room.client_for(room.members[0]).post(f"/en/panels/{room.panel.id}/meeting/here", data={"go": "away"})

    room.secretary.post(f"{room.url}/here", data=shown | {"here": [first]})

    assert here_now(room) == {third}
    assert set(ticked(room, room.secretary.get(room.url))["here"]) == {third}
    assert second in shown["here"]


def test_refused_step_leaves_who_is_here_ticked(room: Room) -> None:
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")

    refused = room.secretary.post(f"{room.url}/close")

    assert refused.status_code == 409
    assert set(ticked(room, refused)["here"]) == here_now(room) == {str(each.id) for each in room.panel.seats}


def test_member_with_a_tie_sees_the_page_between_two_items(room: Room) -> None:
    room.tie(room.members[0])
    first, _second = room.begin()
    before = room.member(0)

    room.secretary.post(f"{first}/table")
    during, other = room.member(0), room.member(1)
    room.secretary.post(f"{first}/clear")
    room.settle(first)

    assert re.sub("csrf_token[^>]*>", "", during) == re.sub("csrf_token[^>]*>", "", before)
    assert "Nothing is on the table for you now" in during
    assert "Rosa Circle!" in other
    assert "Rosa Circle!" not in room.member(0, "minutes")
    assert "Rosa Circle!" in room.member(1, "minutes")
    assert "1. <bdi" in room.member(0, "minutes"), "no number is left out"


def test_screen_of_the_room_waits_until_it_is_clear(room: Room) -> None:
    room.tie(room.members[0])
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")

    waiting = text(room.secretary.get(f"{room.url}/screen"))
    room.secretary.post(f"{first}/clear")
    clear = text(room.secretary.get(f"{room.url}/screen"))

    assert "Please leave the room now" in waiting
    assert room.members[0].name in waiting
    assert "Rosa Circle!" not in waiting
    assert "Rosa Circle!" in clear


def test_members_from_afar_note_themselves(room: Room) -> None:
    first, _second = room.begin(here=1)
    refused = room.secretary.post(f"{first}/table")

    browser, here = room.client_for(room.members[1]), f"/en/panels/{room.panel.id}/meeting/here"
    come = browser.post(here)
    accepted = room.secretary.post(f"{first}/table")
    gone = browser.post(here, data={"go": "away"})

    assert (refused.status_code, come.status_code, accepted.status_code, gone.status_code) == (
        409,
        302,
        302,
        302,
    )
    assert "Too few members may take part" in text(refused)
    assert "One missing for the quorum" in text(room.secretary.get(room.url))


def test_pages_look_again_by_themselves_only_for_who_asked(room: Room) -> None:
    room.begin()
    browser = room.client_for(room.members[0])

    still = browser.get(f"/en/panels/{room.panel.id}/meeting")
    live = browser.get(f"/en/panels/{room.panel.id}/meeting?live=yes")

    assert "Refresh" not in still.headers
    assert live.headers["Refresh"] == "15"


def test_nothing_typed_is_lost_when_the_reason_is_missing(room: Room) -> None:
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")

    page = room.settle(first, reason="", notes="A long talk about the rent.")

    assert page.status_code == 422
    assert "Write in one sentence why the panel agreed on this." in text(page)
    assert "A long talk about the rent." in text(page)


def test_stale_page_of_an_item_keeps_what_was_typed(room: Room) -> None:
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")
    room.secretary.post(first, data={"go": "notes", "notes": "Earlier.", "seen_version": "2"})

    page = room.secretary.post(
        first, data={"go": "settle", "reason": "Because.", "notes": "Typed.", "seen_version": "1"}
    )

    assert page.status_code == 409
    assert "Typed." in text(page)


def test_what_was_agreed_for_an_item_taken_off_the_table_is_not_lost(room: Room) -> None:
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")
    room.secretary.post(f"{first}/wait")

    page = room.settle(first, level_C1="2", reason="They lead it themselves!", notes="A talk about the rent.")

    assert page.status_code == 409
    for words in ("They lead it themselves!", "A talk about the rent."):
        assert f'<div class="prose" dir="ltr">{words}</div>' in text(page)
    assert re.search(r'<p class="soft">[^<]+</p><div class="prose" dir="\w+">2</div>', text(page))


def test_reason_for_another_place_is_not_lost_after_the_meeting(room: Room) -> None:
    first, _second = room.begin()
    room.secretary.post(f"{room.url}/close")

    page = room.secretary.post(
        f"{first}/move", data={"position": "2", "moved_reason": "Its reader comes late!"}
    )

    assert page.status_code == 409
    assert "Its reader comes late!" in text(page)


def test_item_moves_with_a_reason(room: Room) -> None:
    first, second = room.begin()

    wrong = room.secretary.post(f"{first}/move", data={"position": "2"})
    room.secretary.post(f"{first}/move", data={"position": "2", "moved_reason": "Its reader comes late."})

    items = db.session.query(MeetingItem).order_by(MeetingItem.position)
    assert wrong.status_code == 422
    assert [f"/en/fund/meeting-items/{item.id}" for item in items] == [second, first]
    assert "Its reader comes late." in text(room.secretary.get(room.url))


def test_equal_places_ask_for_a_vote(room: Room) -> None:
    third = read_application(room.panel, GOOD)
    third.organisation.name = "Green Gate!"
    room.begin()
    page = text(room.secretary.get(room.url))
    names = re.findall(r'name="(votes_[0-9a-f]+)"', page)

    room.secretary.post(f"{room.url}/votes", data={names[0]: "2", names[1]: "1"})
    wrong = room.secretary.post(f"{room.url}/votes", data={names[0]: "x", names[1]: "1"})

    assert len(names) == 2
    assert sorted(item.votes or 0 for item in db.session.query(MeetingItem)) == [0, 1, 2]
    assert wrong.status_code == 422


def test_votes_that_a_colleague_has_counted_meanwhile_stay(room: Room) -> None:
    read_application(room.panel, GOOD)
    room.begin()
    page = text(room.secretary.get(room.url))
    first, second = re.findall(r'name="(votes_[0-9a-f]+)"', page)
    shown = re.search(r'name="seen_text" value="(\w+)"', page)
    assert shown
    old = {"seen_text": shown[1]}
    room.secretary.post(f"{room.url}/votes", data=old | {first: "2", second: "1"})

    same = room.secretary.post(f"{room.url}/votes", data=old | {first: "2", second: "1"})
    late = room.secretary.post(f"{room.url}/votes", data=old | {first: "", second: ""})

    assert (same.status_code, late.status_code) == (302, 409)
    assert sorted(item.votes or 0 for item in db.session.query(MeetingItem)) == [0, 1, 2]


@pytest.mark.parametrize(
    "data",
    [
        {"position": "x", "moved_reason": "y"},
        {"position": str(2**70), "moved_reason": "y"},
        {"position": "1", "moved_reason": "a\x00b"},
    ],
)
def test_rubbish_moves_nothing(room: Room, data: dict[str, str]) -> None:
    first, _second = room.begin()

    assert room.secretary.post(f"{first}/move", data=data).status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        {"level_C1": "9", "reason": "y"},
        {"outcome": "king", "reason": "y"},
        {"reason": "a\x00b"},
        {"reason": "y", "notes": "x" * 10_000},
    ],
)
def test_rubbish_settles_nothing(room: Room, data: dict[str, str]) -> None:
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")

    assert room.settle(first, **data).status_code == 422


def test_closed_meeting_shows_members_the_way_to_the_minutes(room: Room) -> None:
    first, _second = room.begin()
    room.secretary.post(f"{first}/table")
    refused = room.secretary.post(f"{room.url}/close")
    room.secretary.post(f"{first}/wait")

    room.secretary.post(f"{room.url}/close")

    assert refused.status_code == 409
    assert "The meeting is over" in room.member(0)
    assert db.session.query(Meeting).one().closed_at is not None
    assert {item.status for item in db.session.query(MeetingItem)} == {ItemStatus.WAITING}


def test_number_of_queries_does_not_grow_with_the_items(room: Room, count_queries: Any) -> None:
    room.begin()
    counted = []
    for _more in range(2):
        pages = [f"{room.url}/minutes", room.url]
        with count_queries() as queries:
            for page in pages:
                assert room.secretary.get(page).status_code == 200
        counted.append(queries.number)
        for _number in range(3):
            read_application(room.panel, FAIR, income=50_000)
        room.secretary.post(f"{room.url}/open")

    assert counted[0] == counted[1]


def test_item_of_a_group_that_has_withdrawn_is_no_page_and_no_error(room: Room) -> None:
    first, _second = room.begin()
    withdrawn = db.session.query(MeetingItem).order_by(MeetingItem.position).first()
    assert withdrawn
    move(withdrawn.application, "withdraw", actor=None)

    answers = [room.secretary.get(first), room.secretary.post(first, data={"go": "notes", "notes": "x"})]

    assert answers[0].status_code == 404
    assert answers[1].status_code < 500


def test_round_without_a_panel_leads_to_the_page_that_sets_one_up(client_for: Any, db_session: Any) -> None:
    call = call_at_panel()

    page = client_for(manager_of(call)).get(f"/en/fund/rounds/{call.rounds[0].id}/meeting")

    assert page.headers["Location"].endswith(f"/fund/rounds/{call.rounds[0].id}/panel")
