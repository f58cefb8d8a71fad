"""Taking part by a link, without an account: from the room for influence to a changed question."""

from __future__ import annotations

import contextlib
import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.localized import LocalizedText
from fundapp.call_file.codesign import DecisionRule, Topic
from fundapp.call_file.shipped import reference_call
from fundapp.clock import utcnow
from fundapp.db import Base, UtcDateTime, db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import CallStatus
from fundapp.models.codesign import PointShowing, PointSource
from fundapp.models.codesign_voice import CodesignBallot, CodesignProposal, CodesignReply, ReplyKind
from fundapp.models.user import TryCount, UserSession
from fundapp.queries.call_drafts import working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import list_points, list_sessions, record_of, session_of
from fundapp.queries.readiness import open_matters
from fundapp.queries.text_desk import list_lines
from fundapp.queries.voices import find_decision, find_left_open, find_proposal, list_ballots, list_replies
from fundapp.services import voices as voices_service
from fundapp.services.call_drafts import change_part
from fundapp.services.codesign_decisions import bring_to_decision, close_early, speak
from fundapp.services.codesign_links import make_link, stop_link
from fundapp.services.text_desk import keep_text
from fundapp.services.voices import Words
from fundapp.web import sealed
from fundapp.web.kept_text import typed_texts
from scoring.consent import Voice
from tests.codesign_stage import Stage, guest_of, make_stage
from tests.hidden_fields import hidden
from tests.sign_in import csrf_token_in

SAID = {
    "said": "Q1 is hard to read.",
    "language": "en",
    "topic": "form",
    "said_by": "A volunteer",
    "showing": "own_words",
}
LABEL = "change/question:Q1/label"


@pytest.fixture
def stage(db_session):
    return make_stage()


@pytest.fixture
def another_guest(app, stage):
    """A browser in which nobody has signed in, on the page behind the link."""
    return lambda: guest_of(app, stage)


@pytest.fixture
def client(another_guest):
    return another_guest()


def errors_in(page: Any) -> list[str]:
    return re.findall(r'<li><a href="#([^"]+)">', page.text)


def proposal(client: Any, stage: Stage, value: str, **changes: str) -> Any:
    page = client.get(stage.url(LABEL))
    sent = {"value": value, "seen_text": hidden(page, "seen_text"), "go": "send"} | SAID | changes
    return client.post(stage.url(LABEL), data=sent)


def test_the_link_first_shows_what_can_be_changed_and_how_it_is_decided(client, stage):
    page = client.get(stage.url(language="ar"))

    assert page.status_code == 200
    assert 'dir="rtl"' in page.text
    room, said = page.text.index('id="room"'), page.text.index('id="say"')
    assert page.text.index('id="decided"') < room < said
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert stage.token not in db.session.execute(db.text("SELECT digest FROM codesign_link")).scalar_one()


@pytest.mark.parametrize("rest", ["", "say", "points", "change", LABEL, "code"])
def test_pages_behind_a_link_need_few_queries(client, stage, rest, count_queries):
    client.get(stage.url(rest))
    with count_queries() as queries:
        assert client.get(stage.url(rest)).status_code == 200

    assert queries.number <= 6


def test_unknown_token_or_another_call_is_no_page(client, stage):
    assert client.get(stage.url()[:-1] + ("A" if stage.token[-1] != "A" else "B")).status_code == 404
    assert client.get(stage.url().replace("SHAPE", "OTHER")).status_code == 404


def test_what_somebody_says_in_any_language_is_a_point_without_a_person(client, stage):
    words = SAID | {"said": "Su’aalo badan\r\nwaa dhib", "language": "so", "said_by": ""}

    reply = client.post(stage.url("say"), data=words)

    point = stage.last_point()
    assert reply.headers["Location"] == stage.url(f"points/{point.id}?kept=yes")
    assert point.said == {"so": "Su’aalo badan\nwaa dhib"}
    assert point.said_by["en"] == "Somebody who took part"
    assert set(point.said_by) == {"en", "es", "ar", "uk"}
    assert (point.came_by, point.added_by_id, point.session_key) == (PointSource.LINK, None, "S1")
    assert (point.created_at.hour, point.created_at.minute, point.created_at.second) == (0, 0, 0)
    assert "Thank you. It is kept." in client.get(reply.headers["Location"]).text


