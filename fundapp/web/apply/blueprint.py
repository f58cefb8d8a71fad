"""What all pages of this area share."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import cast

from flask import Blueprint, g, request

from fundapp.clock import utcnow

bp = Blueprint("apply", __name__)

LARGEST_REV = 2**31


@bp.before_request
def note_arrival() -> None:
    """A deadline is kept or missed when the request comes in, not when it gets its turn."""
    g.arrived_at = utcnow()


def arrived_at() -> datetime:
    return cast(datetime, g.arrived_at)


def new_once() -> str:
    """Marks one showing of a form, so that sending it again changes nothing again."""
    return secrets.token_urlsafe(16)


def posted_once() -> str:
    return request.form.get("once", "")[:64] or new_once()


def posted_rev() -> int:
    """The save that the writer saw; -1 (never current) when it cannot be read."""
    text = request.form.get("rev", "")
    if not text.isascii() or not text.isdigit() or len(text) > 10:
        return -1
    return min(int(text), LARGEST_REV)
