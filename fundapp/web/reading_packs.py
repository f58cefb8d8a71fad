"""Packs for readers, the same for the member and for whoever makes one for them."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.panel import PanelSeat
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.models.user import User
from fundapp.queries.papers import find_paper, find_papers, pack_recipe
from fundapp.services.papers import ask_for_pack
from fundapp.web.papers import PDF, ZIP, send_made

PACKS = {
    "normal": (PaperKind.READING_PACK, False),
    "large": (PaperKind.READING_PACK, True),
    "recordings": (PaperKind.READING_RECORDINGS, False),
}


def all_packs(seat: PanelSeat, language: str) -> dict[str, MadePaper | None]:
    """By name, in whatever state they are."""
    recipes = {name: _recipe(seat, name, language) for name in PACKS}
    found = find_papers(list(recipes.values()))
    return {name: found.get(recipe) for name, recipe in recipes.items()}


def ask(seat: PanelSeat, name: str, language: str, *, actor: User) -> None:
    if name in PACKS:
        kind, is_large = PACKS[name]
        with unit_of_work():
            ask_for_pack(seat, kind, language, is_large=is_large, actor=actor, now=utcnow())


def hand_out(seat: PanelSeat, name: str, language: str) -> ResponseReturnValue:
    """Only a pack of exactly what the member may read now; the file says nothing by its name."""
    paper = find_paper(_recipe(seat, name, language)) if name in PACKS else None
    is_zip = name == "recordings"
    return send_made(
        paper, name="reading.zip" if is_zip else "reading.pdf", media_type=ZIP if is_zip else PDF
    )


def _recipe(seat: PanelSeat, name: str, language: str) -> str:
    kind, is_large = PACKS[name]
    return pack_recipe(seat, kind, language, is_large=is_large, now=utcnow())
