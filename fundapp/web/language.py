"""The language stands in the address, so that a shared link keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter, ValidationError

from forms.i18n import activate, current_language, set_language
from forms.languages import LANGUAGES, find_language
from forms.localized import LocalizedText
from fundapp.web.access import public
from fundapp.web.paths import INTERFACE_LANGUAGES
from fundapp.web.sessions import find_signed_in_user

ARGUMENT = "lang"
PREFIX = f"/<{ARGUMENT}:{ARGUMENT}>"

bp = Blueprint("front", __name__)


class LanguageConverter(BaseConverter):
    """Matches languages of the interface only; anything else is no page."""

    regex = "[a-z]{2,3}(?:-[A-Za-z]{2,4})?"

    def to_python(self, value: str) -> str:
        if value not in INTERFACE_LANGUAGES:
            raise ValidationError
        return value


@bp.get("/")
@public("leads to the first page in the reader's language")
def front_door() -> ResponseReturnValue:
    user = find_signed_in_user()
    language = user.language if user and user.language in INTERFACE_LANGUAGES else language_asked_for()
    return redirect(first_page(language))


def language_asked_for() -> str:
    """By the path, else by the browser's own list; English when it offers nothing we have."""
    first = request.path.split("/")[1]
    if first in INTERFACE_LANGUAGES:
        return first
    for tag, _quality in request.accept_languages:
        found = find_language(tag)
        if found and found.code in INTERFACE_LANGUAGES:
            return found.code
    return INTERFACE_LANGUAGES[0]


def first_page(language: str) -> str:
    """Built without the routes: pages about unknown addresses link to it too."""
    return f"/{language}/"


def in_each_language(languages: Iterable[str], words: Callable[[str], str]) -> LocalizedText:
    """Words of ours in those languages that the interface speaks; in English where it speaks none of them."""
    texts = {}
    for code in [each for each in languages if each in INTERFACE_LANGUAGES] or ["en"]:
        with activate(code):
            texts[code] = str(words(code))
    return LocalizedText.of(texts)


def language_links() -> list[dict[str, object]]:
    """The page one is on in the other languages; the first page where it has no address of its own."""
    here = current_language().code
    return [
        {
            "code": code,
            "own_name": LANGUAGES[code].own_name,
            "direction": LANGUAGES[code].direction,
            "current": code == here,
            "url": _this_page_in(code),
        }
        for code in INTERFACE_LANGUAGES
    ]


def _this_page_in(code: str) -> str:
    rule = request.url_rule
    if rule is None or ARGUMENT not in rule.arguments or "GET" not in (rule.methods or ()):
        return first_page(code)
    path = url_for(rule.endpoint, **{**(request.view_args or {}), ARGUMENT: code})
    query = request.query_string.decode("ascii", "ignore") if request.method in ("GET", "HEAD") else ""
    return f"{path}?{query}" if query else path


def init_language(app: Flask) -> None:
    app.url_map.converters[ARGUMENT] = LanguageConverter

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        set_language((values or {}).pop(ARGUMENT, None) or language_asked_for())

    @app.url_defaults
    def add_language(endpoint: str, values: dict[str, Any]) -> None:
        if ARGUMENT not in values and app.url_map.is_endpoint_expecting(endpoint, ARGUMENT):
            values[ARGUMENT] = current_language().code
