"""The fund's side of a panel through HTTP: seats, readers, questions to groups, the way to the meeting."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Clarification
from fundapp.models.message import Message
from fundapp.models.panel import Panel, PanelSeat, ReaderQuestion, Review, ReviewAssignment, SeatKind
from fundapp.models.user import User
from fundapp.services.assignments import assign_readers
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    ReaderQuestionFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    days,
)

KINDS = (SeatKind.UMBRELLA, SeatKind.LIVED_EXPERIENCE, SeatKind.PAST_GRANTEE)


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


@pytest.fixture
def panel(db_session) -> Panel:
    panel = PanelFactory()
    for kind in KINDS:
        PanelSeatFactory(panel=panel, kind=kind)
    return panel


@pytest.fixture
def manager(panel) -> User:
    return FundRoleFactory(fund=panel.call.fund).user


@pytest.fixture
def browser(client_for, manager):
    return client_for(manager)


def panel_url(panel: Panel, step: str = "") -> str:
    return f"/en/fund/rounds/{panel.round_id}/panel{step}"


def read_by_all(panel: Panel, name: str = "Rosa Circle", *, locked: int = 3, **more: Any):
    application = ApplicationFactory(
        call=panel.call, in_review=True, organisation=OrganisationFactory(name=name), **more
    )
    seats = db.session.query(PanelSeat).filter_by(panel_id=panel.id).all()
    for number, seat in enumerate(seats):
        assignment = ReviewAssignmentFactory(seat=seat, application=application)
        ReviewFactory(assignment=assignment, locked_at=days(-1) if number < locked else None)
    return application


def test_pack_of_each_member_is_one_link_away(browser, panel):
    page = text(browser.get(panel_url(panel)))

    seats = db.session.query(PanelSeat).filter_by(panel_id=panel.id).all()
    links = re.findall(r'<a href="([^"]+/pack)">For reading <span class="hidden">([^<]+)</span></a>', page)
    assert sorted(links) == sorted((f"/en/fund/seats/{seat.id}/pack", seat.user.name) for seat in seats)
    assert browser.get(links[0][0]).status_code == 200


def test_panel_is_set_up_and_filled(client_for, db_session):
    call = CallFactory(closed=True)
    browser = client_for(FundRoleFactory(fund=call.fund).user)
    address = f"/en/fund/rounds/{call.rounds[0].id}/panel"
    seat = {"kind": "lived_experience", "name": "Amal", "email": "Amal@example.org", "capacity": "12"}

    empty = browser.get(address)
    pages = [browser.post(f"{address}/set-up"), browser.post(f"{address}/seats", data=seat)]
    twice = browser.post(f"{address}/seats", data=seat)

    assert "There is no panel yet" in text(empty)
    assert [page.status_code for page in (*pages, twice)] == [302, 302, 422]
    assert "This person is on the panel already." in text(twice)
    found = db_session.query(PanelSeat).one()
    assert (found.user.email, found.kind, found.capacity) == ("amal@example.org", "lived_experience", 12)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("capacity", str(2**70)),
        ("capacity", "٣ twelve"),
        ("kind", "king"),
        ("name", "a\x00b"),
        ("name", "x" * 10_240),
        ("nominated_by", "x"),
    ],
)
def test_wrong_member_is_said_beside_the_field_and_keeps_the_rest(browser, panel, field: str, value: str):
    data = {"kind": "umbrella", "name": "Kept name", "email": "kept@example.org", "capacity": "12"}

    page = browser.post(panel_url(panel, "/seats"), data=data | {field: value})

    kept = "kept@example.org" if field != "email" else "Kept name"
    assert page.status_code == 422
    assert 'id="errors"' in text(page)
    assert kept in text(page)
    assert db.session.query(PanelSeat).count() == 3


def test_member_without_readings_can_be_taken_off(browser, panel):
    seat_id = panel.seats[0].id

    page = browser.post(panel_url(panel, f"/seats/{seat_id}/remove"))

    assert page.status_code == 302
    assert db.session.query(PanelSeat).filter_by(id=seat_id).count() == 0


def test_seat_of_another_panel_is_not_found(browser, panel):
    other = PanelSeatFactory()

    assert browser.post(panel_url(panel, f"/seats/{other.id}/remove")).status_code == 404


def test_reading_starts_and_readers_are_found(browser, panel, db_session):
    application = ApplicationFactory(call=panel.call, submitted=True)

    pages = [browser.post(panel_url(panel, step)) for step in ("/start", "/assign")]
    shown = text(browser.get(panel_url(panel)))

    assert [page.status_code for page in pages] == [302, 302]
    assert db_session.query(ReviewAssignment).count() == 3
    assert application.status is ApplicationStatus.IN_REVIEW
    assert shown.count("Not declared yet") == 3
    assert ">Met<" in shown


def test_rule_that_is_not_kept_is_shown(browser, panel):
    ApplicationFactory(call=panel.call, in_review=True)

    shown = text(browser.get(panel_url(panel)))

    assert "No reader: Umbrella" in shown
    assert "No reader: Lived experience" in shown
    assert "3 readers missing" in shown


def test_reader_is_given_and_taken_back_by_hand(browser, panel, db_session):
    application = ApplicationFactory(call=panel.call, in_review=True)
    address = f"/en/fund/applications/{application.id}/readers"
    seat = panel.seats[0]

    given = browser.post(f"{address}/{seat.id}")
    number = db_session.query(ReviewAssignment).count()
    taken = browser.post(f"{address}/{seat.id}/remove")

    assert [given.status_code, taken.status_code, number] == [302, 302, 1]
    assert db_session.query(ReviewAssignment).count() == 0
    assert browser.get(address).status_code == 200


def test_reader_with_a_tie_is_refused_with_a_reason(browser, panel):
    application = ApplicationFactory(call=panel.call, in_review=True)
    seat = panel.seats[0]
    ConflictFactory(user_id=seat.user_id, call_id=panel.call_id, organisation_id=application.organisation_id)

    page = browser.post(f"/en/fund/applications/{application.id}/readers/{seat.id}")

    assert page.status_code == 409
    assert "This member has a tie with the group." in text(page)


def test_what_is_read_enough_comes_to_the_panel(browser, panel):
    enough, too_few = read_by_all(panel), read_by_all(panel, locked=2)
    asked = read_by_all(panel, status=ApplicationStatus.CLARIFYING)

    page = browser.post(panel_url(panel, "/bring"))
    one = browser.post(f"/en/fund/applications/{asked.id}/readers/bring")
    refused = browser.post(f"/en/fund/applications/{too_few.id}/readers/bring")

    assert [page.status_code, one.status_code, refused.status_code] == [302, 302, 409]
    assert [each.status.value for each in (enough, too_few, asked)] == ["at_panel", "in_review", "at_panel"]
    assert "Too few readers have locked their marks." in text(refused)


def test_conflicted_manager_neither_sees_nor_moves_the_application(browser, panel, manager):
    hidden = read_by_all(panel, "Hidden")
    question = ReaderQuestionFactory(assignment=db.session.query(ReviewAssignment).first())
    ConflictFactory(user_id=manager.id, call_id=panel.call_id, organisation_id=hidden.organisation_id)

    pages = [browser.get(panel_url(panel)), browser.get(f"/en/fund/rounds/{panel.round_id}/questions")]
    browser.post(panel_url(panel, "/bring"))
    closed = [
        browser.get(f"/en/fund/applications/{hidden.id}/readers"),
        browser.post(f"/en/fund/applications/{hidden.id}/questions/{question.id}"),
    ]

    assert ["Hidden" in text(page) for page in pages] == [False, False]
    assert [page.status_code for page in closed] == [404, 404]
    assert hidden.status is ApplicationStatus.IN_REVIEW


def test_question_is_sent_in_the_secretarys_words(browser, panel, db_session):
    application = read_by_all(panel, locked=0)
    member = OrganisationMemberFactory(organisation=application.organisation).user
    question = ReaderQuestionFactory(assignment=db_session.query(ReviewAssignment).first())
    prefix = f"q{question.id.hex[:12]}-"
    address = f"/en/fund/applications/{application.id}/questions/{question.id}"

    listed = browser.get(f"/en/fund/rounds/{panel.round_id}/questions")
    empty = browser.post(address, data={"go": "send", f"{prefix}text": ""})
    sent = browser.post(address, data={"go": "send", f"{prefix}text": "Who chooses your committee, please?"})
    again = browser.post(address, data={"go": "send", f"{prefix}text": "Once more"})

    assert "Who chooses the committee?" in text(listed)
    assert [page.status_code for page in (empty, sent, again)] == [422, 302, 409]
    assert [each.question for each in db_session.query(Clarification)] == [
        "Who chooses your committee, please?"
    ]
    assert [mail.recipient_id for mail in db_session.query(Message)] == [member.id]
    assert application.status is ApplicationStatus.CLARIFYING


def test_question_kept_back_tells_the_reader_why(browser, client_for, panel, db_session):
    application = read_by_all(panel, locked=0)
    assignment = db_session.query(ReviewAssignment).first()
    review = db_session.query(Review).filter_by(assignment_id=assignment.id).one()
    ScoreFactory(review=review, criterion_key="C1", value=None, cant_tell=True)
    question = ReaderQuestionFactory(assignment=assignment)
    prefix = f"q{question.id.hex[:12]}-"
    address = f"/en/fund/applications/{application.id}/questions/{question.id}"

    empty = browser.post(address, data={"go": "keep", f"{prefix}text": "Kept words"})
    browser.post(address, data={"go": "keep", f"{prefix}reason": "It stands in Q5."})
    seen = client_for(assignment.seat.user).get(f"/en/readings/{assignment.id}/criteria/C1")

    assert (empty.status_code, "Kept words" in text(empty)) == (422, True)
    assert "It stands in Q5." in text(seen)
    assert db_session.query(ReaderQuestion).one().clarification_id is None


@pytest.mark.parametrize(("go", "name"), [("send", "text"), ("keep", "reason")])
def test_words_for_a_question_that_a_colleague_settled_are_not_lost(browser, panel, db_session, go, name):
    application = read_by_all(panel, locked=0)
    question = ReaderQuestionFactory(assignment=db_session.query(ReviewAssignment).first())
    address = f"/en/fund/applications/{application.id}/questions/{question.id}"
    prefix = f"q{question.id.hex[:12]}-"
    browser.post(address, data={"go": go, f"{prefix}{name}": "It stands in Q5."})

    late = browser.post(address, data={"go": "keep", f"{prefix}reason": "They told us on the phone!"})

    assert late.status_code == 409
    assert "They told us on the phone!" in text(late)
    assert f'action="{address}"' not in text(late)


def test_question_of_another_application_is_not_found(browser, panel):
    application = read_by_all(panel)
    question = ReaderQuestionFactory()

    page = browser.post(f"/en/fund/applications/{application.id}/questions/{question.id}")

    assert page.status_code == 404


def test_fund_never_reads_marks_or_notes_of_an_open_sheet(browser, panel):
    application = read_by_all(panel, locked=0)
    review = ReviewFactory(
        assignment=ReviewAssignmentFactory(seat=PanelSeatFactory(panel=panel), application=application),
        private_note="My secret note",
        has_concern=True,
    )

    pages = [
        text(browser.get(path))
        for path in (panel_url(panel), f"/en/fund/applications/{application.id}/readers")
    ]

    assert all(review.private_note not in page for page in pages)
    assert all("Concern" in page for page in pages)


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_pages_open_in_every_language(browser, panel, language: str):
    application = read_by_all(panel)
    ReaderQuestionFactory(assignment=db.session.query(ReviewAssignment).first())

    pages = [
        browser.get(path.replace("/en/", f"/{language}/"))
        for path in (
            panel_url(panel),
            panel_url(panel, "/seats"),
            f"/en/fund/applications/{application.id}/readers",
            f"/en/fund/rounds/{panel.round_id}/questions",
        )
    ]

    assert [page.status_code for page in pages] == [200] * 4
    assert all(text(page).count("<h1") == 1 for page in pages)


def test_pages_need_as_many_queries_for_three_as_for_one(browser, panel, manager, count_queries):
    def more(number: int) -> Any:
        for _each in range(number):
            application = ApplicationFactory(call=panel.call, in_review=True)
        assign_readers(panel, actor=manager, now=utcnow())
        db.session.flush()
        assignment = db.session.query(ReviewAssignment).filter_by(application_id=application.id).first()
        ReaderQuestionFactory(assignment=assignment)
        db.session.add(Clarification(application=application, question="Who?"))
        db.session.flush()
        return application

    def numbers(application: Any) -> list[int]:
        found = []
        for path in (
            panel_url(panel),
            f"/en/fund/applications/{application.id}/readers",
            f"/en/fund/rounds/{panel.round_id}/questions",
        ):
            with count_queries() as queries:
                assert browser.get(path).status_code == 200
            found.append(queries.number)
        return found

    first = more(1)
    numbers(first)
    for_one = numbers(first)
    more(2)

    assert numbers(first) == for_one
    assert max(for_one) <= 9, for_one
