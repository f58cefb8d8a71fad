"""A manager builds the list at the panel's meeting; every figure is counted again from the table itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page

from tests.browser.conftest import DESK
from tests.browser.journey import enter_as, follow, open_work

AMOUNT = re.compile(r"£([\d,]+\.\d\d)")
OUTSIDE = "tr[id^='a-']:not(.best):not(:has(th .tag:text('BYFOR')))"
SLOWEST = "performance.getEntriesByType('navigation')[0].duration"


def open_board(page: Page) -> None:
    enter_as(page, "manager", "en")
    open_work(page, "calls", "DGF-HOME")
    follow(page.get_by_role("link", name="Awards", exact=True).first)


def amounts_in(text: str) -> list[Decimal]:
    return [Decimal(found.replace(",", "")) for found in AMOUNT.findall(text)]


def listed(page: Page) -> list[tuple[Decimal, list[str]]]:
    """Amount on the list and confirmed ring-fences of each row that stands for an award."""
    return [
        (amounts_in(row.locator("td").nth(4).inner_text())[0], row.locator("th .good").all_inner_texts())
        for row in page.locator("tr.best").all()
    ]


def figures(page: Page) -> tuple[Decimal, ...]:
    """On the list, free in this round, BYFOR reached, MIGRANT reached, as the page says it."""
    _, on_the_list, free, _ = amounts_in(" ".join(page.locator(".figure").all_inner_texts()))
    return on_the_list, free, reached(page, "BYFOR"), reached(page, "MIGRANT")


def reached(page: Page, fence: str) -> Decimal:
    row = page.locator("table").first.locator("tbody tr").filter(has=page.get_by_text(fence, exact=True))
    return amounts_in(row.locator("td").nth(2).inner_text())[0]


def recount(page: Page) -> tuple[Decimal, ...]:
    rows = listed(page)
    total = sum((amount for amount, _ in rows), Decimal())
    money = amounts_in(page.locator(".figure").first.inner_text())[0]
    kept = [
        sum((amount for amount, fences in rows if fence in fences), Decimal())
        for fence in ("BYFOR", "MIGRANT")
    ]
    return total, money - total, *kept


def place_of(page: Page, rows: str) -> int:
    return int(page.locator(rows).first.evaluate("row => row.sectionRowIndex"))


def move(page: Page, place: int, outcome: str) -> None:
    """By the row's own form; leaving the rule's list asks for a reason on the next page."""
    row = page.locator("tr[id^='a-']").nth(place)
    row.locator("select").select_option(outcome)
    follow(row.get_by_role("button", name="Move"))
    if page.locator("[name=reason]").count():
        page.fill("[name=reason]", "The panel talked about it and wants it so.")
        follow(page.get_by_role("button", name="Save this decision"))


def test_figures_follow_every_move_on_the_board(browse: Callable[..., Page]) -> None:
    page = browse(DESK)
    open_board(page)
    follow(page.get_by_role("button", name="Take over what the rule proposes"))
    seen = [(figures(page), recount(page))]

    for place, outcome in [(1, "decline"), (8, "reserve"), (26, "award")]:
        move(page, place, outcome)
        seen.append((figures(page), recount(page)))

    assert [shown for shown, _ in seen] == [counted for _, counted in seen]
    assert len({shown for shown, _ in seen}) == len(seen)
    print(f"the board answered in {page.evaluate(SLOWEST):.0f} ms")


def test_list_that_misses_a_floor_cannot_be_signed_and_says_why(browse: Callable[..., Page]) -> None:
    page = browse(DESK)
    open_board(page)
    follow(page.get_by_role("button", name="Take over what the rule proposes"))
    for _ in range(3):
        move(page, place_of(page, "tr.best:has(.good:text-is('BYFOR'))"), "decline")
    while page.locator(OUTSIDE).count():
        move(page, place_of(page, OUTSIDE), "award")

    follow(page.get_by_role("link", name="Sign the list"))

    assert page.get_by_role("heading", name="The list cannot be signed yet").is_visible()
    assert "BYFOR" in page.locator(".notice.bad").inner_text()
    assert page.get_by_role("button", name="Sign the list").count() == 0