def test_whoever_wants_no_role_kept_leaves_none(client, stage):
    client.post(stage.url("say"), data=SAID | {"unnamed": "yes", "said_by": "The only Tigrinya teacher"})

    assert "teacher" not in str(stage.last_point().said_by)


def test_refused_words_come_back(client, stage):
    page = client.post(stage.url("say"), data={"said": "Keep me.", "language": "xx"})

    assert page.status_code == 422
    assert "Keep me." in page.text
    assert errors_in(page) == ["language", "topic", "showing"]


def test_words_sent_to_a_stopped_link_come_back(client, stage):
    stop_link(stage.link, actor=stage.role.user, now=utcnow())
    db.session.flush()

    page = client.post(stage.url("say"), data=SAID)

    assert (page.status_code, "This link is over" in page.text) == (409, True)
    assert "Q1 is hard to read." in page.text
    assert "This link is over" in client.get(stage.url()).text
    assert stage.last_point().key == "P10"


def test_flood_is_stopped_and_the_text_is_given_back(client, stage, monkeypatch):
    from fundapp.services import voices
    from fundapp.services.tries import Limit

    monkeypatch.setattr(voices, "POINTS", Limit("codesign_points", 2, timedelta(days=1)))
    for _time in range(2):
        assert client.post(stage.url("say"), data=SAID).status_code == 302

    page = client.post(stage.url("say"), data=SAID | {"said": "One too many"})

    assert page.status_code == 429
    assert "One too many" in page.text


def test_words_not_to_be_shown_are_seen_by_the_fund_alone(client, client_for, stage):
    client.post(stage.url("say"), data=SAID | {"said": "My own secret words", "showing": "our_words"})
    point = stage.last_point()
    staff = client_for(stage.role.user)

    for rest in ("points", f"points/{point.id}"):
        assert "My own secret words" not in client.get(stage.url(rest)).text
    assert "My own secret words" in staff.get(f"/en/fund/co-design-points/{point.id}/talk").text
    answer = {"response": "did_not", "reason_en": "So.", "decided_by_en": "We", "decided_on": "2026-06-01"}
    refused = staff.post(f"/en/fund/co-design-points/{point.id}/answer", data=answer)
    assert errors_in(refused) == ["response"]
    staff.post(f"/en/fund/co-design-points/{point.id}/retell", data={"retold_en": "Somebody finds it hard."})
    assert staff.post(f"/en/fund/co-design-points/{point.id}/answer", data=answer).status_code == 302
    db.session.expire_all()
    assert point.showing is PointShowing.OUR_WORDS
    assert record_of(stage.call).points[-1].said.as_dict() == {"en": "Somebody finds it hard."}


def test_proposal_stands_beside_todays_text_before_and_after(client, stage):
    page = client.get(stage.url(LABEL, "ar"))
    today = reference_call().form.question("Q1").label.in_language("ar")
    assert html.escape(today, quote=False) in html.unescape(page.text) or today in html.unescape(page.text)
    sent = SAID | {"value": "صياغة أبسط", "seen_text": hidden(page, "seen_text"), "language": "ar"}

    looked = client.post(stage.url(LABEL, "ar"), data=sent | {"go": "look"})

    assert looked.status_code == 200
    assert stage.last_point().key == "P10"
    assert html.unescape(looked.text).count(today) >= 1
    client.post(stage.url(LABEL, "ar"), data=sent | {"go": "send"})
    point = stage.last_point()
    kept = find_proposal(point)
    assert (kept.reference, kept.field, kept.language) == ("question:Q1", "label", "ar")
    assert (kept.before, kept.value) == ({"is": today}, {"is": "صياغة أبسط"})
    assert point.about == "question:Q1"
    after = html.unescape(client.get(stage.url(f"points/{point.id}", "ar")).text)
    assert today in after
    assert "صياغة أبسط" in after


