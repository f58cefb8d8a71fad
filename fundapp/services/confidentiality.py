"""A group is kept confidential, or no longer: from this moment, everywhere at once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.services.events import record

KEEP, TELL = "keep_confidential", "may_be_named"


def keep_confidential(application: Application, *, actor: User, now: datetime) -> None:
    """Nothing of this group is published any more, neither of this application nor of its grants."""
    _set(application, is_confidential=True, actor=actor, now=now)
    awards = sa.select(Award).where(Award.organisation_id == application.organisation_id)
    for award in db.session.execute(awards).scalars():
        award.is_confidential = True


def may_be_named(application: Application, *, actor: User, now: datetime) -> None:
    """The group takes it back for this application; its other applications stay as they were answered."""
    _set(application, is_confidential=False, actor=actor, now=now)
    award = db.session.execute(
        sa.select(Award).where(Award.application_id == application.id)
    ).scalar_one_or_none()
    if award is not None:
        award.is_confidential = False


def _set(application: Application, *, is_confidential: bool, actor: User, now: datetime) -> None:
    lock_row(Organisation, application.organisation_id)
    if application.keeps_confidential is is_confidential:
        return
    application.is_confidential = application.organisation.is_confidential = is_confidential
    record(application, KEEP if is_confidential else TELL, actor=actor, now=now)
