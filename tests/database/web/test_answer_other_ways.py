"""Answers that are not typed by the group, on every page that shows them."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Answer
from fundapp.services.answer_origins import Typed, type_for_group
from tests.database.services.test_apply_answers import question_of
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ApplicationHelperFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    UserFactory,
    now,
)

TYPED_BY_STAFF = "A manager of the fund typed this from a phone call on"


@pytest.fixture
def application(db_session):
    return ApplicationFactory()


@pytest.fixture
def member(application, client_for):
    return client_for(OrganisationMemberFactory(organisation=application.organisation).user)


@pytest.fixture
def manager(application):
    return FundRoleFactory(fund=application.call.fund).user


def question(application, key="S1", what="") -> str:
    return f"/en/applications/{application.id}/questions/{key}{what}"


def saved(application, key="S1") -> Answer:
    query = sa.select(Answer).where(Answer.application_id == application.id, Answer.question_key == key)
    return db.session.execute(query).scalar_one()


def type_answer(application, manager, text="We meet on Fridays.", key="S1") -> None:
    typed = Typed(text, "en", 0, "page")
    type_for_group(application, question_of(application, key), typed, actor=manager, now=now())


def test_manager_types_and_the_group_sees_it_everywhere_and_says_yes(
    application, member, manager, client_for
):
    staff = client_for(manager)
    page = staff.get(f"/en/fund/applications/{application.id}")
    address = f"/en/fund/applications/{application.id}/phone/S1"
    assert address in page.text

    answer = staff.post(
        address, data={"text": "نلتقي كل جمعة", "answer_language": "ar", "rev": "0", "once": "a"}
    )

    assert answer.status_code == 302
    assert (saved(application).value, saved(application).language) == ("نلتقي كل جمعة", "ar")
    assert TYPED_BY_STAFF in staff.get(f"/en/fund/applications/{application.id}").text
    assert "The fund typed something for you" in member.get(f"/en/applications/{application.id}").text
    assert "The fund typed this for you after a phone call" in member.get(question(application)).text
    assert "has not looked at it yet" in member.get(f"/en/applications/{application.id}/check").text

    assert member.post(question(application, what="/confirm"), data={"rev": "1"}).status_code == 302

    assert "The group says it is right." in member.get(f"/en/applications/{application.id}/check").text
    assert "The fund typed" not in member.get(f"/en/applications/{application.id}").text
    copy = json.loads(member.get(f"/en/applications/{application.id}/copy.json").text)
    assert (copy["answers"][0]["typed_by"], copy["answers"][0]["the_group"]) == (
        "manager",
        "confirmed_or_corrected",
    )
    assert TYPED_BY_STAFF in member.get(f"/en/applications/{application.id}/copy.txt").text


def test_stale_page_of_the_manager_shows_both_texts_and_loses_none(application, manager, client_for):
    AnswerFactory(application=application, question_key="S1", value="Our own words.")

    page = client_for(manager).post(
        f"/en/fund/applications/{application.id}/phone/S1",
        data={"text": "Typed words.", "answer_language": "en", "rev": "0", "once": "a"},
    )

    assert page.status_code == 409
    assert "Our own words." in page.text
    assert "Typed words." in page.text
    assert 'name="rev" value="1"' in page.text


def test_nothing_typed_is_said_beside_the_field(application, manager, client_for):
    address = f"/en/fund/applications/{application.id}/phone/S1"

    page = client_for(manager).post(address, data={"text": " ", "rev": "0", "once": "a"})

    assert (page.status_code, "Type what they said." in page.text) == (422, True)


@pytest.mark.parametrize("key", ["S3", "S3_amount", "nothing"])
def test_only_what_can_be_said_is_typed_from_a_phone_call(application, member, manager, client_for, key):
    staff = client_for(manager)

    assert staff.get(f"/en/fund/applications/{application.id}/phone/{key}").status_code == 404
    assert member.get(question(application, key, "/pasted")).status_code == 404


def test_pasted_text_is_kept_with_its_source_and_can_be_changed(application, member):
    page = member.get(question(application))
    assert question(application, what="/pasted") in page.text

    answer = member.post(
        question(application, what="/pasted"),
        data={
            "text": "We cook together.",
            "pasted_from": "صندوق آخر",
            "answer_language": "en",
            "rev": "0",
            "once": "a",
        },
    )

    assert answer.location == question(application)
    page = member.get(question(application))
    assert "We cook together." in page.text
    assert "Pasted from another application: \u2068صندوق آخر\u2069" in page.text


def test_pasting_over_another_text_says_so_first_and_a_stale_page_keeps_both(application, member):
    AnswerFactory(application=application, question_key="S1", value="Our own words.")
    data = {"text": "We cook.", "answer_language": "en", "once": "a"}
    assert "Our own words." in member.get(question(application, what="/pasted")).text

    stale = member.post(question(application, what="/pasted"), data=data | {"rev": "0"})

    assert stale.status_code == 409
    assert ("Our own words." in stale.text, "We cook." in stale.text) == (True, True)
    assert member.post(question(application, what="/pasted"), data=data | {"rev": "1", "once": "b"}).location
    assert saved(application).value == "We cook."


def test_empty_paste_is_told_in_the_readers_language(application, member):
    page = member.post(question(application, what="/pasted").replace("/en/", "/ar/"), data={"text": ""})

    assert page.status_code == 422
    assert 'dir="rtl"' in page.text
    assert "Paste the text here." not in page.text


def test_panel_sees_who_typed(db_session, client_for):
    application = ApplicationFactory(full=True)
    manager = FundRoleFactory(fund=application.call.fund).user
    type_answer(application, manager, key="Q2")
    application.status, application.submitted_at, application.receipt = "in_review", now(), "R7"
    seat = PanelSeatFactory(user=UserFactory())
    assignment = ReviewAssignmentFactory(application=application, seat=seat)

    page = client_for(seat.user).get(f"/en/readings/{assignment.id}/criteria/C1")

    assert TYPED_BY_STAFF in page.text


def test_helper_corrects_what_was_typed_and_cannot_say_that_it_is_right(application, manager, client_for):
    type_answer(application, manager)
    helper = client_for(ApplicationHelperFactory(application=application).user)

    page = helper.get(question(application))
    refused = helper.post(question(application, what="/confirm"), data={"rev": "1"})

    assert "Only the group can say whether these are its words." in page.text
    assert "/confirm" not in page.text
    assert "The fund typed something for you" not in helper.get(f"/en/applications/{application.id}").text
    assert refused.status_code == 403
    assert saved(application).waits_for_the_group
