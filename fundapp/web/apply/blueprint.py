"""What all pages of this area share."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import Blueprint, g

from fundapp.clock import utcnow
from fundapp.web.posted_save import new_once, posted_once, posted_rev

__all__ = ["arrived_at", "bp", "new_once", "posted_once", "posted_rev"]

bp = Blueprint("apply", __name__)


@bp.before_request
def note_arrival() -> None:
    """A deadline is kept or missed when the request comes in, not when it gets its turn."""
    g.arrived_at = utcnow()


def arrived_at() -> datetime:
    return cast(datetime, g.arrived_at)
