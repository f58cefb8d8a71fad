"""What an end, a refusal, money coming back or a changed claim does to the ring-fences, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.lifecycles import RUNNING_GRANTS, ApplicationStatus, AwardStatus, ClaimStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Decision, Outcome
from fundapp.models.call import Round
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.user import User
from fundapp.permissions import Permission, can
from fundapp.queries.awards import visible_to
from fundapp.queries.call_money import CallMoney, Grant, load_call_money, parts_of, pence, purpose_of
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.exclusions import excluded_by_awards, pairs_of
from fundapp.queries.ledger import Setting, shares_of
from fundapp.queries.proposals import amount_limits
from scoring.consequences import Consequence, Mender, consequences, menders
from scoring.records import Candidate

BEFORE_ACCEPTING = (AwardStatus.IN_PRINCIPLE, AwardStatus.CHECKS, AwardStatus.AGREEMENT_SENT)


@dataclass(frozen=True)
class NamedMender:
    """`application` is None where the reader has a tie with somebody in it."""

    mender: Mender
    application: Application | None
    place: int


@dataclass(frozen=True)
class Effect:
    """Only ring-fences whose figures change. `freed`: money that can be awarded again."""

    changes: tuple[Consequence, ...]
    freed_pence: int
    menders: tuple[NamedMender, ...]

    @property
    def hurts(self) -> bool:
        return any(one.lost_ground for one in self.changes)


@dataclass(frozen=True)
class EndingEffects:
    """Of ending one award now. `all_returned`: if what was paid comes back too."""

    as_agreed: Effect
    all_returned: Effect | None


def effects_of_ending(award: Award, *, reader: User) -> EndingEffects | None:
    """None for awards that cannot end, and for people who may not see the figures."""
    if award.status not in (*BEFORE_ACCEPTING, *RUNNING_GRANTS):
        return None
    if not can(reader, Permission.ROUND_FIGURES, award.round):
        return None
    money = load_call_money(award.call)
    reserves = _Reserves.of(award.round, reader)
    if award.status in BEFORE_ACCEPTING:
        gone = _with_grant(money, replace(money.grant(award.id), status=AwardStatus.WITHDRAWN))
        return EndingEffects(reserves.effect(money, gone), None)
    ended = replace(money.grant(award.id), status=AwardStatus.TERMINATED)
    returned = _given_back(ended, ended.kept_pence)
    return EndingEffects(
        reserves.effect(money, _with_grant(money, ended)),
        reserves.effect(money, _with_grant(money, returned)) if ended.kept_pence else None,
    )


def effect_of_clawback(award: Award, amount: Decimal, *, reader: User) -> Effect | None:
    """Of this much of what was paid coming back. None for people who may not see the figures."""
    if not can(reader, Permission.ROUND_FIGURES, award.round):
        return None
    money = load_call_money(award.call)
    back = _given_back(money.grant(award.id), pence(amount))
    return _Reserves.of(award.round, reader).effect(money, _with_grant(money, back))


def effects_of_claims(
    claims: Sequence[ByAndForClaim], application: Application, *, reader: User
) -> dict[UUID, dict[ClaimStatus, Effect]]:
    """By claim, of each decision that would change a figure: only groups with awards have any."""
    if not claims or not can(reader, Permission.ROUND_FIGURES, application.round):
        return {}
    money = load_call_money(application.call)
    granted = {part.organisation_id for grant in money.grants if grant.counted_pence for part in grant.parts}
    if not granted & {claim.organisation_id for claim in claims}:
        return {}
    reserves = _Reserves.of(application.round, reader)
    return {claim.id: _of_claim(claim, money, reserves) for claim in claims}


def _of_claim(claim: ByAndForClaim, money: CallMoney, reserves: _Reserves) -> dict[ClaimStatus, Effect]:
    facts, found = money.groups.get(claim.organisation_id), dict[ClaimStatus, Effect]()
    if facts is None:
        return found
    for status in (ClaimStatus.CONFIRMED, ClaimStatus.NOT_MET, ClaimStatus.CHECKED):
        changed = replace(facts, claims={**facts.claims, claim.community: status})
        after = replace(money, groups={**money.groups, claim.organisation_id: changed})
        effect = reserves.effect(money, after)
        if effect.changes:
            found[status] = effect
    return found


def _given_back(grant: Grant, amount: int) -> Grant:
    return replace(
        grant,
        asked_back_pence=grant.asked_back_pence + amount,
        returned_pence=grant.returned_pence + amount,
    )


def _with_grant(money: CallMoney, changed: Grant) -> CallMoney:
    grants = (changed if grant.award_id == changed.award_id else grant for grant in money.grants)
    return replace(money, grants=tuple(grants))


@dataclass(frozen=True)
class _Reserves:
    """The signed reserve list of a round, with what the reader may see of it."""

    round: Round
    applications: Sequence[Application]
    awarded: Sequence[Application]
    pairs: tuple[frozenset[UUID], ...]  # of applications; of each at most one can be funded
    visible: frozenset[UUID]
    shows_names: bool

    @classmethod
    def of(cls, round_: Round, reader: User) -> _Reserves:
        on_list = (
            sa.select(Application)
            .join(Decision, Decision.application_id == Application.id)
            .where(
                Decision.round_id == round_.id,
                Decision.outcome == Outcome.RESERVE,
                Application.status == ApplicationStatus.RESERVE,
            )
            .options(joinedload(Application.organisation), selectinload(Application.shares))
            .order_by(Decision.reserve_position, Decision.id)
        )
        awarded = (
            sa.select(Application)
            .join(Award, Award.application_id == Application.id)
            .where(Award.round_id == round_.id)
            .options(selectinload(Application.shares))
            .order_by(Application.id)
        )
        listed = db.session.execute(on_list).scalars().all()
        seen = sa.select(Application.id).where(
            Application.id.in_([one.id for one in listed]), visible_to(reader, round_)
        )
        return cls(
            round_,
            listed,
            db.session.execute(awarded).scalars().all(),
            pairs_of(round_.id),
            frozenset(db.session.execute(seen).scalars()),
            can(reader, Permission.DECISION_MAKE, round_),
        )

    def effect(self, before: CallMoney, after: CallMoney) -> Effect:
        definition = definition_of(current_version(self.round.call))
        was, is_ = (Setting.of(definition, money, self.round, self.pairs) for money in (before, after))
        changed = tuple(
            one for one in consequences(is_.rules, was.ledger, is_.ledger, is_.pot) if one.is_felt
        )
        excluded = excluded_by_awards(self.applications, self.awarded, is_)
        free = [one for one in self.applications if one.id not in excluded]
        candidates = [one for one in (self._candidate(each, is_) for each in free) if one]
        found = menders(candidates, is_.rules, changed, is_.ledger, is_.pot)
        by_id = {str(one.id): one for one in self.applications}
        named = [
            NamedMender(one, self._shown(by_id[one.id]), place)
            for place, one in enumerate(found, start=1)
            if one.mends or one.helps
        ]
        return Effect(changed, before.counted_pence() - after.counted_pence(), tuple(named))

    def _shown(self, application: Application) -> Application | None:
        return application if self.shows_names and application.id in self.visible else None

    def _candidate(self, application: Application, setting: Setting) -> Candidate | None:
        amount = pence(amount_limits(application, setting.definition)[1])
        if not amount:
            return None
        parts = parts_of(application, amount)
        shares = shares_of(parts, purpose_of(application), setting.money.groups, setting.definition)
        return Candidate(str(application.id), amount, shares)
