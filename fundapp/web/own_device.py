"""What only a device that nobody else uses may do: keep the pages of a draft while there is no line."""

from __future__ import annotations

from flask import Flask, Response, g

from fundapp.web.sessions import our_session


def is_own_device() -> bool:
    """As the person said when signing in; nobody is asked to prove it, and "shared" is where it starts."""
    opened = our_session().load()
    return opened is not None and opened.user_id is not None and not opened.is_shared_device


def may_be_kept() -> None:
    """The page of this request is one of a draft: a phone where that was switched on may keep it."""
    g.works_offline = is_own_device()


def init_own_device(app: Flask) -> None:
    app.jinja_env.globals["is_own_device"] = is_own_device

    @app.after_request
    def say_so(response: Response) -> Response:
        if g.get("works_offline") and response.status_code == 200:
            response.headers["X-Offline"] = "yes"
        return response
