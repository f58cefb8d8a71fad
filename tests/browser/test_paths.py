"""The way from the call to the receipt in Arabic, and with letters twice as large on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE
from tests.browser.journey import follow, sign_in, take_the_check

LARGE = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%' })"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NEXT = "button[name=go][value=next]"


@pytest.mark.slow
@pytest.mark.parametrize(("language", "is_large"), [("ar", False), ("en", True)], ids=["Arabic", "large"])
def test_group_gets_from_the_call_to_the_receipt(
    browse: Callable[..., Page], language: str, is_large: bool
) -> None:
    page, mail = browse(PHONE), browse(PHONE)
    if is_large:
        page.add_init_script(LARGE)
    page.goto(f"/{language}/calls/DGF-2027")
    follow(page.locator("main a.button[href$='/check']").first)
    take_the_check(page)
    follow(page.locator("main a[href$='/start']").first)
    sign_in(page, mail, f"path-{language}@example.org", language)
    start(page)
    while "/questions/" in page.url:
        assert page.evaluate(SIDEWAYS) <= 0
        answer(page)
    follow(page.locator("main form[action$='/submit'] button"))

    assert page.url.endswith("/receipt")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")


def start(page: Page) -> None:
    page.fill("[name=name]", "دائرة!")
    page.select_option("[name=legal_form]", "unconstituted")
    page.select_option("[name=borough]", "Newham")
    page.check("[name=migrant_led][value=yes]")
    follow(page.locator("main form button").first)


def answer(page: Page) -> None:
    """Whatever kind of question it is."""
    if page.locator("main textarea").count():
        page.fill("main textarea", "نحن خمس نساء ونقرر معًا.")
    elif page.locator("main input[type=radio]").count():
        page.check("main input[value=A]")
    else:
        page.fill("main input[inputmode=decimal]", "٤٠٬٠٠٠")
    follow(page.locator(NEXT))
