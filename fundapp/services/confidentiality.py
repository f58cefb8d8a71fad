"""A group is kept confidential, or no longer: from this moment, everywhere at once.

A grant is kept so as long as any of its groups is: the one that leads, and its partners.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.lifecycles import WordStatus
from fundapp.models.application import Application, PartnerShare
from fundapp.models.award import Award, AwardShare
from fundapp.models.organisation import Organisation
from fundapp.models.partnership import Partner
from fundapp.models.user import User
from fundapp.services.events import record

KEEP, TELL = "keep_confidential", "may_be_named"
_PARTNERS = sa.union(
    sa.select(PartnerShare.application_id, PartnerShare.organisation_id),
    sa.select(Partner.application_id, Partner.organisation_id).where(Partner.status == WordStatus.CONFIRMED),
    sa.select(Award.application_id, AwardShare.organisation_id).join(
        AwardShare, AwardShare.award_id == Award.id
    ),
).subquery("partners")


def keep_confidential(application: Application, *, actor: User, now: datetime) -> None:
    """Nothing of this group is published any more, neither of this application nor of its grants."""
    _set(application, is_confidential=True, actor=actor, now=now)
    hide_grants_of(application.organisation)


def hide_grants_of(group: Organisation) -> None:
    """Those in which it is a partner too."""
    as_partner = sa.select(_PARTNERS.c.application_id).where(_PARTNERS.c.organisation_id == group.id)
    awards = sa.select(Award).where(
        sa.or_(Award.organisation_id == group.id, Award.application_id.in_(as_partner))
    )
    for award in db.session.execute(awards.order_by(Award.id)).scalars().all():
        _lock(award)
        award.is_confidential = True


def may_be_named(application: Application, *, actor: User, now: datetime) -> None:
    """The group takes it back for this application; its other applications stay as they were answered.

    A grant that a partner wants to be kept confidential stays so.
    """
    if not _set(application, is_confidential=False, actor=actor, now=now):
        return
    award = db.session.execute(
        sa.select(Award).where(Award.application_id == application.id)
    ).scalar_one_or_none()
    if award is not None:
        _lock(award)
        award.is_confidential = has_confidential_group(application)


def has_confidential_group(application: Application) -> bool:
    """The group itself, or a partner."""
    partners = sa.select(_PARTNERS.c.organisation_id).where(_PARTNERS.c.application_id == application.id)
    hidden = sa.select(Organisation.id).where(Organisation.id.in_(partners), Organisation.is_confidential)
    return application.keeps_confidential or db.session.execute(hidden.limit(1)).first() is not None


def _set(application: Application, *, is_confidential: bool, actor: User, now: datetime) -> bool:
    """Whether anything was changed."""
    lock_row(Organisation, application.organisation_id)
    db.session.refresh(application)
    db.session.refresh(application.organisation)
    if application.keeps_confidential is is_confidential:
        return False
    application.is_confidential = application.organisation.is_confidential = is_confidential
    record(application, KEEP if is_confidential else TELL, actor=actor, now=now)
    return True


def _lock(award: Award) -> None:
    """A partner may say the opposite at the same moment."""
    lock_row(Award, award.id)
    db.session.refresh(award)
