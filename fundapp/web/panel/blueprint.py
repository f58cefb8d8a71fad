"""What all pages of this area share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("panel", __name__)
ADDRESS = "/readings/<uuid:assignment_id>"
