"""Pages that load themselves anew, for readers who asked for it. No script is needed."""

from __future__ import annotations

from flask import Response, make_response, request

SECONDS = 15


def is_live() -> bool:
    """Nobody's page moves by itself before they choose it, and they can stop it again."""
    return "live" in request.args


def live(page: str) -> Response:
    response = make_response(page)
    if is_live():
        response.headers["Refresh"] = str(SECONDS)
    return response
