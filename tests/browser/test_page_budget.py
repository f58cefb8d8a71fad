"""Pages for groups are light enough for a bad line and a paid gigabyte."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Demo
from tests.browser.journey import enter_as, follow
from tests.browser.weight import weighed

LANGUAGES = ["en", "es", "ar", "uk"]
MOST_PAGE, MOST_WITH_EVERYTHING, MOST_REQUESTS = 10_000, 14_000, 3


def weigh(page: Page, path: str, origin: str) -> list[str]:
    """What breaks the budget of an ordinary page."""
    with weighed(page) as weight:
        page.goto(path)
    (html,) = weight.pages
    return [
        *([f"page {html} bytes"] if html > MOST_PAGE else []),
        *([f"together {weight.everything} bytes"] if weight.everything > MOST_WITH_EVERYTHING else []),
        *([f"{weight.requests} requests"] if weight.requests > MOST_REQUESTS else []),
        *([f"other origins {weight.origins}"] if weight.origins != {origin} else []),
        *([f"kinds {weight.kinds}"] if weight.kinds - {"document", "script", "image", "other"} else []),
        *([f"{n} cookies"] if (n := len(page.context.cookies())) > 1 else []),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_keep_the_budget(browse: Callable[..., Page], demo: Demo, language: str) -> None:
    page = browse(PHONE)
    paths = [
        f"/{language}{path}"
        for path in (
            "/",
            "/calls/DGF-2027",
            "/calls/DGF-2027/questions",
            "/calls/DGF-2027/co-design",
            "/calls/DGF-GIRLS",
            "/calls/DGF-GIRLS/co-design",
            "/calls/DGF-GIRLS/co-design/topics/form",
            "/calls/DGF-GIRLS/co-design/decisions",
            "/calls/DGF-2027/check",
            "/calls/DGF-2027/check/E7",
            "/calls/DGF-FIRST/results",
            "/safety",
            "/sign-in",
        )
    ]

    faults = {path: found for path in paths if (found := weigh(page, path, demo.address))}

    assert faults == {}
    assert len(page.context.cookies()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_an_application_keep_the_budget(
    browse: Callable[..., Page], demo: Demo, language: str
) -> None:
    page = browse(PHONE)
    enter_as(page, "applicant", language)
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    application = page.url.removeprefix(demo.address)
    questions = page.eval_on_selector_all(
        "main a[href*='/questions/']", "links => links.map(a => a.pathname)"
    )
    paths = [
        f"/{language}/home",
        application,
        *questions,
        f"{application}/questions/Q8",
        f"{application}/questions/Q2/media",
        f"{application}/check",
    ]

    faults = {path: found for path in paths if (found := weigh(page, path, demo.address))}

    assert len(questions) >= 3
    assert faults == {}
    assert len(page.context.cookies()) == 1
