"""Readers in the pages of the panel: warnings beside changes by hand, help when readers lack."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fundapp.db import db
from fundapp.models.event import Event
from fundapp.models.panel import PanelSeat, ReviewAssignment, SeatKind
from fundapp.services.events import seal
from tests.factories import (
    ApplicationFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    UserFactory,
    days,
)


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


@pytest.fixture
def panel(db_session: Any) -> Any:
    return PanelFactory()


@pytest.fixture
def browser(client_for: Any, panel: Any) -> Any:
    return client_for(FundRoleFactory(fund=panel.call.fund).user)


def application(panel: Any, name: str = "Rosa Circle!", **more: Any) -> Any:
    return ApplicationFactory(
        call=panel.call, in_review=True, organisation=OrganisationFactory(name=name), **more
    )


def seat(panel: Any, name: str, kind: SeatKind = SeatKind.UMBRELLA, **more: Any) -> PanelSeat:
    return PanelSeatFactory(panel=panel, kind=kind, user=UserFactory(name=name), **more)


def row_of(page: str, name: str) -> str:
    start = page.index(f">{name}</bdi></th>")
    return page[start : page.index("</tr>", start)]


def readers_page(browser: Any, of: Any) -> str:
    return text(browser.get(f"/en/fund/applications/{of.id}/readers"))


def steps(step: str) -> list[dict[str, Any]]:
    seal()
    db.session.flush()
    return [event.details for event in db.session.query(Event).filter_by(step=step).order_by(Event.number)]


def test_full_reader_is_warned_about_and_the_record_says_so(browser: Any, panel: Any) -> None:
    full, other, wanted = seat(panel, "Amal", capacity=1), application(panel, "Other"), application(panel)
    ReviewAssignmentFactory(seat=full, application=other)
    give = f"/en/fund/applications/{wanted.id}/readers/{full.id}"

    warned = row_of(readers_page(browser, wanted), "Amal")
    without = browser.post(give)
    anyway = browser.post(give, data={"anyway": "yes"})

    assert "Reads as many as they said they could" in warned
    assert 'name="anyway" value="yes"' in warned
    assert (without.status_code, anyway.status_code) == (409, 302)
    assert [each["by"] for each in steps("assign")] == ["hand_above_capacity"]


def test_warnings_say_what_a_change_does_to_the_rules(browser: Any, panel: Any) -> None:
    wanted = application(panel, language="ar")
    first = seat(panel, "First")
    ReviewAssignmentFactory(seat=first, application=wanted)
    seat(panel, "Second")
    ReviewAssignmentFactory(seat=seat(panel, "Also"), application=wanted)
    seat(panel, "Reads it", SeatKind.LIVED_EXPERIENCE, languages=["ar"], conflicts_declared_at=None)

    page = readers_page(browser, wanted)

    assert "Takes a place that another seat is needed for" in row_of(page, "Second")
    assert "Nobody would read it in its language" in row_of(page, "Second")
    assert "Has not declared ties yet" in row_of(page, "Reads it")
    assert "Nobody would read it" not in row_of(page, "Reads it")
    assert "Then too few people read it" in row_of(page, "First")
    assert "Then nobody of this seat reads it" not in row_of(page, "First")


def test_experience_is_wanted_where_the_panel_has_it(browser: Any, panel: Any) -> None:
    wanted, old_hand = application(panel), seat(panel, "Old hand")
    seat(panel, "New")
    before = ReviewAssignmentFactory(seat=PanelSeatFactory(user=old_hand.user))
    ReviewFactory(assignment=before, locked_at=days(-300))

    page = readers_page(browser, wanted)

    assert "Nobody among the readers would have experience" in row_of(page, "New")
    assert "would have experience" not in row_of(page, "Old hand")


def test_plan_keeps_its_seed_in_the_record(browser: Any, panel: Any) -> None:
    seat(panel, "First")
    application(panel)

    browser.post(f"/en/fund/rounds/{panel.round_id}/panel/assign")

    (details,) = steps("assign_readers")
    assert isinstance(details["seed"], int)
    assert (details["given"], details["missing"]) == (1, 2)


def test_what_cannot_be_met_leads_to_the_smallest_change(browser: Any, panel: Any) -> None:
    umbrella = seat(panel, "First", capacity=1)
    seat(panel, "Second", SeatKind.LIVED_EXPERIENCE)
    seat(panel, "Third", SeatKind.PAST_GRANTEE)
    one, two = application(panel, "Rosa Circle!"), application(panel, "Blue Door!")
    ConflictFactory(
        user=db.session.query(PanelSeat).filter_by(kind="lived_experience").one().user,
        call_id=panel.call_id,
        organisation=two.organisation,
    )

    sent = browser.post(f"/en/fund/rounds/{panel.round_id}/panel/assign")
    page = text(browser.get(sent.headers["Location"]))

    assert sent.headers["Location"].endswith("/panel/help")
    assert "Members who would have to read more than they said" in page
    assert "First</bdi>: one application more" in page
    assert "Blue Door!</bdi></a>: Lived experience" in page
    assert f"{one.id}/readers" not in page.split("Readings by somebody new")[1].split("</ul>")[0]
    given = db.session.query(ReviewAssignment).filter_by(seat_id=umbrella.id).count()
    assert given == 1


def test_nothing_missing_says_so(browser: Any, panel: Any) -> None:
    for kind in (SeatKind.UMBRELLA, SeatKind.LIVED_EXPERIENCE, SeatKind.PAST_GRANTEE):
        seat(panel, kind.value, kind)
    application(panel)

    assert "Every application can get its readers" in text(
        browser.get(f"/en/fund/rounds/{panel.round_id}/panel/help")
    )


def test_languages_of_a_new_member_are_kept(browser: Any, panel: Any) -> None:
    data = {"kind": "umbrella", "name": "Amal", "email": "amal@example.org", "capacity": "5"}

    browser.post(f"/en/fund/rounds/{panel.round_id}/panel/seats", data=data | {"reads_in": ["ar", "en"]})
    wrong = browser.post(f"/en/fund/rounds/{panel.round_id}/panel/seats", data=data | {"reads_in": "xx"})

    assert sorted(db.session.query(PanelSeat).one().languages) == ["ar", "en"]
    assert wrong.status_code == 422
