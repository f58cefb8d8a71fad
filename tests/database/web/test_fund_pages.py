"""The fund's pages about calls and applications."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, CallStatus, ClaimStatus
from fundapp.models.application import ApplicationStage
from fundapp.models.event import Event
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ByAndForClaimFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationFactory,
    PartnerShareFactory,
    RoundFactory,
    days,
)
from tests.themes import with_themes


@pytest.fixture
def role(db_session):
    return FundRoleFactory()


@pytest.fixture
def manager(role, client_for):
    return client_for(role.user)


def test_call_page_shows_the_next_step(role, manager):
    call = CallFactory(fund=role.fund, status=CallStatus.PUBLISHED)

    page = manager.get(f"/en/fund/calls/{call.id}")

    assert page.status_code == 200
    assert "Open this call" in page.text


def test_opening_a_call_is_written_down(role, manager):
    call = CallFactory(fund=role.fund, status=CallStatus.PUBLISHED)

    answer = manager.post(f"/en/fund/calls/{call.id}/open")

    assert answer.status_code == 302
    db.session.refresh(call)
    assert call.status is CallStatus.OPEN
    steps = db.session.execute(sa.select(Event.step, Event.actor_id).where(Event.subject_id == call.id))
    assert steps.all() == [("open", role.user_id)]


def test_step_from_a_stale_page_changes_nothing_and_says_so(role, manager):
    call = CallFactory(fund=role.fund, status=CallStatus.CLOSED)

    answer = manager.post(f"/en/fund/calls/{call.id}/open")

    assert answer.status_code == 409
    assert "Nothing was changed" in answer.text


def test_call_of_another_fund_is_not_found(manager):
    assert manager.get(f"/en/fund/calls/{CallFactory().id}").status_code == 404


def applications_in(call, number):
    return [
        ApplicationFactory(call=call, eoi_sent=True, organisation=OrganisationFactory(name=f"Circle {n}!"))
        for n in range(number)
    ]


def test_list_names_every_group_once(role, manager):
    call = CallFactory(fund=role.fund)
    applications_in(call, 3)

    page = manager.get(f"/en/fund/rounds/{call.rounds[0].id}/applications")

    assert [page.text.count(f"Circle {n}!") for n in range(3)] == [1, 1, 1]
    assert "3 applications" in page.text


def test_list_needs_as_many_queries_for_three_as_for_one(role, client_for, count_queries):
    one, three = CallFactory(fund=role.fund), CallFactory(fund=role.fund)
    applications_in(one, 1), applications_in(three, 3)
    client = client_for(role.user)
    small, large = (f"/en/fund/rounds/{call.rounds[0].id}/applications" for call in (one, three))

    with count_queries() as few:
        client.get(small)
    with count_queries() as many:
        client.get(large)

    assert many.number == few.number


def test_conflicted_manager_sees_no_trace_of_the_group_or_its_partnership(role, manager):
    call = CallFactory(fund=role.fund)
    hidden, partner = OrganisationFactory(name="Hidden circle"), OrganisationFactory(name="Kept partner")
    own = ApplicationFactory(call=call, eoi_sent=True, organisation=hidden)
    shared = ApplicationFactory(call=call, eoi_sent=True, organisation=OrganisationFactory(name="Lead group"))
    PartnerShareFactory(application=shared, organisation=partner, amount=1000)
    for organisation in (hidden, partner):
        ConflictFactory(user=role.user, call_id=call.id, organisation=organisation)

    page = manager.get(f"/en/fund/rounds/{call.rounds[0].id}/applications")

    assert "Hidden circle" not in page.text
    assert "Lead group" not in page.text
    assert "0 applications" in page.text
    assert [manager.get(f"/en/fund/applications/{a.id}").status_code for a in (own, shared)] == [404, 404]


@pytest.mark.parametrize(
    "query", ["stage=nowhere", "status=%F0%9F%8C%BB", "page=-1", "page=99999999999", "order=';--"]
)
def test_list_takes_any_address(role, manager, query):
    call = CallFactory(fund=role.fund)
    applications_in(call, 1)

    assert manager.get(f"/en/fund/rounds/{call.rounds[0].id}/applications?{query}").status_code == 200


def test_spreadsheet_never_holds_a_formula(role, manager):
    call = CallFactory(fund=role.fund)
    ApplicationFactory(call=call, eoi_sent=True, organisation=OrganisationFactory(name="=1+1"))

    file = manager.get(f"/en/fund/rounds/{call.rounds[0].id}/applications.csv")

    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "'=1+1" in file.text


def test_application_page_shows_an_arabic_answer_in_its_direction(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), submitted=True)
    AnswerFactory(application=application, question_key="Q2", value="نحن مجموعة نساء.", language="ar")

    page = manager.get(f"/en/fund/applications/{application.id}")

    assert page.status_code == 200
    assert 'lang="ar"' in page.text
    assert "نحن مجموعة نساء." in page.text


def test_application_page_names_the_theme_in_words(role, manager):
    limit = {"key": "EACH", "kind": "cap", "base": "awards_total", "percent": "60", "each": "theme"}
    call = with_themes(CallFactory(fund=role.fund), limit)
    application = ApplicationFactory(call=call, submitted=True, theme_code="work")

    page = manager.get(f"/en/fund/applications/{application.id}").text

    assert re.findall(r"<dt>Theme</dt><dd>(.*?)</dd>", page) == ["Work and money"]


def test_inviting_opens_the_second_stage(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)

    answer = manager.post(f"/en/fund/applications/{application.id}/invite")

    assert answer.status_code == 302
    db.session.refresh(application)
    assert (application.stage, application.status) == (ApplicationStage.FULL, ApplicationStatus.DRAFT)


def test_no_without_a_sentence_is_refused_and_keeps_the_page(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)

    answer = manager.post(f"/en/fund/applications/{application.id}/decline", data={"reason": " "})

    assert answer.status_code == 422
    assert "Write at least one sentence for the group." in answer.text
    db.session.refresh(application)
    assert application.status is ApplicationStatus.SUBMITTED


@pytest.mark.parametrize("step", ["decline", "ineligible"])
def test_letter_for_a_group_that_has_withdrawn_meanwhile_is_not_lost(role, manager, step):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)
    application.status = ApplicationStatus.WITHDRAWN
    db.session.flush()

    answer = manager.post(
        f"/en/fund/applications/{application.id}/{step}", data={"reason": "Your work with mothers is strong."}
    )

    assert answer.status_code == 409
    assert "Your work with mothers is strong." in answer.text


def test_new_words_for_a_decided_claim_are_not_said_to_be_saved(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)
    ByAndForClaimFactory(
        call_id=application.call_id, organisation=application.organisation, status=ClaimStatus.CONFIRMED
    )
    typed = {"c1-status": "confirmed", "c1-reason": "They rang us.", "c1-note_conversation": "On 3 May."}

    answer = manager.post(f"/en/fund/applications/{application.id}/claims/1", data=typed)

    assert answer.status_code == 409
    assert ("They rang us.</textarea>" in answer.text, 'value="On 3 May."' in answer.text) == (True, True)


def test_refused_finding_about_a_claim_stays_in_its_form(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)
    ByAndForClaimFactory(
        call_id=application.call_id,
        organisation=application.organisation,
        status=ClaimStatus.NOT_MET,
        reason="Another organisation can replace the committee.",
    )
    typed = {"c1-status": "confirmed", "c1-reason": "They rang us.", "c1-note_conversation": "On 3 May."}

    answer = manager.post(f"/en/fund/applications/{application.id}/claims/1", data=typed)

    assert answer.status_code == 409
    assert "They rang us.</textarea>" in answer.text
    assert 'value="On 3 May."' in answer.text
    assert re.search(r'value="confirmed"[^>]* checked', answer.text)


def test_claim_found_not_met_without_a_reason_keeps_the_choice(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)
    claim = ByAndForClaimFactory(
        call_id=application.call_id, organisation=application.organisation, status=ClaimStatus.CHECKED
    )

    answer = manager.post(
        f"/en/fund/applications/{application.id}/claims/1", data={"c1-status": "not_met", "c1-reason": ""}
    )

    assert answer.status_code == 422
    assert "Write why. The group will read it." in answer.text
    db.session.refresh(claim)
    assert claim.status is ClaimStatus.CHECKED


def test_claim_is_confirmed_from_the_page(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)
    claim = ByAndForClaimFactory(
        call_id=application.call_id, organisation=application.organisation, status=ClaimStatus.CHECKED
    )

    manager.post(
        f"/en/fund/applications/{application.id}/claims/1",
        data={
            "c1-status": "confirmed",
            "c1-evidence": "own_words",
            "c1-note_founders": "Four women in 2016.",
        },
    )

    db.session.refresh(claim)
    assert claim.status is ClaimStatus.CONFIRMED
    assert claim.evidence == {"founders": "Four women in 2016.", "own_words": ""}
    assert "Four women in 2016." in manager.get(f"/en/fund/applications/{application.id}").text


def test_claim_is_not_decided_from_the_page_without_evidence(role, manager):
    application = ApplicationFactory(call=CallFactory(fund=role.fund), eoi_sent=True)
    claim = ByAndForClaimFactory(
        call_id=application.call_id,
        organisation=application.organisation,
        status=ClaimStatus.CHECKED,
        evidence={},
    )

    answer = manager.post(f"/en/fund/applications/{application.id}/claims/1", data={"c1-status": "confirmed"})

    assert answer.status_code == 422
    assert "Say what your finding rests on." in answer.text
    db.session.refresh(claim)
    assert claim.status is ClaimStatus.CHECKED


def test_decided_call_opens_for_its_next_round(role, manager):
    call = CallFactory(fund=role.fund, status=CallStatus.DECIDED)
    RoundFactory(call=call, code="2", starts=days(20))

    page = manager.get(f"/en/fund/calls/{call.id}")
    manager.post(f"/en/fund/calls/{call.id}/next-round")

    assert "Open the next round" in page.text
    db.session.refresh(call)
    assert call.status is CallStatus.OPEN


def test_call_whose_rounds_are_all_over_does_not_open_again(role, manager):
    call = CallFactory(fund=role.fund, status=CallStatus.DECIDED, opens_at=days(-300))

    page = manager.get(f"/en/fund/calls/{call.id}")
    answer = manager.post(f"/en/fund/calls/{call.id}/next-round")

    assert "Open the next round" not in page.text
    assert answer.status_code == 409
    assert "The dates of all rounds are past." in answer.text


def test_decided_call_goes_on_to_monitoring_and_then_to_the_archive(role, manager):
    call = CallFactory(fund=role.fund, status=CallStatus.DECIDED)

    manager.post(f"/en/fund/calls/{call.id}/monitor")
    manager.post(f"/en/fund/calls/{call.id}/archive")

    db.session.refresh(call)
    assert call.status is CallStatus.ARCHIVED


def test_call_is_not_closed_while_groups_may_still_send(role, manager):
    call = CallFactory(fund=role.fund)

    answer = manager.post(f"/en/fund/calls/{call.id}/close")

    assert answer.status_code == 409
    assert "The deadlines close by themselves." in answer.text
    db.session.refresh(call)
    assert call.status is CallStatus.OPEN


def test_call_is_closed_after_the_time_of_grace(role, manager):
    call = CallFactory(fund=role.fund, opens_at=days(-82))

    manager.post(f"/en/fund/calls/{call.id}/close")

    db.session.refresh(call)
    assert call.status is CallStatus.CLOSED
