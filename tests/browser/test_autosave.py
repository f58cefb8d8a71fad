"""What the page says about saving is true: with a line, without one, signed out, in two windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from forms.words import word_count
from tests.browser.journey import enter_as, follow

QUESTION = "Q2"
TEXTS = [
    "We are a women's well-being group – 12 of us, 3.5 days; e-mail: a@b.org!",
    "نحن مجموعة من النساء، ونعمل في هاكني منذ ٢٠١٩ — معًا.",
    "ሰላም፡ለዓለም፡ሁሉ። እኛ፤ሴቶች፥ነን፧",
    "ንሕና ጉጅለ ደቂ ኣንስትዮ ኢና፤ ኣብ ለንደን።",
    "我们帮助妇女。我们在伦敦工作，每星期三次！",
    "我们的group在London,2027年 三つの言葉 カタカナ・ひらがな",
    "می‌خواهم بروم\ufeffما\u00a0هم\u2028آنجا\u3000و",
    "👩🏽‍🤝‍👩🏻 two 👍 🇪🇷 flags 1️⃣ … — !!!",
    "𠀀𠀁𠀂 x𐐷y\tÉte\u0301 ½ Ⅷ ２０２７",
    "",
]


def open_question(page: Page) -> str:
    enter_as(page, "applicant", "en")
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    application = page.url
    page.goto(f"{application}/questions/{QUESTION}")
    return application


def stored(page: Page, application: str) -> Any:
    answers = page.request.get(f"{application}/copy.json").json()["answers"]
    return next((each["answer"] for each in answers if each["question"] == QUESTION), None)


@pytest.fixture
def writing(browse: Callable[..., Page]) -> tuple[Page, str]:
    page = browse()
    page.clock.install()
    return page, open_question(page)


def wait(page: Page, seconds: int) -> None:
    page.clock.fast_forward(seconds * 1000)


def test_line_lost_in_mid_answer_is_said_and_the_text_saved_when_it_is_back(
    writing: tuple[Page, str],
) -> None:
    page, application = writing
    status = page.locator("[data-autosave-status]")
    page.fill("textarea", "Before the line was lost")
    expect(status).to_have_text("Not saved yet.")
    wait(page, 5)
    expect(status).to_have_text("Saved.")

    page.context.set_offline(True)
    page.fill("textarea", "Before the line was lost, and after")
    wait(page, 5)
    expect(status).to_contain_text("no line")
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save and go on").click()
    expect(page.locator("textarea")).to_have_value("Before the line was lost, and after")
    expect(status).to_contain_text("no line")

    page.context.set_offline(False)
    expect(status).to_have_text("Saved.")
    assert stored(page, application) == "Before the line was lost, and after"
    follow(page.get_by_role("button", name="Save and go on"))
    assert stored(page, application) == "Before the line was lost, and after"


def test_service_that_stumbles_is_asked_again_without_a_press(writing: tuple[Page, str]) -> None:
    page, application = writing
    status, words = page.locator("[data-autosave-status]"), "Not saved yet: the service takes nothing."
    answers = iter([503, 507])

    def stumble(route: Any) -> None:
        code = next(answers, None)
        route.continue_() if code is None else route.fulfill(
            status=code, json={"error": code, "say": f"{words} {code}"}
        )

    page.route("**/autosave", stumble)
    page.fill("textarea", "Sent three times, stored once")
    for code in (503, 507):
        wait(page, 10)
        expect(status).to_have_text(f"{words} {code}")
    wait(page, 10)
    expect(status).to_have_text("Saved.")
    assert stored(page, application) == "Sent three times, stored once"


def test_signed_out_while_writing_says_what_to_do_and_brings_the_text_back(writing: tuple[Page, str]) -> None:
    page, application = writing
    page.fill("textarea", "Written while the session ended elsewhere")
    page.context.clear_cookies()
    wait(page, 5)
    expect(page.locator("[data-autosave-status]")).to_contain_text("You were signed out. Press Save")

    follow(page.get_by_role("button", name="Save and go on"))
    expect(page.locator("h1")).to_have_text("Please sign in")
    assert "waits for you for 24 hours" in page.locator("main").inner_text()
    enter_as(page, "applicant", "en")
    page.goto(f"{application}/questions/{QUESTION}")

    expect(page.locator("textarea")).to_have_value("Written while the session ended elsewhere")
    expect(page.locator(".notice.warn")).to_contain_text("Not saved yet")
    follow(page.get_by_role("button", name="Save and go on"))
    assert stored(page, application) == "Written while the session ended elsewhere"


def test_two_tabs_see_both_texts_and_none_is_written_over(writing: tuple[Page, str]) -> None:
    page, application = writing
    other = page.context.new_page()
    other.clock.install()
    other.goto(page.url)
    page.fill("textarea", "Text of the first tab")
    wait(page, 5)
    expect(page.locator("[data-autosave-status]")).to_have_text("Saved.")

    other.fill("textarea", "Text of the second tab")
    wait(other, 5)
    expect(other.locator("[data-autosave-status]")).to_contain_text("Press Save: you see both")
    assert stored(page, application) == "Text of the first tab"
    follow(other.get_by_role("button", name="Save and go on"))

    assert "Text of the first tab" in other.locator("main").inner_text()
    expect(other.locator("textarea")).to_have_value("Text of the second tab")
    follow(other.get_by_role("button", name="Save my text"))
    assert stored(page, application) == "Text of the second tab"


def test_browser_and_server_count_the_same_words(writing: tuple[Page, str]) -> None:
    page, _application = writing
    counted = {}
    for text in TEXTS:
        page.fill("textarea", text)
        wait(page, 1)
        line = page.locator("[data-count-for]").inner_text()
        counted[text] = int(line.split()[0])

    assert counted == {text: word_count(text) for text in TEXTS}
