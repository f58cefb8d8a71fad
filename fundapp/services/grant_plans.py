"""Changes of a grant after the agreement: moves told afterwards, changes of the lines, and more time.

The sum of a grant never changes here. Nothing that was agreed is written over: each change makes a version.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import sqlalchemy as sa

from fundapp.db import Json, db
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import RUNNING_GRANTS
from fundapp.models.award import Award
from fundapp.models.grant_plan import (
    GrantLine,
    MovedDays,
    Variation,
    VariationKind,
    VariationLine,
)
from fundapp.models.user import User
from fundapp.money_steps import VariationStatus
from fundapp.queries.calls import definition_of
from fundapp.queries.grant_plans import Plan, find_open
from fundapp.services.events import move, record
from fundapp.services.grant_versions import (
    SumDiffers,
    add_version,
    current_plan,
    move_days,
    start_plan,
    today_for,
)
from fundapp.services.group_messages import tell_about_grant
from fundapp.services.instalments import lock_award
from fundapp.working_days import working_days_later


class NothingChanged(FundError):
    """What was asked for stands already."""

    code = "nothing_changed"
    status = 422


class NeedsAgreement(FundError):
    """More than may be told afterwards: of these lines, by their numbers."""

    code = "needs_agreement"
    status = 422

    def __init__(self, lines: Collection[int]) -> None:
        super().__init__(f"lines {sorted(lines)}")
        self.lines = frozenset(lines)


class ChangeNeedsReason(FundError):
    """The fund reads why, and so does the group."""

    code = "change_needs_reason"
    status = 422


class EndNotLater(FundError):
    """More time ends after the day that is agreed, and after today."""

    code = "end_not_later"
    status = 422


def change_lines(
    award: Award,
    amounts: Mapping[int, Decimal],
    *,
    new_lines: Sequence[tuple[str, Decimal]] = (),
    words: str,
    language: str | None,
    seen: int | None = None,
    is_asked: bool = False,
    actor: User,
    now: datetime,
) -> Variation:
    """The group's new amounts, by the number of the line: told when they are small, else asked.

    `seen` is the number of the version that was on the page. Raises StaleVersion, SumDiffers, NothingChanged,
    NotPossibleNow while a wish is open or the grant does not run, ChangeNeedsReason, and NeedsAgreement where
    it is more than may be told and `is_asked` does not say that the group means to ask.
    """
    plan = _begin(award, VariationKind.BUDGET, now)
    if seen is not None and max(seen, 1) != plan.number:
        raise StaleVersion
    wanted = {line.number: amounts.get(line.number, line.amount) for line in plan.lines}
    _check_amounts(award, plan, wanted, new_lines)
    percent = definition_of(award.application.call_version).awards.free_change_percent
    above = {line.number for line in plan.lines if not line.may_become(wanted[line.number], percent)}
    if not above and not new_lines:
        return _tell_move(award, plan, wanted, words=words, language=language, actor=actor, now=now)
    if not is_asked:
        raise NeedsAgreement(above)
    if not words.strip():
        raise ChangeNeedsReason
    variation = _variation(award, VariationKind.BUDGET, words, language, actor, now)
    lines = {line.number: line.line_id for line in plan.lines}
    for number, (name, amount) in enumerate(new_lines, start=_last_number(award) + 1):
        line = GrantLine(id=uuid4(), award_id=award.id, number=number, name=name.strip())
        db.session.add(line)
        db.session.flush()
        lines[number], wanted[number] = line.id, amount
    _add_lines(variation, lines, wanted)
    record(variation, "ask", actor=actor, now=now, reason=variation.words, details=_written(wanted))
    return variation


def ask_for_time(
    award: Award,
    *,
    ends_on: date,
    words: str,
    language: str | None,
    moved_days: MovedDays = MovedDays.ALL,
    actor: User,
    now: datetime,
) -> Variation:
    """More time for the same money. Raises EndNotLater, ChangeNeedsReason and NotPossibleNow."""
    plan = _begin(award, VariationKind.EXTENSION, now)
    if not words.strip():
        raise ChangeNeedsReason
    if ends_on <= max(plan.ends_on, today_for(award, now)):
        raise EndNotLater
    variation = _variation(award, VariationKind.EXTENSION, words, language, actor, now)
    variation.ends_on, variation.moved_days = ends_on, moved_days
    db.session.add(variation)
    details: Json = {"before": plan.ends_on.isoformat(), "wanted": ends_on.isoformat()}
    record(variation, "ask", actor=actor, now=now, reason=variation.words, details=details)
    return variation


def agree_to_variation(variation: Variation, answer: str, *, actor: User, now: datetime) -> None:
    """A new version counts from now on, and the group reads why. Raises ChangeNeedsReason and SumDiffers."""
    award = _open_for_decision(variation, answer)
    plan = current_plan(award)
    _decide(variation, "agree", answer, actor, now)
    if variation.kind is VariationKind.EXTENSION and variation.ends_on is not None:
        move_days(award, variation, by=variation.ends_on - plan.ends_on, today=today_for(award, now))
        add_version(award, plan, variation=variation, now=now, ends_on=variation.ends_on)
    else:
        wanted = {each.line_id: each.amount for each in variation.lines}
        add_version(award, plan, variation=variation, now=now, amounts=wanted)


def refuse_variation(variation: Variation, answer: str, *, actor: User, now: datetime) -> None:
    """All stays as it is, and the group is told why. Raises ChangeNeedsReason."""
    _open_for_decision(variation, answer)
    _decide(variation, "refuse", answer, actor, now)


def take_back_variation(variation: Variation, *, actor: User, now: datetime) -> None:
    """The group no longer wants it; nobody asks why."""
    lock_award(variation.award)
    db.session.refresh(variation)
    move(variation, "take_back", actor=actor, now=now)


def lapse_variations(award: Award, *, actor: User, now: datetime) -> None:
    """A grant that has ended has nothing to change."""
    for kind in (VariationKind.BUDGET, VariationKind.EXTENSION):
        variation = find_open(award, kind)
        if variation is not None:
            move(variation, "lapse", actor=actor, now=now)


def _begin(award: Award, kind: VariationKind, now: datetime) -> Plan:
    """Raises NotPossibleNow."""
    lock_award(award)
    if award.status not in RUNNING_GRANTS:
        raise NotPossibleNow("the grant does not run")
    if find_open(award, kind) is not None:
        raise NotPossibleNow("the fund has not answered the last wish yet")
    start_plan(award, now=now)
    return current_plan(award)


def _open_for_decision(variation: Variation, answer: str) -> Award:
    award = variation.award
    lock_award(award)
    db.session.refresh(variation)
    if not answer.strip():
        raise ChangeNeedsReason
    if award.status not in RUNNING_GRANTS:
        raise NotPossibleNow("the grant does not run")
    return award


def _decide(variation: Variation, step: str, answer: str, actor: User, now: datetime) -> None:
    variation.answer, variation.decided_by_id, variation.decided_at = answer.strip(), actor.id, now
    move(variation, step, actor=actor, now=now, reason=variation.answer)
    award = variation.award
    tell_about_grant(award, now=now)


def _last_number(award: Award) -> int:
    """Also of lines that were asked for and never agreed."""
    query = sa.select(sa.func.max(GrantLine.number)).where(GrantLine.award_id == award.id)
    return db.session.execute(query).scalar_one() or 0


def _check_amounts(
    award: Award, plan: Plan, wanted: Mapping[int, Decimal], new_lines: Sequence[tuple[str, Decimal]]
) -> None:
    if any(amount < 0 for amount in wanted.values()) or any(
        amount <= 0 or not name.strip() for name, amount in new_lines
    ):
        raise ValueError("a line has no name or less than nothing")
    total = sum(wanted.values(), sum((amount for _name, amount in new_lines), Decimal(0)))
    if total != award.amount:
        raise SumDiffers(award.amount - total)
    if not new_lines and all(line.amount == wanted[line.number] for line in plan.lines):
        raise NothingChanged


def _tell_move(
    award: Award,
    plan: Plan,
    wanted: Mapping[int, Decimal],
    *,
    words: str,
    language: str | None,
    actor: User,
    now: datetime,
) -> Variation:
    """It counts at once; the fund reads it when it likes."""
    variation = _variation(award, VariationKind.MOVE, words, language, actor, now)
    lines = {line.number: line.line_id for line in plan.lines}
    _add_lines(variation, lines, wanted)
    amounts = {line.line_id: wanted[line.number] for line in plan.lines if line.line_id is not None}
    add_version(award, plan, variation=variation, now=now, amounts=amounts)
    reason = variation.words or None
    record(variation, "tell", actor=actor, now=now, reason=reason, details=_written(wanted))
    return variation


def _variation(
    award: Award, kind: VariationKind, words: str, language: str | None, actor: User, now: datetime
) -> Variation:
    days = definition_of(award.application.call_version).awards.change_reply_days
    is_move = kind is VariationKind.MOVE
    return Variation(
        id=uuid4(),
        award=award,
        kind=kind,
        status=VariationStatus.TOLD if is_move else VariationStatus.ASKED,
        words=words.strip(),
        language=language,
        asked_by_id=actor.id,
        asked_at=now,
        reply_due_on=None if is_move else working_days_later(today_for(award, now), days),
    )


def _add_lines(
    variation: Variation, lines: Mapping[int, UUID | None], amounts: Mapping[int, Decimal]
) -> None:
    db.session.add(variation)
    db.session.flush()
    variation.lines.extend(
        VariationLine(line_id=lines[number], amount=amount) for number, amount in sorted(amounts.items())
    )
    db.session.flush()


def _written(amounts: Mapping[int, Decimal]) -> Json:
    return {"lines": {str(number): f"{amount:.2f}" for number, amount in sorted(amounts.items())}}
