"""Lists in pages of fifty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.web.api.blueprint import Asked
from fundapp.web.api.schemas import PAGE_SIZE


@dataclass(frozen=True)
class Page:
    items: Sequence[object]
    page: int
    pages: int
    total: int


def page_of_list(found: Sequence[object], asked: Asked) -> Page:
    """A page after the last one is empty, so that a program which counts up comes to an end."""
    page = asked["page"]
    return Page(
        items=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        page=page,
        pages=max(1, -(-len(found) // PAGE_SIZE)),
        total=len(found),
    )
