"""Pages of data and rights: two people, nothing of a group for the tied, and what the group reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.data_rights import Breach, LegalHold, OutsideRequest
from fundapp.models.fund import FundRoleKind
from fundapp.models.organisation import MemberRight
from fundapp.rights_steps import BreachStatus, OutsideStatus
from fundapp.services.outside_requests import digest_of, name_for_data
from tests.factories import (
    ApplicationFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    OutsideRequestFactory,
)
from tests.hidden_fields import hidden

SENT = {
    "asked_by": "Constable Ames",
    "asked": "All names of members.",
    "basis": "none",
    "is_order": "no",
    "for_immigration": "no",
    "received_on": "2027-03-01",
    "due_on": "2027-03-20",
    "receipt": "",
}


@pytest.fixture
def application(db_session):
    return ApplicationFactory(at_panel=True)


@pytest.fixture
def fund(application):
    return application.call.fund


@pytest.fixture
def two(fund, client_for):
    people = [FundRoleFactory(fund=fund).user for _each in range(2)]
    with unit_of_work():
        name_for_data(fund, *people, actor=people[0], now=utcnow())
    return [client_for(each) for each in people]


def one(model):
    db.session.expire_all()
    return db.session.execute(sa.select(model)).scalar_one()


def test_request_goes_from_one_person_to_the_other_and_to_the_group(application, fund, two, client_for):
    first, second = two
    group = client_for(
        OrganisationMemberFactory(organisation=application.organisation, right=MemberRight.SUBMIT).user
    )
    base = f"/en/fund/{fund.id}/data"
    entered = first.post(f"{base}/requests/new", data=SENT | {"receipt": application.receipt.lower()})
    assert entered.status_code == 302
    url = f"/en/fund/data/requests/{one(OutsideRequest).id}"
    assert "Constable Ames" in second.get(base).text
    assert "Somebody asked us" not in group.get("/en/account/data").text

    given = "It applied on 3 March."
    assert first.post(f"{url}/propose", data={"given": ""}).status_code == 422
    assert first.post(f"{url}/propose", data={"given": given, "seen": digest_of("\n")}).status_code == 302
    late = second.post(f"{url}/propose", data={"given": "Every name.", "seen": digest_of("\n")})
    assert (late.status_code, given in late.text, "Every name." in late.text) == (409, True, True)
    assert "Somebody has changed this meanwhile" in late.text
    assert one(OutsideRequest).given == given
    assert "You have proposed it." in first.get(url).text
    assert "First tell the group" in second.get(url).text
    assert first.post(f"{url}/tell", data={"told_words": "The police asked for names."}).status_code == 302
    page = second.get(url).text
    assert given in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert first.post(f"{url}/release", data={"seen": seen}).status_code == 409
    assert second.post(f"{url}/release", data={"seen": "0"}).status_code == 409
    assert one(OutsideRequest).status is OutsideStatus.PROPOSED
    assert second.post(f"{url}/release", data={"seen": seen}).status_code == 302

    assert one(OutsideRequest).status is OutsideStatus.RELEASED
    assert one(OutsideRequest).release_digest in first.get(url).text
    read = group.get("/en/account/data").text
    assert "The police asked for names." in read
    assert given not in read


def test_reason_for_silence_that_was_not_read_is_not_written_over(application, fund, two):
    first, second = two
    first.post(f"/en/fund/{fund.id}/data/requests/new", data=SENT | {"receipt": application.receipt})
    url = f"/en/fund/data/requests/{one(OutsideRequest).id}"
    seen = hidden(first.get(url), "seen")
    told = second.post(f"{url}/forbidden", data={"forbidden_reason": "Section 11.", "seen": seen})

    late = first.post(f"{url}/forbidden", data={"forbidden_reason": "The court.", "seen": seen})

    assert (told.status_code, late.status_code) == (302, 409)
    assert one(OutsideRequest).forbidden_reason == "Section 11."
    assert "Section 11." in late.text
    assert "The court." in late.text


def test_immigration_without_an_order_is_refused_on_the_page(fund, two):
    first, _second = two
    first.post(f"/en/fund/{fund.id}/data/requests/new", data=SENT | {"for_immigration": "yes"})
    url = f"/en/fund/data/requests/{one(OutsideRequest).id}"

    assert "there is no order" in first.get(url).text
    assert first.post(f"{url}/propose", data={"given": "x"}).status_code == 422
    assert first.post(f"{url}/refuse", data={"refusal_reason": ""}).status_code == 422
    assert first.post(f"{url}/refuse", data={"refusal_reason": "No order."}).status_code == 302
    assert one(OutsideRequest).status is OutsideStatus.REFUSED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asked_by": ""}, "Write who asks"),
        ({"is_order": ""}, "Choose yes or no."),
        ({"due_on": "2027-13-40"}, "Write the date like this"),
        ({"receipt": "NO-SUCH"}, "There is no application with this number."),
        ({"asked": "a\x00b"}, "a character we cannot store"),
    ],
)
def test_wrong_request_is_explained_and_kept(fund, two, changes, said):
    answer = two[0].post(f"/en/fund/{fund.id}/data/requests/new", data=SENT | changes)

    assert answer.status_code == 422
    assert said in answer.text
    assert "none" in answer.text


def test_whoever_is_tied_finds_nothing_and_other_staff_too(application, fund, two, client_for):
    lead = fund.data_lead_id
    OutsideRequestFactory(application=application, asked_by="Constable Ames")
    with unit_of_work():
        db.session.add(LegalHold(application_id=application.id, reason="An auditor asks."))
    ConflictFactory(call_id=application.call_id, user_id=lead, organisation_id=application.organisation_id)
    tied, free = two
    manager = client_for(FundRoleFactory(fund=fund).user)
    admin = client_for(FundRoleFactory(fund=fund, kind=FundRoleKind.ADMIN).user)
    url, base = f"/en/fund/data/requests/{one(OutsideRequest).id}", f"/en/fund/{fund.id}/data"

    assert [each.get(url).status_code for each in (tied, free, admin, manager)] == [404, 200, 200, 404]
    seen = tied.get(base).text
    assert "Constable Ames" not in seen
    assert application.organisation.name not in seen
    assert application.organisation.name in free.get(base).text
    assert manager.get(base).status_code == 404
    unknown = tied.post(f"{base}/holds", data={"receipt": "NO-SUCH", "reason": "x"})
    known = tied.post(f"{base}/holds", data={"receipt": application.receipt, "reason": "x"})
    assert (known.status_code, unknown.status_code) == (422, 422)
    assert "There is no application with this number." in known.text


def test_admin_names_two_different_people(fund, client_for):
    admin = client_for(FundRoleFactory(fund=fund, kind=FundRoleKind.ADMIN).user)
    one_, other = (str(FundRoleFactory(fund=fund).user.id) for _each in range(2))
    url = f"/en/fund/{fund.id}/data/named"

    assert admin.post(url, data={"lead": one_, "deputy": one_}).status_code == 422
    assert admin.post(url, data={"lead": one_, "deputy": other}).status_code == 302
    assert {str(each) for each in fund.named_for_data} == {one_, other}


def test_hold_is_placed_by_the_receipt_and_ended(application, fund, two):
    first, second = two
    base = f"/en/fund/{fund.id}/data"
    assert first.post(f"{base}/holds", data={"receipt": "", "reason": ""}).status_code == 422
    sent = {"receipt": application.receipt, "reason": "An auditor asks."}
    assert first.post(f"{base}/holds", data=sent).status_code == 302
    assert first.post(f"{base}/holds", data=sent).status_code == 409
    assert "An auditor asks." in second.get(base).text

    url = f"/en/fund/data/holds/{one(LegalHold).id}/end"
    assert [second.post(url).status_code, first.post(url).status_code] == [302, 302]
    assert "An auditor asks." not in second.get(base).text


def found(at):
    return {"what": "A list went astray.", "found_on": at[:10], "found_at": at[11:], "receipt": ""}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-10-23 16:05", datetime(2026, 10, 23, 15, 5, tzinfo=UTC)),
        ("2026-10-25 01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-11-02 9.15", datetime(2026, 11, 2, 9, 15, tzinfo=UTC)),
    ],
)
def test_breach_is_found_at_a_time_of_london(fund, two, typed, meant):
    with time_machine.travel(datetime(2026, 11, 3, 12, tzinfo=UTC), tick=False):
        assert two[0].post(f"/en/fund/{fund.id}/data/breaches/new", data=found(typed)).status_code == 302
    assert (one(Breach).found_at, one(Breach).due_at) == (meant, meant + timedelta(hours=72))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-03-29 01:30", "The clocks jump over this time"),
        ("2199-01-01 10:00", "This is still to come."),
        ("2026-03-01 25:00", "Write the time like this: 16:05."),
        ("2026-03-01 ٩:٠٠", "Write the time like this: 16:05."),
    ],
)
def test_wrong_time_is_explained(fund, two, typed, said):
    answer = two[0].post(f"/en/fund/{fund.id}/data/breaches/new", data=found(typed))
    assert answer.status_code == 422
    assert said in answer.text


def test_who_was_told_of_a_breach_is_not_written_over_unread(fund, two):
    first, second = two
    first.post(f"/en/fund/{fund.id}/data/breaches/new", data=found("2026-03-01 10:00"))
    url = f"/en/fund/data/breaches/{one(Breach).id}"
    seen = hidden(first.get(url), "seen")
    assert second.post(f"{url}/people", data={"words": "All nine.", "seen": seen}).status_code == 302

    late = first.post(f"{url}/people", data={"words": "Nobody yet.", "seen": seen})

    assert (late.status_code, one(Breach).people_words) == (409, "All nine.")
    assert "All nine." in late.text
    assert "Nobody yet." in late.text
    seen = hidden(late, "seen")
    assert first.post(f"{url}/people", data={"words": "Nobody yet.", "seen": seen}).status_code == 302


def test_breach_is_decided_and_closed(fund, two):
    first, second = two
    now = utcnow() - timedelta(hours=80)
    first.post(f"/en/fund/{fund.id}/data/breaches/new", data=found(now.strftime("%Y-%m-%d %H:%M")))
    url = f"/en/fund/data/breaches/{one(Breach).id}"
    assert "72 hours are over" in second.get(url).text
    sent = {"risk": "high", "ico": "not_told", "reason": "Why.", "late_reason": ""}
    assert "unless a risk for people is unlikely" in second.post(f"{url}/decide", data=sent).text
    sent["ico"] = "told"
    late = second.post(f"{url}/decide", data=sent)
    assert (late.status_code, "Write why it took longer." in late.text) == (422, True)
    assert second.post(f"{url}/decide", data=sent | {"late_reason": "Easter."}).status_code == 302
    assert second.post(f"{url}/close").status_code == 409
    assert second.post(f"{url}/people", data={"told": "yes", "words": ""}).status_code == 422
    assert second.post(f"{url}/people", data={"told": "yes", "words": "All nine."}).status_code == 302
    assert second.post(f"{url}/close").status_code == 302
    assert one(Breach).status is BreachStatus.CLOSED
    assert "Easter." in first.get(url).text
    assert second.post(f"{url}/decide", data=sent).status_code == 409
