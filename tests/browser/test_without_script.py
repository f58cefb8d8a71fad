"""The whole way of a group, from the call to the receipt, with JavaScript off on the smallest phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SMALL_PHONE
from tests.browser.crawl import follow
from tests.browser.journey import FITTING, sign_in, take_the_check
from tests.browser.weight import weighed

MOST_TOGETHER = 200_000


@pytest.mark.parametrize(
    ("different", "heading"),
    [({}, "You can apply"), ({"E2": "no"}, "Talk to us first"), ({"E1": "no"}, "Not this fund")],
)
def test_check_without_an_account_has_three_outcomes(
    browse: Callable[..., Page], different: dict[str, str], heading: str
) -> None:
    page = browse(SMALL_PHONE, script=False)
    page.goto("/en/calls/DGF-2027")
    follow(page.get_by_role("link", name="Check if this fund is for you").first)

    outcome = take_the_check(page, **different)

    assert outcome == heading
    assert page.locator("main dl dt").count() >= (1 if different == {"E1": "no"} else len(FITTING))


def test_group_applies_without_script(browse: Callable[..., Page]) -> None:
    page, mail = browse(SMALL_PHONE, script=False), browse(SMALL_PHONE, script=False)

    with weighed(page) as weight:
        page.goto("/en/calls/DGF-2027")
        follow(page.get_by_role("link", name="Check if this fund is for you").first)
        take_the_check(page)
        follow(page.get_by_role("link", name="Start your application"))
        sign_in(page, mail, "lamps@example.org", "en")
        start(page)
        first_questions(page)
        follow(page.get_by_role("button", name="Send"))
        missing = page.locator(".summary li").all_inner_texts()
        follow(page.locator(".summary li a").first)
        focused = page.evaluate("document.activeElement.id")
        last_questions(page)
        follow(page.get_by_role("button", name="Send"))
        page.wait_for_url("**/receipt")
        receipt = page.locator("main").inner_text()

    assert missing == ["Which kind of grant do you want?", "About how much money do you need?"]
    assert focused == "answer-S3"
    assert re.search(r"\b[0-9A-Z]{8}\b", receipt)
    assert sum(weight.pages) <= MOST_TOGETHER
    assert weight.kinds <= {"document", "image", "other"}


def start(page: Page) -> None:
    page.fill("[name=name]", "Lamps!")
    page.select_option("[name=legal_form]", "unconstituted")
    page.select_option("[name=borough]", "Newham")
    page.check("[name=migrant_led][value=yes]")
    follow(page.get_by_role("button", name="Start"))


def first_questions(page: Page) -> None:
    """Two of four, then straight to the last page."""
    follow(page.locator("main a[href*='/questions/']").first)
    page.fill("textarea", "Women who light lamps for each other. Twelve of us decide together.")
    follow(page.get_by_role("button", name="Save and go on"))
    page.fill("textarea", "A warm room twice a week, and somebody to go along to court.")
    follow(page.get_by_role("button", name="Save and come back later"))
    follow(page.get_by_role("link", name="Check your answers and send"))


def last_questions(page: Page) -> None:
    """Each from its own line; saving leads back."""
    follow(page.locator("#answer-S3 a"))
    page.check("input[value=A]")
    follow(page.get_by_role("button", name="Save and go on"))
    follow(page.locator("#answer-S3_amount a"))
    page.fill("input[name=S3_amount]", "٤٠٬٠٠٠")
    follow(page.get_by_role("button", name="Save and go on"))
