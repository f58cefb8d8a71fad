"""The blueprint of the public pages; the views register themselves on it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("public", __name__)
