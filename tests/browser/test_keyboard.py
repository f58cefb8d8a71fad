"""Everything can be done with the keyboard alone, and one sees where one is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import LAPTOP, PHONE, Demo
from tests.browser.focus import faults_of_focus
from tests.browser.journey import code_of_invitation, enter_as, follow, open_work, sign_in
from tests.browser.page_people import demo_person


def tab_to(page: Page, selector: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def open_question(page: Page) -> None:
    enter_as(page, "applicant", "en")
    follow(page.locator("main .tasks a[href*='/applications/']").first)
    follow(page.locator("main a[href*='/questions/']").first)


def open_criterion(page: Page) -> None:
    enter_as(page, "panel", "en")
    open_work(page, "panels", "DGF-GIRLS")
    follow(page.locator("tr").filter(has_text="Not started").locator("a").first)
    follow(page.locator("main a[href*='/criteria/']").first)


@pytest.mark.parametrize("opening", [open_question, open_criterion])
def test_focus_goes_in_the_order_of_the_page_and_is_always_seen(
    browse: Callable[..., Page], opening: Callable[[Page], None]
) -> None:
    page = browse(PHONE)
    opening(page)

    assert faults_of_focus(page) == []


@pytest.mark.parametrize("path", ["/en/", "/ar/calls/DGF-2027", "/en/calls/DGF-2027/check/E1"])
def test_first_stop_skips_to_the_page_and_the_second_leaves_it(
    browse: Callable[..., Page], path: str
) -> None:
    page = browse(PHONE)
    page.goto(path)

    hrefs = []
    for _ in range(2):
        page.keyboard.press("Tab")
        hrefs.append(page.evaluate("document.activeElement.getAttribute('href')"))

    assert hrefs == ["#main", f"/{path[1:3]}/leave"]


def test_question_is_answered_with_the_keyboard_alone(browse: Callable[..., Page]) -> None:
    page = browse(PHONE)
    open_question(page)
    asked = page.locator("h1").inner_text()

    tab_to(page, "textarea")
    page.keyboard.press("Control+A")
    page.keyboard.type("We sew, and we talk. Nine women decide together.")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")

    page.wait_for_function("asked => document.querySelector('h1').innerText !== asked", arg=asked)
    page.go_back()
    page.reload()
    assert page.locator("textarea").input_value() == "We sew, and we talk. Nine women decide together."


def go_on(page: Page, selector: str) -> None:
    """To the link or button with Tab, and on with Enter."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_helper_is_asked_and_comes_in_with_the_keyboard_alone(
    browse: Callable[..., Page], demo: Demo
) -> None:
    page = browse(PHONE)
    demo_person("Fern and Flint")(page, demo)
    for step in ("main .tasks a[href*='/applications/']", "main a[href$='/help']"):
        go_on(page, step)
    for name, typed in (("name", "Noor"), ("email", "noor.lamps@example.org")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(typed)
    tab_to(page, "[name=kind]")
    page.keyboard.press("Space")
    go_on(page, "main form button:not(.linkish)")
    assert page.locator("main").get_by_text("noor.lamps@example.org").count() > 0

    helper = browse(PHONE)
    helper.goto("/en/sign-in?next=/en/join")
    sign_in(helper, helper.context.new_page(), "noor.lamps@example.org", "en")
    tab_to(helper, "[name=code]")
    helper.keyboard.type(code_of_invitation(helper.context.new_page(), "noor.lamps@example.org", "en"))
    go_on(helper, "main form button")
    assert faults_of_focus(helper) == []
    go_on(helper, "main form button")

    assert helper.locator("h1").inner_text() == "Your application"
    assert helper.locator("main a[href$='/help']").count() == 0


def test_criterion_is_marked_with_the_keyboard_alone(browse: Callable[..., Page]) -> None:
    page = browse(LAPTOP)
    open_criterion(page)
    criterion = page.locator("h1").inner_text()

    tab_to(page, "input[name=level]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "textarea[name=sentence]")
    page.keyboard.type("Women from the community decide most things, and it shows.")
    tab_to(page, "button[name=go][value=next]")
    page.keyboard.press("Enter")

    page.wait_for_function("before => document.querySelector('h1').innerText !== before", arg=criterion)
    page.go_back()
    page.reload()
    assert page.locator("input[name=level]:checked").input_value() == "3"


def test_whole_application_is_scored_and_locked_with_the_keyboard_alone(browse: Callable[..., Page]) -> None:
    """Every control is found by its role and name, as a screen reader says them."""
    page = browse(LAPTOP)
    enter_as(page, "panel", "en")
    open_work(page, "panels", "DGF-GIRLS")
    follow(page.locator("tr").filter(has_text="Not started").locator("a").first)
    sheet = page.url
    go_on(page, "main a[href*='/criteria/']")

    for _ in range(20):
        if "/criteria/" not in page.url:
            break
        assert page.get_by_role("group", name="Which level fits best?").count() == 1
        assert page.get_by_role("textbox", name="Why? One sentence.").count() == 1
        tab_to(page, "input[name=level]")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        tab_to(page, "textarea[name=sentence]")
        page.keyboard.type("They decide together, and one can see how.")
        go_on(page, "button[name=go][value=next]")

    assert page.url == sheet
    tab_to(page, "button[formaction$='/lock']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(sheet)
    assert page.get_by_role("heading", level=1).inner_text().endswith("Locked")


def test_group_is_moved_on_the_board_with_the_keyboard_alone(browse: Callable[..., Page]) -> None:
    page = browse(LAPTOP)
    enter_as(page, "manager", "en")
    open_work(page, "calls", "DGF-HOME")
    follow(page.get_by_role("link", name="Awards", exact=True).first)

    tab_to(page, "tr[id^='a-'] select")
    page.keyboard.type("No award")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/decision")
    tab_to(page, "textarea[name=reason]")
    page.keyboard.type("The group asked us to wait a year.")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/awards**")

    assert "No award" in page.locator("tr[id^='a-']").first.locator("td").nth(4).inner_text()


def test_shift_three_times_leaves_the_page(browse: Callable[..., Page]) -> None:
    page = browse(PHONE)
    page.route("https://**", lambda route: route.fulfill(body="weather"))
    page.goto("/en/calls/DGF-2027")

    with page.expect_request("**/leave"):
        for _ in range(3):
            page.keyboard.press("Shift")
