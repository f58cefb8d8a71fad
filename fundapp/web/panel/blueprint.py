"""What all pages of this area share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("panel", __name__)
