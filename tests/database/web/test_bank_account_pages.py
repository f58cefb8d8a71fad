"""Pages of the bank account: two people of the group, one of the fund, no number shown to anybody."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.bank import BankAccount
from fundapp.models.organisation import MemberRight
from fundapp.money_steps import AccountStatus
from fundapp.sealing import Sealer
from tests.factories import NUMBERS, BankAccountFactory, ConflictFactory, OrganisationMemberFactory
from tests.grants import active_grant, grant_with_agreement

NEW = {"name": "Kettle & Thread", "sort_code": "65-43-21", "number": "8765 4321"}
AGAIN = {"sort_code": "٦٥٤٣٢١", "number": "87654321"}
CHECKED = AGAIN | {"saw_statement": "yes", "reached_by": "phone", "name_check": "close"}


@pytest.fixture
def grant(db_session):
    made = active_grant()
    db.session.execute(sa.delete(BankAccount))
    return made


def page_of(grant):
    return f"/en/awards/{grant.award.id}/bank-account"


def the_account():
    return db.session.execute(sa.select(BankAccount)).scalar_one()


def test_account_goes_from_the_group_through_a_second_person_to_the_fund(grant, client_for):
    second = OrganisationMemberFactory(organisation=grant.award.organisation, right=MemberRight.SUBMIT).user
    group, other, fund = client_for(grant.signer), client_for(second), client_for(grant.manager)

    asked = group.get(f"/en/awards/{grant.award.id}").text
    sent = group.post(page_of(grant), data=NEW)
    account = the_account()
    waits = group.get(page_of(grant)).text
    signed = other.post(f"/en/bank-accounts/{account.id}/sign", data=AGAIN)
    listed = fund.get(f"/en/fund/calls/{grant.award.call_id}/grants").text
    before = fund.get(f"/en/fund/bank-accounts/{account.id}").text
    checked = fund.post(
        f"/en/fund/bank-accounts/{account.id}/check", data=CHECKED | {"version": account.version}
    )

    assert "Tell us where to pay" in asked
    assert [each.status_code for each in (sent, signed, checked)] == [302, 302, 302]
    assert "Account ending in" in waits
    assert "4321" in waits
    assert "A second person has to type it too" in waits
    assert "Bank accounts to check" in listed
    assert "Kettle &amp; Thread" in before
    for shown in (waits, before, fund.get(f"/en/fund/bank-accounts/{account.id}").text):
        assert "654321" not in shown
        assert "65-43-21" not in shown
        assert "8765" not in shown
    db.session.refresh(account)
    assert account.status is AccountStatus.CHECKED


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("sort_code", "12345", "A sort code has six digits"),
        ("sort_code", "000000", "A sort code has six digits"),
        ("sort_code", "", "Write the sort code"),
        ("number", "1234567", "put zeros in front"),
        ("number", "GB29NWBK60161331926819", "An account number has eight digits"),
        ("number", "1234567²", "An account number has eight digits"),
        ("number", "00000000", "An account number has eight digits"),
        ("name", "", "Write the name as it stands on the bank statement."),
        ("name", "غلاية وخيط", "Write the name in Latin letters"),
        ("name", "<b>", "Write the name in Latin letters"),
        ("name", "12", "Write the name in Latin letters"),
    ],
)
def test_what_cannot_be_an_account_is_refused_in_words_and_kept(grant, client_for, field, typed, said):
    answer = client_for(grant.signer).post(page_of(grant), data=NEW | {field: typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert "Thread" in answer.text or field == "name"
    assert db.session.execute(sa.select(sa.func.count(BankAccount.id))).scalar_one() == 0


def test_what_is_missing_is_listed_in_the_order_of_the_page(grant, client_for):
    page = client_for(grant.signer).post(page_of(grant), data={}).text

    listed = re.findall(r'<li><a href="#([a-z_]+)">', page)
    assert listed == ["name", "sort_code", "number"]
    places = [page.index(f'id="{each}"') for each in listed]
    assert places == sorted(places)


def test_name_with_accents_is_taken(grant, client_for):
    answer = client_for(grant.signer).post(page_of(grant), data=NEW | {"name": "Raíces Latinas O’Brien"})

    assert answer.status_code == 302


def test_other_numbers_of_the_second_person_are_refused_beside_the_field(grant, client_for):
    account = BankAccountFactory(award=grant.award, status="proposed", signed_by_id=None, signed_at=None)
    answer = client_for(grant.signer).post(f"/en/bank-accounts/{account.id}/sign", data=AGAIN)

    assert answer.status_code == 422
    assert "These numbers are not the same." in answer.text


def test_fund_that_has_not_looked_or_types_other_numbers_checks_nothing(grant, client_for):
    account = BankAccountFactory(award=grant.award)
    fund = client_for(grant.manager)
    path, version = f"/en/fund/bank-accounts/{account.id}/check", {"version": account.version}

    nothing = fund.post(path, data=version)
    other = fund.post(path, data=CHECKED | version)

    assert (nothing.status_code, other.status_code) == (422, 422)
    assert "Look at a bank statement first" in nothing.text
    assert "Choose how you reached the group." in nothing.text
    assert "These numbers are not the same." in other.text
    db.session.refresh(account)
    assert account.status is AccountStatus.SIGNED


def test_numbers_whose_key_is_lost_are_said_so_and_can_be_stopped(app, grant, client_for, monkeypatch):
    account = BankAccountFactory(award=grant.award)
    monkeypatch.setitem(app.extensions, "fundapp_sealing", Sealer(("another-key-of-bank-numbers",)))
    fund, path = client_for(grant.manager), f"/en/fund/bank-accounts/{account.id}"

    page = fund.get(path)
    stopped = fund.post(f"{path}/stop", data={"reason": "The key is lost."})

    assert page.status_code == 200
    assert "We cannot open these numbers" in page.text
    assert "It is correct" not in page.text
    assert stopped.status_code == 302


def test_stopped_account_is_shown_to_both_sides_with_its_reason(grant, client_for):
    account = BankAccountFactory(award=grant.award)
    empty = client_for(grant.manager).post(f"/en/fund/bank-accounts/{account.id}/stop", data={"reason": " "})
    stopped = client_for(grant.manager).post(
        f"/en/fund/bank-accounts/{account.id}/stop", data={"reason": "Nobody picked up the phone."}
    )

    assert (empty.status_code, stopped.status_code) == (422, 302)
    assert "Nobody picked up the phone." in client_for(grant.signer).get(page_of(grant)).text
    again = client_for(grant.signer).post(
        f"/en/bank-accounts/{account.id}/stop", data={"reason": "Why so late?"}
    )
    assert again.status_code == 409
    assert "Why so late?" in again.text


def test_only_people_who_sign_for_the_group_and_untied_staff_come_here(grant, client_for):
    account = BankAccountFactory(award=grant.award)
    reader = OrganisationMemberFactory(organisation=grant.award.organisation, right=MemberRight.EDIT).user
    ConflictFactory(call_id=grant.award.call_id, user=grant.finance, organisation=grant.award.organisation)

    assert client_for(reader).get(page_of(grant)).status_code == 404
    assert client_for(grant.finance).get(f"/en/fund/bank-accounts/{account.id}").status_code == 404
    listed = client_for(grant.finance).get(f"/en/fund/calls/{grant.award.call_id}/grants").text
    assert grant.award.organisation.name not in listed


def test_payment_without_a_checked_account_is_refused_in_words(db_session, client_for):
    grant = active_grant()
    BankAccountFactory(award=grant.award)  # a change that waits
    client_for(grant.manager).post(f"/en/fund/instalments/{grant.payments[0].id}/approve")

    answer = client_for(grant.finance).post(f"/en/fund/instalments/{grant.payments[0].id}/pay")

    assert answer.status_code == 409
    assert "a change of the account is waiting" in answer.text
    assert NUMBERS.number[:4] not in answer.text


def test_group_with_one_person_is_asked_to_invite_another(db_session, client_for):
    grant = grant_with_agreement()
    db.session.execute(sa.delete(BankAccount))

    assert "You need a second person" in client_for(grant.signer).get(page_of(grant)).text