@pytest.mark.parametrize(
    "rest", ["change/question:Q1/key", "change/nothing:Q1/label", "change/question:Q99/label"]
)
def test_what_cannot_be_changed_is_no_page(client, stage, rest):
    assert client.get(stage.url(rest)).status_code == 404


def test_proposal_against_another_text_or_without_a_change_is_refused_with_the_words(client, stage):
    old = proposal(client, stage, "Other words", seen_text="0" * 64)
    same = proposal(client, stage, reference_call().form.question("Q1").label.in_language("en"))

    for page in (old, same):
        assert page.status_code == 422
        assert errors_in(page) == ["value"]
        assert "Q1 is hard to read." in page.text


def guests(another_guest: Any, number: int) -> list[Any]:
    return [another_guest() for _each in range(number)]


def test_support_counts_once_for_each_browser_and_never_beyond_the_people_of_the_link(stage, another_guest):
    first = another_guest()
    first.post(stage.url("say"), data=SAID)
    point = stage.last_point()
    path = stage.url(f"points/{point.id}/reply")

    for kind in ("support", "doubt", "support"):
        first.post(path, data={"text": f"I {kind}", "go": kind})
    for guest in guests(another_guest, 2):
        guest.post(path, data={"text": "", "go": "doubt"})
    fourth = another_guest().post(path, data={"text": "Too many", "go": "support"})

    kinds = sorted(reply.kind.value for reply in db.session.execute(db.select(CodesignReply)).scalars())
    assert kinds == ["doubt", "doubt", "support"]
    assert fourth.status_code == 422
    assert "Too many" in fourth.text
    assert first.post(path, data={"text": "And this", "go": "comment"}).status_code == 302
    assert "2 people doubt this." in first.get(stage.url("points")).text


def test_somebody_who_is_signed_in_has_no_voice_that_could_be_joined_to_them(client, client_for, stage):
    client.post(stage.url("say"), data=SAID)
    point = stage.last_point()
    signed_in = client_for(stage.role.user)

    page = signed_in.post(stage.url(f"points/{point.id}/reply"), data={"text": "Yes", "go": "support"})

    assert page.status_code == 422
    assert "Sign out first" in page.text
    assert db.session.execute(db.select(CodesignReply)).scalars().all() == []


def still_right(stage: Stage) -> None:
    """Somebody has read the other languages of the changed question again: they mean the same."""
    for language in ("es", "ar", "uk"):
        (line,) = (each for each in list_lines(stage.call, language) if each.unit.id == "question:Q1/label")
        keep_text(stage.call, language, line.unit.id, rev=line.rev, actor=stage.role.user, now=utcnow())
    db.session.flush()


