"""Whose browser it is: people of the demo, and visitors who have done something first. Each signs in once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.conftest import SMALL_PHONE, Demo
from tests.browser.journey import follow, sign_in, take_the_check
from tests.browser.page_list import Shown
from tests.browser.page_steps import send

CALL = "/en/calls/DGF-2027"
PASSPHRASE = "four lamps beside the river"


class People:
    """Cookies by name, so that one browser can be everybody."""

    def __init__(self, chromium: Browser, demo: Demo) -> None:
        self._chromium, self._demo = chromium, demo
        self._cookies: dict[str, Any] = {"somebody for the first time": []}
        self._paths: dict[tuple[str, ...], str] = {}
        self._page = self._new_page()

    def _new_page(self) -> Page:
        size = {"width": SMALL_PHONE[0], "height": SMALL_PHONE[1]}
        return self._chromium.new_context(base_url=self._demo.address, viewport=size).new_page()

    def cookies_of(self, who: str) -> Any:
        if who not in self._cookies:
            page = self._new_page()
            VISITORS.get(who, demo_person(who))(page, self._demo)
            self._cookies[who] = page.context.cookies()
            page.context.close()
        return self._cookies[who]

    def path_to(self, shown: Shown) -> str:
        """Without the language; the links on the way are followed once."""
        key = (shown.who, shown.path, *shown.through)
        if key not in self._paths:
            self._paths[key] = self._follow(shown) if shown.through else shown.path
        return self._paths[key] + shown.then

    def _follow(self, shown: Shown) -> str:
        self._page.context.clear_cookies()
        self._page.context.add_cookies(self.cookies_of(shown.who))
        self._page.goto(f"/en{shown.path}")
        for selector in shown.through:
            href = self._page.locator("main").locator(selector).first.get_attribute("href")
            self._page.goto(str(href))
        return self._page.url.removeprefix(f"{self._demo.address}/en")


def demo_person(who: str) -> Callable[[Page, Demo], None]:
    """As by the button on the demo's first page, which names only some people."""

    def enter(page: Page, demo: Demo) -> None:
        page.goto("/en/demo/")
        button = page.locator("[data-role] form").first
        button.evaluate("(form, path) => { form.action = path }", f"/en/demo/people/{demo.person(who)}")
        follow(button.locator("button"))

    return enter


def reads(page: Page, _demo: Demo) -> None:
    """Knows what the exit button does."""
    page.goto(f"{CALL}?known=exit")


def left(page: Page, _demo: Demo) -> None:
    page.request.get("/en/leave", max_redirects=0)


def fits(page: Page, _demo: Demo) -> None:
    page.goto(f"{CALL}/check?known=exit")
    take_the_check(page)


def fits_with_a_group(page: Page, demo: Demo) -> None:
    demo_person("Saffron Stairs")(page, demo)
    fits(page, demo)


def waits_for_a_code(page: Page, _demo: Demo) -> None:
    page.goto("/en/sign-in")
    send(email="waits@example.org")(page)


def is_new(page: Page, _demo: Demo) -> None:
    page.goto("/en/sign-in")
    sign_in(page, page.context.new_page(), "new@example.org", "en")


def has_a_passphrase(page: Page, demo: Demo) -> None:
    """Staff whose changing code comes next."""
    page.goto("/en/staff/set-up")
    send(email="walk@example.org", set_up_code=demo.staff_code("walk@example.org"), passphrase=PASSPHRASE)(
        page
    )
    page.goto("/en/staff/sign-in")
    send(email="walk@example.org", passphrase=PASSPHRASE)(page)


VISITORS: dict[str, Callable[[Page, Demo], None]] = {
    "a reader": reads,
    "somebody who left": left,
    "somebody who fits": fits,
    "somebody with a group who fits": fits_with_a_group,
    "somebody with a code on its way": waits_for_a_code,
    "somebody new": is_new,
    "staff with a passphrase": has_a_passphrase,
}
