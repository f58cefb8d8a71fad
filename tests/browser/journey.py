"""Steps of a group's way that several tests take, by what a person reads on the page."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Locator, Page

CODE = re.compile(r"\b\d{6}\b")
INVITATION = re.compile(r"\b[2-9A-Z]{12}\b")
FITTING = {
    "E1": "yes",
    "E2": "yes",
    "E3": "yes",
    "E4": "yes",
    "E5": "yes",
    "E6": "yes",
    "E7": "from_10000",
    "E8": "all",
    "E9": "all",
    "E10": "all",
    "E11": "no",
    "E12": "yes",
    "E13": "no",
}


def follow(link: Locator) -> None:
    """Click, and go on when the next page is there."""
    with link.page.expect_navigation():
        link.click()


def enter_as(page: Page, role: str, language: str, number: int = 0) -> None:
    """Sign in as the demo's person of this role, by the button anybody can press."""
    page.goto(f"/{language}/demo/")
    section = page.locator(f"[data-role={role}]")
    follow(section.locator("button").nth(number))


def take_the_check(page: Page, **different: str) -> str:
    """From the first page of the check to its result; returns the result's heading."""
    answers = FITTING | different
    follow(page.locator("main a.button").first)
    while key := re.search(r"/check/(E\d+)", page.url):
        page.check(f"input[name={key[1]}][value={answers[key[1]]}]")
        follow(page.locator("main form button").first)
    return page.locator("h1").inner_text()


def sign_in(page: Page, mail: Page, email: str, language: str) -> None:
    """By the code in the mail, which the demo shows on a page."""
    page.fill("input[name=email]", email)
    follow(page.locator("main form button"))
    page.fill("input[name=code]", code_for(mail, email, language))
    follow(page.locator("main form button"))


def code_for(mail: Page, email: str, language: str) -> str:
    """To sign in with."""
    return _newest(CODE, mail, email, language)


def code_of_invitation(mail: Page, email: str, language: str) -> str:
    return _newest(INVITATION, mail, email, language)


def _newest(code: re.Pattern[str], mail: Page, email: str, language: str) -> str:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        mail.goto(f"/{language}/demo/mail")
        letters = mail.locator("article").filter(has_text=re.compile(rf"(?<![\w.]){re.escape(email)}"))
        for words in letters.all_inner_texts():  # the newest first
            if found := code.search(words):
                return found[0]
        time.sleep(0.3)
    raise AssertionError("no code came")


def open_work(page: Page, part: str, code: str) -> None:
    """From "My work" to the panel or the call of this code; `part` stands in the address."""
    follow(page.locator("ul.tasks li").filter(has_text=code).locator(f"a[href*='/{part}/']"))
