"""The what-if board at the demo's meeting: ten changes, and every figure agrees with the list beneath it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page

from tests.browser.conftest import LAPTOP
from tests.browser.journey import enter_as, follow, open_work

CHANGES: tuple[dict[str, str], ...] = (
    {"money": "1,000,000"},
    {"money": "2500000"},
    {"cut_line": "60"},
    {"cut_line": "80"},
    {"least_percent": "70"},
    {"least_percent": "50", "money": "1500000"},
    {"weight_C1": "60", "weight_C2": "10", "weight_C3": "10", "weight_C4": "10", "weight_C5": "10"},
    {"claims": "all_confirmed"},
    {"without_seat": "1"},
    {"money": "1200000", "cut_line": "50"},
)
ROUND_MONEY = Decimal(1_900_000)


def open_board(page: Page) -> None:
    enter_as(page, "manager", "en")
    open_work(page, "calls", "DGF-HOME")
    follow(page.get_by_role("link", name="Awards", exact=True).first)
    follow(page.locator("main a[href*='/what-if']").first)


def try_one(page: Page, name: str, change: dict[str, str]) -> None:
    page.fill("[name=name]", name)
    for field, value in change.items():
        if field == "without_seat":
            page.select_option(f"[name={field}]", index=int(value))
        elif field == "claims":
            page.select_option(f"[name={field}]", value)
        else:
            page.fill(f"[name={field}]", value)
    follow(page.get_by_role("button", name="Put it beside the rule"))


def sums(text: str) -> list[Decimal]:
    return [Decimal(found.replace(",", "")) for found in re.findall(r"£([\d,]+\.\d\d)", text)]


def figures(page: Page, row: str) -> list[str]:
    cells = page.locator("table").first.locator("tr", has=page.locator("th", has_text=re.compile(f"^{row}$")))
    return cells.locator("td").all_inner_texts()


def check(page: Page, change: dict[str, str]) -> None:
    """The last column: its sums, counts and differences are those of the list below."""
    rows = page.locator("table").nth(1).locator("tbody tr")
    lines = [row.locator("td").last.inner_text() for row in rows.all()]
    awards = [found for line in lines for found in sums(line)]
    assert int(figures(page, "Awards")[-1]) == len(awards)
    (awarded,) = sums(figures(page, "Awarded")[-1])
    (free,) = sums(figures(page, "Still free")[-1])
    assert awarded == sum(awards)
    assert awarded + free == Decimal(change.get("money", str(ROUND_MONEY)).replace(",", ""))
    new, gone = sum("new" in line for line in lines), sum("gone" in line for line in lines)
    assert figures(page, "Compared with the rule")[-1] == f"In: +{new}, out: −{gone}"
    for rule in ("MIGRANT", "SMALL"):
        reached, needed = sums(figures(page, rule)[-1])
        assert reached >= needed
        assert "Met" in figures(page, rule)[-1]


def test_ten_changes_at_the_meeting_and_every_figure_is_right(browse: Callable[..., Page]) -> None:
    page = browse(LAPTOP)
    open_board(page)

    for number, change in enumerate(CHANGES):
        try_one(page, f"Try {number}", change)
        check(page, change)
        follow(page.get_by_role("button", name=re.compile(f"Try {number}")))

    assert page.get_by_role("button", name=re.compile("Take away")).count() == 0


def test_certainty_points_to_the_places_worth_talking_about(browse: Callable[..., Page]) -> None:
    page = browse(LAPTOP)
    open_board(page)

    follow(page.get_by_role("link", name="How sure is each place?"))

    rows = page.locator("main tbody tr")
    chances = [int(row.locator("td").nth(2).inner_text()) for row in rows.all()]
    assert len(chances) > 20
    assert max(chances) == 100
    assert page.get_by_text("Could be either: talk about it").count() == sum(5 < one < 95 for one in chances)
    assert page.get_by_text(re.compile(r"Place \d+ or better")).count() >= 1
