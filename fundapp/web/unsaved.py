"""A sign-in that ran out between reading a page and sending it: the text waits there for its writer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask, Response, current_app, g, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.services.unsaved_texts import Unsaved, find_unsaved, keep_unsaved
from fundapp.settings import Settings
from fundapp.web.kept_text import MACHINE_FIELDS, kept_fields
from fundapp.web.paths import in_current_language, safe_path, without_language
from fundapp.web.sessions import our_session, writer_in

OLDEST_PAGE_SECONDS = 7 * 24 * 3600
SENT_LATER = "was"  # the token of the page that a browser without a line kept


@dataclass(frozen=True)
class Shown:
    """What a page says about it."""

    unsaved: Unsaved

    @property
    def texts(self) -> list[str]:
        return [value for name, value in self.unsaved.fields if name not in MACHINE_FIELDS and value.strip()]


def init_unsaved(app: Flask) -> None:
    app.jinja_env.globals |= {"unsaved_here": unsaved_here, "unsaved_pages": unsaved_pages}

    @app.after_request
    def forget_what_is_saved(response: Response) -> Response:
        if request.method == "POST" and response.status_code < 400:
            forget_here()
        return response


def keep_for_writer() -> str | None:
    """Keep what was posted for the person the form was made for; returns the page that shows it again.

    None when the form does not say whose it was: its token is missing, forged or too old.
    """
    fields, writer = kept_fields(), writer_of_form()
    if writer is None or not any(name not in MACHINE_FIELDS and value.strip() for name, value in fields):
        return None
    page, secret = page_of_form(), str(current_app.config["SECRET_KEY"])
    unsaved = Unsaved(request.full_path.removesuffix("?"), tuple(fields))
    with unit_of_work():
        is_kept = keep_unsaved(writer, without_language(page), unsaved, secret=secret, now=utcnow())
    return page if is_kept else None


def writer_of_form() -> UUID | None:
    """Whose session made the form, by our own signature on its token."""
    settings: Settings = current_app.config["SETTINGS"]
    signer = URLSafeTimedSerializer(settings.secret_key, salt="wtf-csrf-token")
    token = request.form.get(SENT_LATER, request.form.get("csrf_token"))
    try:
        value = signer.loads(
            request.headers.get("X-CSRFToken", "") if token is None else token, max_age=OLDEST_PAGE_SECONDS
        )
    except BadData:
        return None
    return writer_in(str(value))


def is_sent_later() -> bool:
    """By a phone that kept it while there was no line. It goes on keeping files: they do not wait here."""
    return SENT_LATER in request.form and not request.files


def written_by(user_id: UUID) -> bool:
    """False when a phone sends what somebody else wrote on it, before this person signed in."""
    return request.method != "POST" or SENT_LATER not in request.form or writer_of_form() == user_id


def page_of_form() -> str:
    """The page on which the form stood: browsers send its address with our own forms."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    path = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    if came_from.netloc == request.host and safe_path(path) is not None:
        return path
    can_be_read = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    here = safe_path(request.full_path.removesuffix("?"))
    return here if here and can_be_read else url_for("account.home")


def unsaved_pages() -> list[str]:
    """Pages of the person signed in with text that is not saved, as known when they signed in.

    In the language the person reads now, which may be another than the text was sent in.
    """
    return [in_current_language(page) for page in our_session().get("unsaved", ())]


def unsaved_here() -> Shown | None:
    """For any page: the text to show and to send again. None where the page has taken it into its form."""
    return None if g.get("unsaved_is_taken") else _find_here()


def take_unsaved() -> MultiDict[str, str] | None:
    """For a page that puts the text back into its own form."""
    if (found := _find_here()) is None:
        return None
    g.unsaved_is_taken = True
    return MultiDict(found.unsaved.fields)


def forget_here() -> None:
    our_session().forget_unsaved(without_language(page_of_form()))


def _find_here() -> Shown | None:
    page = without_language(request.full_path.removesuffix("?"))
    if request.method != "GET" or page not in our_session().get("unsaved", ()):
        return None
    user_id = our_session().user_id
    if user_id is None:
        return None
    secret: Any = current_app.config["SECRET_KEY"]
    found = find_unsaved(user_id, page, secret=str(secret), now=utcnow())
    return Shown(replace(found, action=in_current_language(found.action))) if found else None
