"""Reading calls, their versions and their rounds."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload

from fundapp.call_file import from_data
from fundapp.call_file.definition import CallDefinition
from fundapp.db import db
from fundapp.lifecycles import BEING_BUILT, CallStatus
from fundapp.models.call import Call, CallVersion, Round

# A call has few rounds and versions; the content of a version is large and nearly always parsed already.
CALL_AT_ONCE = (
    joinedload(Call.fund),
    joinedload(Call.rounds),
    joinedload(Call.versions).options(defer(CallVersion.content)),
)
_WHOLE = (joinedload(Call.fund), selectinload(Call.rounds), selectinload(Call.versions))

_definitions: dict[str, CallDefinition] = {}


def definition_of(version: CallVersion) -> CallDefinition:
    """The call as values, as this version has it. Parsed once per process and content.

    Before it is published texts may be missing in all languages but the first.
    """
    if version.digest not in _definitions:
        if len(_definitions) >= 200:
            _definitions.clear()
        _definitions[version.digest] = from_data(version.content, needs_all_languages=False)
    return _definitions[version.digest]


def current_version(call: Call) -> CallVersion:
    """The newest version: the frozen one of a published call, the working one before."""
    return call.versions[-1]


def get_call(call_id: UUID) -> Call:
    """With fund, rounds and versions. Raises NoResultFound, which becomes a 404."""
    return db.session.execute(sa.select(Call).where(Call.id == call_id).options(*_WHOLE)).scalar_one()


def get_public_call(code: str) -> Call:
    """A call that anybody may read. Raises NoResultFound."""
    query = sa.select(Call).where(Call.code == code, Call.status.not_in(BEING_BUILT)).options(*CALL_AT_ONCE)
    return db.session.execute(query).unique().scalar_one()


def find_call(code: str) -> Call | None:
    return db.session.execute(sa.select(Call).where(Call.code == code).options(*_WHOLE)).scalar_one_or_none()


def list_public_calls() -> Sequence[Call]:
    """Open ones first, then the newest."""
    is_open = sa.case((Call.status == CallStatus.OPEN, 0), else_=1)
    query = (
        sa.select(Call)
        .where(Call.status.not_in(BEING_BUILT))
        .options(*_WHOLE)
        .order_by(is_open, Call.created_at.desc(), Call.code)
    )
    return db.session.execute(query).scalars().all()


def list_calls_of_fund(fund_id: UUID) -> Sequence[Call]:
    query = (
        sa.select(Call)
        .where(Call.fund_id == fund_id)
        .options(*_WHOLE)
        .order_by(Call.created_at.desc(), Call.code)
    )
    return db.session.execute(query).scalars().all()


def get_round(round_id: UUID) -> Round:
    """With its call and the call's versions. Raises NoResultFound."""
    query = (
        sa.select(Round)
        .where(Round.id == round_id)
        .options(
            joinedload(Round.call).options(
                joinedload(Call.fund), selectinload(Call.versions), selectinload(Call.rounds)
            )
        )
    )
    return db.session.execute(query).scalar_one()


def is_round_used(round_: Round) -> bool:
    """Whether anything was planned, asked or written for this round already."""
    for table in db.metadata.tables.values():
        for column in table.columns:
            if any(key.column is Round.__table__.c.id for key in column.foreign_keys):
                query = sa.select(sa.literal(1)).select_from(table).where(column == round_.id).limit(1)
                if db.session.execute(query).first() is not None:
                    return True
    return False
