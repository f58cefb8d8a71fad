"""What was decided about grants in open data, for the fund's people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.edit import digest_of_data
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.publication import GrantPublication, words_digest
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.queries.open_data import AWARDED


@dataclass(frozen=True)
class ListedGrant:
    award: Award
    publication: GrantPublication | None

    @property
    def is_confidential(self) -> bool:
        return self.award.keeps_confidential


def find_publication(award: Award) -> GrantPublication | None:
    query = sa.select(GrantPublication).where(GrantPublication.award_id == award.id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def digest_of_review(award: Award, publication: GrantPublication | None) -> str:
    """Of the words and of all that was decided, to know whether somebody has changed it meanwhile."""
    decided = publication and (
        publication.is_published,
        publication.is_coarse,
        str(publication.not_before),
        publication.shares_dei,
        publication.reason,
    )
    return digest_of_data([words_digest(award), decided])


def list_publications(call: Call, *, reader: User) -> Sequence[ListedGrant]:
    """Grants that can be in open data, without those this person has a conflict with; unread ones first."""
    query = (
        sa.select(Award, GrantPublication)
        .join(Application, Application.id == Award.application_id)
        .outerjoin(GrantPublication, GrantPublication.award_id == Award.id)
        .where(Award.call_id == call.id, Award.status.in_(AWARDED), application_without_conflict(reader.id))
        .options(
            joinedload(Award.organisation), joinedload(Award.application).joinedload(Application.organisation)
        )
        .order_by(sa.nulls_first(GrantPublication.reviewed_at.asc()), Award.public_id)
    )
    return [ListedGrant(award, publication) for award, publication in db.session.execute(query)]
