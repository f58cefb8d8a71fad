"""Applications of a round that cannot both be funded, and what is on the list in spite of that."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Exclusion
from fundapp.models.call import Round
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.queries.ledger import Setting
from fundapp.queries.proposals import exclusions_of


def list_exclusions(round_id: UUID) -> Sequence[Exclusion]:
    query = sa.select(Exclusion).where(Exclusion.round_id == round_id)
    return db.session.execute(query.order_by(Exclusion.created_at, Exclusion.id)).scalars().all()


def pairs_of(round_id: UUID) -> tuple[frozenset[UUID], ...]:
    """The ids of both applications, for the rules that choose."""
    return tuple(frozenset({one.application_id, one.other_id}) for one in list_exclusions(round_id))


def excluded_by_awards(
    applications: Sequence[Application], others: Sequence[Application], setting: Setting
) -> frozenset[UUID]:
    """Which of `applications` cannot be funded because one of the `others` is, of the same round."""
    counted = setting.money.counted_applications
    funded = [one for one in others if one.id in counted]
    taken = {one.id for one in funded}
    sets = (exclusions_of([one, *funded], setting) for one in applications if one.id not in taken)
    return frozenset(key for found in sets for each in found if each & taken for key in each - taken)


def list_exclusions_of(application: Application, *, reader: User) -> Sequence[Exclusion]:
    """With this one; groups that the reader has a conflict with are left out."""
    hidden = sa.select(Application.id).where(
        Application.round_id == application.round_id, sa.not_(application_without_conflict(reader.id))
    )
    query = (
        sa.select(Exclusion)
        .where(
            sa.or_(Exclusion.application_id == application.id, Exclusion.other_id == application.id),
            Exclusion.application_id.not_in(hidden),
            Exclusion.other_id.not_in(hidden),
        )
        .options(
            joinedload(Exclusion.application).joinedload(Application.organisation),
            joinedload(Exclusion.other).joinedload(Application.organisation),
        )
    )
    return db.session.execute(query.order_by(Exclusion.created_at, Exclusion.id)).scalars().all()


def get_exclusion(exclusion_id: UUID) -> Exclusion:
    """With both groups, its round and its call. Raises NoResultFound."""
    query = sa.select(Exclusion).where(Exclusion.id == exclusion_id)
    return db.session.execute(
        query.options(
            joinedload(Exclusion.application).joinedload(Application.organisation),
            joinedload(Exclusion.other).joinedload(Application.organisation),
            joinedload(Exclusion.round).joinedload(Round.call),
        )
    ).scalar_one()
