"""Scripts as they are sent: without the comments, which are for us and not for somebody's paid data."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request

_COMMENTS = re.compile(r"^\s*(?:/\*.*?\*/|//[^\n]*)\s*\n", re.MULTILINE | re.DOTALL)
_EDGES = re.compile(r"^\s+|[ \t]+//\s[^\n'\"`]*$", re.MULTILINE)


class Site(Flask):
    """Flask, but for how it sends scripts."""

    def send_static_file(self, filename: str) -> Response:
        response = super().send_static_file(filename)
        return script(filename, response) if filename.endswith(".js") else response


def script(filename: str, found: Response | None = None) -> Response:
    """One of our own scripts; asked for again, it costs a browser that has it nearly nothing."""
    path = Path(str(current_app.static_folder)) / filename
    if found is not None:
        found.close()
    response = Response(_read(path), mimetype="text/javascript")
    if found is not None and (kept := found.headers.get("Cache-Control")):
        response.headers["Cache-Control"] = kept
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _read(path: Path) -> str:
    return script_as_sent(path.read_text(encoding="utf-8"))


def script_as_sent(text: str) -> str:
    """Comments that stand on lines of their own or at the end of one go, and so does the indentation."""
    return _EDGES.sub("", _COMMENTS.sub("", text)).strip() + "\n"
