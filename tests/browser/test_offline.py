"""Writing without a line, on one's own phone and only there: kept, sent once, and nothing of it remains."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.crawl import enter_as, follow
from tests.browser.test_autosave import QUESTION, stored

WHAT_IS_KEPT = """async () => [
  ...(await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).flat()
    .map((each) => each.url),
  ...(await indexedDB.databases()).map((each) => each.name),
  ...Object.keys(localStorage), ...Object.keys(sessionStorage)]"""
FILE = """async () => {
  const form = await (await (await caches.open("kept")).match("/waiting/of-the-file")).formData();
  return [form.get("file").size, form.get("file").name, form.get("was") !== null];
}"""
SEND_A_FILE = """async (address) => {
  const form = document.createElement("form");
  form.method = "post"; form.enctype = "multipart/form-data"; form.action = address;
  for (const name of ["csrf_token", "once"]) {
    form.append(document.querySelector(`[name=${name}]`).cloneNode());
  }
  const input = Object.assign(document.createElement("input"), { type: "file", name: "file" });
  const files = new DataTransfer();
  files.items.add(new File(["x".repeat(50 * 1024)], "photo.jpg", { type: "image/jpeg" }));
  input.files = files.files;
  form.append(input);
  form.elements.once.value = "of-the-file";
  document.body.append(form);
  form.submit();
}"""


def kept(page: Page) -> list[str]:
    return page.evaluate(WHAT_IS_KEPT)


def waiting(page: Page) -> list[str]:
    return [each for each in kept(page) if "/waiting/" in each]


def sent(page: Page) -> bool:
    """Whether everything that waited went out within five seconds."""
    for _time in range(50):
        if not waiting(page):
            return True
        page.wait_for_timeout(100)
    return False


def enter(page: Page) -> str:
    enter_as(page, "applicant", "en")
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    return page.url


def switch_on(page: Page) -> None:
    page.goto("/en/offline")
    with page.expect_navigation():
        page.get_by_role("button", name="This is my own phone").click()
    expect(page.get_by_role("heading", name="It is switched on for this phone")).to_be_visible()


@pytest.fixture
def phone(browse: Callable[..., Page]) -> tuple[Page, str]:
    """Switched on, with a question open that the phone has seen since."""
    page = browse()
    application = enter(page)
    switch_on(page)
    page.goto(application)
    page.goto(f"{application}/questions/{QUESTION}")
    return page, application


def write_without_line(page: Page, text: str) -> None:
    page.context.set_offline(True)
    page.fill("textarea", text)
    follow(page.get_by_role("button", name="Save and come back later"))


def test_nothing_is_kept_on_a_phone_where_it_was_not_switched_on(browse: Callable[..., Page]) -> None:
    page = browse()
    application = enter(page)
    page.goto(f"{application}/questions/{QUESTION}")
    page.fill("textarea", "Kept nowhere")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save and go on").click()

    expect(page.locator("[data-autosave-status]")).to_contain_text("no line")
    assert kept(page) == []


def test_text_outlives_the_closed_tab_and_is_sent_once(phone: tuple[Page, str]) -> None:
    page, application = phone
    write_without_line(page, "Written in the underground")
    expect(page.locator("#waits")).to_be_visible()
    assert len(waiting(page)) == 1
    page.reload()
    expect(page.locator("textarea")).to_be_visible()  # the page itself is there without a line too
    page.close()
    other = page.context.new_page()
    other.goto(application)
    assert len(waiting(other)) == 1

    other.context.set_offline(False)
    other.goto(application)

    assert sent(other)
    assert stored(other, application) == "Written in the underground"


def test_file_of_fifty_kilobytes_waits_whole(phone: tuple[Page, str]) -> None:
    page, _application = phone
    page.context.set_offline(True)
    with page.expect_navigation():
        page.evaluate(SEND_A_FILE, page.url)

    assert page.evaluate(FILE) == [50 * 1024, "photo.jpg", True]


@pytest.mark.parametrize("way", ["sending", "sign out", "exit", "switch off"])
def test_nothing_remains_after(phone: tuple[Page, str], way: str) -> None:
    page, _application = phone
    write_without_line(page, "Never sent")
    assert kept(page) != []

    if way == "exit":  # it works without a line, and looks like any page that does not load
        page.locator("[data-exit]").click()
        page.wait_for_timeout(300)
        page.context.set_offline(False)
    else:
        page.context.set_offline(False)
        if way == "sending":  # what was sent before shows the same receipt
            page.goto("/en/home")
            follow(page.locator(".tasks li:has-text('DGF-FIRST') a[href*='/applications/']"))
            page.goto(f"{page.url}/receipt")
        elif way == "switch off":
            page.goto("/en/offline")
            follow(page.get_by_role("button", name="Switch it off"))
        else:
            follow(page.get_by_role("button", name="Sign out"))

    other = page.context.new_page()
    other.goto("/en/safety")
    assert kept(other) == []
