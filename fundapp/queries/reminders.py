"""Drafts whose last moment is near, and who may finish them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, CallStatus
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.call import Call, Round
from fundapp.models.organisation import MemberRight, OrganisationMember
from fundapp.models.user import User


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
