"""A phone that others use too: what stays on it after somebody was here, which is nothing."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import PHONE
from tests.browser.journey import follow, sign_in
from tests.browser.test_leaving import STORED

REMEMBERED = """() => [...document.querySelectorAll('input, textarea')]
    .filter(field => !['hidden', 'radio', 'checkbox', 'file', 'submit'].includes(field.type))
    .map(field => field.autocomplete || field.name)"""
HARMLESS = {"off", "email", "one-time-code"}


def applicant_of(page: Page) -> str:
    """The mail address of one of the demo's groups, whose application no other test sends."""
    page.goto("/en/demo/")
    assert page.locator("[data-role=applicant] button .hidden", has_text="Hanan Idlibi").count() == 1
    return "hanan.idlibi@example.org"


def open_questions(page: Page) -> list[str]:
    """Through every kind of question; what the browser may remember of them."""
    wishes = []
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    here = page.url
    for address in page.eval_on_selector_all(
        "main a[href*='/questions/']", "links => links.map(a => a.href)"
    ):
        page.goto(address)
        wishes += page.evaluate(REMEMBERED)
    page.goto(here)
    return wishes


def test_device_counts_as_shared_and_keeps_nothing_after_signing_out(browse: Callable[..., Page]) -> None:
    page, mail = browse(PHONE), browse(PHONE)
    email = applicant_of(mail)
    page.goto("/en/sign-in")
    wishes = page.evaluate(REMEMBERED)
    sign_in(page, mail, email, "en")
    (cookie,) = page.context.cookies()
    wishes += open_questions(page)
    address = page.url

    follow(page.get_by_role("button", name="Sign out"))
    page.go_back()
    back = page.locator("main").inner_text()
    page.goto(address)

    assert cookie["expires"] == -1
    assert set(wishes) <= HARMLESS
    assert "Your application" not in back
    assert page.locator("h1").inner_text() == "Sign in"
    assert page.evaluate(STORED) == [0, 0, 0, 0]
