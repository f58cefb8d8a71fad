"""Erasing a person: what says who they are is gone for good; counts, decisions and the record stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.models.agreement import AgreementSignature
from fundapp.models.application import ApplicationHelper
from fundapp.models.event import Event
from fundapp.models.fund import FundRole
from fundapp.models.invitation import HandOver, Invitation
from fundapp.models.panel import PanelSeat
from fundapp.models.partnership import FiscalHost
from fundapp.models.user import User
from fundapp.queries.person_data import columns_to
from fundapp.services.events import record

KEPT = (ApplicationHelper.__tablename__,)  # a tie with a group stays for good, without a name


class StillNeeded(FundError):
    """Somebody who works for a fund or sits on a panel: their decisions need a name until that has ended."""

    code = "still_needed"


def what_erasing_takes(person: User) -> Mapping[str, int]:
    """Rows by table, before anything is done. Raises StillNeeded."""
    for model in (FundRole, PanelSeat):
        if db.session.execute(sa.select(model.id).where(model.user_id == person.id).limit(1)).first():
            raise StillNeeded
    found = Counter[str]()
    for table, column in _own_columns():
        query = sa.select(sa.func.count()).select_from(table).where(column == person.id)
        found[table.name] += db.session.execute(query).scalar_one()
    found["invitation"] += _count(Invitation, Invitation.email == person.email)
    found["hand_over"] += _count(HandOver, HandOver.email == person.email)
    found["fiscal_host"] += _count(FiscalHost, FiscalHost.user_id == person.id, FiscalHost.text.is_not(None))
    found["event reasons"] += _count(Event, Event.actor_id == person.id, Event.reason.is_not(None))
    return +found


def erase_person(person: User, *, actor: User | None, now: datetime) -> Mapping[str, int]:
    """What was taken, by table. Raises StillNeeded.

    The row of the person stays as an empty shell, so that what they did is still done by somebody.
    Reasons they gave in the record go; its chain holds, because it covers only their salted digests.
    """
    lock_row(User, person.id)
    taken = what_erasing_takes(person)
    for table, column in _own_columns():
        db.session.execute(sa.delete(table).where(column == person.id))
    shell = f"{person.id.hex}@erased.invalid"
    _change(ApplicationHelper, ApplicationHelper.user_id == person.id, name="", organisation_name="")
    _change(Invitation, Invitation.email == person.email, email=shell, details={})
    _change(HandOver, HandOver.email == person.email, email=shell)
    _change(
        FiscalHost, FiscalHost.user_id == person.id, FiscalHost.text.is_not(None), signed_by="", text=None
    )
    _change(AgreementSignature, AgreementSignature.user_id == person.id, name="")
    _change(Event, Event.actor_id == person.id, reason=None, reason_salt=None)
    person.email, person.name, person.language = shell, "", "en"
    person.is_disabled, person.sessions_valid_from = True, now
    person.passphrase_hash = person.totp_secret = person.totp_last_step = None
    record(person, "erase_person", actor=actor, now=now, details=dict(taken))
    return taken


def _own_columns() -> list[tuple[sa.Table, sa.Column[object]]]:
    """Tables whose rows are nothing without the person: the database itself would delete them too."""
    return [
        (table, column)
        for table, column in columns_to("user")
        if table.name not in KEPT and any(key.ondelete == "CASCADE" for key in column.foreign_keys)
    ]


def _count(model: type[Invitation | HandOver | FiscalHost | Event], *where: sa.ColumnElement[bool]) -> int:
    return db.session.execute(sa.select(sa.func.count()).select_from(model).where(*where)).scalar_one()


def _change(
    model: type[ApplicationHelper | Invitation | HandOver | FiscalHost | Event | AgreementSignature],
    *where: sa.ColumnElement[bool],
    **values: object,
) -> None:
    db.session.execute(sa.update(model).where(*where).values(**values))
