"""After "Exit this page" the site stays shut in this browser: Back, Forward, a reopened tab show nothing."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from fundapp.settings import Settings
from fundapp.web.sessions import LEFT

STILL_OPEN = frozenset({"static", "public.leave", "public.open_again", "health.alive", "health.ready"})
SHUT = 403


def init_leaving(app: Flask, settings: Settings) -> None:
    @app.before_request
    def stay_shut() -> ResponseReturnValue | None:
        """The cookie is all that remembers it, until the browser is closed; nothing is stored here."""
        if request.cookies.get(settings.cookie_name) != LEFT or request.endpoint in STILL_OPEN:
            return None
        return render_template("public/shut.html"), SHUT
