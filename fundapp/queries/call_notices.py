"""Notices of a published call, and whom they concern."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.call import Call, CallNotice
from fundapp.models.organisation import OrganisationMember
from fundapp.models.user import User


def list_notices(call: Call) -> Sequence[CallNotice]:
    """The newest first."""
    query = (
        sa.select(CallNotice)
        .where(CallNotice.call_id == call.id)
        .order_by(CallNotice.given_at.desc(), CallNotice.id)
    )
    return db.session.execute(query).scalars().all()


def list_people_with_drafts(call: Call) -> Sequence[User]:
    """Members of every group that has begun and can still change something."""
    drafts = sa.select(Application.organisation_id).where(
        Application.call_id == call.id, Application.status == ApplicationStatus.DRAFT
    )
    members = sa.select(OrganisationMember.user_id).where(OrganisationMember.organisation_id.in_(drafts))
    query = sa.select(User).where(User.id.in_(members)).order_by(User.email)
    return db.session.execute(query).scalars().all()
