"""Leaving fast, and what we say about safety, accessibility and privacy."""

from __future__ import annotations

from flask import current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from fundapp.settings import Settings
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.sessions import our_session


@bp.get("/leave")
@public("somebody who must leave at once is not asked anything")
def leave() -> ResponseReturnValue:
    """A plain link, so it ends the session although it is a GET; nothing that was written is changed."""
    settings: Settings = current_app.config["SETTINGS"]
    our_session().end()
    response = redirect(settings.leave_url, 302)
    response.headers["Clear-Site-Data"] = (
        '"cookies", "storage"'  # "cache" can take seconds; nothing is cached
    )
    return response


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
