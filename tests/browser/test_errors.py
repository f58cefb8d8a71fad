"""A form that cannot be taken says so in the title, in a linked list, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.journey import enter_as, follow, take_the_check

ERROR = {"en": "Error: ", "ar": "خطأ: "}
BAD = "مصباح! <b>2**70</b>"


def faults_of(page: Page, language: str, typed: dict[str, str]) -> list[str]:
    """What is wrong with the page that answers a form that cannot be taken."""
    faults = []
    if page.locator("h1").count() != 1:
        faults.append("not one h1")
    if not page.title().startswith(ERROR[language]):
        faults.append(f"title {page.title()}")
    links = page.locator(".summary a")
    if not links.count():
        faults.append("no linked summary")
    for number in range(links.count()):
        target = str(links.nth(number).get_attribute("href"))
        links.nth(number).click()
        if not page.evaluate("id => document.activeElement.id === id", target.removeprefix("#")):
            faults.append(f"{target} does not take the focus")
    faults += [
        f"{name} is lost"
        for name, text in typed.items()
        if page.locator(f"[name={name}]").first.input_value() != text
    ]
    return faults


def send(page: Page, typed: dict[str, str]) -> None:
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    follow(page.locator("main form button").first)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/sign-in", {}),
        ("/sign-in", {"email": "lamps at example"}),
        ("/staff/sign-in", {"email": "lamps at example"}),
        ("/calls/DGF-2027/check/E1", {}),
        ("/calls/DGF-2027/check/E7", {}),
    ],
)
def test_public_form_sent_wrong(
    browse: Callable[..., Page], path: str, typed: dict[str, str], language: str
) -> None:
    page = browse(PHONE, script=False)
    page.goto(f"/{language}{path}")

    send(page, typed)

    assert faults_of(page, language, typed) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_first_page_of_an_application_sent_almost_empty(browse: Callable[..., Page], language: str) -> None:
    page = browse(PHONE, script=False)
    page.goto(f"/{language}/demo/")
    follow(page.locator("[data-role=applicant] button").nth(1))
    page.goto(f"/{language}/calls/DGF-2027/check")
    take_the_check(page)
    page.goto(f"/{language}/calls/DGF-2027/start")
    page.check("[name=group][value=new]")

    follow(page.locator("main form button").first)

    assert faults_of(page, language, {}) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_budget_with_words_for_numbers(browse: Callable[..., Page], language: str) -> None:
    page = browse(PHONE, script=False)
    enter_as(page, "applicant", language)
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    page.goto(f"{page.url}/questions/Q8")
    names = page.eval_on_selector_all(
        "main form input[type=text]", "inputs => inputs.slice(0, 2).map(i => i.name)"
    )
    typed = dict(zip(names, ("Rent!", BAD), strict=True))

    send(page, typed)

    assert faults_of(page, language, typed) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_staff_forms_sent_empty(browse: Callable[..., Page], language: str) -> None:
    page = browse(LAPTOP, script=False)
    enter_as(page, "manager", language)
    follow(page.locator("main a[href*='/fund/calls/']").first)
    follow(page.locator("main a[href$='/co-design']").first)
    record = page.url
    faults = {}

    for form in ("new-session", "new-point"):
        page.goto(f"{record}/{form}")
        follow(page.locator("main form button").first)
        faults[form] = faults_of(page, language, {})

    assert faults == {"new-session": [], "new-point": []}