def test_consented_proposal_changes_the_question_and_the_question_shows_why(
    client_for, stage, another_guest, client
):
    one, two, three = guests(another_guest, 3)
    proposal(one, stage, "What do you do, in your own words?")
    point, staff = stage.last_point(), client_for(stage.role.user)
    base = f"/en/fund/co-design-points/{point.id}"
    assert staff.post(f"{base}/decision", data={"time": "60"}).status_code == 302
    decision = find_decision(point)
    assert decision.rule is DecisionRule.CONSENT
    path = stage.url(f"points/{point.id}/decide")
    assert errors_in(one.post(path, data={"choice": "object"})) == ["reason"]
    one.post(path, data={"choice": "object", "reason": "Not yet"})
    one.post(path, data={"choice": "agree"})
    two.post(path, data={"choice": "agree"})
    assert staff.post(f"{base}/decision/close").status_code == 409  # the third may still speak
    three.post(path, data={"choice": "stand_aside", "reason": "I am not sure"})
    assert another_guest().post(path, data={"choice": "agree"}).status_code == 422
    assert staff.post(f"{base}/decision/close").status_code == 302
    assert one.post(path, data={"choice": "object", "reason": "Too late"}).status_code == 422

    talk = staff.get(f"{base}/talk")
    assert "Agreed" in talk.text
    applied = {
        "reason_en": "It is easier to read.",
        "what_changed_en": "Simpler words.",
        "decided_by_en": "The people who took part: 2 agree, 1 stands aside",
        "seen_text": hidden(talk, "seen_text"),
    }
    assert staff.post(f"{base}/apply", data=applied).status_code == 302

    db.session.expire_all()
    definition = definition_of(current_version(stage.call))
    assert definition.form.question("Q1").label.in_language("en") == "What do you do, in your own words?"
    answered = record_of(stage.call).points[-1]
    assert (answered.key, answered.changed) == (point.key, ("question:Q1",))
    staff.post(f"/en/fund/calls/{stage.call.id}/co-design/publish")
    still_right(stage)
    assert staff.post(f"/en/fund/calls/{stage.call.id}/publish").status_code == 302
    db.session.expire_all()
    assert stage.call.status is CallStatus.PUBLISHED
    frozen = definition_of(current_version(stage.call))
    assert [each.key for each in frozen.points_behind("question:Q1")][-1] == point.key
    questions = client.get("/en/calls/SHAPE/questions").text
    assert "What do you do, in your own words?" in questions
    assert re.search(rf"/en/calls/SHAPE/co-design/topics/\w+(\?page=\d+)?#{point.key}\b", questions)
    assert db.session.query(CodesignBallot).count() == 3


def test_objection_keeps_the_question_as_it_is(client_for, stage, another_guest):
    one, two = guests(another_guest, 2)
    proposal(one, stage, "Other words?")
    point, staff = stage.last_point(), client_for(stage.role.user)
    base = f"/en/fund/co-design-points/{point.id}"
    staff.post(f"{base}/decision", data={"time": "60"})
    path = stage.url(f"points/{point.id}/decide")
    one.post(path, data={"choice": "agree"})
    two.post(path, data={"choice": "object", "reason": "It leaves out the women."})
    find_decision(point).closes_at = utcnow()
    db.session.flush()

    page = staff.post(f"{base}/apply", data={"reason_en": "a", "what_changed_en": "b", "decided_by_en": "c"})

    assert page.status_code == 409
    assert "It leaves out the women." in staff.get(f"{base}/talk").text
    assert record_of(stage.call).points[-1].key == "P10"


def test_code_lets_somebody_change_what_they_said_from_another_browser(stage, another_guest):
    phone, laptop = guests(another_guest, 2)
    phone.post(stage.url("say"), data=SAID)
    point = stage.last_point()
    phone.post(stage.url(f"points/{point.id}/reply"), data={"text": "", "go": "support"})
    code = re.search(
        r'<b dir="ltr" translate="no">(\w+)</b>', phone.get(stage.url(f"points/{point.id}")).text
    )[1]

    wrong = laptop.post(stage.url("code"), data={"mine": "abc"})
    assert errors_in(wrong) == ["mine"]
    laptop.post(stage.url("code"), data={"mine": f" {code[:6].lower()}-{code[6:]}"})
    laptop.post(stage.url(f"points/{point.id}/reply"), data={"text": "", "go": "doubt"})

    (reply,) = db.session.execute(db.select(CodesignReply)).scalars()
    assert reply.kind.value == "doubt"


def test_rule_that_people_have_read_stays(client_for, stage):
    staff = client_for(stage.role.user)
    session = list_sessions(stage.call)[0]
    page = staff.get(f"/en/fund/co-design-sessions/{session.id}")
    assert page.status_code == 200
    known = session_of(session)
    data = {
        "title_en": "A", "run_by_en": "B", "day": known.day.isoformat(), "spoken": ["en"],
        "organisations": "1", "people": "1", "rule": "majority", "at_least": "2",
    }  # fmt: skip

    refused = staff.post(f"/en/fund/co-design-sessions/{session.id}", data=data)

    assert errors_in(refused) == ["rule"]


