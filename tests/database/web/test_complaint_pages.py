"""Pages for complaints, appeals and worries about safety."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.complaint import Complaint, SafetyFlag
from fundapp.models.fund import FundRoleKind
from fundapp.worry_steps import ComplaintStatus, SafetyStatus
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    RatificationFactory,
)
from tests.grants import active_grant, mails_to
from tests.sign_in import client_with_token

WORDS = "Nobody answered us for a month."
SENT = {"about": "finance", "text": WORDS, "answer_language": "en", "reach": ""}
DAY = utcnow().date() + timedelta(days=20)
ANSWER_BY = {"answer_by-day": DAY.day, "answer_by-month": DAY.month, "answer_by-year": DAY.year}


@pytest.fixture
def client(app, db_session):
    return client_with_token(app)


@pytest.fixture
def call(db_session):
    return CallFactory(deciding=True)


def the_complaint():
    db.session.expire_all()
    return db.session.execute(sa.select(Complaint)).scalar_one()


def test_anybody_complains_without_an_account_and_follows_it_with_a_code(call, client, client_for):
    manager = client_for(FundRoleFactory(fund=call.fund).user)
    sent = client.post(f"/en/calls/{call.code}/complain", data=SENT)
    code = shown_code(sent)
    followed = client.post("/en/complaints", data={"code": code.lower()})
    assert "we tell you who works on it" in followed.text
    assert WORDS not in followed.text

    listed = manager.get(f"/en/fund/{call.fund_id}/complaints").text
    url = f"/en/fund/complaints/{the_complaint().id}"
    assert url in listed
    assert WORDS in manager.get(url).text
    assert manager.post(f"{url}/acknowledge", data=ANSWER_BY).status_code == 302
    assert manager.post(f"{url}/answer", data={"outcome": "upheld", "answer": ""}).status_code == 422
    answer = {"outcome": "upheld", "answer": "We are sorry. We call back."}
    assert manager.post(f"{url}/answer", data=answer).status_code == 302

    assert "We are sorry. We call back." in client.post("/en/complaints", data={"code": code}).text
    assert manager.post(f"{url}/answer", data=answer).status_code == 409


def shown_code(answer):
    assert answer.status_code == 200
    return re.search(r'<bdi dir="ltr">([A-Z2-9]{16})</bdi>', answer.text)[1]


def test_page_that_is_loaded_again_shows_the_same_code_and_sends_nothing_new(call, client):
    manager, url = FundRoleFactory(fund=call.fund).user, f"/en/calls/{call.code}/complain"
    once = re.search(r'name="once" value="([^"]+)"', client.get(url).text)[1]
    refused = client.post(url, data=SENT | {"text": "", "once": once})
    assert f'name="once" value="{once}"' in refused.text

    codes = {shown_code(client.post(url, data=SENT | {"once": once})) for _each in range(2)}

    assert (len(codes), mails_to(manager)) == (1, ["complaint"])
    assert "we tell you who works on it" in client.post("/en/complaints", data={"code": codes.pop()}).text
    assert the_complaint().text == WORDS


def test_each_showing_of_the_form_and_other_words_give_a_complaint_of_its_own(call, client):
    url = f"/en/calls/{call.code}/complain"
    sent = [SENT | {"once": "a"}, SENT | {"once": "b"}, SENT, SENT, SENT | {"once": "a", "text": "More."}]

    codes = {shown_code(client.post(url, data=each)) for each in sent}

    assert len(codes) == db.session.query(Complaint).count() == 5


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"about": ""}, "Choose what it is about."),
        ({"about": "me"}, "Error:"),
        ({"text": ""}, "Write what happened"),
        ({"text": "a\x00b"}, "a character we cannot store"),
        ({"text": "word " * 900}, "Error:"),
        ({"reach": "x" * 400}, "Error:"),
    ],
)
def test_wrong_complaint_is_explained_and_kept(call, client, changes, said):
    answer = client.post(f"/en/calls/{call.code}/complain", data=SENT | {"reach": "By post"} | changes)

    assert answer.status_code == 422
    assert said in answer.text
    assert changes.get("reach", "By post") in answer.text
    assert db.session.query(Complaint).count() == 0


@pytest.mark.parametrize("code", ["", "A" * 16, "Ä\x00", "x" * 500])
def test_unknown_code_shows_nothing(db_session, client, code):
    answer = client.post("/en/complaints", data={"code": code})

    assert answer.status_code == 422


def test_it_is_handed_on_when_it_is_about_the_reader(call, client, client_for):
    client.post(f"/en/calls/{call.code}/complain", data=SENT)
    first, second = (FundRoleFactory(fund=call.fund).user for _each in range(2))
    url = f"/en/fund/complaints/{the_complaint().id}"

    handed_on = client_for(first).post(f"{url}/about", data={"person": str(first.id)})

    assert handed_on.location.endswith(f"/en/fund/{call.fund_id}/complaints")
    assert client_for(first).get(url).status_code == 404
    assert client_for(second).get(url).status_code == 200


@pytest.fixture
def declined(call):
    return ApplicationFactory(
        call=call, at_panel=True, status=ApplicationStatus.DECLINED, group_told_at=utcnow()
    )


def test_group_appeals_once_and_reads_the_answer(call, declined, client_for):
    signer, free, tied = (FundRoleFactory(fund=call.fund).user for _each in range(3))
    RatificationFactory(round=call.rounds[0], ratified_by_id=signer.id, released=True)
    ConflictFactory(call_id=call.id, user_id=tied.id, organisation_id=declined.organisation_id)
    group = client_for(OrganisationMemberFactory(organisation=declined.organisation).user)
    url = f"/en/applications/{declined.id}/appeal"
    assert url in group.get(f"/en/applications/{declined.id}").text

    sent = {"about": "panel", "text": "A member is a cousin of theirs.", "answer_language": "en"}
    assert group.post(url, data=sent | {"text": ""}).status_code == 422
    assert group.post(url, data=sent).status_code == 302
    assert group.post(url, data=sent).status_code == 409

    staff = f"/en/fund/complaints/{the_complaint().id}"
    assert [client_for(each).get(staff).status_code for each in (signer, tied, free)] == [404, 404, 200]
    name = declined.organisation.name
    assert name not in client_for(tied).get(f"/en/fund/{call.fund_id}/complaints").text
    client_for(free).post(f"{staff}/acknowledge", data=ANSWER_BY)
    client_for(free).post(f"{staff}/answer", data={"outcome": "partly", "answer": "We read it again."})
    assert "We read it again." in group.get(url).text
    assert the_complaint().status is ComplaintStatus.ANSWERED


def test_no_appeal_before_the_decision_is_told(call, client_for):
    application = ApplicationFactory(call=call, at_panel=True)
    group = client_for(OrganisationMemberFactory(organisation=application.organisation).user)

    page = group.get(f"/en/applications/{application.id}/appeal")

    assert "<textarea" not in page.text
    assert "once the decision is made" in page.text


def test_worry_goes_to_the_named_people_and_nobody_reads_it_twice(db_session, client_for):
    grant = active_grant()
    fund, check_in = grant.award.call.fund, grant.check_in("month_6")
    admin = FundRoleFactory(fund=fund, kind=FundRoleKind.ADMIN).user
    named = {"lead": str(grant.finance.id), "deputy": str(grant.other_manager.id)}
    address = f"/en/fund/{fund.id}/safety"
    assert client_for(admin).post(address, data=named | {"deputy": named["lead"]}).status_code == 422
    assert client_for(admin).post(address, data=named).status_code == 302
    group, url = client_for(grant.signer), f"/en/check-ins/{check_in.id}/safety"
    assert "call 999" in group.get(url).text

    assert group.post(url, data={"words": "Her brother has found out."}).status_code == 302

    assert "brother" not in group.get(url).text
    assert "We have passed it on" in group.get(url).text
    staff_page = client_for(grant.manager).get(f"/en/fund/check-ins/{check_in.id}").text
    assert ("Nobody has it yet" in staff_page, "brother" in staff_page) == (True, False)
    flag = db.session.execute(sa.select(SafetyFlag)).scalar_one()
    page = f"/en/fund/safety/{flag.id}"
    people = (grant.finance, grant.other_manager, grant.manager, admin, grant.signer)
    assert [client_for(each).get(page).status_code for each in people] == [200, 200, 404, 404, 404]
    assert [client_for(each).get(address).status_code for each in people] == [200, 200, 404, 200, 404]
    assert grant.award.organisation.name not in client_for(admin).get(address).text
    keeper = client_for(grant.finance)
    assert "brother" in keeper.get(page).text
    keeper.post(f"{page}/take")
    assert "Somebody has taken it on." in group.get(url).text
    assert keeper.post(f"{page}/close", data={"note": ""}).status_code == 422
    assert keeper.post(f"{page}/close", data={"note": "She is with an aunt."}).status_code == 302
    db.session.refresh(flag)
    assert flag.status is SafetyStatus.CLOSED
    assert keeper.post(f"{page}/close", data={"note": "Again"}).status_code == 409


def test_staff_pass_on_what_they_hear(db_session, client_for):
    grant = active_grant()
    admin = FundRoleFactory(fund=grant.award.call.fund, kind=FundRoleKind.ADMIN).user
    url = f"/en/fund/check-ins/{grant.check_in('month_6').id}"
    manager = client_for(grant.manager)
    too_long = manager.post(f"{url}/safety", data={"words": "word " * 900})
    assert (too_long.status_code, "word word" in too_long.text) == (422, True)

    assert manager.post(f"{url}/safety", data={"words": ""}).status_code == 302

    flag = db.session.execute(sa.select(SafetyFlag)).scalar_one()
    assert (flag.from_group, flag.words, mails_to(admin)) == (False, "", ["safety"])
    assert "Passed on:" in manager.get(url).text


def test_tied_manager_finds_no_conversation_to_pass_on(db_session, client_for):
    grant = active_grant()
    award = grant.award
    with unit_of_work():
        ConflictFactory(
            call_id=award.call_id, user_id=grant.manager.id, organisation_id=award.organisation_id
        )
    url = f"/en/fund/check-ins/{grant.check_in('month_6').id}/safety"

    assert client_for(grant.manager).post(url, data={"words": "x"}).status_code == 404
