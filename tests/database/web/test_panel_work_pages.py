"""A member's own space through HTTP, and the fund's page about their pay."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from fundapp.db import db
from fundapp.lifecycles import FileStatus
from fundapp.models.file import FileKind
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import PanelSeat
from fundapp.models.panel_claim import PanelClaim
from tests.board import with_rules
from tests.database.web.test_panel_pages import give, lock_whole, text
from tests.factories import (
    ConflictFactory,
    FundRoleFactory,
    PanelClaimFactory,
    PanelFactory,
    PanelSeatFactory,
    StoredFileFactory,
)

PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


@pytest.fixture
def seat(db_session) -> PanelSeat:
    return PanelSeatFactory(panel=PanelFactory())


@pytest.fixture
def browser(client_for, seat):
    return client_for(seat.user)


@pytest.fixture
def staff(client_for, seat):
    """A browser for each role in the fund."""
    fund = seat.panel.call.fund
    return {kind: client_for(FundRoleFactory(fund=fund, kind=kind).user) for kind in FundRoleKind}


def address(seat: PanelSeat, page: str = "") -> str:
    return f"/en/panels/{seat.panel_id}/work{page}"


def test_page_says_what_is_left_and_what_the_hours_make(browser, seat):
    lock_whole(give(seat))
    give(seat, "Second")
    tied = give(seat, "Tied")
    ConflictFactory(user=seat.user, call_id=seat.panel.call_id, organisation=tied.application.organisation)

    page = text(browser.get(address(seat)))

    assert ("1 of 2 done" in page, "one application, 40 minutes" in page) == (True, True)
    assert ("£50" in page, "Not chosen yet" in page, "Second" in page) == (True, True, False)


def test_choice_of_pay_and_format_is_kept_and_an_organisation_needs_its_name(browser, seat):
    typed = {"pay_way": "organisation", "pay_to": "", "paper_format": "large_print", "paper_note": "Breaks"}

    wrong = browser.post(address(seat, "/wishes"), data=typed)
    right = browser.post(address(seat, "/wishes"), data=typed | {"pay_to": "Rosa Circle"})

    assert (wrong.status_code, "Write the name of the organisation." in text(wrong)) == (422, True)
    assert (right.status_code, right.location) == (302, address(seat))
    page = text(browser.get(address(seat)))
    assert [word in page for word in ("Rosa Circle", "On paper in large print", "Breaks")] == [True] * 3


def test_no_field_asks_for_bank_details_or_status(browser, seat):
    page = browser.get(address(seat, "/wishes")).text.lower()

    assert [
        word for word in ("sort code", "account number", "visa", "immigration", "passport") if word in page
    ] == []


def test_fee_above_what_is_counted_needs_a_word(browser, seat):
    lock_whole(give(seat))

    shown = text(browser.get(address(seat, "/fee")))
    wrong = browser.post(address(seat, "/fee"), data={"half_days": "3", "once": "a"})
    right = browser.post(address(seat, "/fee"), data={"half_days": "3", "why": "Slow reader", "once": "a"})

    assert 'value="1"' in shown
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert [claim.amount for claim in db.session.query(PanelClaim)] == [Decimal(150)]


def test_receipt_goes_through_the_checks_and_only_who_may_reads_it(browser, seat, staff, client_for):
    typed = {"kind": "travel", "amount": "8.40", "what_for": "Bus on 3 June", "once": "a"}
    upload = {"file": (io.BytesIO(PICTURE), "ticket.png")}

    sent = browser.post(address(seat, "/expense"), data=typed | upload)

    claim = db.session.query(PanelClaim).one()
    assert (sent.status_code, claim.receipt.status, claim.receipt.organisation_id) == (
        302,
        FileStatus.QUARANTINED,
        None,
    )
    receipt = StoredFileFactory(
        organisation=None,
        kind=FileKind.PICTURE,
        allowed_kinds="document,picture",
        media_type="image/png",
        original_name="ticket.png",
        seconds=None,
    )
    claim.receipt = receipt
    db.session.flush()
    readers = {"own": browser, **staff, "other member": client_for(PanelSeatFactory(panel=seat.panel).user)}
    answers = {who: reader.get(f"/files/{receipt.id}").status_code for who, reader in readers.items()}
    assert answers == {"own": 200, "manager": 200, "finance": 200, "admin": 404, "other member": 404}


@pytest.mark.parametrize("typed", [{}, {"kind": "care", "amount": "0"}, {"kind": "fee", "amount": "5"}])
def test_expense_that_does_not_fit_keeps_what_was_typed(browser, seat, typed):
    page = browser.post(address(seat, "/expense"), data=typed | {"what_for": "Bus on 3 June!", "once": "a"})

    assert (page.status_code, "Bus on 3 June!" in text(page)) == (422, True)
    assert db.session.query(PanelClaim).count() == 0


def test_call_that_pays_no_expenses_says_so_and_keeps_what_was_typed(browser, seat):
    content = seat.panel.call.versions[-1].content["panel"]["payment"]
    with_rules(seat.panel.call, "panel", payment=content | {"with_expenses": "no"})
    typed = {"kind": "travel", "amount": "8.40", "what_for": "Bus on 3 June!", "once": "a"}

    page = browser.post(address(seat, "/expense"), data=typed)

    said = [words in text(page) for words in ("This call does not pay expenses.", "Bus on 3 June!")]
    assert (page.status_code, said) == (422, [True, True])
    assert db.session.query(PanelClaim).count() == 0


def test_member_asks_again_or_takes_back(browser, seat):
    given_back = PanelClaimFactory(seat=seat, status="returned", returned_reason="On which day?")
    waiting = PanelClaimFactory(seat=seat)

    shown = text(browser.get(f"/en/panel-claims/{given_back.id}"))
    empty = browser.post(f"/en/panel-claims/{given_back.id}", data={"what_for": " "})
    again = browser.post(f"/en/panel-claims/{given_back.id}", data={"what_for": "On Friday"})
    back = browser.post(f"/en/panel-claims/{waiting.id}", data={"go": "take_back"})
    twice = browser.post(f"/en/panel-claims/{waiting.id}", data={"go": "take_back"})

    db.session.expire_all()
    assert ("On which day?" in shown, empty.status_code, again.status_code) == (True, 422, 302)
    assert (back.status_code, twice.status_code) == (302, 409)
    assert (given_back.status, waiting.status) == ("asked", "taken_back")


def test_words_for_a_claim_that_was_settled_meanwhile_are_not_lost(browser, seat):
    claim = PanelClaimFactory(seat=seat)

    page = browser.post(f"/en/panel-claims/{claim.id}", data={"what_for": "It was the bus on Friday!"})

    assert (page.status_code, "It was the bus on Friday!" in text(page)) == (409, True)


def test_manager_approves_finance_pays_and_the_file_has_every_sum(seat, staff):
    seat.pay_way = "voucher"
    claim = PanelClaimFactory(seat=seat, what_for="=SUM(1)")
    page, here = f"/en/fund/rounds/{seat.panel.round_id}/panel/pay", f"/en/fund/panel-claims/{claim.id}"
    manager, finance = staff[FundRoleKind.MANAGER], staff[FundRoleKind.FINANCE]

    steps = [
        finance.post(f"{here}/approve").status_code,
        manager.post(f"{here}/give-back").status_code,
        manager.post(f"{here}/approve").status_code,
        manager.post(f"{here}/pay", data={"way": "voucher"}).status_code,
        finance.post(f"{here}/pay", data={}).status_code,
        finance.post(f"{here}/pay", data={"way": "voucher"}).status_code,
        finance.post(f"{here}/pay", data={"way": "voucher"}).status_code,
    ]
    rows = list(csv.DictReader(io.StringIO(finance.get(f"{page}.csv").text.removeprefix("\ufeff"))))

    assert steps == [403, 422, 302, 403, 422, 302, 409]
    assert [(row["amount_gbp"], row["what_for"], row["status"], row["paid_way"]) for row in rows] == [
        ("36.00", "'=SUM(1)", "paid", "voucher")
    ]
    assert ("£36" in text(manager.get(page)), "As a voucher" in text(manager.get(page))) == (True, True)


def test_manager_on_the_panel_does_not_decide_on_own_claim(seat, client_for):
    FundRoleFactory(fund=seat.panel.call.fund, kind=FundRoleKind.MANAGER, user=seat.user)
    claim, browser = PanelClaimFactory(seat=seat), client_for(seat.user)

    page = text(browser.get(f"/en/fund/panel-claims/{claim.id}"))
    answer = browser.post(f"/en/fund/panel-claims/{claim.id}/approve")

    assert ("Somebody else has to decide" in page, answer.status_code) == (True, 409)