def test_manager_makes_a_link_that_is_shown_once(client_for, client, stage):
    staff = client_for(stage.role.user)
    session = list_sessions(stage.call)[0]
    path = f"/en/fund/co-design-sessions/{session.id}/links"

    late = staff.post(path, data={"people": "5", "ends_on": "2020-01-01"})
    assert errors_in(late) == ["ends_on-day"]
    made = staff.post(path, data={"people": "5", "ends_on": date(2199, 1, 1).isoformat()})

    address = re.search(r"http://[^<]+/en/calls/SHAPE/take-part/[\w-]{43}", made.text)[0]
    assert address not in staff.get(path).text
    assert client.get("/" + address.split("/", 3)[3]).status_code == 200


def test_call_is_published_without_an_answer_only_with_a_published_reason(client_for, client, stage):
    client.post(stage.url("say"), data=SAID)
    point, staff = stage.last_point(), client_for(stage.role.user)
    page = f"/en/fund/calls/{stage.call.id}/co-design/left-open"

    assert staff.post(f"/en/fund/calls/{stage.call.id}/publish").status_code == 409
    assert errors_in(staff.post(page)) == ["reason_en", "role_en"]
    given = {"reason_en": "The law on this changes in May.", "role_en": "The director of the fund"}
    assert staff.post(page, data=given).status_code == 302
    assert find_left_open(stage.call).points == [point.key]
    shown = client.get("/en/calls/SHAPE/co-design").text
    assert "The law on this changes in May." in shown
    assert "The director of the fund" in shown
    assert open_matters(stage.call) == []
    client.post(stage.url("say"), data=SAID)
    assert [matter.number for matter in open_matters(stage.call)] == [1]


def test_nothing_stored_of_guests_can_lead_to_a_person(stage, another_guest):
    """No column for a person, an address or a time of day; no two voices of one browser are the same."""
    for model in (CodesignReply, CodesignBallot, CodesignProposal):
        table = model.__table__
        assert {key.column.table.name for key in table.foreign_keys} <= {
            "codesign_point",
            "codesign_link",
            "codesign_decision",
            "codesign_recording",  # with the day alone: test_said_aloud.py
        }
        assert not [column.name for column in table.columns if isinstance(column.type, UtcDateTime)]
    guest = another_guest()
    guest.environ_base |= {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "A rare phone"}
    guest.post(stage.url("say"), data=SAID)
    guest.post(stage.url("say"), data=SAID | {"said": "And that."})
    for point in list_points(stage.call)[-2:]:
        guest.post(stage.url(f"points/{point.id}/reply"), data={"text": "", "go": "support"})

    voices = [reply.voice for reply in db.session.execute(db.select(CodesignReply)).scalars()]
    assert len(set(voices)) == 2
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(db.select(table)).mappings():
            assert "203.0.113" not in str(dict(row))
            assert "rare phone" not in str(dict(row))
            if table.name == "event" and row["step"] == "say":
                assert (row["actor_id"], row["at"].hour, row["at"].minute) == (None, 0, 0)
            if table.name == "user_session":
                assert "voice" not in str(row["data"])


def said_point(client: Any, stage: Stage) -> Any:
    client.post(stage.url("say"), data=SAID)
    return stage.last_point()


def being_decided(client: Any, stage: Stage) -> tuple[Any, Any]:
    """A point, and the decision about it that is open for an hour."""
    point = said_point(client, stage)
    decision = bring_to_decision(
        point, closes_at=utcnow() + timedelta(hours=1), actor=stage.role.user, now=utcnow()
    )
    db.session.flush()
    return point, decision


def more_people(stage: Stage, people: int) -> Any:
    """A second link of the same session."""
    ends_on = utcnow().date() + timedelta(days=3)
    link, _token = make_link(
        list_sessions(stage.call)[0], people=people, ends_on=ends_on, actor=stage.role.user, now=utcnow()
    )
    db.session.flush()
    return link


def speaks(link: Any, decision: Any, voice: str, choice: Voice = Voice.AGREE, reason: str = "") -> None:
    speak(link, decision, choice, reason, language="en", voice=voice, now=utcnow())
    db.session.flush()


