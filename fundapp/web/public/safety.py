"""Leaving fast, and what we say about safety, accessibility and privacy."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forms.i18n import current_language
from fundapp.settings import Settings
from fundapp.web.access import public
from fundapp.web.kept_words import rows
from fundapp.web.language import first_page
from fundapp.web.public.blueprint import bp
from fundapp.web.sessions import LEFT, our_session


@bp.get("/leave")
@public("somebody who must leave at once is not asked anything")
def leave() -> ResponseReturnValue:
    """A plain link, so it ends the session although it is a GET; nothing that was written is changed."""
    settings: Settings = current_app.config["SETTINGS"]
    our_session().leave()
    response = redirect(settings.leave_url, 302)
    # not "cache": it can take seconds, and nothing is cached; not "cookies": our only one now says "left"
    response.headers["Clear-Site-Data"] = '"storage", "executionContexts"'
    return response


@bp.get("/open-again")
@public("whoever left may come back")
def open_again() -> ResponseReturnValue:
    """Only what was shut is opened: a link to here signs nobody out."""
    settings: Settings = current_app.config["SETTINGS"]
    if request.cookies.get(settings.cookie_name) == LEFT:
        our_session().end()
    return redirect(first_page(current_language().code))


@bp.get("/safety")
@public("help for anybody who is at risk")
def safety_page() -> ResponseReturnValue:
    return render_template("public/safety.html")


@bp.get("/accessibility")
@public("what works for whom")
def accessibility_page() -> ResponseReturnValue:
    return render_template("public/accessibility.html")


@bp.get("/privacy")
@public("what is kept about people")
def privacy_page() -> ResponseReturnValue:
    return render_template("public/privacy.html")


@bp.get("/privacy/how-long")
@public("how long each kind of data is kept")
def how_long_page() -> ResponseReturnValue:
    return render_template("public/how_long.html", kept=rows())
