"""Third part: batches for the bank, made by one person, checked by another; the bank's answer comes in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from fundapp.models.award import Instalment
from fundapp.models.payment_batch import PaymentBatch, PaymentLine
from fundapp.money_steps import LineStatus
from tests.database.journeys.year.bank import Bank, Paid
from tests.database.journeys.year.desk import Year
from tests.database.journeys.year.figures import figures_are_right
from tests.database.journeys.year.plan import EVERYBODY


def everything_due_is_paid(year: Year, bank: Bank, day: str) -> int:
    """What can be paid today, in one batch. How many payments have arrived."""
    finance, checker = year.of_fund("finance"), year.of_fund("other_manager")
    pay_on = date.fromisoformat(day)
    page = finance.open(finance.at(year.page_of_call("batches")))
    chosen = page.form(holding="payments").fields["payments"].choices
    when = {"pay_on-day": str(pay_on.day), "pay_on-month": str(pay_on.month), "pay_on-year": str(pay_on.year)}
    page = finance.send(page, {"payments": chosen} | when, holding="payments")
    batch = page.path.rsplit("/", 1)[1]
    _nobody_can_be_in_two_batches(year, chosen, when)
    [(version,)] = year.rows(sa.select(PaymentBatch.version).where(PaymentBatch.id == UUID(batch)))
    finance.press(f"/fund/batches/{batch}/approve", {"version": version}, status=403)  # alone
    checker.send(checker.open(checker.at(f"/fund/batches/{batch}")), to="/approve")
    checker.press(f"/fund/batches/{batch}/approve", {"version": version}, status=409)  # a second time
    answer, arrived = bank.take(finance.press(f"/fund/batches/{batch}/file", {"xml": "yes"}, status=200).data)
    for _again in range(2):  # the same answer once more changes nothing
        finance.send_file(f"/fund/batches/{batch}/answer", answer.encode(), "answer.xml")
    _note(year, arrived)
    for (instalment,) in year.rows(sa.select(Instalment.id).where(Instalment.status == "paid").limit(2)):
        finance.press(f"/fund/instalments/{instalment}/pay", status=409)
    figures_are_right(year)
    what_was_paid_is_what_arrived(year, bank)
    return len(arrived)


def nothing_can_be_paid(year: Year) -> None:
    finance = year.of_fund("finance")
    page = finance.open(finance.at(year.page_of_call("batches")))
    assert not [
        form for form in page.forms if form.fields.get("payments") and form.fields["payments"].choices
    ]


def _nobody_can_be_in_two_batches(year: Year, chosen: list[str], when: dict[str, str]) -> None:
    finance = year.of_fund("finance")
    finance.press(year.page_of_call("batches"), {"payments": chosen[:1]} | when, status=422)


def _note(year: Year, arrived: list[Paid]) -> None:
    """In the order of what was agreed: the next payment of that group, with exactly its sum."""
    for paid in arrived:
        [name] = [one.name for one in EVERYBODY if "".join(one.numbers.values()) == paid.account]
        entry = year.book.entries[name]
        assert paid.pence == entry.payments[len(entry.paid)], name
        entry.paid.append(paid.pence)


def what_was_paid_is_what_arrived(year: Year, bank: Bank) -> None:
    """What stands in the database, in our own books and at the bank is one sum, for each group."""
    query = sa.select(Instalment.award_id, Instalment.amount).where(Instalment.status == "paid")
    stored: dict[object, int] = {}
    for award_id, amount in year.rows(query):
        stored[award_id] = stored.get(award_id, 0) + int(amount * 100)
    booked = {year.awards[name]: sum(entry.paid) for name, entry in year.book.entries.items() if entry.paid}
    assert stored == booked
    assert sum(stored.values()) == bank.accounts.total()
    lines = year.rows(
        sa.select(PaymentLine.instalment_id, PaymentLine.amount).where(PaymentLine.status == LineStatus.PAID)
    )
    assert len({instalment for instalment, _amount in lines}) == len(lines)
    assert sum(int(amount * 100) for _instalment, amount in lines) == bank.accounts.total()
