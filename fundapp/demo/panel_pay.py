"""What members of the panel ask to be paid, at every step from asked to paid."""

from __future__ import annotations

from decimal import Decimal

from fundapp.demo.calls import Scene
from fundapp.demo.reading import seats_of
from fundapp.models.panel import Panel, PaperFormat
from fundapp.models.panel_claim import ClaimFor
from fundapp.services.panel_claims import (
    Expense,
    Wishes,
    approve_claim,
    ask_expense,
    ask_fee,
    pay_claim,
    return_claim,
    wish,
)

MEMBER = "Elena Duarte"
EXPENSES = (
    Expense(ClaimFor.CARE, Decimal("36.00"), "Child care on the day of practice"),
    Expense(ClaimFor.TRAVEL, Decimal("8.40"), "Bus and train to the training, there and back"),
    Expense(ClaimFor.DATA, Decimal("10.00"), "Data for my phone"),
    Expense(ClaimFor.INTERPRETER, Decimal("45.00"), "An interpreter for the training"),
)


def ask_to_be_paid(panel: Panel, scene: Scene) -> None:
    """One member has asked for something of each kind; the others have chosen how they are paid."""
    staff, at = scene.people.staff, scene.day(93)
    for number, seat in enumerate(seats_of(panel)):
        if seat.user.name != MEMBER:
            way = ("bank", "voucher", None)[number % 3]
            wish(seat, Wishes(way, paper_format=list(PaperFormat)[number % 5]), actor=seat.user, now=at)
            continue
        wish(seat, Wishes("voucher", paper_format=PaperFormat.LARGE_PRINT), actor=seat.user, now=at)
        fee = ask_fee(seat, 2, "", once="fee", actor=seat.user, now=at)
        care, travel, data, _interpreter = (
            ask_expense(seat, each, once=each.kind.value, actor=seat.user, now=at) for each in EXPENSES
        )
        for claim in (fee, care, travel):
            approve_claim(claim, actor=staff.manager, now=scene.day(94))
        for claim in (fee, care):
            pay_claim(claim, "voucher", actor=staff.finance, now=scene.day(96))
        return_claim(data, "For which month is this?", actor=staff.manager, now=scene.day(95))
