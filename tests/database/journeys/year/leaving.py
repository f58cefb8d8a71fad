"""Fifth part: a payment that is held and goes on, a group that gives its grant back, who gets the money."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from fundapp.models.award import Award, Clawback, Instalment
from fundapp.models.organisation import Organisation
from tests.database.journeys.year import deciding
from tests.database.journeys.year.desk import Year
from tests.database.journeys.year.figures import figures_are_right
from tests.database.journeys.year.plan import (
    ASKS,
    HELD,
    LED_RESERVE,
    OTHER_RESERVE,
    TOO_LARGE,
    WITHDRAWS,
    Group,
)

WHY_HELD = "Nobody answers the phone, and two letters came back."
WHY_NOT = {OTHER_RESERVE.name: ("BYFOR",), TOO_LARGE.name: ("£6,000",)}
NOT_SPENT, WHY_NOT_SPENT = 50_050, "The cooks were ill in May, and £500.50 were not spent."
WHY_ENDED = "The group has told us that it ends its work and gives the grant back."


def _next_payment(year: Year, name: str) -> UUID:
    query = sa.select(Instalment.id).where(
        Instalment.award_id == year.awards[name], Instalment.status != "paid"
    )
    return year.rows(query.order_by(Instalment.number).limit(1))[0][0]  # type: ignore[return-value]


def a_payment_is_held(year: Year, review_on: str) -> None:
    """By two people, with a reason, a mail to the group and a day on which it is looked at again."""
    payment, day = _next_payment(year, HELD.name), date.fromisoformat(review_on)
    first, second = year.of_fund("manager"), year.of_fund("other_manager")
    [(number,)] = year.rows(sa.select(Instalment.number).where(Instalment.id == payment))
    typed = {f"p{number}-reason": WHY_HELD, f"p{number}-review_on-day": str(day.day)}
    typed |= {f"p{number}-review_on-month": str(day.month), f"p{number}-review_on-year": str(day.year)}
    first.press(f"/fund/instalments/{payment}/hold", typed | {f"p{number}-reason": ""}, status=422)
    first.press(f"/fund/instalments/{payment}/hold", typed)
    first.press(f"/fund/instalments/{payment}/hold/agree", status=403)
    before = len(year.mails_to(HELD.name))
    page = second.open(second.at(f"/fund/awards/{year.awards[HELD.name]}"))
    second.send(page, to=f"/fund/instalments/{payment}/hold/agree")
    assert year.mails_to(HELD.name)[before:] == ["award_update"]
    desk = year.of_group(HELD.name)
    assert WHY_HELD in desk.open(desk.at(f"/awards/{year.awards[HELD.name]}")).words
    figures_are_right(year)


def the_payment_goes_on(year: Year) -> None:
    [(payment,)] = year.rows(
        sa.select(Instalment.id).where(
            Instalment.award_id == year.awards[HELD.name], Instalment.status == "held"
        )
    )
    manager = year.of_fund("manager")
    page = manager.open(manager.at(f"/fund/awards/{year.awards[HELD.name]}"))
    manager.send(page, to=f"/fund/instalments/{payment}/release")
    figures_are_right(year)


def a_group_gives_its_grant_back(year: Year) -> None:
    """After its second payment: only what was paid stays counted, the rest is free again."""
    award, entry = year.awards[WITHDRAWS.name], year.book.entries[WITHDRAWS.name]
    assert len(entry.paid) == 2
    manager = year.of_fund("manager")
    page = manager.open(manager.at(f"/fund/awards/{award}"))
    manager.send(page, {"reason": WHY_ENDED}, to="/terminate")
    entry.is_ended = True
    figures_are_right(year)
    byfor = year.book.figures()["BYFOR"]
    assert byfor == {"reached": 176_400_000, "needed": 3_600_000, "headroom": 2_200_000}


def money_is_asked_back(year: Year, group: Group, pence: int, why: str) -> None:
    """One person proposes, another one decides; from then on it counts for no floor."""
    award, entry = year.awards[group.name], year.book.entries[group.name]
    first, second = year.of_fund("manager"), year.of_fund("other_manager")
    path = f"/fund/awards/{award}/clawback"
    most = {"amount": str(sum(entry.paid) // 100 + 1), "reason": why}
    first.press(path, most, status=422)  # more than was paid
    page = first.open(first.at(path))
    first.send(page, {"amount": f"{pence / 100:.2f}", "reason": why}, holding="reason")
    figures_are_right(year)  # a wish changes nothing
    [(clawback,)] = year.rows(sa.select(Clawback.id).where(Clawback.award_id == award))
    first.press(f"/fund/clawbacks/{clawback}/ask", status=403)
    second.press(f"/fund/clawbacks/{clawback}/ask")
    entry.asked_back += pence
    figures_are_right(year)


def money_comes_back(year: Year, group: Group, pence: int) -> None:
    finance, entry = year.of_fund("finance"), year.book.entries[group.name]
    query = sa.select(Clawback.id, Clawback.version).where(Clawback.award_id == year.awards[group.name])
    [(clawback, version)] = year.rows(query)
    sent = {f"b{clawback.hex[:8]}-amount": f"{pence / 100:.2f}", "version": str(version)}
    finance.press(f"/fund/clawbacks/{clawback}/received", sent)
    finance.press(f"/fund/clawbacks/{clawback}/received", sent, status=409)  # pressed twice
    entry.came_back += pence
    figures_are_right(year)


def what_was_not_spent_comes_back(year: Year) -> None:
    """The group says so in its last conversation; what it has spent stays counted, the rest is free again."""
    money_is_asked_back(year, ASKS, NOT_SPENT, WHY_NOT_SPENT)
    desk = year.of_group(ASKS.name)
    assert WHY_NOT_SPENT in desk.open(desk.at(f"/awards/{year.awards[ASKS.name]}")).words
    money_comes_back(year, ASKS, NOT_SPENT)


def the_reserve_list_is_offered_the_money(year: Year) -> None:
    """A group that does not count would take what the floor needs, and one asks for more than there is."""
    manager, left = year.of_fund("manager"), year.book.figures()["BYFOR"]
    assert (year.book.unawarded, left["needed"], left["headroom"]) == (6_400_000, 4_200_000, 2_200_000)
    for group in (OTHER_RESERVE, TOO_LARGE):
        path = f"/fund/applications/{year.applications[group.name]}/award-from-reserve"
        refused = manager.press(path, {"amount": str(group.pence // 100)}, status=409)
        assert any(words in refused.text for words in WHY_NOT[group.name]), group.name
        figures_are_right(year)
    path = f"/fund/applications/{year.applications[LED_RESERVE.name]}/award-from-reserve"
    manager.send(manager.open(manager.at(path)), {"amount": str(LED_RESERVE.pence // 100)})
    query = sa.select(Award.id).join(Organisation, Organisation.id == Award.organisation_id)
    [(award,)] = year.rows(query.where(Organisation.name == LED_RESERVE.name))
    deciding.note_award(year, LED_RESERVE, award)
    figures_are_right(year)
    assert year.book.figures()["BYFOR"]["needed"] == 0
    assert year.book.unawarded == 1_900_000
