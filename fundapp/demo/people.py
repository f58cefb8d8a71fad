"""Who there is in the demo: the fund's people and more than sixty invented groups."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from fundapp.db import db
from fundapp.demo.words import Voice, panel_words, read_words
from fundapp.models.fund import Fund, FundRoleKind
from fundapp.models.organisation import LegalForm, MemberRight, Organisation, OrganisationMember
from fundapp.models.user import User
from fundapp.queries.users import find_user_by_email
from fundapp.services.organisations import NewGroup, register_group, register_partner
from fundapp.services.users import add_staff
from fundapp.web.paths import INTERFACE_LANGUAGES

JOINED_DAYS_AGO = 430


@dataclass(frozen=True)
class Group:
    """A group, the person who writes for it, and what the eligibility check asks."""

    organisation: Organisation
    person: User
    language: str
    led: str
    is_migrant_led: bool
    claim: str | None
    is_confidential: bool

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def income(self) -> Decimal:
        return self.organisation.annual_income or Decimal(0)

    @property
    def is_starter(self) -> bool:
        return self.income < 10_000

    @property
    def voice(self) -> Voice:
        return Voice(self.language, self.name, self.organisation.borough or "London")


@dataclass(frozen=True)
class Staff:
    manager: User
    second_manager: User
    finance: User
    admin: User


@dataclass(frozen=True)
class People:
    staff: Staff
    groups: tuple[Group, ...]
    umbrellas: tuple[Organisation, ...]
    past_grantee: Organisation


def load_people(fund: Fund, now: datetime) -> People:
    joined = now - timedelta(days=JOINED_DAYS_AGO)
    words = read_words("groups")
    return People(
        staff=_load_staff(fund, joined),
        groups=tuple(_load_group(row, fund, joined, place) for place, row in enumerate(words["groups"])),
        umbrellas=tuple(_other(row, fund, is_umbrella=True) for row in words["umbrellas"]),
        past_grantee=_other(words["past_grantee"], fund, is_umbrella=False),
    )


def address_of(name: str) -> str:
    """Nobody's: example.org belongs to no one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".") + "@example.org"


def new_person(name: str, language: str, joined: datetime) -> User:
    # Somali groups read the pages in English and answer in Somali
    shown = language if language in INTERFACE_LANGUAGES else INTERFACE_LANGUAGES[0]
    person = User(email=address_of(name), name=name, language=shown, created_at=joined)
    db.session.add(person)
    db.session.flush()
    return person


def _load_staff(fund: Fund, joined: datetime) -> Staff:
    found: dict[str, list[User]] = {kind.value: [] for kind in FundRoleKind}
    for row in panel_words("staff"):
        email = address_of(row["person"])
        kind = FundRoleKind(row["kind"])
        add_staff(email, name=row["person"], fund=fund, kind=kind, actor=None, now=joined)
        user = find_user_by_email(email)
        if user is not None:
            found[kind.value].append(user)
    manager, second_manager, *_more = found["manager"]
    return Staff(manager, second_manager, found["finance"][0], found["admin"][0])


def _load_group(row: Mapping[str, Any], fund: Fund, joined: datetime, place: int) -> Group:
    at = joined + timedelta(hours=place)
    person = new_person(row["person"], row["language"], at)
    new = NewGroup(row["name"], LegalForm(row["form"]), Decimal(row["income"]), row["borough"])
    organisation = register_group(new, fund=fund, once="demo", actor=person, now=at)
    organisation.created_at = at
    organisation.is_first_time = row.get("new", True)
    if organisation.legal_form is LegalForm.CIO or organisation.legal_form is LegalForm.CHARITABLE_COMPANY:
        organisation.charity_number = f"0{place:06d}"  # no real number begins with 0
    return Group(
        organisation=organisation,
        person=person,
        language=row["language"],
        led=row["led"],
        is_migrant_led=row.get("migrant", False),
        claim=row.get("claim"),
        is_confidential=row.get("confidential", False),
    )


def _other(row: Mapping[str, Any], fund: Fund, *, is_umbrella: bool) -> Organisation:
    organisation = register_partner(row["name"], fund=fund)
    organisation.borough, organisation.legal_form = row["borough"], LegalForm.CIO
    organisation.is_umbrella, organisation.is_first_time = is_umbrella, False
    return organisation


def add_member(organisation: Organisation, person: User, right: MemberRight) -> None:
    db.session.add(OrganisationMember(organisation=organisation, user=person, right=right))