def begins_to_sign_in(browser: Any, stage: Stage) -> None:
    page = browser.get("/en/sign-in")
    sent = {"email": "guest@example.org", "csrf_token": csrf_token_in(page)}
    assert browser.post("/en/sign-in", data=sent).status_code == 302
    token = csrf_token_in(browser.get(stage.url("say")))
    browser.environ_base["HTTP_X_CSRFTOKEN"] = token


def test_whoever_has_begun_to_sign_in_speaks_once_they_stop_and_only_once(stage, another_guest):
    """Their session is stored, so it would be another voice with every request."""
    guest = another_guest()
    point, decision = being_decided(guest, stage)
    begins_to_sign_in(guest, stage)
    path, page = stage.url(f"points/{point.id}/decide"), stage.url(f"points/{point.id}")
    sent = {"choice": "object", "reason": "Keep these words"}

    refused = guest.post(path, data=sent)
    assert (refused.status_code, errors_in(refused)) == (422, ["choice"])
    assert "Stop signing in here" in guest.get(page).text
    assert list_ballots(decision) == []
    stopped = guest.post(path, data=sent | {"alone": "yes"})
    assert (stopped.status_code, "Keep these words" in stopped.text) == (200, True)
    assert "Stop signing in here" not in stopped.text
    guest.environ_base["HTTP_X_CSRFTOKEN"] = csrf_token_in(stopped)
    for _time in range(2):
        assert guest.post(path, data=sent).status_code == 302

    assert len(list_ballots(decision)) == 1
    assert db.session.query(UserSession).count() == 0
    assert guest.get("/en/sign-in/code").status_code == 302  # what was begun is over


def test_words_that_come_after_the_end_of_a_decision_come_back(stage, client):
    point, decision = being_decided(client, stage)
    decision.closes_at = utcnow() - timedelta(minutes=1)
    db.session.flush()

    page = client.post(stage.url(f"points/{point.id}/decide"), data={"reason": "Too hard for us"})

    assert (page.status_code, errors_in(page)) == (422, [])
    assert "This decision is closed." in page.text
    assert "Too hard for us" in page.text
    assert list_ballots(decision) == []


def test_vote_that_was_refused_counts_in_no_later_decision_when_it_is_sent_again(stage, another_guest):
    guest = another_guest()
    point, first = being_decided(guest, stage)
    path = stage.url(f"points/{point.id}/decide")
    assert f'name="decision" value="{first.id}"' in guest.get(stage.url(f"points/{point.id}")).text
    first.closes_at = utcnow()
    sent = {"choice": "object", "reason": "Not these words", "decision": str(first.id)}
    assert guest.post(path, data=sent).status_code == 422
    second = bring_to_decision(
        point, closes_at=utcnow() + timedelta(hours=1), actor=stage.role.user, now=utcnow()
    )
    db.session.flush()

    again = guest.post(path, data=sent)

    assert (again.status_code, errors_in(again)) == (422, ["choice"])
    assert "Not these words" in again.text
    assert list_ballots(second) == []
    meant = guest.post(path, data=sent | {"decision": str(second.id)})
    assert (meant.status_code, len(list_ballots(second))) == (302, 1)


def test_pressing_stop_without_need_keeps_the_voice(stage, another_guest):
    guest = another_guest()
    point, decision = being_decided(guest, stage)
    path = stage.url(f"points/{point.id}/decide")
    guest.post(path, data={"choice": "agree"})

    guest.post(path, data={"choice": "stand_aside", "alone": "yes"})

    (ballot,) = list_ballots(decision)
    assert ballot.choice is Voice.STAND_ASIDE


def test_voice_lasts_while_the_browser_is_used(stage, another_guest, app, monkeypatch):
    guest = another_guest()
    point = said_point(guest, stage)
    page, name = stage.url(f"points/{point.id}"), app.config["SETTINGS"].cookie_name
    guest.get(page)
    before = guest.get_cookie(name).value
    guest.get(page)
    assert guest.get_cookie(name).value == before

    monkeypatch.setattr(sealed, "RENEW_AFTER", timedelta(0))
    guest.get(page)

    renewed = guest.get_cookie(name)
    assert renewed.value != before
    assert renewed.max_age is None  # still gone when the browser is closed
    with app.app_context():
        assert sealed.unseal(renewed.value)["voice"] == sealed.unseal(before)["voice"]


