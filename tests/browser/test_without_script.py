"""From the call to the receipt with JavaScript off on the smallest phone.

The group has no charity number, no bank account, no policy and no written rules, and writes Tigrinya.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import SMALL_PHONE
from tests.browser.journey import FITTING, follow, sign_in, take_the_check

MOST_TOGETHER = 200_000
NOTHING_YET = {"E4": "no", "E6": "no", "E7": "from_0", "E12": "not_yet"}
SAID = ("ንሕና ሓሙሽተ ደቂ ኣንስትዮ ኢና። ኩሉ ብሓባር ንውስን።", "ኣብ ሰሙን ክልተ ግዜ ውዑይ ክፍሊ።")


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

    loaded: list[Request] = []
    page.on("requestfinished", lambda request: loaded.append(request))

    page.goto("/en/calls/DGF-2027")
    follow(page.get_by_role("link", name="Check if this fund is for you").first)
    take_the_check(page, **NOTHING_YET)
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
    answers = page.eval_on_selector_all("[lang=ti]", "all => all.map(a => [a.innerText.trim(), a.dir])")

    assert missing == ["Which kind of grant do you want?", "About how much money do you need?"]
    assert focused == "answer-S3"
    assert re.search(r"\b[0-9A-Z]{8}\b", receipt)
    assert answers == [[text, "ltr"] for text in SAID]
    together = sum(request.sizes()["responseBodySize"] for request in loaded)
    assert together <= MOST_TOGETHER
    assert {request.resource_type for request in loaded} <= {"document", "image", "other"}
    print(f"{len(loaded)} requests from the call to the receipt: {together} bytes")


def start(page: Page) -> None:
    page.fill("[name=name]", "ጉጅለ ሰላም!")
    page.select_option("[name=legal_form]", "unconstituted")
    page.select_option("[name=borough]", "Newham")
    page.check("[name=migrant_led][value=yes]")
    follow(page.get_by_role("button", name="Start"))


def first_questions(page: Page) -> None:
    """Starting leads to the first; two of four, then straight to the last page."""
    for text, button in zip(SAID, ("Save and go on", "Save and come back later"), strict=True):
        page.fill("textarea", text)
        page.select_option("[name=answer_language]", "ti")
        follow(page.get_by_role("button", name=button))
    follow(page.get_by_role("link", name="Check your answers and send"))


def last_questions(page: Page) -> None:
    """Each from its own line; saving leads back."""
    follow(page.locator("#answer-S3 a"))
    page.check("input[value=C]")
    follow(page.get_by_role("button", name="Save and go on"))
    follow(page.locator("#answer-S3_amount a"))
    page.fill("input[name=S3_amount]", "٩٬٠٠٠")
    follow(page.get_by_role("button", name="Save and go on"))
