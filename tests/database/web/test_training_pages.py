"""Training through HTTP: the secretary writes it down, the member sees it, the reading gate warns."""

from __future__ import annotations

import pytest

from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import PanelSeat
from tests.database.web.test_panel_pages import give, text
from tests.factories import FundRoleFactory, PanelFactory, PanelSeatFactory, PanelTrainingFactory, days


@pytest.fixture
def seat(db_session) -> PanelSeat:
    return PanelSeatFactory(panel=PanelFactory())


@pytest.fixture
def secretary(client_for, seat):
    return client_for(FundRoleFactory(fund=seat.panel.call.fund, kind=FundRoleKind.MANAGER).user)


def address(seat: PanelSeat, page: str = "") -> str:
    return f"/en/fund/panels/{seat.panel_id}/training{page}"


def posted(seat: PanelSeat, **more: object) -> dict[str, object]:
    day = days(-2)
    return {
        "topics_taken": ["1", "2", "3"],
        "taken_on-day": str(day.day),
        "taken_on-month": str(day.month),
        "taken_on-year": str(day.year),
        "members_there": [str(seat.id)],
    } | more


def test_what_the_secretary_writes_down_stands_on_the_members_page(client_for, secretary, seat):
    before = text(client_for(seat.user).get(f"/en/panels/{seat.panel_id}/work"))
    sent = secretary.post(address(seat), data=posted(seat))
    after = text(client_for(seat.user).get(f"/en/panels/{seat.panel_id}/work"))

    assert (before.count("Not yet"), sent.status_code, after.count("Not yet")) == (3, 302, 0)


def test_who_misses_a_training_can_read_and_both_sides_are_warned(client_for, secretary, seat):
    assignment = give(seat)

    member = text(client_for(seat.user).get(f"/en/panels/{seat.panel_id}"))
    sheet = client_for(seat.user).get(f"/en/readings/{assignment.id}")
    board = text(secretary.get(f"/en/fund/rounds/{seat.panel.round_id}/panel"))
    other = PanelSeatFactory(panel=seat.panel)
    readers = text(secretary.get(f"/en/fund/applications/{assignment.application_id}/readers"))

    assert "You have not had all of the training" in member
    assert sheet.status_code == 200
    assert "Not complete" in board
    assert (other.user.name in readers, "Has not had all of the training" in readers) == (True, True)


def test_a_day_ahead_and_an_empty_form_are_refused_with_a_sentence(secretary, seat):
    ahead = secretary.post(address(seat), data=posted(seat, **{"taken_on-year": str(days(800).year)}))
    empty = secretary.post(address(seat), data={})

    assert (ahead.status_code, "Choose today or an earlier day." in text(ahead)) == (422, True)
    assert (empty.status_code, "Choose at least one member." in text(empty)) == (422, True)


def test_a_training_of_another_panel_cannot_be_taken_back_here(secretary, seat):
    mine, other = PanelTrainingFactory(seat=seat), PanelTrainingFactory()

    assert secretary.post(address(seat, f"/{other.id}/remove")).status_code == 404
    assert secretary.post(address(seat, f"/{mine.id}/remove")).status_code == 302
