"""Help besides money on its pages: the fund reads and notes, the group reads, changes and says no."""

from __future__ import annotations

from fundapp.clock import utcnow
from fundapp.queries.support_needs import find_need
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    CallFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    SupportNeedFactory,
)
from tests.grants import active_grant


def test_needs_from_the_answer_to_the_word_of_the_group(db_session, client_for):
    application = ApplicationFactory(call=CallFactory(closed=True), submitted=True)
    AnswerFactory(application=application, question_key="Q10", value="سنحتاج إلى مساعدة")
    manager = client_for(FundRoleFactory(fund=application.call.fund).user)
    group = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    needs = f"/en/fund/calls/{application.call_id}/support"
    one, own = f"/en/fund/applications/{application.id}/support", f"/en/applications/{application.id}/support"

    assert "Still to read" in manager.get(needs).text
    assert "سنحتاج إلى مساعدة" in manager.get(one).text
    assert manager.post(one, data={"topics": ["rockets"]}).status_code == 422
    assert manager.post(one, data={"topics": ["money"]}).location.endswith(needs)
    page = manager.get(needs).text
    assert ("Still to read" in page, "Money and accounts" in page, "سنحتاج" in page) == (False, True, False)

    assert "We read your answers and noted these topics" in group.get(own).text
    assert group.post(own, data={"wants": "yes"}).status_code == 422
    assert group.post(own, data={"wants": "no"}).status_code == 302
    assert "You said that you want no help" in group.get(own).text
    assert "This group wants no help" in manager.get(one).text
    assert manager.post(one, data={"topics": ["money"]}).status_code == 409
    group.post(own, data={"wants": "yes", "topics": ["law", "digital"]})
    assert [topic.value for topic in find_need(application).topics] == ["digital", "law"]
    assert "as the group says itself" in manager.get(needs).text


def test_needs_page_asks_the_database_the_same_for_one_and_for_many(db_session, client_for, count_queries):
    call = CallFactory(closed=True)
    manager = client_for(FundRoleFactory(fund=call.fund).user)
    counts = []
    for _each in range(2):
        for _other in range(2):
            SupportNeedFactory(application__call=call)
        db_session.flush()
        with count_queries() as queries:
            assert manager.get(f"/en/fund/calls/{call.id}/support").status_code == 200
        counts.append(queries.number)
    assert counts[0] == counts[1]


def test_offer_from_the_fund_to_the_yes_of_the_group(db_session, client_for):
    application = ApplicationFactory(call=CallFactory(closed=True), submitted=True, group_told_at=utcnow())
    SupportNeedFactory(application=application)
    user = OrganisationMemberFactory(organisation=application.organisation).user
    manager, group = client_for(FundRoleFactory(fund=application.call.fund).user), client_for(user)
    offers = f"/en/fund/calls/{application.call_id}/support/offers"
    one, own = f"/en/fund/applications/{application.id}/support", f"/en/applications/{application.id}/support"
    assert "No organisation offers help yet" in manager.get(offers).text
    assert manager.post(f"{offers}/new", data={}).status_code == 422
    words = {
        "organisation_name": "جمعية الجسر",
        "topics": ["money"],
        "languages": ["en"],
        "what": "We look at your books.",
        "payer": "free",
        "reach": user.email,
    }
    assert "A person signs in with this address" in manager.post(f"{offers}/new", data=words).text
    assert manager.post(f"{offers}/new", data=words | {"reach": "office@bridge.example"}).status_code == 302
    page = manager.get(one).text
    key = page.split('name="help" value="')[1].split('"')[0]
    assert manager.post(f"{one}/suggest", data={"help": "nonsense"}).status_code == 409
    assert manager.post(f"{one}/suggest", data={"help": key}).status_code == 302
    assert "The group has not answered yet" in manager.get(one).text

    page = group.get(own).text
    assert ("جمعية الجسر" in page, user.email in page, "office@bridge.example" in page) == (True, True, False)
    answer = "/en/support-introductions/" + page.split("/support-introductions/")[1].split('"')[0]
    assert user.email not in manager.get(f"/en/fund/support-offers/{key}").text
    assert manager.post(answer, data={"answer": "yes"}).status_code == 404
    assert group.post(answer, data={"answer": "yes"}).status_code == 302
    assert "office@bridge.example" in group.get(own).text
    assert user.email in manager.get(f"/en/fund/support-offers/{key}").text
    changed = words | {"reach": "office@bridge.example", "what": "We look at your plans."}
    assert manager.post(f"/en/fund/support-offers/{key}", data=changed).status_code == 302
    assert manager.post(f"/en/fund/support-offers/{key}/end").status_code == 302
    assert "This offer has ended." in manager.get(offers).text


def test_group_with_a_grant_shares_what_it_knows_once_it_says_so(db_session, client_for):
    grant = active_grant()
    group, manager = client_for(grant.signer), client_for(grant.manager)
    own = f"/en/applications/{grant.award.application_id}/support"
    offers = f"/en/fund/calls/{grant.award.call_id}/support/offers"

    page = group.get(f"{own}/share").text
    assert grant.signer.email in page
    assert "No group shares yet." in manager.get(offers).text
    assert group.post(f"{own}/share", data={"topics": ["law"]}).status_code == 302
    assert grant.award.organisation.name in manager.get(offers).text
    assert "You share what you know in these topics" in group.get(own).text
    group.post(f"{own}/share", data={})
    assert "No group shares yet." in manager.get(offers).text
