"""Drafts whose last moment is near, and who may finish them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, CallStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.call import Call, Round
from fundapp.models.organisation import MemberRight, OrganisationMember
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User
from fundapp.queries.readings import seats_with_marks_to_write


def list_drafts_ending(*, after: datetime, within: timedelta) -> Sequence[tuple[Application, User]]:
    """Each draft with each member of its group who may write."""
    deadline = sa.case(
        (Application.stage == ApplicationStage.EOI, Round.eoi_closes_at), else_=Round.full_closes_at
    )
    last_moment = sa.func.coalesce(Application.grace_until, deadline)
    query = (
        sa.select(Application, User)
        .join(Round, Round.id == Application.round_id)
        .join(Call, Call.id == Application.call_id)
        .join(OrganisationMember, OrganisationMember.organisation_id == Application.organisation_id)
        .join(User, User.id == OrganisationMember.user_id)
        .where(
            Application.status == ApplicationStatus.DRAFT,
            Call.status == CallStatus.OPEN,
            Round.opens_at <= after,
            last_moment > after,
            last_moment <= after + within,
            OrganisationMember.right.in_((MemberRight.EDIT, MemberRight.SUBMIT)),
        )
        .options(joinedload(Application.round))
        .order_by(Application.id, User.id)
    )
    return [(application, user) for application, user in db.session.execute(query)]


def list_readers_behind(*, after: datetime, within: timedelta) -> Sequence[tuple[PanelSeat, Round]]:
    """Members whose scoring ends soon and who still have something to mark; ties are left out."""
    query = (
        sa.select(PanelSeat, Round)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .join(Round, Round.id == Panel.round_id)
        .where(
            Round.scoring_opens_at <= after,
            Round.scoring_closes_at > after,
            Round.scoring_closes_at <= after + within,
            PanelSeat.id.in_(seats_with_marks_to_write()),
        )
        .options(joinedload(PanelSeat.user))
        .order_by(PanelSeat.id)
    )
    return [(seat, round_) for seat, round_ in db.session.execute(query)]


def has_something_open(panel_id: UUID, user_id: UUID, session: Session) -> bool:
    """Whether this member has marks still to write on this panel."""
    query = sa.select(PanelSeat.id).where(
        PanelSeat.panel_id == panel_id,
        PanelSeat.user_id == user_id,
        PanelSeat.id.in_(seats_with_marks_to_write()),
    )
    return session.execute(query.limit(1)).first() is not None
