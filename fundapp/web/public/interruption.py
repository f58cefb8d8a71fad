"""Once per session, before the first page of a sensitive call: what the exit button can do and cannot do."""

from __future__ import annotations

import functools
from collections.abc import Callable
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import get_call_in_codesign
from fundapp.web.sessions import KNOWS_EXIT, our_session

CodeView = Callable[..., ResponseReturnValue]
KNOWN = ("known", "exit")  # in the address: read without cookies too


def exit_explained(view: CodeView) -> CodeView:
    """A reader of a sensitive call sees the interruption page at this address first.

    What does not ask for a page of HTML by name, or says that it is a robot, reads on.
    """

    @functools.wraps(view)
    def explained(code: str, **arguments: object) -> ResponseReturnValue:
        if request.args.get(KNOWN[0]) == KNOWN[1]:
            our_session()[KNOWS_EXIT] = True
        elif _is_reader() and not our_session().get(KNOWS_EXIT) and _is_sensitive(code):
            query = [*request.args.items(multi=True), KNOWN]
            return render_template("public/interruption.html", go_on=f"{request.path}?{urlencode(query)}")
        return view(code=code, **arguments)

    return explained


def _is_reader() -> bool:
    is_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    return is_page and "bot" not in request.headers.get("User-Agent", "").lower()


def _is_sensitive(code: str) -> bool:
    return definition_of(current_version(get_call_in_codesign(code))).is_sensitive
