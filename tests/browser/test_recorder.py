"""Answering by voice in Chromium with a microphone that beeps: a lost line, the keyboard, no script."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import av
import pytest
from playwright.sync_api import Page, Route, expect

from fundapp.demo.sound import sound
from tests.browser.conftest import PHONE, SMALL_PHONE, Demo
from tests.browser.journey import follow
from tests.browser.page_people import demo_person
from tests.browser.test_keyboard import tab_to

ANSWERED = "This question is answered"
# A recording of two seconds is sent like one of minutes.
SMALL_PIECES = """() => {
    const slice = Blob.prototype.slice;
    Blob.prototype.slice = function (from) { return slice.call(this, from, from + 500); };
}"""
RECORDED = """async () => {
    const bytes = new Uint8Array(await document.forms.media.file.files[0].arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
}"""
FILES = """SELECT stored_file.status, size_bytes, storage_key FROM stored_file
    JOIN answer_media ON file_id = stored_file.id JOIN answer ON answer.id = answer_id
    JOIN application ON application.id = application_id
    JOIN organisation ON organisation.id = application.organisation_id
    WHERE organisation.name = ? AND question_key = ?"""
BYTES = """SELECT count(*), coalesce(sum(size_bytes), 0) FROM stored_file
    JOIN organisation ON organisation.id = organisation_id WHERE organisation.name = ?"""


def open_media(page: Page, demo: Demo, group: str, key: str) -> None:
    """By the links a person follows."""
    demo_person(group)(page, demo)
    follow(page.locator("li").filter(has_text="DGF-2027").locator("a[href*='/applications/']"))
    page.goto(f"{page.url}/questions/{key}")
    follow(page.get_by_role("link", name="Answer by voice, video or sign language"))


def status(page: Page) -> str:
    return page.locator("output[name=say]").inner_text()


def say(page: Page, words: str) -> None:
    expect(page.locator("output[name=say]")).to_contain_text(words)


@pytest.mark.slow
def test_recording_survives_a_line_that_is_lost_in_the_middle(
    browse: Callable[..., Page], demo: Demo
) -> None:
    page, pieces = browse(PHONE), []
    open_media(page, demo, "Kites over Kilburn", "S1")

    def on_a_weak_line(route: Route) -> None:
        """The second piece never arrives; of the third the answer is lost."""
        pieces.append(route.request.url)
        if len(pieces) == 2:
            route.abort("internetdisconnected")
        elif len(pieces) == 3:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/media/pieces?*", on_a_weak_line)
    page.evaluate(SMALL_PIECES)
    page.locator("[name=go]").click()
    say(page, "Recording.")
    page.wait_for_timeout(2_000)
    page.locator("[name=go]").click()
    say(page, "Recorded.")
    expect(page.locator("form[name=media] video")).to_be_visible()
    said = base64.b64decode(page.evaluate(RECORDED))
    page.locator("[name=send]").click()
    say(page, "The line is lost.")

    expect(page.get_by_text(ANSWERED)).to_be_visible(timeout=20_000)

    ((state, kept, key),) = demo.ask(FILES, "Kites over Kilburn", "S1")
    stored = (demo.folder / "files" / key).read_bytes()
    assert demo.ask(BYTES, "Kites over Kilburn") == [(1, kept)]
    assert len(pieces) >= 4
    assert sound_in(stored) == sound_in(said)
    if state == "quarantined":
        assert stored == said


def sound_in(recording: bytes) -> list[bytes]:
    """What was said, packet by packet: a recording that was checked has another wrapping."""
    with av.open(io.BytesIO(recording)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def test_recorder_by_keyboard_alone_pauses_deletes_and_records_again(
    browse: Callable[..., Page], demo: Demo
) -> None:
    page = browse(PHONE)
    open_media(page, demo, "Lantern Row Legal Help", "S1")

    tab_to(page, "[name=go]")
    page.keyboard.press("Enter")
    say(page, "Recording.")
    expect(page.locator("output[name=clock]")).to_have_text("01:59")
    tab_to(page, "[name=hold]")
    page.keyboard.press("Space")
    say(page, "Recording is paused.")
    page.keyboard.press("Space")
    say(page, "Recording.")
    tab_to(page, "[name=go]")
    page.keyboard.press("Enter")
    say(page, "Recorded.")
    tab_to(page, "[name=drop]")
    page.keyboard.press("Enter")
    say(page, "The recording is deleted.")
    assert page.evaluate("document.forms.media.file.files.length") == 0
    tab_to(page, "[name=go]")
    page.keyboard.press("Enter")
    say(page, "Recording.")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    say(page, "Recorded.")
    tab_to(page, "[name=send]")
    page.keyboard.press("Enter")

    expect(page.get_by_text(ANSWERED)).to_be_visible()
    assert len(demo.ask(FILES, "Lantern Row Legal Help", "S1")) == 1


def test_file_is_sent_without_script(browse: Callable[..., Page], demo: Demo) -> None:
    page = browse(SMALL_PHONE, script=False)
    demo_script = browse(PHONE)
    demo_person("Kites over Kilburn")(demo_script, demo)
    page.context.add_cookies(demo_script.context.cookies())
    page.goto("/en/home")
    follow(page.locator("li").filter(has_text="DGF-2027").locator("a[href*='/applications/']"))
    page.goto(f"{page.url}/questions/S2/media")
    assert not page.locator("[name=go]").is_visible()

    follow(page.locator("[name=send]"))
    assert "We got no file, or an empty one." in page.locator(".error").inner_text()
    voice = {"name": "voice.m4a", "mimeType": "audio/mp4", "buffer": sound("mp4")}
    page.set_input_files("input[type=file]", [voice])
    follow(page.locator("[name=send]"))

    assert ANSWERED in page.locator("main").inner_text()
    assert len(demo.ask(FILES, "Kites over Kilburn", "S2")) == 1


def test_file_that_is_no_recording_is_refused_by_the_script_in_words(
    browse: Callable[..., Page], demo: Demo
) -> None:
    page = browse(PHONE)
    open_media(page, demo, "Lantern Row Legal Help", "S2")
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a letter"}
    page.set_input_files("input[type=file]", [letter])

    page.locator("[name=send]").click()

    say(page, "This kind of file does not fit here.")
    voice = {"name": "voice.webm", "mimeType": "audio/webm", "buffer": sound()}
    page.set_input_files("input[type=file]", [voice])
    page.locator("[name=send]").click()
    expect(page.get_by_text(ANSWERED)).to_be_visible()


def test_without_a_microphone_it_says_what_to_do(browse: Callable[..., Page], demo: Demo) -> None:
    page = browse(PHONE)
    open_media(page, demo, "Lantern Row Legal Help", "S2")
    page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')) }")

    page.locator("[name=go]").click()

    say(page, "We cannot use the microphone.")
    assert status(page).endswith("or choose a file.")
