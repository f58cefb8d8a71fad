"""The dates of a member's panels: nothing about any application, so nothing that a tie could close."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.calendar import CalendarFeed
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User


def list_panels_of(user: User) -> Sequence[Panel]:
    """With their rounds, oldest first."""
    query = (
        sa.select(Panel)
        .where(Panel.id.in_(sa.select(PanelSeat.panel_id).where(PanelSeat.user_id == user.id)))
        .options(joinedload(Panel.round))
        .order_by(Panel.created_at, Panel.id)
    )
    return db.session.execute(query).scalars().all()


def find_feed(user: User) -> CalendarFeed | None:
    query = sa.select(CalendarFeed).where(CalendarFeed.user_id == user.id)
    return db.session.execute(query).scalar_one_or_none()


def get_feed(feed_id: UUID) -> CalendarFeed:
    """With its person. Raises NoResultFound."""
    query = sa.select(CalendarFeed).where(CalendarFeed.id == feed_id)
    return db.session.execute(query.options(joinedload(CalendarFeed.user))).scalar_one()
