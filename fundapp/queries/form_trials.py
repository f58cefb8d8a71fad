"""Test applications of a call, apart from everything that is counted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.data import to_data
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.edit import digest_of_data
from fundapp.db import db
from fundapp.lifecycles import BEING_BUILT, CallStatus
from fundapp.models.call import Call
from fundapp.models.form_trial import FormTrial
from fundapp.queries.call_drafts import check_working, working_content
from fundapp.queries.calls import current_version, definition_of

BEFORE_OPENING = (*BEING_BUILT, CallStatus.PUBLISHED)


def last_whole_definition(call: Call) -> CallDefinition:
    """What the builder holds where it is whole, otherwise what the call says today."""
    return check_working(working_content(call)).definition or definition_of(current_version(call))


def form_digest(definition: CallDefinition) -> str:
    return digest_of_data(to_data(definition)["form"])


def list_trials(call: Call) -> Sequence[FormTrial]:
    """The newest first."""
    query = sa.select(FormTrial).where(FormTrial.call_id == call.id).options(joinedload(FormTrial.sent_by))
    return db.session.execute(query.order_by(FormTrial.sent_at.desc(), FormTrial.id)).scalars().all()


def get_trial(trial_id: UUID) -> FormTrial:
    """With its call. Raises NoResultFound."""
    query = sa.select(FormTrial).where(FormTrial.id == trial_id)
    query = query.options(joinedload(FormTrial.call).joinedload(Call.fund), joinedload(FormTrial.sent_by))
    return db.session.execute(query).scalar_one()
