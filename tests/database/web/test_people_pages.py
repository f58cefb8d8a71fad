"""The pages about people: asked, joined, helped, hosted, partnered; double posts and old tabs."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from html import unescape

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import InvitationStatus, WordStatus
from fundapp.models.application import Answer, ApplicationHelper
from fundapp.models.invitation import HandOver, Invitation
from fundapp.models.message import Message
from fundapp.models.organisation import MemberRight, OrganisationMember
from fundapp.models.partnership import FiscalHost, Partner
from fundapp.models.user import User, UserSession
from tests.database.services.test_apply_applications import EOI, answered, partnership
from tests.factories import (
    ApplicationFactory,
    ApplicationHelperFactory,
    FiscalHostFactory,
    FundRoleFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PartnerFactory,
    UserFactory,
    now,
)

LANGUAGES = ("en", "es", "ar", "uk")


@pytest.fixture
def owner(db_session) -> OrganisationMember:
    return OrganisationMemberFactory()


@pytest.fixture
def browser(client_for, owner):
    return client_for(owner.user)


def code_for(email: str) -> str:
    query = sa.select(Message).join(User, User.id == Message.recipient_id).where(User.email == email)
    found = db.session.execute(query.order_by(Message.created_at.desc()).limit(1)).scalar_one()
    return str(found.arguments["code"])


def person(email: str) -> User:
    return db.session.execute(sa.select(User).where(User.email == email)).scalar_one()


def rights_in(owner: OrganisationMember) -> list[str]:
    query = sa.select(OrganisationMember.right).where(
        OrganisationMember.organisation_id == owner.organisation_id
    )
    return sorted(right.value for right in db.session.execute(query).scalars())


def test_code_typed_by_hand_leads_in_and_looking_uses_nothing_up(client_for, browser, owner):
    browser.post(
        f"/en/groups/{owner.organisation_id}/people", data={"email": "Amina@example.org", "may": "edit"}
    )
    amina, code = client_for(person("amina@example.org")), code_for("amina@example.org")

    assert 'href="/en/join"' in amina.get("/en/home").text
    typed = amina.post("/en/join", data={"code": f"{code[:4]} {code[4:].lower()}"})
    for _look in range(2):
        amina.head(typed.headers["Location"])
        page = amina.get(typed.headers["Location"])
    assert owner.organisation.name in page.text
    answers = [amina.post(typed.headers["Location"], data={"answer": "yes"}) for _press in range(2)]
    assert rights_in(owner) == ["edit", "submit"]
    assert [answer.status_code for answer in answers] == [302, 404]  # used up by the first


def test_link_of_the_mail_leads_through_sign_in(client, browser, owner):
    browser.post(f"/en/groups/{owner.organisation_id}/people", data={"email": "a@example.org", "may": "view"})

    reply = client.get(f"/en/join/{code_for('a@example.org')}")

    assert reply.headers["Location"].startswith("/en/sign-in?next=/en/join/")
    assert db.session.execute(sa.select(Invitation.status)).scalar_one() is InvitationStatus.OPEN


def test_stranger_with_the_code_learns_nothing(client_for, browser, owner):
    owner.organisation.name = "Casa de la Luna"
    browser.post(f"/en/groups/{owner.organisation_id}/people", data={"email": "a@example.org", "may": "view"})
    stranger = client_for(UserFactory())

    pages = [stranger.get(f"/en/join/{code}") for code in (code_for("a@example.org"), "ABCDEFGHJKMN", "x")]

    assert {page.status_code for page in pages} == {404}
    assert all("Casa de la Luna" not in page.text for page in pages)
    changes = (
        r'"[^"]*join/[^"]*"|name="csrf_token" value="[^"]*"'  # the address, and a token that knows its second
    )
    assert len({re.sub(changes, "", page.text) for page in pages}) == 1


def test_known_and_unknown_addresses_get_the_same_page(browser, owner):
    UserFactory(email="known@example.org")
    pages = [
        browser.post(f"/en/groups/{owner.organisation_id}/people", data={"email": email, "may": "view"})
        for email in ("known@example.org", "other@example.org")
    ]

    assert len({(page.status_code, page.headers["Location"], page.text) for page in pages}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_refused_form_says_what_to_do_and_keeps_what_was_typed(browser, owner, language):
    page = browser.post(f"/{language}/groups/{owner.organisation_id}/people", data={"email": "amina at"})

    assert page.status_code == 422
    assert 'value="amina at"' in page.text
    assert page.text.count('class="error"') == 2


def test_last_person_sees_why_nothing_changed(browser, owner):
    page = browser.post(f"/en/groups/{owner.organisation_id}/leave")

    assert page.status_code == 409
    assert "Give another person this right first." in page.text
    assert rights_in(owner) == ["submit"]


def test_member_is_changed_and_taken_out_and_an_old_tab_is_no_fault(browser, owner):
    other = OrganisationMemberFactory(organisation=owner.organisation, right=MemberRight.VIEW)
    place = f"/en/groups/{owner.organisation_id}/people/{other.id}"

    browser.post(place, data={"may": "edit"})
    assert rights_in(owner) == ["edit", "submit"]
    first, second = browser.post(f"{place}/remove"), browser.post(f"{place}/remove")

    assert (first.status_code, second.status_code) == (302, 404)
    assert rights_in(owner) == ["submit"]


def test_invitation_is_taken_back_twice(browser, owner):
    browser.post(f"/en/groups/{owner.organisation_id}/people", data={"email": "a@example.org", "may": "view"})
    invitation = db.session.execute(sa.select(Invitation)).scalar_one()
    place = f"/en/groups/{owner.organisation_id}/invitations/{invitation.id}/take-back"

    assert [browser.post(place).status_code for _press in range(2)] == [302, 302]
    assert "a@example.org" not in browser.get(f"/en/groups/{owner.organisation_id}/people").text


def test_helper_is_asked_writes_is_marked_and_cannot_send(client_for, browser, owner):
    application = answered(EOI, organisation=owner.organisation)
    here = f"/en/applications/{application.id}"
    asked = {"name": "Winnie", "email": "w@example.org", "kind": "writing", "organisation": "Word House"}
    assert browser.post(f"{here}/help", data=asked).status_code == 302
    winnie = client_for(person("w@example.org"))
    winnie.post(f"/en/join/{code_for('w@example.org')}", data={"answer": "yes"})

    winnie.post(f"{here}/questions/S1", data={"S1": "We meet every week.", "rev": "1", "once": "w"})
    own_check = winnie.get(f"{here}/check").text
    refused = winnie.post(f"{here}/submit")

    assert f"{here}/submit" not in own_check
    assert refused.status_code == 403
    page = browser.get(f"{here}/check").text
    assert "Written by your helper" in page
    box = re.search(r'name="read_help" id="read_help" value="([^"]+)"', page)[1]
    assert browser.post(f"{here}/submit").status_code == 422
    assert browser.post(f"{here}/submit", data={"read_help": box}).status_code == 302


def test_ended_help_closes_the_door_at_once(client_for, browser, owner):
    application = ApplicationFactory(organisation=owner.organisation)
    helper = ApplicationHelperFactory(application=application)
    winnie = client_for(helper.user)
    here = f"/en/applications/{application.id}"
    assert winnie.get(here).status_code == 200

    for _press in range(2):
        assert browser.post(f"{here}/help/{helper.id}/end").status_code == 302

    assert winnie.get(here).status_code == 404
    assert winnie.post(f"{here}/questions/S1", data={"S1": "x"}).status_code == 404
    assert db.session.execute(sa.select(Answer)).first() is None


def test_helper_who_is_no_help_any_more_stays_on_record(browser, owner):
    application = ApplicationFactory(organisation=owner.organisation)
    helper = ApplicationHelperFactory(application=application)
    browser.post(f"/en/applications/{application.id}/help/{helper.id}/end")

    assert "The time is over." in browser.get(f"/en/applications/{application.id}/help").text
    assert db.session.execute(sa.select(ApplicationHelper.id)).scalar_one() == helper.id


def host_form(client, host: FiscalHost, language: str = "en", **changes: str) -> tuple[str, dict[str, str]]:
    place = f"/{language}/hosting/{host.id}"
    digest = re.search(r'name="text" value="([^"]+)"', client.get(place).text)[1]
    typed = {"name": "Harbour Trust", "decides": "group", "fee": "٢٫٥", "signed_by": "Ada", "agree": "yes"}
    return place, {"text": digest} | typed | changes


@pytest.mark.parametrize("language", LANGUAGES)
def test_host_reads_signs_and_sees_what_it_signed(client_for, db_session, language):
    host = FiscalHostFactory()
    ada = client_for(db_session.get(User, host.user_id))
    place, typed = host_form(ada, host, language)

    replies = [ada.post(place, data=typed) for _press in range(2)]

    db_session.refresh(host)
    assert (replies[0].status_code, host.status) == (302, WordStatus.CONFIRMED)
    assert replies[1].status_code == 200
    page = ada.get(place).text
    assert host.text.split("\n")[-1].split(": ")[1].strip("\u2068\u2069") == "Ada"
    assert "Harbour Trust" in page


def test_names_in_what_a_host_signs_keep_their_own_direction(client_for, db_session):
    host = FiscalHostFactory()
    host.application.organisation.name, host.application.call.fund.organisation_name = "نور", "صندوق"
    place, typed = host_form(client_for(db_session.get(User, host.user_id)), host, signed_by="آدا")
    client_for(db_session.get(User, host.user_id)).post(place, data=typed)

    db_session.refresh(host)
    first, *_between, organisation, _who, _fee, signed = host.text.split("\n")
    assert first.startswith("The group \u2068نور\u2069 asks \u2068صندوق\u2069 for money")
    assert organisation == f"Organisation: \u2068{host.organisation.name}\u2069"
    assert signed == "Signed: \u2068آدا\u2069"
    assert host.text_digest == hashlib.sha256(host.text.encode()).hexdigest()


def test_what_a_host_signed_before_is_shown_as_it_was(client_for, db_session):
    host = FiscalHostFactory(confirmed=True)
    host.text = "The group Nour asks us for money.\nSigned: Ada"
    host.text_digest = hashlib.sha256(host.text.encode()).hexdigest()

    page = client_for(db_session.get(User, host.user_id)).get(f"/en/hosting/{host.id}").text

    assert (host.text in page, host.text_digest[:16] in page) == (True, True)


def test_host_hears_what_is_wrong_and_loses_nothing(client_for, db_session):
    host = FiscalHostFactory()
    ada = client_for(db_session.get(User, host.user_id))

    place, too_much = host_form(ada, host, fee="7")
    page = ada.post(place, data=too_much)
    stale = ada.post(place, data=too_much | {"text": "old", "fee": "2"})
    wrong = ada.post(place, data=too_much | {"fee": "a lot"})

    assert "At most 5 per cent in this fund." in page.text
    assert 'value="Harbour Trust"' in page.text
    assert "The text has changed" in stale.text
    assert "Write a number from 0 to 100" in wrong.text
    assert [each.status_code for each in (page, stale, wrong)] == [422, 422, 422]


def test_host_says_no_and_the_group_reads_why(client_for, browser, owner):
    application = ApplicationFactory(organisation=owner.organisation, needs_host=True)
    host = FiscalHostFactory(application=application)
    ada = client_for(db.session.get(User, host.user_id))
    assert ada.post(f"/en/hosting/{host.id}/decline").status_code == 422

    ada.post(f"/en/hosting/{host.id}/decline", data={"reason": "We are too small."})

    assert "We are too small." in browser.get(f"/en/applications/{application.id}/host").text
    assert "Has said no" in browser.get(f"/en/applications/{application.id}").text


def test_partner_sees_its_share_says_yes_and_declares(client_for, browser, owner):
    application = partnership([("Blue Door", "15000.00")])
    application.organisation = owner.organisation
    here = f"/en/applications/{application.id}/partners"
    data = {"partner": "Blue Door", "p1-email": "b@example.org"}
    assert [browser.post(here, data=data).status_code for _press in range(2)] == [302, 302]
    blue = client_for(person("b@example.org"))
    place = blue.post(f"/en/join/{code_for('b@example.org')}", data={"answer": "yes"}).headers["Location"]
    assert "£15,000.00" in blue.get(place).text

    typed = {
        "name": "Blue Door",
        "E8": "all",
        "E9": "all",
        "E10": "all",
        "migrant_led": "yes",
        "agree": "yes",
    }
    stale = blue.post(place, data=typed | {"share": "9000.00"})
    half = blue.post(place, data={"name": "Blue Door", "share": "15000.00", "agree": "yes"})
    done = blue.post(place, data=typed | {"share": "15000.00"})

    assert [stale.status_code, half.status_code, done.status_code] == [409, 422, 302]
    assert db.session.execute(sa.select(Partner.status)).scalar_one() is WordStatus.CONFIRMED
    assert "Has said yes" in browser.get(here).text


@pytest.mark.parametrize("place", ["hosting", "partnerships"])
def test_somebody_else_finds_no_page(client_for, db_session, place):
    asked = FiscalHostFactory() if place == "hosting" else PartnerFactory()

    assert client_for(UserFactory()).get(f"/en/{place}/{asked.id}").status_code == 404


def test_fund_hands_over_with_two_people(client_for, db_session, owner):
    application = ApplicationFactory(organisation=owner.organisation)
    first, second = (client_for(FundRoleFactory(fund=application.call.fund).user) for _number in range(2))
    data = {"email": "new@example.org", "reason": "Everybody left."}
    place = f"/en/fund/applications/{application.id}/new-person"
    assert first.post(place, data={"email": "x"}).status_code == 422
    asked = first.post(place, data=data).headers["Location"]
    first.post(place, data=data)

    refused = first.post(f"{asked}/agree")
    agreed = second.post(f"{asked}/agree")
    again = second.post(f"{asked}/agree")

    assert [refused.status_code, agreed.status_code, again.status_code] == [409, 302, 409]
    assert db_session.execute(sa.select(sa.func.count()).select_from(HandOver)).scalar_one() == 1
    assert (
        client_for(person("new@example.org")).get(f"/en/join/{code_for('new@example.org')}").status_code
        == 200
    )


def test_foreign_host_header_sends_no_mail(browser, owner):
    reply = browser.post(
        f"/en/groups/{owner.organisation_id}/people",
        data={"email": "a@example.org", "may": "view"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )

    assert reply.status_code == 400
    assert db.session.execute(sa.select(Message)).first() is None


def test_session_is_not_touched_by_looking_at_a_code(client, db_session):
    client.head("/en/join/ABCDEFGHJKMN")

    assert db_session.execute(sa.select(UserSession)).first() is None


def test_partner_whose_share_changed_is_asked_again_before_sending(client_for, browser, owner):
    application = partnership([("Blue Door", "15000.00")])
    application.organisation = owner.organisation
    said = PartnerFactory(
        application=application,
        name="Blue Door",
        organisation=OrganisationFactory(),
        amount=Decimal("12000.00"),
        answered_at=now(),
        status=WordStatus.CONFIRMED,
    )
    here = f"/en/applications/{application.id}"

    check = browser.get(f"{here}/check").text
    refused = browser.post(f"{here}/submit")
    sums = "said yes to \u2066£12,000.00\u2069. Its share is now \u2066£15,000.00\u2069."
    words = f"{sums} Ask it again before you send."
    assert words in unescape(check)
    assert f'href="{here}/partners"' in check
    assert (refused.status_code, words in unescape(refused.text)) == (422, True)
    assert "Send a new code" in browser.get(f"{here}/partners").text

    data = {"partner": "Blue Door", "p1-email": "b@example.org"}
    assert browser.post(f"{here}/partners", data=data).status_code == 302
    assert browser.post(f"{here}/submit").status_code == 302
    assert db.session.get(Partner, said.id).status is WordStatus.ENDED


def test_partner_that_confirms_the_new_share_lets_the_group_send(client_for, browser, owner):
    application = partnership([("Blue Door", "15000.00")])
    application.organisation = owner.organisation
    said = PartnerFactory(
        application=application,
        name="Blue Door",
        organisation=OrganisationFactory(),
        amount=Decimal("12000.00"),
        answered_at=now(),
        status=WordStatus.CONFIRMED,
    )
    blue = client_for(db.session.get(User, said.user_id))
    typed = {
        "name": "Blue Door",
        "E8": "all",
        "E9": "all",
        "E10": "all",
        "migrant_led": "yes",
        "agree": "yes",
    }

    assert blue.post(f"/en/partnerships/{said.id}", data=typed | {"share": "15000.00"}).status_code == 302

    assert browser.post(f"/en/applications/{application.id}/submit").status_code == 302
