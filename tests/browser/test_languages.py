"""Four languages, two directions: a page keeps its place, and names keep their marks."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import SMALL_PHONE, Demo
from tests.browser.journey import enter_as, follow, take_the_check

OWN_NAMES = {"en": "English", "es": "Español", "ar": "العربية", "uk": "Українська"}
# For each place where the name is seen: does its last letter stand after its first, as in English?
MARK = """name => {
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const at = (node, start) => {
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, start + 1);
        return range.getBoundingClientRect().x;
    };
    const found = [];
    while (walk.nextNode()) {
        const node = walk.currentNode, start = node.data.indexOf(name);
        if (start >= 0 && node.parentElement.checkVisibility())
            found.push(at(node, start) < at(node, start + name.length - 1));
    }
    return found;
}"""


def test_switching_the_language_keeps_the_page(browse: Callable[..., Page], demo: Demo) -> None:
    page = browse(SMALL_PHONE)
    enter_as(page, "applicant", "en")
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    application = page.url.removeprefix(f"{demo.address}/en")

    seen = []
    for language in ("ar", "uk", "es", "en"):
        follow(page.locator(f".languages a[hreflang={language}]"))
        seen.append(
            (page.url.removeprefix(demo.address), page.locator(".languages [aria-current]").inner_text())
        )

    assert seen == [(f"/{code}{application}", OWN_NAMES[code]) for code in ("ar", "uk", "es", "en")]


def test_every_language_is_named_in_its_own_words_and_script(browse: Callable[..., Page]) -> None:
    page = browse(SMALL_PHONE)
    page.goto("/ar/")

    links = page.eval_on_selector_all(
        ".languages a", "links => links.map(link => [link.lang, link.innerText, link.dir])"
    )

    assert links == [[code, name, "rtl" if code == "ar" else "ltr"] for code, name in OWN_NAMES.items()]


def test_what_ends_with_a_mark_keeps_it_at_its_own_end_in_arabic(browse: Callable[..., Page]) -> None:
    page = browse(SMALL_PHONE)
    page.goto("/ar/demo/")
    follow(page.locator("[data-role=applicant] button").nth(2))
    page.goto("/ar/calls/DGF-2027/check")
    take_the_check(page)
    page.goto("/ar/calls/DGF-2027/start")
    page.locator("[name=group][value=new]").or_(page.locator("[name=name]")).first.wait_for()
    if page.locator("[name=group][value=new]").count():
        page.check("[name=group][value=new]")
        page.locator("main form details summary").click()
    page.fill("[name=name]", "Circle!")
    page.select_option("[name=legal_form]", "unconstituted")
    page.select_option("[name=borough]", "Newham")
    page.check("[name=migrant_led][value=yes]")
    follow(page.locator("main form button"))

    page.goto("/ar/home")
    mine = page.locator("main li").filter(has_text="Circle!").locator("a[href*='/applications/']").first
    application = str(mine.get_attribute("href"))
    for words in ("Our Circle!", "We are a Circle!"):
        page.goto(f"{application}/questions/S1")
        page.fill("[name=S1]", words)
        follow(page.locator("main form button").first)
    page.goto(f"{application}/messages")
    page.fill("[name=text]", "We have a new name: Circle!")
    follow(page.locator("main form button").first)
    page.goto("/ar/home")
    people = page.locator("main li").filter(has_text="Circle!").locator("a[href$='/people']")
    of_the_group = str(people.get_attribute("href"))

    pages = {
        path: page.goto(path) and page.evaluate(MARK, "Circle!")
        for path in (
            application,
            "/ar/home",
            f"{application}/messages",
            f"{application}/questions/S1/history",
            f"{application}/check",
            of_the_group,
        )
    }

    assert {path: (bool(found), all(found)) for path, found in pages.items()} == dict.fromkeys(
        pages, (True, True)
    )
