"""Writing without a line, on one's own phone and only there: kept, sent once, and nothing of it remains."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fundapp.demo.sound import sound
from tests.browser.conftest import Demo
from tests.browser.journey import enter_as, follow
from tests.browser.test_autosave import QUESTION, stored

WHAT_IS_KEPT = """async () => [
  ...(await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).flat()
    .map((each) => each.url),
  ...(await indexedDB.databases()).map((each) => each.name),
  ...Object.keys(localStorage), ...Object.keys(sessionStorage)]"""
RECORDINGS = """SELECT stored_file.status, original_name FROM stored_file
    JOIN answer_media ON file_id = stored_file.id JOIN answer ON answer.id = answer_id
    WHERE application_id = replace(?, '-', '') AND question_key = ? ORDER BY answer_media.position"""
FILES_BY = """SELECT count(*) FROM stored_file WHERE organisation_id =
    (SELECT organisation_id FROM application WHERE id = replace(?, '-', ''))"""
FIFTY_KILOBYTES = 50 * 1024
RECORDED = "Q3"


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


def choose_and_send(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("#file", [{"name": name, "mimeType": "audio/webm", "buffer": content}])
    follow(page.get_by_role("button", name="Send this recording"))


def test_recordings_of_fifty_kilobytes_outlive_the_closed_tab_and_each_arrives_once(
    phone: tuple[Page, str], demo: Demo
) -> None:
    page, application = phone
    media, number = f"{application}/questions/{RECORDED}/media", application.rpartition("/")[2]
    before = demo.ask(FILES_BY, number)[0][0]
    page.goto(media)
    page.context.set_offline(True)
    for name, seconds in (("first.webm", 24), ("second.webm", 25)):
        recording = sound(seconds=seconds)
        assert len(recording) >= FIFTY_KILOBYTES
        choose_and_send(page, name, recording)
        expect(page.locator("#waits")).to_be_visible()
    assert len(waiting(page)) == 2
    page.close()
    other = page.context.new_page()
    other.goto(media)  # the page is there without a line too
    expect(other.get_by_role("button", name="Send this recording")).to_be_visible()
    assert demo.ask(FILES_BY, number) == [(before,)]

    other.context.set_offline(False)
    for _time in range(3):
        other.goto(application)
        assert sent(other)

    names = [name for _status, name in demo.ask(RECORDINGS, number, RECORDED)]
    assert sorted(names) == ["first.webm", "second.webm"]  # nobody else answers it by voice
    assert demo.ask(FILES_BY, number) == [(before + 2,)]
    other.goto(media)
    expect(other.get_by_text("This question is answered")).to_be_visible()
    assert "refused" not in [status for status, _name in demo.ask(RECORDINGS, number, RECORDED)]


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
