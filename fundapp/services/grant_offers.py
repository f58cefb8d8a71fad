"""From a signed decision to a grant: the award, its partners' shares and its planned payments."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.timetable import StepKind
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award, AwardShare
from fundapp.models.user import User
from fundapp.queries.call_money import parts_of, pence, pounds
from fundapp.services.confidentiality import has_confidential_group
from fundapp.services.events import move, record
from fundapp.services.instalments import plan_instalments

SOURCE_LANGUAGE = "en"


def make_award(
    application: Application,
    amount: Decimal,
    definition: CallDefinition,
    *,
    actor: User,
    now: datetime,
    reason: str | None = None,
) -> Award:
    """Yes in principle, subject to checks."""
    strand = definition.strand(application.strand_code or "")
    move(application, "award", actor=actor, now=now, reason=reason)
    award = Award(
        call_id=application.call_id,
        round_id=application.round_id,
        application=application,
        organisation_id=application.organisation_id,
        amount=amount,
        months=strand.months,
        is_confidential=has_confidential_group(application),
        public_id=f"{application.call.fund.publisher_prefix}-{secrets.token_hex(6)}",
        public_title=strand.title.in_language(SOURCE_LANGUAGE)[:140],
        public_summary=definition.purpose.in_language(SOURCE_LANGUAGE),
        awarded_on=now.astimezone(definition.zone).date(),
        starts_on=_starts_on(application, definition, now),
    )
    db.session.add(award)
    if len(application.shares) > 1:
        for part in parts_of(application, pence(amount)):
            award.shares.append(AwardShare(organisation_id=part.organisation_id, amount=pounds(part.pence)))
    record(award, "offer", actor=actor, now=now, details={"amount": str(amount)})
    plan_instalments(award, definition, starts_on=award.starts_on or award.awarded_on, now=now)
    return award


def _starts_on(application: Application, definition: CallDefinition, now: datetime) -> date:
    """The day in the timetable, or today when that is past."""
    today = now.astimezone(definition.zone).date()
    step = definition.round(application.round.code).find_step(StepKind.GRANTS_START)
    return max(step.starts, today) if step else today