def test_whoever_was_here_before_finds_the_way_back_to_their_voice_beside_the_ballot(stage, another_guest):
    one, two = guests(another_guest, 2)
    point, _decision = being_decided(one, stage)
    one.post(stage.url(f"points/{point.id}/decide"), data={"choice": "agree"})
    page = stage.url(f"points/{point.id}")

    assert "I was here before and wrote down a code" not in one.get(page).text
    assert "I was here before and wrote down a code" in two.get(page).text


def test_voice_with_two_links_counts_for_the_link_by_which_it_first_spoke(stage, client):
    point, decision = being_decided(client, stage)
    first, second = more_people(stage, 1), more_people(stage, 1)
    speaks(first, decision, "v0")
    speaks(second, decision, "v0", Voice.OBJECT, "No")
    for link in (first, second):
        with contextlib.nullcontext() if link is second else pytest.raises(voices_service.SaidEnough):
            speaks(link, decision, "v1")

    assert {ballot.voice: ballot.link_id for ballot in list_ballots(decision)} == {
        "v0": first.id,
        "v1": second.id,
    }
    for link in (first, second):
        voices_service.weigh(link, point, ReplyKind.SUPPORT, "", language="en", voice="same", now=utcnow())
        db.session.flush()
    (reply,) = list_replies(point)
    assert reply.link_id == first.id


def test_decision_closes_early_only_when_the_people_of_every_link_that_works_have_spoken(stage, client):
    point, decision = being_decided(client, stage)
    for number in range(3):
        speaks(stage.link, decision, f"v{number}")
    stop_link(stage.link, actor=stage.role.user, now=utcnow())
    db.session.flush()
    who: dict[str, Any] = {"actor": stage.role.user, "now": utcnow()}

    with pytest.raises(NotPossibleNow):
        close_early(decision, stage.call, **who)  # no link works
    other = more_people(stage, 1)
    with pytest.raises(NotPossibleNow):
        close_early(decision, stage.call, **who)
    speaks(other, decision, "v9")
    close_early(decision, stage.call, **who)

    assert not decision.is_open(utcnow())
    assert "Answer this point" not in client.get(stage.url(f"points/{point.id}")).text


def test_nobody_answers_while_people_decide_and_nobody_reads_how_it_stands(stage, client, client_for):
    point, decision = being_decided(client, stage)
    client.post(stage.url(f"points/{point.id}/decide"), data={"choice": "object", "reason": "My reason"})
    staff, base = client_for(stage.role.user), f"/en/fund/co-design-points/{point.id}"
    answer = {"response": "did_not", "reason_en": "So.", "decided_by_en": "We", "decided_on": "2026-06-01"}

    refused = staff.post(f"{base}/answer", data=answer)

    assert errors_in(refused) == ["response"]
    assert "So." in refused.text
    talk = staff.get(f"{base}/talk").text
    assert "One person has said something so far." in talk
    reader = client.application.test_client()
    for page in (talk, reader.get(stage.url(f"points/{point.id}")).text):
        assert "My reason" not in page
        assert "Object: 1" not in page
    decision.closes_at = utcnow()
    db.session.flush()
    for page in (staff.get(f"{base}/talk").text, reader.get(stage.url(f"points/{point.id}")).text):
        assert "My reason" in page


