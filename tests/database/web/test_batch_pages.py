"""Pages of the batches for the bank: made, checked, fetched, answered; refusals in words."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import InstalmentStatus
from fundapp.models.payment_batch import PaymentBatch
from fundapp.queries.bank_accounts import Numbers
from fundapp.sealing import Sealer
from fundapp.services.payment_batches import approve_batch, make_batch, set_fund_account
from tests.factories import NUMBERS, ConflictFactory
from tests.grants import active_grant

OWN = Numbers("Demo Community Foundation", "000001", "11112222")


@pytest.fixture
def grant(db_session):
    made = active_grant()
    with unit_of_work():
        set_fund_account(made.award.call.fund, OWN, now=utcnow())
    return made


@pytest.fixture
def sent(grant):
    with unit_of_work():
        batch = make_batch(
            grant.award.call, grant.payments[:1], pay_on=utcnow().date(), actor=grant.finance, now=utcnow()
        )
    with unit_of_work():
        approve_batch(batch, version=batch.version, actor=grant.manager, now=utcnow())
    return batch


def day_fields():
    today = utcnow().date()
    return {"pay_on-day": today.day, "pay_on-month": today.month, "pay_on-year": today.year}


def test_batch_whose_numbers_cannot_be_opened_is_refused_in_words(app, grant, sent, client_for, monkeypatch):
    monkeypatch.setitem(app.extensions, "fundapp_sealing", Sealer(("a-key-that-never-sealed-anything",)))
    other = active_grant(grant.award.call)
    with unit_of_work():
        batch = make_batch(
            grant.award.call, other.payments[:1], pay_on=utcnow().date(), actor=grant.finance, now=utcnow()
        )

    manager = client_for(grant.manager)
    approved = manager.post(f"/en/fund/batches/{batch.id}/approve", data={"version": batch.version})
    fetched = client_for(grant.finance).post(f"/en/fund/batches/{sent.id}/file", data={"xml": ""})

    for answer in (approved, fetched):
        assert (answer.status_code, "The bank numbers cannot be opened" in answer.text) == (409, True)


def answer_with(client, batch, text):
    data = {"file": (io.BytesIO(text.encode()), "answer.csv")}
    return client.post(f"/en/fund/batches/{batch.id}/answer", data=data)


def test_batch_goes_from_the_list_to_the_file_and_back_to_paid(grant, client_for):
    finance, manager = client_for(grant.finance), client_for(grant.manager)
    overview = f"/en/fund/calls/{grant.award.call_id}/batches"

    listed = finance.get(overview).text
    made = finance.post(overview, data={"payments": str(grant.payments[0].id)} | day_fields())
    batch = db.session.execute(sa.select(PaymentBatch)).scalar_one()
    path = f"/en/fund/batches/{batch.id}"
    own = finance.post(f"{path}/approve", data={"version": batch.version})
    approved = manager.post(f"{path}/approve", data={"version": batch.version})
    xml, csv = (
        finance.post(f"{path}/file", data={"xml": "yes"}),
        finance.post(f"{path}/file", data={"csv": "y"}),
    )
    reference = batch.lines[0].reference
    answered = answer_with(finance, batch, f"reference,result\n{reference},paid")

    assert grant.award.organisation.name in listed
    assert [each.status_code for each in (made, own, approved, answered)] == [302, 403, 302, 302]
    assert xml.content_type == "application/xml"
    assert NUMBERS.number in xml.text
    assert csv.text.splitlines()[1].startswith(f"{reference},")
    db.session.refresh(grant.payments[0])
    assert grant.payments[0].status is InstalmentStatus.PAID
    for page in (path, overview):
        assert NUMBERS.number not in finance.get(page).text


def test_nothing_chosen_and_no_day_are_said_beside_the_fields(grant, client_for):
    answer = client_for(grant.finance).post(f"/en/fund/calls/{grant.award.call_id}/batches")

    assert answer.status_code == 422
    assert "Choose at least one payment." in answer.text
    assert "Write the day, today or later." in answer.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Choose the file of the bank first."),
        ("a,b\n1,2", "The first line needs the columns"),
        ("reference,result\nOTHER,paid", "This reference is not in the batch."),
        ("reference,result\nOTHER,perhaps", "The result is neither"),
        ("<a/>", "This is no pain.002 file."),
        ("<a", "This XML file is damaged."),
    ],
)
def test_answer_that_cannot_be_taken_is_refused_in_words(grant, sent, client_for, text, said):
    answer = answer_with(client_for(grant.finance), sent, text)

    assert answer.status_code == 422
    assert "Nothing of this file was taken" in answer.text
    assert said in answer.text
    db.session.refresh(grant.payments[0])
    assert grant.payments[0].status is InstalmentStatus.APPROVED


def test_payment_on_its_way_is_neither_held_nor_paid_by_hand(grant, sent, client_for):
    pay = client_for(grant.finance).post(f"/en/fund/instalments/{grant.payments[0].id}/pay")
    end = client_for(grant.manager).post(
        f"/en/fund/awards/{grant.award.id}/terminate", data={"reason": "Why"}
    )

    assert (pay.status_code, end.status_code) == (409, 409)
    assert "This payment is in a batch for the bank." in pay.text


def test_tied_staff_find_no_batch_with_the_group(grant, sent, client_for):
    ConflictFactory(
        call_id=grant.award.call_id, user=grant.other_manager, organisation=grant.award.organisation
    )
    tied = client_for(grant.other_manager)

    assert tied.get(f"/en/fund/batches/{sent.id}").status_code == 404
    assert tied.post(f"/en/fund/batches/{sent.id}/approve").status_code == 404
    overview = tied.get(f"/en/fund/calls/{grant.award.call_id}/batches").text
    assert str(sent.id) not in overview
    assert grant.award.organisation.name not in overview


def test_manager_may_check_and_neither_make_nor_fetch(grant, sent, client_for):
    manager = client_for(grant.manager)

    assert manager.post(f"/en/fund/calls/{grant.award.call_id}/batches").status_code == 403
    assert manager.post(f"/en/fund/batches/{sent.id}/file").status_code == 403
    page = manager.get(f"/en/fund/batches/{sent.id}").text
    assert "ISO 20022 file (pain.001)" not in page
