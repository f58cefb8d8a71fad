"""What a grant's money is for and until when, as agreed so far, and what the group wants to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload

from forms.answers import BudgetLine, from_json
from forms.definition import QuestionKind
from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json, db
from fundapp.models.application import Answer, Application
from fundapp.models.award import Award
from fundapp.models.call import Call, CallVersion
from fundapp.models.grant_plan import (
    GrantVersion,
    GrantVersionLine,
    Variation,
    VariationKind,
    VariationLine,
)
from fundapp.models.user import User
from fundapp.money_steps import VariationStatus
from fundapp.months import months_later
from fundapp.permissions import application_without_conflict
from fundapp.queries.call_money import pence, pounds
from fundapp.queries.proportions import in_proportion


@dataclass(frozen=True)
class PlanLine:
    """`agreed` is what both sides said yes to; `amount` is what counts now, with what was moved since."""

    number: int
    name: str
    agreed: Decimal
    amount: Decimal
    line_id: UUID | None = None  # none before the first version is written

    def may_become(self, amount: Decimal, percent: int) -> bool:
        """Without anybody's yes, however many small moves there were."""
        return abs(pence(amount) - pence(self.agreed)) * 100 <= percent * pence(self.agreed)


@dataclass(frozen=True)
class Plan:
    number: int  # of the version; 0 before the first is written
    lines: tuple[PlanLine, ...]
    ends_on: date

    @property
    def shown(self) -> tuple[PlanLine, ...]:
        """Without lines that were only ever asked for."""
        return tuple(line for line in self.lines if line.agreed or line.amount)


def plan_of(award: Award, definition: CallDefinition) -> Plan:
    """What counts now; for a grant from before there were versions, what the application said."""
    versions = list_versions(award)
    if not versions:
        return first_plan(award, definition)
    newest = versions[-1]
    agreed = next(each for each in reversed(versions) if not _keeps_the_base(each))
    base = {each.line_id: each.amount for each in agreed.lines}
    lines = sorted(newest.lines, key=lambda each: each.line.number)
    return Plan(
        newest.number,
        tuple(
            PlanLine(
                each.line.number,
                each.line.name,
                base.get(each.line_id, Decimal(0)),
                each.amount,
                each.line_id,
            )
            for each in lines
        ),
        newest.ends_on,
    )


def _keeps_the_base(version: GrantVersion) -> bool:
    """Moves are measured against what was agreed; an extension changes no line."""
    return version.variation is not None and version.variation.kind is not VariationKind.BUDGET


def first_plan(award: Award, definition: CallDefinition) -> Plan:
    """The lines of the application in the proportion of the award, to the penny."""
    asked = [(line.what, pence(line.amount)) for line in _asked_lines(award, definition) if line.amount]
    names = [name for name, weight in asked if weight > 0] or [""]
    weights = [weight for _name, weight in asked if weight > 0] or [1]
    amounts = in_proportion(pence(award.amount), weights)
    lines = tuple(
        PlanLine(number, name, pounds(amount), pounds(amount))
        for number, (name, amount) in enumerate(zip(names, amounts, strict=True), start=1)
    )
    return Plan(0, lines, first_end(award))


def first_end(award: Award) -> date:
    return months_later(award.starts_on or award.awarded_on, award.months) - timedelta(days=1)


def find_moved_end(award: Award) -> date | None:
    """The last day as it is agreed now, where more time has moved it."""
    return moved_ends([award]).get(award.id)


def moved_ends(awards: Sequence[Award]) -> Mapping[UUID, date]:
    """The same for each of these awards that has another last day than it began with."""
    query = (
        sa.select(GrantVersion.award_id, GrantVersion.ends_on)
        .where(GrantVersion.award_id.in_([each.id for each in awards]))
        .order_by(GrantVersion.number)  # the newest of each award stays
    )
    ends = {row.award_id: row.ends_on for row in db.session.execute(query)}
    return {
        each.id: ends[each.id] for each in awards if ends.get(each.id, first_end(each)) != first_end(each)
    }


def _asked_lines(award: Award, definition: CallDefinition) -> Sequence[BudgetLine]:
    question = next(
        (
            each
            for each in definition.form.questions()
            if each.kind is QuestionKind.BUDGET and each.carries == "amount_requested"
        ),
        None,
    )
    if question is None:
        return ()
    query = sa.select(Answer.value).where(
        Answer.application_id == award.application_id, Answer.question_key == question.key
    )
    value = from_json(question, db.session.execute(query).scalar_one_or_none())
    return [row for row in value if isinstance(row, BudgetLine)] if isinstance(value, tuple) else ()


def list_versions(award: Award) -> Sequence[GrantVersion]:
    """The oldest first, with their lines and what brought them."""
    query = (
        sa.select(GrantVersion)
        .where(GrantVersion.award_id == award.id)
        .options(
            joinedload(GrantVersion.variation),
            selectinload(GrantVersion.lines).joinedload(GrantVersionLine.line),
        )
        .order_by(GrantVersion.number)
    )
    return db.session.execute(query).scalars().all()


def payments_as_agreed(award: Award) -> Sequence[tuple[date, Decimal]]:
    """Days and sums of the agreement itself, whatever moved since."""
    query = sa.select(GrantVersion.days).where(GrantVersion.award_id == award.id, GrantVersion.number == 1)
    days: Json | None = db.session.execute(query).scalar_one_or_none()
    if days is None:
        return [(each.due_on, each.amount) for each in award.instalments]
    return [(date.fromisoformat(day), Decimal(amount)) for day, amount in days["payments"]]


def get_variation(variation_id: UUID) -> Variation:
    """With its lines, its award and the rules it follows. Raises NoResultFound."""
    query = (
        sa.select(Variation)
        .where(Variation.id == variation_id)
        .options(
            selectinload(Variation.lines).joinedload(VariationLine.line),
            joinedload(Variation.award).options(
                joinedload(Award.call).joinedload(Call.fund),
                joinedload(Award.organisation),
                selectinload(Award.instalments),
                selectinload(Award.shares),
                joinedload(Award.application)
                .joinedload(Application.call_version)
                .options(defer(CallVersion.content)),
            ),
        )
    )
    return db.session.execute(query).scalar_one()


def list_variations(award: Award) -> Sequence[Variation]:
    """The newest first."""
    query = (
        sa.select(Variation)
        .where(Variation.award_id == award.id)
        .options(selectinload(Variation.lines).joinedload(VariationLine.line))
        .order_by(Variation.asked_at.desc(), Variation.id)
    )
    return db.session.execute(query).scalars().all()


def find_open(award: Award, kind: VariationKind) -> Variation | None:
    query = sa.select(Variation).where(
        Variation.award_id == award.id, Variation.kind == kind, Variation.status == VariationStatus.ASKED
    )
    return db.session.execute(query).scalar_one_or_none()


def list_variations_to_answer(call: Call, *, reader: User) -> Sequence[Variation]:
    """The earliest day of reply first, without grants this person is tied to."""
    query = (
        sa.select(Variation)
        .join(Award, Award.id == Variation.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(
            Award.call_id == call.id,
            Variation.status == VariationStatus.ASKED,
            application_without_conflict(reader.id),
        )
        .options(joinedload(Variation.award).joinedload(Award.organisation))
        .order_by(Variation.reply_due_on, Variation.id)
    )
    return db.session.execute(query).scalars().all()


def amounts_of(lines: Sequence[VariationLine] | Sequence[GrantVersionLine]) -> Mapping[int, Decimal]:
    """By the number of the line."""
    return {each.line.number: each.amount for each in lines}
