"""A session of help on its pages: planned, said yes to, changed, and who came."""

from __future__ import annotations

import re
from datetime import timedelta

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.queries.support_sessions import list_support_sessions
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    SupportOfferFactory,
    SupportPlaceFactory,
    SupportSessionFactory,
    days,
)

DAY = utcnow().date() + timedelta(days=20)
WORDS = {
    "title": "كتب بلا خوف",
    "topic": "money",
    "day-day": DAY.day,
    "day-month": DAY.month,
    "day-year": DAY.year,
    "clock": "18:30",
    "kind": "room",
    "place": "The green room",
    "languages": ["en"],
    "places": "2",
}


def test_session_from_the_plan_to_who_came(db_session, client_for):
    application = ApplicationFactory(call=CallFactory(closed=True), submitted=True, group_told_at=utcnow())
    manager = client_for(FundRoleFactory(fund=application.call.fund).user)
    group = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    sessions = f"/en/fund/calls/{application.call_id}/support/sessions"
    own = f"/en/applications/{application.id}/support"
    assert "No session is planned yet." in manager.get(sessions).text
    assert manager.post(f"{sessions}/new", data={}).status_code == 422
    past = WORDS | {"day-year": DAY.year - 2}
    assert "Choose a day and a time to come." in manager.post(f"{sessions}/new", data=past).text
    assert manager.post(f"{sessions}/new", data=WORDS).status_code == 302
    (session,) = list_support_sessions(application.call)
    one, there = f"/en/fund/support-sessions/{session.id}", f"{own}/sessions/{session.id}"

    assert "كتب بلا خوف" in group.get(own).text
    assert "The green room" not in group.get(there).text
    assert group.post(there, data={}).status_code == 422
    assert "There is not room for so many" in group.post(there, data={"people": "3"}).text
    assert group.post(there, data={"people": "2", "needs": "مترجم"}).status_code == 302
    assert "The green room" in group.get(there).text
    assert "مترجم" in manager.get(one).text
    fewer = manager.post(f"{one}/change", data=WORDS | {"places": "1"})
    assert (fewer.status_code, "More people come already" in fewer.text) == (422, True)
    assert manager.post(f"{one}/change", data=WORDS | {"places": "3"}).status_code == 302
    assert group.post(f"{there}/take-back").status_code == 302
    assert "Nobody has said yes yet." in manager.get(one).text
    assert manager.post(f"{one}/cancel", data={}).status_code == 422
    assert manager.post(f"{one}/cancel", data={"why": "Nobody can come."}).status_code == 302
    assert "Nobody can come." in group.get(there).text


def test_who_came_is_ticked_afterwards(db_session, client_for):
    session = SupportSessionFactory(starts_at=days(-1))
    place = SupportPlaceFactory(session=session, application__call=session.call)
    manager = client_for(FundRoleFactory(fund=session.call.fund).user)
    one = f"/en/fund/support-sessions/{session.id}"

    assert manager.post(f"{one}/came", data={"came": [place.id]}).status_code == 302
    db.session.expire_all()
    assert place.status == "came"
    assert manager.post(f"{one}/came", data={"came": ["rockets"]}).status_code == 422
    assert manager.post(f"{one}/came", data={}).status_code == 302


def test_session_is_not_shown_to_a_group_that_does_not_know_its_decision(db_session, client_for):
    application = ApplicationFactory(call=CallFactory(closed=True), at_panel=True)
    session = SupportSessionFactory(call=application.call)
    group = client_for(OrganisationMemberFactory(organisation=application.organisation).user)

    own = f"/en/applications/{application.id}/support"
    there = f"{own}/sessions/{session.id}"
    assert group.get(there).location.endswith(own)
    assert group.post(there, data={"people": "1"}).location.endswith(own)
    assert group.post(f"{there}/take-back").status_code == 404
    assert session.title not in group.get(own).text


def test_session_that_a_colleague_has_changed_is_not_written_over_and_nothing_typed_is_lost(
    db_session, client_for
):
    session = SupportSessionFactory()
    page = f"/en/fund/support-sessions/{session.id}/change"
    manager = client_for(FundRoleFactory(fund=session.call.fund).user)
    seen = re.search(r'name="version" value="(\d+)"', manager.get(page).text)[1]
    assert manager.post(page, data=WORDS | {"version": seen}).status_code == 302

    late = manager.post(page, data=WORDS | {"place": "Upstairs", "version": seen})

    db.session.refresh(session)
    assert (late.status_code, session.place, "Upstairs" in late.text) == (409, WORDS["place"], True)


def test_offer_that_a_colleague_has_changed_is_not_written_over_and_nothing_typed_is_lost(
    db_session, client_for
):
    offer = SupportOfferFactory()
    page = f"/en/fund/support-offers/{offer.id}"
    manager = client_for(FundRoleFactory(fund=offer.call.fund).user)
    shown = manager.get(page)
    seen = re.search(r'name="seen_text" value="(\w+)"', shown.text)[1]
    words = {
        "organisation_name": "Lantern hub",
        "topics": ["money"],
        "languages": ["en"],
        "what": "We look at your books.",
        "payer": "free",
        "reach": "desk@lantern.example",
        "seen_text": seen,
    }
    assert [manager.post(page, data=words).status_code for _time in range(2)] == [302, 302]

    late = manager.post(page, data=words | {"what": "Two desks."})

    db.session.refresh(offer)
    assert (late.status_code, offer.what, "Two desks." in late.text) == (409, words["what"], True)
