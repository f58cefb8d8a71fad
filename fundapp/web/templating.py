"""What every template can use: texts, dates, money, directions, and the frame around the page."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.numbers import format_percent
from flask import Flask, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.local import LocalProxy

from forms.i18n import _, current_language, translate, translate_plural
from forms.languages import LANGUAGES, text_direction
from forms.localized import LocalizedText
from forms.money import format_money, money_in_text
from fundapp.moments import end_of_day, show_date, show_time, show_utc
from fundapp.settings import Settings
from fundapp.web.language import first_page, language_links
from fundapp.web.posted_save import this_showing

STYLESHEETS = ("style", "staff", "bars", "paper")  # for every page; what some pages add
STAFF_AREAS = ("fund_", "panel", "codesign", "demo")
STAFF_PAGES = ("account.staff_sign_in", "account.staff_code", "account.staff_set_up")


def read_stylesheets(app: Flask) -> dict[str, str]:
    """Without comments and needless white space; the security headers allow exactly these texts."""
    folder = Path(str(app.static_folder))
    return {name: as_sent((folder / f"{name}.css").read_text(encoding="utf-8")) for name in STYLESHEETS}


def as_sent(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css))
    return re.sub(r"(?<=[{;])([\w-]+): ", r"\1:", css).replace(";}", "}").strip()


def show_percent(value: Decimal | float) -> str:
    return format_percent(value, locale=current_language().locale)


def show_money(amount: Decimal | None) -> str:
    return "" if amount is None else format_money(amount)


def show_money_in_text(amount: Decimal | None) -> str:
    return "" if amount is None else money_in_text(amount)


def isolated(text: str) -> str:
    """What somebody typed, inside a sentence: it keeps its own direction."""
    return f"\u2068{text}\u2069"


def sums_in_order(text: str) -> str:
    """Behind an Arabic letter a browser puts the pound sign on the other side of its number."""
    if isinstance(text, Markup) or text_direction(text) == "ltr":
        return text
    return re.sub(r"£\d[\d,.]*(?<=\d)", "\u2066\\g<0>\u2069", str(text))


def in_own_direction(text: str) -> Markup:
    """What somebody typed, as the words of a choice or a field."""
    return Markup('<bdi dir="{}">{}</bdi>').format(text_direction(text), text)


def show_text(text: LocalizedText | None) -> str:
    return text.in_language(current_language().code) if text else ""


def init_templating(app: Flask, settings: Settings, stylesheets: dict[str, str]) -> None:
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals |= {
        "_": translate,
        "ngettext": translate_plural,
        "current_user": current_user,  # a proxy: nobody is looked up before it is used
        "stylesheets": {name: Markup(each) for name, each in stylesheets.items()},  # noqa: S704 - our own files
        "own_names": {code: language.own_name for code, language in LANGUAGES.items()},
        "service_name": settings.service_name,
        "service_contact": _contact(settings),
        "leave_url": settings.leave_url,
        "nav_links": LocalProxy(_nav_links),
        "sign_out_url": LocalProxy(_sign_out_url),
        "this_showing": this_showing,
    }
    env.filters |= {
        "money": show_money,
        "money_in_text": show_money_in_text,
        "date": show_date,
        "datetime": show_time,
        "utc": show_utc,
        "end_of_day": end_of_day,
        "percent": show_percent,
        "direction": text_direction,
        "isolated": isolated,
        "sums": sums_in_order,
        "text": show_text,
    }

    @app.context_processor
    def frame() -> dict[str, Any]:
        """Nothing here asks the database: error pages are made of it too."""
        language = current_language()
        area = (request.endpoint or "").partition(".")[0]
        return {
            "language": language.code,
            "page_direction": language.direction,
            "language_links": language_links(),
            "home_url": first_page(language.code),
            "exit_link": not area.startswith(STAFF_AREAS) and request.endpoint not in STAFF_PAGES,
        }


def _contact(settings: Settings) -> dict[str, str] | None:
    contact = {
        "name": settings.contact_name,
        "phone": settings.contact_phone,
        "email": settings.contact_email,
    }
    return contact if any(contact.values()) else None


def _nav_links() -> list[dict[str, object]]:
    if not current_user.is_authenticated:
        pages = {"account.sign_in": _("Sign in")}
    else:
        pages = {"account.home": _("My work")}
    return [
        {"url": url_for(endpoint), "label": label, "current": request.endpoint == endpoint}
        for endpoint, label in pages.items()
    ]


def _sign_out_url() -> str:
    return url_for("account.sign_out") if current_user.is_authenticated else ""