def test_what_was_agreed_is_not_voted_on_again_and_earlier_decisions_are_listed(stage, client, client_for):
    point, decision = being_decided(client, stage)
    speaks(stage.link, decision, "v0", Voice.OBJECT, "No")
    speaks(stage.link, decision, "v1")
    decision.closes_at = utcnow()
    decision.created_at = utcnow() - timedelta(hours=2)
    staff, base = client_for(stage.role.user), f"/en/fund/co-design-points/{point.id}"
    assert staff.post(f"{base}/decision", data={"time": "60"}).status_code == 302
    second = find_decision(point)
    for page in (staff.get(f"{base}/talk").text, client.get(stage.url(f"points/{point.id}")).text):
        assert "Decided before:" in page
        assert "Not agreed" in page
    for voice in ("v0", "v1"):
        speaks(stage.link, second, voice)
    second.closes_at = utcnow()
    db.session.flush()

    assert staff.post(f"{base}/decision", data={"time": "60"}).status_code == 409
    assert "Bring it to a decision" not in staff.get(f"{base}/talk").text


@pytest.mark.parametrize("typed", ["abc", "NaN", ""])
def test_guests_propose_an_amount_while_the_fund_is_still_typing_one(stage, client, typed):
    key = working_content(stage.call)["strands"][0]["key"]
    change_part(stage.call, f"strand:{key}", "minimum", typed, actor=stage.role.user, now=utcnow())
    db.session.flush()

    assert client.get(stage.url("change")).status_code == 200
    assert client.get(stage.url(f"change/strand:{key}/minimum")).status_code == 200


def test_hidden_reply_stays_hidden_whatever_its_voice_sends_until_the_fund_shows_it(stage, client):
    point = said_point(client, stage)
    path = stage.url(f"points/{point.id}/reply")
    client.post(path, data={"go": "doubt", "text": "bad words"})
    (reply,) = list_replies(point)
    voices_service.hide_reply(reply, point, "It hurts people", actor=stage.role.user, now=utcnow())
    db.session.flush()

    for text in ("bad words", "other bad words"):
        client.post(path, data={"go": "support", "text": text})
        assert "bad words" not in client.get(stage.url(f"points/{point.id}")).text
    voices_service.hide_reply(reply, point, None, actor=stage.role.user, now=utcnow())
    db.session.flush()

    assert "other bad words" in client.get(stage.url(f"points/{point.id}")).text


def test_what_comes_back_to_be_read_again_is_what_a_person_typed_alone(app):
    sent = SAID | {"value": "Other words", "seen_text": "0" * 64, "go": "send"}

    with app.test_request_context("/", method="POST", data=sent):
        assert typed_texts() == ["Q1 is hard to read.", "form", "A volunteer", "Other words"]


def test_no_hour_of_a_person_is_kept_with_the_counts_of_tries(stage, client):
    point, _decision = being_decided(client, stage)
    client.post(stage.url(f"points/{point.id}/decide"), data={"choice": "agree"})
    client.post(stage.url(f"points/{point.id}/reply"), data={"go": "comment", "text": "Yes."})

    counted = {row.key.split(":")[0]: row for row in db.session.execute(db.select(TryCount)).scalars()}

    assert {"codesign_points", "codesign_replies", "codesign_ballots"} <= set(counted)
    for name, row in counted.items():
        starts_at = row.window_starts_at
        assert not name.startswith("codesign_") or (starts_at.hour, starts_at.minute) == (0, 0)


CHOICES = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["support", "doubt"])), max_size=12)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(CHOICES)
def test_each_voice_counts_once_with_its_last_word_and_only_so_many(stage, spoken):
    """Whatever order: as the first three voices of the link say last."""
    words = Words(LocalizedText.of({"en": "A"}), LocalizedText.of({"en": "B"}), Topic.FORM)
    point = voices_service.say(stage.link, words, now=utcnow())
    expected: dict[int, str] = {}
    for voice, kind in spoken:
        known = voice in expected or len(expected) < stage.link.people
        with contextlib.nullcontext() if known else pytest.raises(voices_service.SaidEnough):
            voices_service.weigh(
                stage.link, point, ReplyKind(kind), "", language="en", voice=str(voice), now=utcnow()
            )
            db.session.flush()
        if known:
            expected[voice] = kind

    rows = db.session.execute(db.select(CodesignReply).where(CodesignReply.point_id == point.id)).scalars()
    assert {int(row.voice): row.kind.value for row in rows} == expected
