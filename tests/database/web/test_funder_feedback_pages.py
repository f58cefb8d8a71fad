"""Pages on which groups judge the fund, and on which the fund answers."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Base, db, unit_of_work
from fundapp.lifecycles import ApplicationStatus, CallStatus
from fundapp.models.codesign import CodesignPoint
from fundapp.models.fund import FundRoleKind
from fundapp.models.funder_feedback import ENOUGH, FeedbackAnswer, FeedbackMoment
from fundapp.models.organisation import MemberRight
from fundapp.services.funder_feedback import put_into_the_box
from fundapp.web.feedback_box import ticket_for
from tests.factories import (
    ApplicationFactory,
    ApplicationHelperFactory,
    CallFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
)
from tests.grants import active_grant, talk

WORDS = "The call came two weeks late."


@pytest.fixture
def declined(db_session):
    return ApplicationFactory(
        call=CallFactory(deciding=True),
        at_panel=True,
        status=ApplicationStatus.DECLINED,
        group_told_at=utcnow(),
    )


def invitation(application):
    return f"/en/applications/{application.id}/how-we-did"


def box_of(page):
    return re.findall(r'href="(/en/how-we-did/[^"]+)"', page.text)


def test_group_without_a_grant_is_asked_too_and_answers_once_without_its_name(declined, client_for):
    client = client_for(OrganisationMemberFactory(organisation=declined.organisation).user)
    assert f'href="{invitation(declined)}"' in client.get(f"/en/applications/{declined.id}").text
    (url,) = box_of(client.get(invitation(declined)))
    page = client.get(url).text
    assert declined.organisation.name not in page
    assert "Were we fair and easy to reach?" in page

    answer = client.post(url, data={"answer_language": "en", "FB1": WORDS})

    assert answer.status_code == 302
    assert "Thank you. You have answered this." in client.get(url).text
    assert box_of(client.get(invitation(declined))) == []
    assert client.post(url, data={"answer_language": "en", "FB1": "Again"}).status_code == 200
    assert WORDS not in client.get(f"/en/calls/{declined.call.code}/what-groups-say").text


def test_no_table_but_the_box_holds_a_word_of_it_or_leads_to_the_group(declined, client_for, caplog):
    caplog.set_level(logging.DEBUG)
    member = OrganisationMemberFactory(organisation=declined.organisation).user
    client = client_for(member)
    (url,) = box_of(client.get(invitation(declined)))
    before = dump()

    client.post(url, data={"answer_language": "en", "FB1": WORDS})

    changed = {name: rows - before[name] for name, rows in dump().items() if rows - before[name]}
    assert set(changed) == {"feedback_answer", "spent_ticket"}
    assert not any(
        who in row
        for rows in changed.values()
        for row in rows
        for who in (str(member.id), str(declined.id), str(declined.organisation_id), member.email)
    )
    assert WORDS not in caplog.text
    assert str(member.id) not in caplog.text


def dump():
    """Every row of every table but those of sessions, as text."""
    db.session.expire_all()
    return {
        name: {str(tuple(map(str, row))) for row in db.session.execute(sa.select(table))}
        for name, table in Base.metadata.tables.items()
        if not name.endswith("session")
    }


def test_answer_without_a_language_is_in_that_of_the_page(declined, client_for):
    client = client_for(OrganisationMemberFactory(organisation=declined.organisation).user)
    (url,) = box_of(client.get(invitation(declined)))

    assert client.post(url.replace("/en/", "/uk/"), data={"FB1": "Так."}).status_code == 302

    assert db.session.execute(sa.select(FeedbackAnswer.language)).scalar_one() == "uk"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Answer at least one question."),
        ({"FB1": "  "}, "Answer at least one question."),
        ({"FB1": "word " * 400, "FB3": "Keep this"}, "Error:"),
        ({"FB1": "a\x00b", "FB3": "Keep this"}, "a character we cannot store"),
        ({"FB1": "fair", "answer_language": "xx"}, "Error:"),
    ],
)
def test_wrong_answer_is_explained_kept_and_spends_nothing(declined, client_for, typed, said):
    client = client_for(OrganisationMemberFactory(organisation=declined.organisation).user)
    (url,) = box_of(client.get(invitation(declined)))

    answer = client.post(url, data={"answer_language": "en"} | typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert typed.get("FB3", "") in answer.text
    assert box_of(client.get(invitation(declined))) == [url]


def test_group_is_asked_nothing_before_it_knows(db_session, client_for):
    application = ApplicationFactory(call=CallFactory(deciding=True), at_panel=True)
    client = client_for(OrganisationMemberFactory(organisation=application.organisation).user)

    page = client.get(invitation(application))

    assert (page.status_code, box_of(page)) == (200, [])
    assert "We ask you once the decision is made" in page.text


@pytest.mark.parametrize("who", ["helper", "reader", "stranger"])
def test_only_those_who_write_for_the_group_are_asked(declined, client_for, who):
    if who == "helper":
        person = ApplicationHelperFactory(application=declined).user
    elif who == "reader":
        person = OrganisationMemberFactory(organisation=declined.organisation, right=MemberRight.VIEW).user
    else:
        person = OrganisationMemberFactory().user

    assert client_for(person).get(invitation(declined)).status_code in (403, 404)


def test_grantee_is_asked_after_twelve_months_and_at_the_end(db_session, client_for):
    grant = active_grant()
    client, url = client_for(grant.signer), invitation(grant.award.application)
    assert len(box_of(client.get(url))) == 1

    with unit_of_work():
        grant.award.starts_on = utcnow().date() - timedelta(days=366)
    assert len(box_of(client.get(url))) == 2

    client_for(grant.manager).post(f"/en/fund/awards/{grant.award.id}/closing")
    assert len(box_of(client.get(url))) == 3


@pytest.mark.parametrize(("kind", "asked"), [("month_6", 0), ("month_12", 1), ("month_23", 1)])
def test_conversations_after_a_year_and_at_the_end_lead_to_the_questions_about_the_fund(
    db_session, client_for, kind, asked
):
    """Before it is told and afterwards. The mail of a conversation says nothing of it, as no mail does."""
    grant = active_grant()
    client, url = client_for(grant.signer), f"/en/check-ins/{grant.check_in(kind).id}"
    way = f'href="{invitation(grant.award.application)}"'
    before = client.get(url).text.count(way)

    talk(grant, kind)

    assert (before, client.get(url).text.count(way)) == (asked, asked)


def test_closing_conversation_that_was_told_opens_the_questions_about_the_end(db_session, client_for):
    grant = active_grant()
    talk(grant, "month_23")

    page = client_for(grant.signer).get(invitation(grant.award.application)).text

    assert ("At the end of the grant" in page, "After twelve months" in page) == (True, False)


@pytest.mark.parametrize("ticket", ["x", "a.b", "WyJhIiwiYiIsImMiXQ.x"])
def test_forged_ticket_opens_nothing(db_session, client, ticket):
    assert client.get(f"/en/how-we-did/{ticket}").status_code == 404


def test_ticket_is_the_same_each_time_and_another_for_each_group_and_moment(declined):
    other = ApplicationFactory(call=declined.call)
    moments = list(FeedbackMoment)

    tickets = {ticket_for(each, moment).text for each in (declined, other) for moment in moments}

    assert len(tickets) == 6
    assert {ticket_for(declined, moment).text for moment in moments} <= tickets
    assert not any(each.id.hex in ticket for each in (declined, other) for ticket in tickets)


@pytest.fixture
def said(declined):
    with unit_of_work():
        for number in range(ENOUGH):
            put_into_the_box(
                declined.call_id,
                FeedbackMoment.DECISION,
                {"FB3": f"<b>Change {number}</b>"},
                language="en",
                ticket_digest=f"{number}",
            )
    return declined.call


def test_everybody_reads_what_five_groups_say(said, client):
    page = client.get(f"/en/calls/{said.code}/what-groups-say").text

    assert page.count("&lt;b&gt;Change") == ENOUGH
    assert "5 answers" in page


def test_fund_hides_only_with_a_reason_that_everybody_reads(said, client_for):
    client = client_for(FundRoleFactory(fund=said.fund).user)
    url = f"/en/fund/calls/{said.id}/what-groups-say"
    hide = re.search(rf"{url}/([0-9a-f]+)/hide", client.get(url).text)
    why = f"{hide[1]}-why"

    assert "Everybody reads the reason." in client.post(hide[0], data={why: ""}).text
    assert client.post(hide[0], data={why: "It names a person."}).status_code == 302

    public = client.get(f"/en/calls/{said.code}/what-groups-say").text
    assert public.count("&lt;b&gt;Change") == ENOUGH - 1
    assert "It names a person." in public
    assert client.post(f"{url}/{'0' * 32}/hide", data={f"{'0' * 32}-why": "x"}).status_code == 404


def test_fund_publishes_a_year_and_takes_it_into_the_next_call(said, client_for):
    client = client_for(FundRoleFactory(fund=said.fund).user)
    url = f"/en/fund/calls/{said.id}/what-groups-say"
    told = {
        "year": str(utcnow().year),
        "heard": "Calls came late.",
        "changed": "We call within a week.",
        "text_language": "en",
    }
    assert client.post(url, data=told | {"changed": ""}).status_code == 422
    assert client.post(url, data=told | {"text_language": ""}).status_code == 302
    again = client.post(url, data=told | {"heard": "Other words"})
    assert (again.status_code, "Other words" in again.text) == (409, True)
    public = f"/en/calls/{said.code}/what-groups-say"
    assert "We call within a week." in client.get(public).text

    with unit_of_work():
        following = CallFactory(fund=said.fund, status=CallStatus.CO_DESIGN)
    take = re.search(r"/en/fund/feedback/([0-9a-f-]+)/take", client.get(url).text)
    assert client.post(take[0], data={}).status_code == 422
    assert client.post(take[0], data={f"{take[1]}-call": str(following.id)}).status_code == 302

    (point,) = db.session.execute(
        sa.select(CodesignPoint).where(CodesignPoint.call_id == following.id)
    ).scalars()
    assert point.said == {"en": "Calls came late."}
    assert following.code in client.get(public).text


def test_finance_reads_and_does_not_publish(said, client_for):
    client = client_for(FundRoleFactory(fund=said.fund, kind=FundRoleKind.FINANCE).user)
    url = f"/en/fund/calls/{said.id}/what-groups-say"

    assert "Publish what you heard" not in client.get(url).text
    assert client.post(url, data={}).status_code == 404
