"""Applications that the rule must or must not fund."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Must, MustMark


def must_marks_of(round_id: UUID) -> Mapping[UUID, Must]:
    """By application."""
    query = (
        sa.select(MustMark.application_id, MustMark.must)
        .join(Application, Application.id == MustMark.application_id)
        .where(Application.round_id == round_id)
    )
    return {row.application_id: row.must for row in db.session.execute(query)}


def find_must_mark(application_id: UUID) -> MustMark | None:
    query = sa.select(MustMark).where(MustMark.application_id == application_id)
    return db.session.execute(query).scalar_one_or_none()


def get_must_mark(mark_id: UUID) -> MustMark:
    """With its application, round and call. Raises NoResultFound."""
    query = sa.select(MustMark).where(MustMark.id == mark_id)
    application = joinedload(MustMark.application)
    return db.session.execute(
        query.options(
            application.joinedload(Application.organisation),
            application.joinedload(Application.round),
            application.joinedload(Application.call),
        )
    ).scalar_one()


def count_must_marks(round_ids: Collection[UUID]) -> Mapping[Must, int]:
    """How many in these rounds, each kind."""
    query = (
        sa.select(MustMark.must, sa.func.count().label("number"))
        .join(Application, Application.id == MustMark.application_id)
        .where(Application.round_id.in_(round_ids))
        .group_by(MustMark.must)
    )
    return {row.must: row.number for row in db.session.execute(query)}
