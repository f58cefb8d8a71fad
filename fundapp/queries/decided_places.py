"""Places in the order that a vote or a draw has given, and the seed behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Ratification
from fundapp.models.call import Call, Round
from fundapp.models.vote import DecidedPlace, Draw
from scoring.lottery import drawn_order


class DrawCode(StrEnum):
    """Why it stands where it stands, where lots were drawn; `PlaceCode` is for votes."""

    DRAWN = "drawn"  # from the draw alone
    ABOVE = "above_draw"
    BELOW = "below_draw"


@dataclass(frozen=True)
class PublicDraw:
    """`seed` and `drawn` only once everybody is told; receipts of those drawn together, in their order."""

    round: Round
    commitment: str
    seed: str | None
    drawn: tuple[tuple[str, ...], ...]


def find_draw(round_id: UUID) -> Draw | None:
    query = sa.select(Draw).where(Draw.round_id == round_id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def is_drawn(round_id: UUID) -> bool:
    """The seed is used: the last step of the vote is counted, or lots were drawn."""
    draw = find_draw(round_id)
    return draw is not None and draw.drawn_at is not None


def list_public_draws(call: Call) -> Sequence[PublicDraw]:
    told = sa.select(Ratification.round_id).where(Ratification.released_at.is_not(None))
    rows = db.session.execute(
        sa.select(Draw, Draw.round_id.in_(told))
        .join(Round, Round.id == Draw.round_id)
        .where(Round.call_id == call.id)
        .order_by(Round.code)
    ).all()
    return [
        PublicDraw(
            draw.round,
            draw.commitment,
            draw.seed if is_told and draw.drawn_at else None,
            _drawn_receipts(draw) if is_told and draw.drawn_at else (),
        )
        for draw, is_told in rows
    ]


def receipts_of(application_ids: Collection[UUID]) -> Mapping[UUID, str]:
    query = sa.select(Application.id, Application.receipt).where(Application.id.in_(list(application_ids)))
    return {key: receipt or "" for key, receipt in db.session.execute(query)}


def list_places(round_id: UUID) -> Sequence[DecidedPlace]:
    """In their order; () while the round has no vote counted and nothing drawn."""
    query = sa.select(DecidedPlace).where(DecidedPlace.round_id == round_id).order_by(DecidedPlace.place)
    return db.session.execute(query.execution_options(populate_existing=True)).scalars().all()


def _drawn_receipts(draw: Draw) -> tuple[tuple[str, ...], ...]:
    """Those that were drawn against each other, together, in the order of their numbers."""
    places = list_places(draw.round_id)
    at = {one.place: one.application_id for one in places}
    groups: dict[int, set[UUID]] = {}
    for one in places:
        if first := drawn_from(one):
            groups.setdefault(first, {at[first]}).add(one.application_id)
    receipts = receipts_of([key for group in groups.values() for key in group])
    seed = bytes.fromhex(draw.seed)
    drawn = (drawn_order(seed, [receipts[key] for key in group]) for _first, group in sorted(groups.items()))
    return tuple(group for group in drawn if len(group) > 1)


def drawn_from(place: DecidedPlace) -> int:
    """It was drawn against who has this place, and maybe others; 0: it was not drawn."""
    return int(place.reason.get("drawn_from", 0))
