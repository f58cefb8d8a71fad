"""What every form that saves an answer sends with it: the save it saw, and its own token."""

from __future__ import annotations

import secrets

from flask import request

from fundapp.web.binding import is_posted

LARGEST_REV = 2**31


def new_once() -> str:
    """Marks one showing of a form, so that sending it again changes nothing again."""
    return secrets.token_urlsafe(16)


def posted_once() -> str:
    return request.form.get("once", "")[:64] or new_once()


def this_showing() -> str:
    """A page that comes back with errors goes on being the one that was posted."""
    return posted_once() if is_posted() else new_once()


def posted_rev() -> int:
    return read_rev(request.form.get("rev", ""))


def posted_version() -> int | None:
    """Of the row, as the page showed it; None where the page did not say."""
    sent = request.form.get("version")
    return None if sent is None else read_rev(sent)


def read_rev(text: str) -> int:
    """The save that the writer saw; -1 (never current) when it cannot be read."""
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        return -1
    return min(int(text), LARGEST_REV)
