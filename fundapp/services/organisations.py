"""Groups: registering one, and what it declares about who leads it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from forms.answers import JsonAnswer
from forms.conditions import facts_used
from forms.eligibility import ByAndForStanding
from fundapp.call_file.definition import CallDefinition
from fundapp.db import db, lock_row
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.fund import Fund
from fundapp.models.organisation import (
    ByAndForClaim,
    Community,
    LegalForm,
    MemberRight,
    Organisation,
    OrganisationMember,
)
from fundapp.models.user import User
from fundapp.queries.applications import typed_eligibility
from fundapp.services.events import record


@dataclass(frozen=True)
class NewGroup:
    """What we ask of a group we do not know yet. Never a street address."""

    name: str
    legal_form: LegalForm | None = None
    annual_income: Decimal | None = None
    borough: str | None = None


def register_group(group: NewGroup, *, fund: Fund, once: str, actor: User, now: datetime) -> Organisation:
    """A new organisation with the actor as its first member. The same `once` makes it once."""
    lock_row(User, actor.id)
    public_id = f"{fund.publisher_prefix}-ORG-{_mark(actor, once)}"
    own = sa.select(OrganisationMember.organisation_id).where(OrganisationMember.user_id == actor.id)
    known = sa.select(Organisation).where(Organisation.public_id == public_id, Organisation.id.in_(own))
    if (organisation := db.session.execute(known).scalar_one_or_none()) is not None:
        return organisation
    organisation = Organisation(
        name=group.name,
        legal_form=group.legal_form,
        annual_income=group.annual_income,
        borough=group.borough,
        public_id=public_id,
    )
    db.session.add(organisation)
    db.session.add(OrganisationMember(organisation=organisation, user=actor, right=MemberRight.SUBMIT))
    record(organisation, "register", actor=actor, now=now)
    return organisation


def register_partner(name: str, *, fund: Fund) -> Organisation:
    """A partner that a lead has named. It has no members until somebody of it signs in."""
    partner = Organisation(name=name, public_id=f"{fund.publisher_prefix}-ORG-{_random_mark()}")
    db.session.add(partner)
    return partner


def declare_claims(
    application: Application,
    definition: CallDefinition,
    *,
    is_migrant_led: bool,
    actor: User,
    now: datetime,
) -> None:
    """Claims to be led by and for its community, from the bands given in the check. Staff confirm them."""
    declare_for(
        application.organisation,
        application.call,
        definition,
        application.eligibility_answers,
        is_migrant_led=is_migrant_led,
        actor=actor,
        now=now,
    )


def declare_for(
    organisation: Organisation,
    call: Call,
    definition: CallDefinition,
    answers: Mapping[str, JsonAnswer],
    *,
    is_migrant_led: bool,
    actor: User,
    now: datetime,
) -> None:
    """The same for any organisation that takes part; what was declared in this call before stays."""
    facts = typed_eligibility(definition, dict(answers))
    rule = definition.by_and_for
    if rule.standing(facts) is ByAndForStanding.NOT_MET:
        return
    bands = {key: answers[key] for key in sorted(bands_asked(definition) & facts.keys())}
    wanted = [Community.BY_AND_FOR, *([Community.MIGRANT] if is_migrant_led else [])]
    db.session.flush()
    known = set(
        db.session.execute(
            sa.select(ByAndForClaim.community).where(
                ByAndForClaim.organisation_id == organisation.id, ByAndForClaim.call_id == call.id
            )
        ).scalars()
    )
    for community in wanted:
        if community not in known:
            claim = ByAndForClaim(
                organisation_id=organisation.id, call_id=call.id, community=community, answers=bands
            )
            db.session.add(claim)
            record(claim, "declare", actor=actor, now=now)


def bands_asked(definition: CallDefinition) -> frozenset[str]:
    """Keys of the questions of the check that the rule about by-and-for looks at."""
    rule = definition.by_and_for
    return facts_used(rule.confirmable_if) | (facts_used(rule.talk_if) if rule.talk_if else frozenset())


def _mark(actor: User, once: str) -> str:
    return hashlib.sha256(f"{actor.id}:{once}".encode()).hexdigest()[:12]


def _random_mark() -> str:
    return secrets.token_hex(6)
