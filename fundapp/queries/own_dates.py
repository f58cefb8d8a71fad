"""The dates that one person keeps: of panels and of conversations, without a word about any group."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import RUNNING_GRANTS, TALKS_TO_COME
from fundapp.models.application import Application
from fundapp.models.award import Award, Ratification
from fundapp.models.calendar import CalendarFeed
from fundapp.models.call import Call
from fundapp.models.fund import FundRole, FundRoleKind
from fundapp.models.monitoring import CheckIn
from fundapp.models.organisation import OrganisationMember
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict


def list_panels_of(user: User) -> Sequence[Panel]:
    """With their rounds, oldest first."""
    query = (
        sa.select(Panel)
        .where(Panel.id.in_(sa.select(PanelSeat.panel_id).where(PanelSeat.user_id == user.id)))
        .options(joinedload(Panel.round))
        .order_by(Panel.created_at, Panel.id)
    )
    return db.session.execute(query).scalars().all()


def list_check_ins_of(user: User) -> Sequence[CheckIn]:
    """Conversations still to come of running grants: of this person's groups, and of the funds they work for.

    Without those of a group that they have a tie with at the fund.
    """
    groups = sa.select(OrganisationMember.organisation_id).where(OrganisationMember.user_id == user.id)
    funds = sa.select(FundRole.fund_id).where(
        FundRole.user_id == user.id, FundRole.kind == FundRoleKind.MANAGER
    )
    query = (
        sa.select(CheckIn)
        .join(Award, Award.id == CheckIn.award_id)
        .join(Application, Application.id == Award.application_id)
        .join(Call, Call.id == Award.call_id)
        .join(Ratification, Ratification.round_id == Award.round_id)
        .where(
            Award.status.in_(RUNNING_GRANTS),
            Ratification.released_at.is_not(None),
            CheckIn.status.in_(TALKS_TO_COME),
            sa.or_(
                Award.organisation_id.in_(groups),
                sa.and_(Call.fund_id.in_(funds), application_without_conflict(user.id)),
            ),
        )
        .order_by(CheckIn.due_on, CheckIn.id)
    )
    return db.session.execute(query).scalars().all()


def find_feed(user: User) -> CalendarFeed | None:
    query = sa.select(CalendarFeed).where(CalendarFeed.user_id == user.id)
    return db.session.execute(query).scalar_one_or_none()


def get_feed(feed_id: UUID) -> CalendarFeed:
    """With its person. Raises NoResultFound."""
    query = sa.select(CalendarFeed).where(CalendarFeed.id == feed_id)
    return db.session.execute(query.options(joinedload(CalendarFeed.user))).scalar_one()
