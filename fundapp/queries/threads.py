"""Threads: what was said about an application, and which groups wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.db import db
from fundapp.models.application import Application, ApplicationHelper
from fundapp.models.call import Round
from fundapp.models.fund import FundRole, FundRoleKind
from fundapp.models.organisation import Organisation, OrganisationMember
from fundapp.models.thread import MissedPromise, ThreadMessage
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict, conflicted_organisations
from fundapp.queries.promises import list_misses

MOST_LISTED = 200


@dataclass(frozen=True)
class Entry:
    """One thing in a thread: a message, or our sorry for a date that was missed."""

    at: datetime
    message: ThreadMessage | None = None
    miss: MissedPromise | None = None


@dataclass(frozen=True)
class InboxRow:
    application_id: UUID
    group: str
    round_code: str
    messages: int
    last_at: datetime
    waits_since: datetime | None  # the oldest message without an answer
    due_on: date | None


def list_thread(application: Application) -> Sequence[Entry]:
    """Oldest first."""
    query = (
        sa.select(ThreadMessage)
        .where(ThreadMessage.application_id == application.id)
        .options(joinedload(ThreadMessage.author))
    )
    entries = [Entry(each.created_at, message=each) for each in db.session.execute(query).scalars()]
    entries += [Entry(each.created_at, miss=each) for each in list_misses(application)]
    return sorted(entries, key=lambda entry: entry.at)


def find_sent(application: Application, once: str) -> ThreadMessage | None:
    query = sa.select(ThreadMessage).where(
        ThreadMessage.application_id == application.id, ThreadMessage.once == once
    )
    return db.session.execute(query).scalar_one_or_none()


def list_unanswered(application: Application) -> Sequence[ThreadMessage]:
    query = sa.select(ThreadMessage).where(
        ThreadMessage.application_id == application.id,
        ThreadMessage.from_fund.is_(False),
        ThreadMessage.settled_at.is_(None),
    )
    return db.session.execute(query.order_by(ThreadMessage.created_at)).scalars().all()


def list_inbox(call_id: UUID, *, reader: User) -> Sequence[InboxRow]:
    """One row for each group that has a thread; who waits longest comes first."""
    is_open = sa.and_(ThreadMessage.from_fund.is_(False), ThreadMessage.settled_at.is_(None))
    waits_since = sa.func.min(sa.case((is_open, ThreadMessage.created_at)))
    due_on = sa.func.min(sa.case((is_open, ThreadMessage.answer_due_on)))
    last_at = sa.func.max(ThreadMessage.created_at)
    query = (
        sa.select(
            Application.id,
            Organisation.name,
            Round.code,
            sa.func.count(ThreadMessage.id),
            last_at,
            waits_since,
            due_on,
        )
        .join(Application, Application.id == ThreadMessage.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Round, Round.id == Application.round_id)
        .where(Application.call_id == call_id, application_without_conflict(reader.id))
        .group_by(Application.id, Organisation.name, Round.code)
        .order_by(sa.nulls_last(due_on.asc()), sa.nulls_last(waits_since.asc()), last_at.desc())
        .limit(MOST_LISTED)
    )
    return [InboxRow(*row) for row in db.session.execute(query)]


def belongs_to_group(user: User, application: Application) -> bool:
    query = sa.select(OrganisationMember.id).where(
        OrganisationMember.user_id == user.id,
        OrganisationMember.organisation_id == application.organisation_id,
    )
    return db.session.execute(query.limit(1)).first() is not None


def list_helpers_to_tell(application: Application, *, now: datetime) -> Sequence[User]:
    """Those whose time has not run out."""
    query = (
        sa.select(User)
        .join(ApplicationHelper, ApplicationHelper.user_id == User.id)
        .where(ApplicationHelper.application_id == application.id, ApplicationHelper.expires_at > now)
        .order_by(User.email)
    )
    return db.session.execute(query).scalars().all()


def list_managers_to_tell(application: Application) -> Sequence[User]:
    """The fund's managers who may read about this group."""
    managers = (
        sa.select(User)
        .join(FundRole, FundRole.user_id == User.id)
        .where(FundRole.fund_id == application.call.fund_id, FundRole.kind == FundRoleKind.MANAGER)
        .order_by(User.email)
    )
    touched = {application.organisation_id, *(share.organisation_id for share in application.shares)}
    return [
        user
        for user in db.session.execute(managers).scalars().all()
        if not touched
        & set(db.session.execute(conflicted_organisations(user.id, application.call_id)).scalars())
    ]
