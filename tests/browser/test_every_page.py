"""What must hold on every page of every role, in both directions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LAPTOP, SMALL_PHONE
from tests.browser.crawl import Visit, crawl, enter_as

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TARGETS = "a[href], button, input:not([type=hidden]), select, summary, textarea"
SMALL_TARGETS = """targets => [...document.querySelector('main').querySelectorAll(targets)]
    .filter(element => element.checkVisibility() && !element.closest('p, li, dd, td, th, caption, label'))
    .map(element => [element.outerHTML.slice(0, 90), element.getBoundingClientRect()])
    .filter(([html, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)"""
FOR_GROUPS = [("public", "/"), ("applicant", "/home")]
FOR_STAFF = [("panel", "/home"), ("manager", "/home"), ("finance", "/home"), ("admin", "/home")]


def faults_of(page: Page, visit: Visit, language: str) -> list[str]:
    faults = []
    if visit.status != 200:
        faults.append(f"status {visit.status}")
    if (heads := page.locator("h1").count()) != 1:
        faults.append(f"{heads} h1")
    direction = "rtl" if language == "ar" else "ltr"
    if page.locator("html").get_attribute("dir") != direction:
        faults.append("wrong direction")
    if page.locator("html").get_attribute("lang") != language:
        faults.append("wrong language")
    if (overflow := page.evaluate(WIDER_THAN_THE_SCREEN)) > 0:
        faults.append(f"{overflow} px wider than the screen")
    faults += [f"small target {html}" for html in page.evaluate(SMALL_TARGETS, TARGETS)]
    return faults


def walk(page: Page, role: str, start: str, language: str) -> dict[str, list[str]]:
    if role != "public":
        enter_as(page, role, language)
    strangers: list[str] = []
    own = page.url.split("/")[2] if page.url.startswith("http") else ""
    page.on(
        "request", lambda request: strangers.append(request.url) if own and own not in request.url else None
    )
    found = {}
    for visit in crawl(page, f"/{language}{start}", language):
        if faults := faults_of(page, visit, language):
            found[visit.path] = faults
    if strangers:
        found["other origins"] = strangers
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("role", "start"), FOR_GROUPS)
def test_pages_for_groups_fit_a_small_phone(
    browse: Callable[..., Page], role: str, start: str, language: str
) -> None:
    page = browse(SMALL_PHONE)

    assert walk(page, role, start, language) == {}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("role", "start"), FOR_STAFF)
def test_pages_for_staff_fit_a_laptop(
    browse: Callable[..., Page], role: str, start: str, language: str
) -> None:
    page = browse(LAPTOP)

    assert walk(page, role, start, language) == {}
