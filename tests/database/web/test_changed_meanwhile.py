"""The record of co-design under two people: an old page replaces nobody's words and skips no point."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest

from forms.localized import LocalizedText
from fundapp.call_file.codesign import CodesignResponse
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.demo.sound import sound
from fundapp.queries.codesign import list_sessions, session_of
from fundapp.queries.voices import find_left_open
from fundapp.services.codesign import Answer, answer_point
from fundapp.services.codesign_decisions import bring_to_decision, speak
from scoring.consent import Voice
from tests.codesign_stage import Stage, guest_of, make_stage
from tests.database.journeys.browser import Page
from tests.hidden_fields import hidden

ABOUT = {"language": "en", "topic": "form", "showing": "own_words"}


@pytest.fixture
def stage(db_session):
    return make_stage()


@pytest.fixture
def guest(app, stage):
    return guest_of(app, stage)


@pytest.fixture
def manager(client_for, stage):
    return client_for(stage.role.user)


def fields_of(browser: Any, address: str, holding: str = "seen_text") -> dict[str, Any]:
    """What the form with this field would send as it stands."""
    reply = browser.get(address)
    form = Page(address, reply.status_code, reply.text).form(holding=holding)
    return {name: field.values for name, field in form.fields.items() if field.values}


def say(guest: Any, stage: Stage, words: str) -> Any:
    guest.post(stage.url("say"), data=ABOUT | {"said": words})
    return stage.last_point()


def held(stage: Stage) -> Any:
    """The second session of the reference call."""
    db.session.expire_all()
    return list_sessions(stage.call)[1]


def session_address(stage: Stage) -> str:
    return f"/en/fund/co-design-sessions/{held(stage).id}"


def test_session_that_a_colleague_has_changed_is_shown_above_what_was_typed(manager, stage):
    address = session_address(stage)
    old = fields_of(manager, address)
    manager.post(address, data=old | {"title_en": "From the first"})

    late = manager.post(address, data=old | {"place_en": "A hall"})

    assert (late.status_code, session_of(held(stage)).title.find("en")) == (409, "From the first")
    assert "Nothing of yours is lost" in late.text
    assert ("From the first" in late.text, 'value="A hall"' in late.text) == (True, True)
    again = old | {"place_en": "A hall", "seen_text": hidden(late, "seen_text")}
    assert manager.post(address, data=again).status_code == 302
    assert session_of(held(stage)).place.find("en") == "A hall"


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"fee_bank_total": "300", "fee_bank_people": ""}, "fee_bank_people"), ({"at_least": "7"}, "rule")],
)
def test_half_of_what_belongs_together_is_asked_for_and_not_left_out(manager, stage, typed, field):
    address = session_address(stage)

    reply = manager.post(address, data=fields_of(manager, address) | typed)

    assert (reply.status_code, f'<a href="#{field}">' in reply.text) == (422, True)
    assert f'value="{next(iter(typed.values()))}"' in reply.text


def test_reason_for_no_answer_speaks_only_for_points_that_were_seen(guest, manager, stage):
    seen = say(guest, stage, "Seen.")
    address = f"/en/fund/calls/{stage.call.id}/co-design/left-open"
    old = fields_of(manager, address) | {"reason_en": "No time.", "role_en": "The director"}
    unseen = say(guest, stage, "Said meanwhile.")

    late = manager.post(address, data=old)

    assert (late.status_code, find_left_open(stage.call)) == (409, None)
    assert ("Said meanwhile." in late.text, "No time." in late.text) == (True, True)
    new = hidden(late, "seen_text")
    assert manager.post(address, data=old | {"seen_text": new}).status_code == 302
    assert find_left_open(stage.call).points == [seen.key, unseen.key]
    other = manager.post(address, data=old | {"seen_text": new, "reason_en": "Another."})
    assert (other.status_code, find_left_open(stage.call).reason) == (409, {"en": "No time."})


def test_words_of_the_fund_that_a_colleague_has_changed_are_shown_above_what_was_typed(guest, manager, stage):
    address = f"/en/fund/co-design-points/{say(guest, stage, 'Ask less.').id}"
    old = fields_of(manager, f"{address}/talk", "retold_en")
    manager.post(f"{address}/retell", data=old | {"retold_en": "From the first."})

    late = manager.post(f"{address}/retell", data=old | {"retold_en": "From the second."})

    assert (late.status_code, stage.last_point().retold) == (422, {"en": "From the first."})
    assert "Somebody has changed this part meanwhile." in late.text
    assert ("From the first." in late.text, "From the second." in late.text) == (True, True)


def agreed(guest: Any, stage: Stage) -> Any:
    """A proposal that two people have agreed to, at a moment that is over."""
    page = stage.url("change/question:Q1/label")
    sent = {"value": "Who are you?", "said": "It is long.", "go": "send"} | ABOUT
    seen = hidden(guest.get(page), "seen_text")
    guest.post(page, data=sent | {"seen_text": seen})
    point, now = stage.last_point(), utcnow()
    closes_at = now + timedelta(minutes=10)
    decision = bring_to_decision(point, closes_at=closes_at, actor=stage.role.user, now=now)
    for voice in "ab":
        speak(stage.link, decision, Voice.AGREE, "", language="en", voice=voice, now=now)
    decision.closes_at = now
    db.session.commit()
    return point


def test_doing_what_was_agreed_leaves_the_answer_of_a_colleague_as_it_is(guest, manager, stage):
    address = f"/en/fund/co-design-points/{agreed(guest, stage).id}"
    old = fields_of(manager, f"{address}/talk", "reason_en") | {"reason_en": "My reason."}
    said = CodesignResponse.DID_NOT, LocalizedText.of({"en": "No."}), LocalizedText.of({"en": "We"})
    answer_point(stage.last_point(), Answer(*said, utcnow().date()), actor=stage.role.user, now=utcnow())
    db.session.commit()

    late = manager.post(f"{address}/apply", data=old)

    assert (late.status_code, "My reason." in late.text) == (409, True)
    assert stage.last_point().reason == {"en": "No."}


def test_translation_of_what_a_guest_wrote_leaves_its_spaces_as_they_were(guest, manager, stage):
    point = say(guest, stage, "Ask less.  Please.")
    address = f"/en/fund/co-design-points/{point.id}"

    reply = manager.post(address, data=fields_of(manager, address) | {"said_es": "Pregunten menos."})

    assert reply.status_code == 302
    assert stage.last_point().said == {"en": "Ask less.  Please.", "es": "Pregunten menos."}
    other = manager.post(address, data=fields_of(manager, address) | {"said_en": "Ask more. Please."})
    assert other.status_code == 422


def test_another_recording_from_the_same_page_is_another_one(guest, stage):
    for container in ("webm", "webm", "mp4"):
        file = (io.BytesIO(sound(container)), "a file")
        sent = {"language": "so", "showing": "own_words", "once": "page", "kind": "voice", "file": file}
        assert guest.post(stage.url("aloud"), data=sent).status_code == 302

    assert "2 things were said aloud." in guest.get(stage.url("points")).text
