"""The fund's pages about grants: checks, agreement, payments, holds, conversations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forms.money import format_money
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import AwardStatus, CheckInStatus, InstalmentStatus
from fundapp.models.fund import FundRoleKind
from fundapp.queries.grants import holds_of, list_checks
from fundapp.services.award_conditions import lift_condition
from tests.factories import AwardConditionFactory, CallFactory, ConflictFactory, FundRoleFactory
from tests.grants import (
    active_grant,
    grant_in_principle,
    grant_with_agreement,
    pay_and_answer_all,
    talk,
    text_read,
)

LATER = utcnow().date() + timedelta(days=30)
HOLD = {
    "p1-reason": "The bank has a new name.",
    "p1-review_on-day": LATER.day,
    "p1-review_on-month": LATER.month,
    "p1-review_on-year": LATER.year,
}


def page_of(grant):
    return f"/en/fund/awards/{grant.award.id}"


def step(grant, name, number=0):
    return f"/en/fund/instalments/{grant.payments[number].id}/{name}"


def status_of(payment):
    db.session.refresh(payment)
    return payment.status


def test_grant_goes_from_checks_to_agreement_through_the_page(db_session, client_for):
    grant = grant_in_principle()
    client = client_for(grant.manager)

    client.post(f"{page_of(grant)}/checks")
    early = client.post(f"{page_of(grant)}/agreement", data=text_read(grant.award))
    for item in list_checks(grant.award):
        client.post(f"/en/fund/checks/{item.id}", data={f"{item.key}-note": "Seen on paper."})
    unread = client.post(f"{page_of(grant)}/agreement")
    sent = client.post(f"{page_of(grant)}/agreement", data=text_read(grant.award))

    assert (early.status_code, unread.status_code, sent.status_code) == (409, 409, 302)
    assert "Settle every check first." in early.text
    assert "Settle every check first." not in unread.text
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.AGREEMENT_SENT
    assert "Seen on paper." in client.get(page_of(grant)).text


def test_note_that_is_too_long_settles_nothing_and_is_kept(db_session, client_for):
    grant = grant_in_principle()
    client = client_for(grant.manager)
    client.post(f"{page_of(grant)}/checks")
    item = list_checks(grant.award)[0]

    answer = client.post(f"/en/fund/checks/{item.id}", data={f"{item.key}-note": "n" * 10_000})

    assert answer.status_code == 422
    assert "n" * 10_000 in answer.text
    db.session.refresh(item)
    assert item.done_at is None


def test_manager_approves_and_finance_pays(db_session, client_for):
    grant = active_grant()
    manager, finance = client_for(grant.manager), client_for(grant.finance)

    answers = [
        finance.post(step(grant, "approve")).status_code,
        manager.post(step(grant, "approve")).status_code,
        manager.post(step(grant, "pay")).status_code,
        finance.post(step(grant, "pay")).status_code,
        finance.post(step(grant, "pay")).status_code,
    ]

    assert answers == [404, 302, 404, 302, 409]
    assert status_of(grant.payments[0]) is InstalmentStatus.PAID


def test_person_with_both_roles_still_cannot_do_both(db_session, client_for):
    grant = active_grant()
    FundRoleFactory(fund=grant.award.call.fund, user=grant.manager, kind=FundRoleKind.FINANCE)
    client = client_for(grant.manager)
    client.post(step(grant, "approve"))

    answer = client.post(step(grant, "pay"))

    assert answer.status_code == 403
    assert "It takes a second person for this step." in answer.text
    assert status_of(grant.payments[0]) is InstalmentStatus.APPROVED


def test_payment_before_the_agreement_is_accepted_is_refused_in_words(db_session, client_for):
    grant = grant_with_agreement()

    answer = client_for(grant.manager).post(step(grant, "approve"))

    assert answer.status_code == 409
    assert "Nothing can be paid before the group has accepted the agreement" in answer.text


def test_hold_takes_two_people_and_release_one(db_session, client_for):
    grant = active_grant()
    manager, finance = client_for(grant.manager), client_for(grant.finance)

    asked = manager.post(step(grant, "hold"), data=HOLD)
    alone = manager.post(step(grant, "hold/agree"))
    before = status_of(grant.payments[0])
    agreed = finance.post(step(grant, "hold/agree"))
    held = status_of(grant.payments[0])
    released = manager.post(step(grant, "release"))

    assert (asked.status_code, alone.status_code, agreed.status_code) == (302, 403, 302)
    assert (before, held) == (InstalmentStatus.DUE, InstalmentStatus.HELD)
    assert released.status_code == 302
    assert status_of(grant.payments[0]) is InstalmentStatus.DUE


def test_wish_to_hold_can_be_dropped_by_the_other_person(db_session, client_for):
    grant = active_grant()
    client_for(grant.manager).post(step(grant, "hold"), data=HOLD)

    answer = client_for(grant.finance).post(step(grant, "hold/drop"))

    assert answer.status_code == 302
    assert holds_of(grant.award) == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"p1-reason": " "}, "Write the reason. The group will read it."),
        ({"p1-review_on-day": ""}, "Error:"),
        ({"p1-review_on-year": "2020"}, "Choose a day after today."),
        ({"p1-review_on-month": "٩٩"}, "Error:"),
        ({"p1-reason": "The\x00 bank"}, "a character we cannot store"),
    ],
)
def test_wrong_hold_is_explained_and_kept(db_session, client_for, changes, said):
    grant = active_grant()

    answer = client_for(grant.manager).post(step(grant, "hold"), data=HOLD | changes)

    assert answer.status_code == 422
    assert said in answer.text
    assert (HOLD | changes)["p1-reason"].replace("\x00", "").strip() in answer.text
    assert holds_of(grant.award) == {}


def test_second_wish_from_a_stale_page_keeps_what_was_typed(db_session, client_for):
    grant = active_grant()
    client = client_for(grant.manager)
    client.post(step(grant, "hold"), data=HOLD)

    answer = client.post(step(grant, "hold"), data=HOLD | {"p1-reason": "Another reason"})

    assert answer.status_code == 409
    assert "Another reason" in answer.text


@pytest.mark.parametrize(("make", "end"), [(grant_with_agreement, "withdraw"), (active_grant, "terminate")])
def test_early_end_needs_a_reason(db_session, client_for, make, end):
    grant = make()
    client = client_for(grant.manager)
    before = grant.award.status

    without = client.post(f"{page_of(grant)}/{end}", data={"reason": ""})
    db.session.refresh(grant.award)
    assert (without.status_code, grant.award.status) == (422, before)

    client.post(f"{page_of(grant)}/{end}", data={"reason": "The group has closed."})
    db.session.refresh(grant.award)
    assert grant.award.status in (AwardStatus.WITHDRAWN, AwardStatus.TERMINATED)


def test_total_of_a_grant_that_ended_leaves_out_what_is_cancelled(db_session, client_for):
    grant = active_grant()
    client = client_for(grant.manager)
    client.post(step(grant, "approve"))
    client_for(grant.finance).post(step(grant, "pay"))

    client_for(grant.manager).post(f"{page_of(grant)}/terminate", data={"reason": "The group has closed."})

    first, *others = [status_of(payment) for payment in grant.payments]
    assert (first, set(others)) == (InstalmentStatus.PAID, {InstalmentStatus.CANCELLED})
    page = client_for(grant.manager).get(page_of(grant)).text
    assert format_money(grant.payments[0].amount) in page[page.index("<tfoot>") : page.index("</tfoot>")]


def test_awards_of_a_call_show_what_is_to_be_done(db_session, client_for):
    call = CallFactory(closed=True)
    grant, other = active_grant(call), active_grant(call)
    talk(other, "welcome")

    page = client_for(grant.manager).get(f"/en/fund/calls/{call.id}/grants").text

    assert "2 awards" in page
    assert page.count(page_of(grant)) == 2  # in the list and under "to pay"
    assert f"/en/fund/check-ins/{other.check_in('welcome').id}" in page


def test_awards_page_links_only_where_the_reader_may_go(db_session, client_for):
    call = CallFactory(closed=True)
    grant = active_grant(call)
    admin = FundRoleFactory(fund=call.fund, kind=FundRoleKind.ADMIN).user

    page = client_for(admin).get(f"/en/fund/calls/{call.id}/grants").text

    assert grant.award.organisation.name in page
    assert page_of(grant) not in page


def test_conflicted_manager_sees_no_trace_of_the_grant(db_session, client_for):
    call = CallFactory(closed=True)
    grant = active_grant(call)
    ConflictFactory(user=grant.manager, call_id=call.id, organisation=grant.award.organisation)
    client = client_for(grant.manager)

    assert grant.award.organisation.name not in client.get(f"/en/fund/calls/{call.id}/grants").text
    assert client.get(page_of(grant)).status_code == 404
    assert client.post(step(grant, "approve")).status_code == 404
    assert client.get(f"/en/fund/check-ins/{grant.check_in('welcome').id}").status_code == 404


def test_awards_page_needs_as_many_queries_for_three_as_for_one(db_session, client_for, count_queries):
    one, three = CallFactory(closed=True), CallFactory(closed=True)
    numbers = []
    for call, number in ((one, 1), (three, 3)):
        for _each in range(number):
            grant = active_grant(call)
            talk(grant, "welcome")
        client, url = client_for(grant.manager), f"/en/fund/calls/{call.id}/grants"
        client.get(url)
        with count_queries() as queries:
            client.get(url)
        numbers.append(queries.number)

    assert numbers[0] == numbers[1]


def test_award_page_needs_as_many_queries_for_four_payments_as_for_one(db_session, client_for, count_queries):
    numbers = []
    for grant in (active_grant(strand="C", income="900.00"), active_grant(income="250000.00")):
        client = client_for(grant.manager)
        client.get(page_of(grant))
        with count_queries() as queries:
            client.get(page_of(grant))
        numbers.append(queries.number)

    assert numbers[0] == numbers[1]


def test_staff_type_for_the_group_and_reply(db_session, client_for):
    grant = active_grant()
    check_in = grant.check_in("welcome")
    client, url = client_for(grant.manager), f"/en/fund/check-ins/{check_in.id}"

    offered = client.post(f"{url}/offer")
    typed = client.post(url, data={"answer_language": "uk", "K1": "Оля прийшла сама.", "minutes": "30"})
    short = client.post(f"{url}/reply", data={"reply": "Thank you."})
    answered = client.post(f"{url}/reply", data={"reply": "Thank you. We learned that the bus matters."})

    assert [page.status_code for page in (offered, typed, short, answered)] == [302, 302, 422, 302]
    assert "Write at least 2 sentences." in short.text
    assert "Thank you." in short.text
    db.session.refresh(check_in)
    assert check_in.status is CheckInStatus.ANSWERED_BY_FUNDER
    group_page = client_for(grant.signer).get(f"/uk/check-ins/{check_in.id}").text
    assert "We learned that the bus matters." in group_page


def test_reply_from_a_stale_page_does_not_overwrite(db_session, client_for):
    grant = active_grant()
    check_in = talk(grant, "welcome")
    client, url = client_for(grant.manager), f"/en/fund/check-ins/{check_in.id}/reply"
    client.post(url, data={"reply": "First one. It stays."})

    answer = client.post(url, data={"reply": "Second one. It comes late."})

    assert answer.status_code == 409
    assert "Second one. It comes late." in answer.text
    db.session.refresh(check_in)
    assert check_in.reply == "First one. It stays."


def test_offering_twice_changes_nothing(db_session, client_for):
    grant = active_grant()
    client, url = client_for(grant.manager), f"/en/fund/check-ins/{grant.check_in('welcome').id}/offer"
    client.post(url)

    assert client.post(url).status_code == 409


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_pages_stand_in_every_language(db_session, client_for, language):
    grant = active_grant()
    talk(grant, "welcome")
    client, group = client_for(grant.manager), client_for(grant.signer)

    pages = [
        client.get(f"/{language}/fund/awards/{grant.award.id}"),
        client.get(f"/{language}/fund/calls/{grant.award.call_id}/grants"),
        client.get(f"/{language}/fund/check-ins/{grant.check_in('welcome').id}"),
        client.get(f"/{language}/fund/check-ins/{grant.check_in('month_6').id}"),
        group.get(f"/{language}/awards/{grant.award.id}"),
        group.get(f"/{language}/awards/{grant.award.id}/agreement"),
        group.get(f"/{language}/awards/{grant.award.id}/markers"),
        group.get(f"/{language}/check-ins/{grant.check_in('month_6').id}"),
    ]

    assert [page.status_code for page in pages] == [200] * 8


def test_grant_is_named_for_the_public_in_staff_s_words(db_session, client_for):
    grant = active_grant()
    manager = client_for(grant.manager)
    address = f"/en/fund/awards/{grant.award.id}/description"

    refused = manager.post(address, data={"title": "", "summary": "Weekly meetings in Hackney."})
    manager.post(address, data={"title": "A safe evening", "summary": "Weekly meetings in Hackney."})

    assert refused.status_code == 422
    assert "Weekly meetings in Hackney." in refused.text
    db.session.refresh(grant.award)
    assert (grant.award.public_title, grant.award.public_summary) == (
        "A safe evening",
        "Weekly meetings in Hackney.",
    )


def test_grant_with_an_open_payment_is_not_complete(db_session, client_for):
    grant = active_grant()
    manager = client_for(grant.manager)

    manager.post(f"/en/fund/awards/{grant.award.id}/closing")
    answer = manager.post(f"/en/fund/awards/{grant.award.id}/complete")

    assert answer.status_code == 409
    assert "Some payments or conversations are still open." in answer.text
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.CLOSING


def test_grant_with_an_open_condition_is_complete_once_it_is_no_longer_asked(db_session, client_for):
    grant = active_grant()
    pay_and_answer_all(grant)
    condition = AwardConditionFactory(award=grant.award, words="A policy for the bus.")
    manager, page = client_for(grant.manager), f"/en/fund/awards/{grant.award.id}"
    manager.post(f"{page}/closing")

    refused = manager.post(f"{page}/complete")

    assert (refused.status_code, "Some conditions are still open." in refused.text) == (409, True)
    assert "A policy for the bus." in refused.text
    assert f"/fund/conditions/{condition.id}" in refused.text
    lift_condition(condition, note="The bus was sold.", actor=grant.manager, now=utcnow())
    assert "conditions are still open" not in manager.get(page).text
    manager.post(f"{page}/complete")
    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.COMPLETED


def test_grant_with_everything_paid_and_answered_is_complete(db_session, client_for):
    grant = active_grant()
    pay_and_answer_all(grant)
    manager = client_for(grant.manager)

    manager.post(f"/en/fund/awards/{grant.award.id}/closing")
    manager.post(f"/en/fund/awards/{grant.award.id}/complete")

    db.session.refresh(grant.award)
    assert grant.award.status is AwardStatus.COMPLETED
