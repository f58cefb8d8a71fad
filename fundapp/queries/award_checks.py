"""Checks and conditions of a grant: what is left, what is enough, and which papers we have already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fundapp.call_file.award_checks import PAPERS, AwardCheck, Evidence, HoldsUp
from fundapp.check_steps import OPEN_CHECKS, ConditionStatus
from fundapp.db import db
from fundapp.models.award import Award, CheckItem, NotNeeded
from fundapp.models.award_check import AwardCondition
from fundapp.models.call import Call
from fundapp.models.document import OrganisationDocument
from fundapp.queries.calls import definition_of
from fundapp.queries.documents import list_papers_to_check
from fundapp.queries.register_numbers import is_registered


@dataclass(frozen=True)
class Check:
    """One line of the list: the call's rule, where it stands, and what the group has sent before."""

    rule: AwardCheck
    item: CheckItem
    papers: Sequence[OrganisationDocument]
    enough: tuple[Evidence, ...]
    has_other_route: bool

    @property
    def is_open(self) -> bool:
        return self.item.status in OPEN_CHECKS

    @property
    def waits_for_paper(self) -> bool:
        """The group may send one. Never asked again for what it has sent."""
        return self.is_open and not self.papers and bool(set(self.rule.evidence) & set(PAPERS))


def list_checklist(award: Award) -> Sequence[Check]:
    """In the order of the call."""
    rules = definition_of(award.application.call_version).awards.checks
    query = sa.select(CheckItem).where(CheckItem.award_id == award.id).options(joinedload(CheckItem.owner))
    items = {item.key: item for item in db.session.execute(query).scalars()}
    papers = list_papers_to_check(award) if items else ()
    known = is_registered(award.organisation)
    return [
        Check(
            rule,
            items[rule.key],
            [each for each in papers if each.kind.value in rule.enough_for(is_registered=known)],
            rule.enough_for(is_registered=known),
            rule.unregistered is not None and not known,
        )
        for rule in rules
        if rule.key in items
    ]


def reason_not_needed(rule: AwardCheck, award: Award) -> NotNeeded | None:
    """Why this grant or this group does without it, by the rules of the call."""
    group = award.organisation
    if not rule.asks_of_amount(award.amount):
        return NotNeeded.GRANT_SIZE
    if not rule.asks_of_form(group.legal_form):
        return NotNeeded.LEGAL_FORM
    if rule.only_if_there_is_one and Evidence.REGISTER in rule.evidence and not is_registered(group):
        return NotNeeded.NONE_THERE
    return None


def enough_for(item: CheckItem) -> tuple[Evidence, ...]:
    """Empty where the call leaves it to whoever checks."""
    rule = definition_of(item.award.application.call_version).awards.check(item.key)
    return rule.enough_for(is_registered=is_registered(item.award.organisation))


def open_checks(award: Award, holds_up: HoldsUp) -> list[CheckItem]:
    """Those for which the agreement, or a payment, waits."""
    query = sa.select(CheckItem).where(CheckItem.award_id == award.id, CheckItem.status.in_(OPEN_CHECKS))
    found = db.session.execute(query.order_by(CheckItem.key)).scalars().all()
    return [each for each in found if _holds_up(each, award) is holds_up]


def _holds_up(item: CheckItem, award: Award) -> HoldsUp:
    return definition_of(award.application.call_version).awards.check(item.key).holds_up


def payments_that_wait(awards: Iterable[Award], now: datetime) -> set[UUID]:
    """Of these awards, those that get no payment now: the call says it waits for something still open."""
    by_id = {each.id: each for each in awards}
    checks = sa.select(CheckItem).where(CheckItem.award_id.in_(by_id), CheckItem.status.in_(OPEN_CHECKS))
    conditions = sa.select(AwardCondition).where(
        AwardCondition.award_id.in_(by_id), AwardCondition.status == ConditionStatus.OPEN
    )
    of_checks, of_conditions = (db.session.execute(each).scalars() for each in (checks, conditions))
    return {
        *(each.award_id for each in of_checks if _holds_up(each, by_id[each.award_id]) is HoldsUp.PAYMENT),
        *(each.award_id for each in of_conditions if _holds_payments(each, by_id[each.award_id], now)),
    }


def _holds_payments(condition: AwardCondition, award: Award, now: datetime) -> bool:
    definition = definition_of(award.application.call_version)
    is_asked = definition.awards.conditions_hold_payments
    return is_asked and is_late(condition, now.astimezone(definition.zone).date())


def list_conditions(award: Award) -> Sequence[AwardCondition]:
    """The next day first."""
    query = (
        sa.select(AwardCondition)
        .where(AwardCondition.award_id == award.id)
        .options(joinedload(AwardCondition.owner))
        .order_by(AwardCondition.due_on, AwardCondition.created_at, AwardCondition.id)
    )
    return db.session.execute(query).scalars().all()


def list_open_conditions(award: Award) -> list[AwardCondition]:
    return [each for each in list_conditions(award) if each.status is ConditionStatus.OPEN]


def get_condition(condition_id: UUID) -> AwardCondition:
    """Raises NoResultFound."""
    query = sa.select(AwardCondition).where(AwardCondition.id == condition_id)
    with_award = joinedload(AwardCondition.award).options(
        joinedload(Award.call).joinedload(Call.fund), joinedload(Award.organisation)
    )
    return db.session.execute(query.options(with_award)).scalar_one()


def is_late(condition: AwardCondition, today: date) -> bool:
    return condition.status is ConditionStatus.OPEN and condition.until < today
