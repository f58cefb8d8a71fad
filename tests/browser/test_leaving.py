"""After "Exit this page" nothing of this site comes back: by Back, by Forward or in a new tab."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import CHROMIUM, FLAGS, PHONE, Demo
from tests.browser.journey import enter_as, follow

NEUTRAL = re.compile(r"^http://localhost:\d+/weather$")
LINK = "nav.exit a"
STORED = """async () => [
    localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await caches.keys()).length]"""


def look_around(page: Page, language: str = "en") -> str:
    """Public pages, then an application; the address of the page that stands open at the end."""
    page.goto(f"/{language}/calls/DGF-2027?known=exit")
    page.goto(f"/{language}/calls/DGF-2027/check/E2")
    enter_as(page, "applicant", language)
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    follow(page.locator("main a[href*='/questions/']").first)
    return page.url


def shift_three_times(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def click_exit(page: Page) -> None:
    page.locator(LINK).click(no_wait_after=True)


def press_enter_on_second_stop(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def shows_nothing(page: Page) -> bool:
    """The neutral site, the page that says only that it is closed, or nothing at all."""
    return page.locator("body").inner_text().strip() in ("", "Sunny") or page.locator("main a").evaluate_all(
        "links => links.map(link => new URL(link.href).pathname.slice(3))"
    ) == ["/open-again"]


def assert_nothing_comes_back(page: Page, address: str) -> None:
    page.wait_for_url(NEUTRAL)
    for _ in range(6):
        page.go_back()
        assert shows_nothing(page), page.url
    for _ in range(3):
        page.go_forward()
        assert shows_nothing(page), page.url
    reopened = page.context.new_page()
    reopened.goto(address)
    assert shows_nothing(reopened)
    assert [(each["value"], each["expires"]) for each in page.context.cookies()] == [("left", -1)]


@pytest.mark.parametrize(
    ("leave", "language"),
    [(click_exit, "en"), (click_exit, "ar"), (shift_three_times, "en"), (press_enter_on_second_stop, "uk")],
)
def test_nothing_comes_back_after_leaving(
    browse: Callable[..., Page], leave: Callable[[Page], None], language: str
) -> None:
    page = browse(PHONE)
    address = look_around(page, language)

    leave(page)

    assert_nothing_comes_back(page, address)
    page.goto(address)
    assert page.evaluate(STORED) == [0, 0, 0, 0]


def test_nothing_comes_back_after_leaving_without_script(browse: Callable[..., Page]) -> None:
    page = browse(PHONE, script=False)
    address = look_around(page)

    follow(page.locator(LINK))

    assert_nothing_comes_back(page, address)


def test_page_is_empty_before_any_answer_comes_and_leaves_without_one(browse: Callable[..., Page]) -> None:
    page = browse(PHONE)
    look_around(page)
    page.locator("textarea").fill("Nobody else should read this.")
    page.route("**/leave", lambda route: None)  # the server is asked and does not answer

    at_once = page.evaluate(
        "link => { document.querySelector(link).click(); return [document.body.innerHTML, document.title] }",
        LINK,
    )

    assert at_once == ["", "…"]
    page.wait_for_url(NEUTRAL)


def test_other_windows_are_emptied_too(browse: Callable[..., Page]) -> None:
    page = browse(PHONE)
    address = look_around(page)
    other = page.context.new_page()
    other.goto(address)

    click_exit(page)

    other.wait_for_url(NEUTRAL)


def test_shift_is_counted_aloud_and_capital_letters_do_not_count(browse: Callable[..., Page]) -> None:
    page = browse(PHONE)
    look_around(page)
    told = page.locator(".exit [role=status]")

    page.locator("textarea").focus()
    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")
    typed = told.inner_text()
    page.keyboard.press("Shift")
    once = told.inner_text()
    page.keyboard.press("Shift")
    twice = told.inner_text()

    assert (typed, once, twice) == (
        "",
        "Press Shift two more times to leave this page.",
        "Press Shift once more to leave this page.",
    )


def test_whoever_left_opens_the_site_again_on_its_first_page(browse: Callable[..., Page], demo: Demo) -> None:
    page = browse(PHONE)
    address = look_around(page)
    click_exit(page)
    page.wait_for_url(NEUTRAL)

    page.goto(address)
    follow(page.locator("main a"))

    assert page.url == demo.url("/en/")
    assert page.locator("nav.exit a").is_visible()


@pytest.fixture
def keeps_pages(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Chromium as on a phone: it may keep whole pages for "Back", which the tests otherwise switch off."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser.new_context(base_url=demo.address).new_page()
    browser.close()


def test_pages_kept_for_back_are_not_shown_after_leaving(keeps_pages: Page) -> None:
    page = keeps_pages
    address = look_around(page)

    click_exit(page)

    assert_nothing_comes_back(page, address)


@pytest.mark.parametrize("script", [True, False])
def test_reader_of_a_sensitive_call_hears_first_what_the_button_can_do(
    browse: Callable[..., Page], script: bool
) -> None:
    page = browse(PHONE, new=True, script=script)
    page.goto("/en/")
    follow(page.locator("main a[href$='/calls/DGF-2027']").first)
    heading = page.locator("h1").inner_text()

    follow(page.get_by_role("link", name="Go on"))
    read = page.locator("h1").inner_text()
    page.goto("/en/calls/DGF-2027/check")

    assert (heading, read) == ("Before you go on", "The call and its rules")
    assert page.locator("h1").inner_text() == "Check if this fund is for you"
