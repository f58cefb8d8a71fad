"""What all pages of this area share."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import Blueprint, request

from fundapp.clock import ARRIVED_AT
from fundapp.web.posted_save import new_once, posted_once, posted_rev

__all__ = ["arrived_at", "bp", "new_once", "posted_once", "posted_rev"]

bp = Blueprint("apply", __name__)


def arrived_at() -> datetime:
    """A deadline is kept or missed when a request begins to come in, not when it gets its turn."""
    return cast(datetime, request.environ[ARRIVED_AT])
