"""What a group tells about itself once, for all its applications."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from fundapp.db import db, lock_row
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.models.organisation import LegalForm, Organisation
from fundapp.models.user import User
from fundapp.queries.documents import is_being_decided
from fundapp.services.events import record

HELD = ("annual_income", "borough")  # what the protected parts of the money look at


@dataclass(frozen=True)
class Profile:
    """No street address and no person."""

    name: str
    legal_form: LegalForm | None = None
    charity_number: str | None = None
    company_number: str | None = None
    annual_income: Decimal | None = None
    borough: str | None = None
    languages: tuple[str, ...] = ()
    umbrellas: str = ""

    @property
    def digest(self) -> str:
        """Of what a page showed, to see whether somebody else has changed it since."""
        income = "" if self.annual_income is None else f"{self.annual_income:.2f}"
        written = json.dumps([income, *(str(getattr(self, name)) for name in _WORDS)])
        return hashlib.sha256(written.encode()).hexdigest()[:16]


_WORDS = tuple(each.name for each in fields(Profile) if each.name != "annual_income")


def profile_of(organisation: Organisation) -> Profile:
    return Profile(
        name=organisation.name,
        legal_form=organisation.legal_form,
        charity_number=organisation.charity_number,
        company_number=organisation.company_number,
        annual_income=organisation.annual_income,
        borough=organisation.borough,
        languages=tuple(organisation.languages),
        umbrellas=organisation.umbrellas,
    )


def change_profile(
    organisation: Organisation, profile: Profile, *, seen: str, actor: User, now: datetime
) -> None:
    """`seen`: the digest of what the writer had before them. Saying what is saved already changes nothing.

    Raises StaleVersion when somebody else was first, and NotPossibleNow for what is held during a decision.
    """
    lock_row(Organisation, organisation.id)
    db.session.refresh(organisation)
    saved = profile_of(organisation)
    changed = [each.name for each in fields(Profile) if _differs(saved, profile, each.name)]
    if not changed:
        return
    if seen != saved.digest:
        raise StaleVersion
    if set(changed) & set(HELD) and is_being_decided(organisation):
        raise NotPossibleNow("income and borough are held while somebody decides")
    for name in changed:
        value = getattr(profile, name)
        setattr(organisation, name, list(value) if isinstance(value, tuple) else value)
    record(organisation, "change_profile", actor=actor, now=now, details={"changed": changed})


def note_income(organisation: Organisation, income: Decimal | None, *, actor: User, now: datetime) -> None:
    """What the check of a newer call said, unless a decision still counts with what was said before."""
    if income is None or is_being_decided(organisation):
        return
    lock_row(Organisation, organisation.id)
    organisation.annual_income = income
    record(organisation, "change_profile", actor=actor, now=now, details={"changed": ["annual_income"]})


def _differs(saved: Profile, new: Profile, name: str) -> bool:
    return bool(getattr(saved, name) != getattr(new, name))
