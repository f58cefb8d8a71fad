"""What a walk does with the form of a page before it looks at the answer."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Response

FORM = "main form:not([action$='/sign-out'])"
FIRST = "first"  # the first text field, whatever its name


def submit(page: Page) -> Response:
    """By the first button that sends, as Enter in a field does; the answer to the form itself."""
    with page.expect_navigation() as navigation:
        page.locator(f"{FORM} button:not([type=button])").first.click()
    answer = navigation.value
    assert answer is not None
    return answer


def send(**typed: str) -> Callable[[Page], Response]:
    """Type this, or nothing, and send."""

    def act(page: Page) -> Response:
        for name, text in typed.items():
            put(page, name, text)
        return submit(page)

    return act


def send_form(action: str) -> Callable[[Page], Response]:
    """One of several forms, empty as it is; `action` is how its address ends."""

    def act(page: Page) -> Response:
        with page.expect_navigation() as navigation:
            page.locator(f"main form[action$='{action}'] button").first.click()
        answer = navigation.value
        assert answer is not None
        return answer

    return act


def send_form_with(name: str) -> Callable[[Page], Response]:
    """The one of several forms that has this field, empty as it is."""

    def act(page: Page) -> Response:
        with page.expect_navigation() as navigation:
            page.locator(f"main form:has([name='{name}']) button").first.click()
        answer = navigation.value
        assert answer is not None
        return answer

    return act


def put(page: Page, name: str, text: str) -> None:
    where = page.locator(f"{FORM} input[type=text]" if name == FIRST else f"{FORM} [name='{name}']").first
    if where.get_attribute("type") == "hidden":
        where.evaluate("(field, text) => { field.value = text }", text)
    else:
        where.fill(text)


def send_unchosen(name: str) -> Callable[[Page], Response]:
    """Without the choice that the page made before anybody looked."""

    def act(page: Page) -> Response:
        chosen = page.locator(f"{FORM} [name='{name}']")
        chosen.evaluate_all("options => options.forEach(option => { option.checked = false })")
        return submit(page)

    return act


def send_with_old_token(name: str) -> Callable[[Page], Response]:
    """As after a night: the token belongs to a session that is no more."""
    return send(**{name: "Typed! نكتب", "csrf_token": "old"})


def send_unsigned(name: str) -> Callable[[Page], Response]:
    """As when the sign-in ran out while somebody was writing."""

    def act(page: Page) -> Response:
        put(page, name, "Typed! نكتب")
        page.context.clear_cookies()
        return submit(page)

    return act


def send_by_the_browser(page: Page) -> Response:
    """As without script, where a script would send it otherwise."""
    with page.expect_navigation() as navigation:
        page.locator(FORM).last.evaluate("form => form.submit()")
    answer = navigation.value
    assert answer is not None
    return answer
