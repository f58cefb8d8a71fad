"""What all pages of this area share."""

from __future__ import annotations

from flask import Blueprint
from markupsafe import Markup

bp = Blueprint("panel", __name__)
ADDRESS = "/readings/<uuid:assignment_id>"


def isolated(name: str) -> Markup:
    """A group's name as a choice, with a direction of its own."""
    return Markup("<bdi>{}</bdi>").format(name)
