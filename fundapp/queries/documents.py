"""Papers of a group, and what its profile is held to while somebody decides."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.lifecycles import LIVE_GRANTS, ApplicationStatus, FileStatus
from fundapp.models.application import Application, PartnerShare
from fundapp.models.award import Award
from fundapp.models.document import OrganisationDocument
from fundapp.models.file import StoredFile
from fundapp.models.organisation import Organisation
from fundapp.permissions import is_current_document

BEING_DECIDED = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.ELIGIBLE,
    ApplicationStatus.IN_REVIEW,
    ApplicationStatus.CLARIFYING,
    ApplicationStatus.AT_PANEL,
    ApplicationStatus.RESERVE,
)
UNTOLD = (ApplicationStatus.IN_PRINCIPLE, ApplicationStatus.DECLINED)


def get_document(document_id: UUID) -> OrganisationDocument:
    """Raises NoResultFound."""
    query = sa.select(OrganisationDocument).where(OrganisationDocument.id == document_id)
    return db.session.execute(query.options(joinedload(OrganisationDocument.file))).scalar_one()


def find_document_with(file: StoredFile) -> OrganisationDocument | None:
    query = sa.select(OrganisationDocument).where(OrganisationDocument.file_id == file.id)
    return db.session.execute(query).scalar_one_or_none()


def list_documents(organisation: Organisation) -> Sequence[OrganisationDocument]:
    """Those that count now, and any newer one that is still being checked or was refused; newest first."""
    query = (
        sa.select(OrganisationDocument)
        .where(OrganisationDocument.organisation_id == organisation.id, is_current_document())
        .options(joinedload(OrganisationDocument.file))
        .order_by(OrganisationDocument.created_at.desc(), OrganisationDocument.id)
    )
    return db.session.execute(query).scalars().all()


def list_papers_to_check(award: Award) -> Sequence[OrganisationDocument]:
    """What staff need not ask for again while the grant is in principle or running; ready files only."""
    if award.status not in LIVE_GRANTS:
        return ()
    return [each for each in list_documents(award.organisation) if each.file.status is FileStatus.CLEAN]


def list_older_documents(document: OrganisationDocument) -> Sequence[OrganisationDocument]:
    """Those that this one has replaced."""
    query = (
        sa.select(OrganisationDocument)
        .where(
            OrganisationDocument.organisation_id == document.organisation_id,
            OrganisationDocument.kind == document.kind,
            OrganisationDocument.created_at < document.created_at,
            OrganisationDocument.removed_at.is_(None),
        )
        .order_by(OrganisationDocument.created_at, OrganisationDocument.id)
    )
    return db.session.execute(query).scalars().all()


def is_being_decided(organisation: Organisation) -> bool:
    """Its income and borough count in a decision that is not yet made and told."""
    takes_part = sa.or_(
        Application.organisation_id == organisation.id,
        sa.exists().where(
            PartnerShare.application_id == Application.id, PartnerShare.organisation_id == organisation.id
        ),
    )
    waits = sa.or_(
        Application.status.in_(BEING_DECIDED),
        sa.and_(Application.status.in_(UNTOLD), Application.group_told_at.is_(None)),
    )
    query = sa.select(Application.id).where(takes_part, waits)
    return db.session.execute(query.limit(1)).first() is not None
