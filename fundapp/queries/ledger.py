"""The money of a call as `scoring` counts it: rules, pot, awards, and who each pound is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from uuid import UUID

from forms.conditions import evaluate
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.ring_fences import OF_ROUND, Fact, Family
from fundapp.call_file.ring_fences import RingFence as RingFenceRule
from fundapp.lifecycles import AwardStatus, ClaimStatus
from fundapp.models.award import Must
from fundapp.models.call import Round
from fundapp.models.organisation import Community
from fundapp.queries.call_money import CallMoney, Grant, GroupFacts, Part, Purpose
from scoring.records import Base, Enforcement, Kind, LedgerLine, Measure, Pot, RingFence, Share

NOT_YET_DECIDED = frozenset({ClaimStatus.DECLARED, ClaimStatus.CHECKED})


@dataclass(frozen=True)
class Setting:
    """What a list of awards is judged against: the call, its money so far, the rules and the pot."""

    definition: CallDefinition
    money: CallMoney
    rules: tuple[RingFence, ...]
    ledger: tuple[LedgerLine, ...]
    pot: Pot
    exclusions: tuple[frozenset[UUID], ...] = ()  # of applications; of each at most one can be funded
    marks: Mapping[UUID, Must] = field(default_factory=dict)  # applications the rule must or must not fund

    @classmethod
    def of(
        cls,
        definition: CallDefinition,
        money: CallMoney,
        round_: Round,
        exclusions: tuple[frozenset[UUID], ...] = (),
        marks: Mapping[UUID, Must] | None = None,
    ) -> Setting:
        """For what this round may still award."""
        ledger = ledger_of(money, definition)
        return cls(
            definition=definition,
            money=money,
            rules=(
                *scoring_rules(definition, money),
                *minimums_of(definition, money, round_, counting_others=ledger),
            ),
            ledger=ledger,
            pot=pot_of(definition, money, rounds=tuple(round_.call.rounds), round_=round_),
            exclusions=exclusions,
            marks=marks or {},
        )


def minimums_of(
    definition: CallDefinition,
    money: CallMoney,
    round_: Round,
    *,
    counting_others: Sequence[LedgerLine] = (),
) -> tuple[RingFence, ...]:
    """What ring-fences must reach in this one round.

    With lines of other rounds among those that are counted, what these have reached comes on top, so that
    the same figures say whether this round has done its part.
    """
    released = {one.key for one in money.released}
    here = {str(grant.application_id) for grant in money.grants if grant.round_id == round_.id}
    others = [line for line in counting_others if line.id not in here]
    return tuple(
        RingFence(
            key=f"{rule.key}{OF_ROUND}{round_.code}",
            kind=Kind.FLOOR,
            measure=Measure.VALUE,
            base=Base.FIXED,
            amount=int(minimum.amount * 100) + reached_by(rule.key, others),
            tag=rule.key,
            enforcement=Enforcement(rule.enforcement.value),
            of_round=True,
        )
        for rule in definition.ring_fences
        for minimum in rule.minimum_by_round
        if minimum.round == round_.code and rule.key not in released
    )


def reached_by(tag: str, lines: Iterable[LedgerLine]) -> int:
    """In pence, also where that ring-fence counts awards."""
    shares = (share for line in lines for share in line.counted_shares)
    return sum(share.pence for share in shares if tag in share.confirmed)


def scoring_rules(definition: CallDefinition, money: CallMoney) -> tuple[RingFence, ...]:
    """The call's ring-fences as `scoring` knows them, without those that were released."""
    released = {one.key: one for one in money.released}
    rules = []
    for rule in definition.ring_fences:
        gone = released.get(rule.key)
        if gone is None:
            rules.append(_scoring_rule(rule))
        elif gone.moved_to is not None:
            rules.append(
                RingFence(
                    key=rule.key,
                    kind=Kind.SET_ASIDE,
                    measure=Measure.VALUE,
                    base=Base.FIXED,
                    amount=gone.kept_pence,
                    tag=gone.moved_to,
                    enforcement=Enforcement(rule.enforcement.value),
                )
            )
    return tuple(rules)


def _scoring_rule(rule: RingFenceRule) -> RingFence:
    by_number = rule.measure.value == Measure.COUNT
    amount = None if rule.amount is None else int(rule.amount if by_number else rule.amount * 100)
    return RingFence(
        key=rule.key,
        kind=Kind(rule.kind.value),
        measure=Measure(rule.measure.value),
        base=Base(rule.base.value),
        percent=None if rule.percent is None else Fraction(rule.percent),
        amount=amount,
        is_family=rule.each is not None,
        enforcement=Enforcement(rule.enforcement.value),
    )


def pot_of(
    definition: CallDefinition, money: CallMoney, *, rounds: Sequence[Round], round_: Round | None = None
) -> Pot:
    """The whole pot, and what this round may still award; leftovers of earlier rounds where it takes them."""
    is_last = round_ is None or round_.code == definition.rounds[-1].key
    return Pot(
        fund_pence=int(definition.money.total * 100),
        grants_pence=int(definition.grant_pot * 100),
        round_pence=max(0, _round_pence(definition, money, rounds, round_)) if round_ else 0,
        is_last=is_last,
    )


def _round_pence(definition: CallDefinition, money: CallMoney, rounds: Sequence[Round], round_: Round) -> int:
    ids = {each.code: each.id for each in rounds}
    left = 0
    for planned in definition.rounds:
        row_id = ids.get(planned.key)
        used = money.counted_pence(row_id) if row_id else 0
        left = int(planned.amount * 100) + (left if planned.takes_unused else 0) - used
        if planned.key == round_.code:
            return left
    raise KeyError(round_.code)


def tags_of(
    definition: CallDefinition, group: GroupFacts | None, purpose: Purpose
) -> tuple[frozenset[str], frozenset[str]]:
    """The ring-fences an organisation counts for, and those that depend on claims still to be decided."""
    if group is None:
        return frozenset(), frozenset()
    sure, maybe = _facts(group, purpose, hopeful=False), _facts(group, purpose, hopeful=True)
    confirmed, claimed = set[str](), set[str]()
    for rule in definition.ring_fences:
        if rule.each is not None:
            value = purpose.theme if rule.each is Family.THEME else group.borough
            if value:
                confirmed.add(f"{rule.key}:{value}")
        elif rule.who is not None and evaluate(rule.who, sure):
            confirmed.add(rule.key)
        elif rule.who is not None and evaluate(rule.who, maybe):
            claimed.add(rule.key)
    return frozenset(confirmed), frozenset(claimed)


def _facts(group: GroupFacts, purpose: Purpose, *, hopeful: bool) -> dict[str, object]:
    def holds(community: Community) -> bool:
        status = group.claims.get(community)
        return status is ClaimStatus.CONFIRMED or (hopeful and status in NOT_YET_DECIDED)

    return {
        Fact.BY_AND_FOR: holds(Community.BY_AND_FOR),
        Fact.MIGRANT_LED: holds(Community.MIGRANT),
        Fact.INCOME_PENCE: group.income_pence,
        Fact.STRAND: purpose.strand,
        Fact.THEME: purpose.theme,
        Fact.FIRST_TIME: group.is_first_time,
        Fact.BOROUGH: group.borough,
    }


def shares_of(
    parts: Iterable[Part], purpose: Purpose, groups: Mapping[UUID, GroupFacts], definition: CallDefinition
) -> tuple[Share, ...]:
    """Each partner's money under that partner's own status."""
    return tuple(
        Share(part.pence, *tags_of(definition, groups.get(part.organisation_id), purpose)) for part in parts
    )


def ledger_of(money: CallMoney, definition: CallDefinition) -> tuple[LedgerLine, ...]:
    """All awards of the call as the ring-fences see them."""
    return tuple(award_line(grant, money, definition) for grant in money.grants)


def award_line(grant: Grant, money: CallMoney, definition: CallDefinition) -> LedgerLine:
    """One award with its partners."""
    line = LedgerLine(
        id=str(grant.application_id),
        pence=sum(part.pence for part in grant.parts),
        shares=shares_of(grant.parts, grant.purpose, money.groups, definition),
        counting=grant.counting,
        paid_pence=grant.paid_pence,
    )
    return _without_what_goes_back(line, grant, definition) if grant.asked_back_pence else line


def paid_line(grant: Grant, money: CallMoney, definition: CallDefinition) -> LedgerLine:
    """Only what was paid of it, and was not asked back."""
    return award_line(replace(grant, status=AwardStatus.TERMINATED), money, definition)


def _without_what_goes_back(line: LedgerLine, grant: Grant, definition: CallDefinition) -> LedgerLine:
    """Money asked back counts for no floor from then on; for limits and in the pot, until it is here.

    So no floor is over-reported and no pound is promised twice. Each partner gives back its part; pennies
    that do not divide count for nobody.
    """
    limits = frozenset(rule.key for rule in definition.ring_fences if rule.kind.value == Kind.CAP)

    def only_limits(tags: frozenset[str]) -> frozenset[str]:
        return frozenset(tag for tag in tags if tag.partition(":")[0] in limits)

    kept, on_its_way = [], []
    for share in line.shares:
        still = grant.kept_pence * share.pence // line.pence
        rest = grant.counted_pence * share.pence // line.pence - still
        kept.append(replace(share, pence=still))
        on_its_way.append(Share(rest, only_limits(share.confirmed), only_limits(share.claimed)))
    counted = [*(kept if grant.kept_pence else ()), *on_its_way]
    left_over = Share(grant.counted_pence - sum(share.pence for share in counted))
    return LedgerLine(line.id, grant.counted_pence, (*counted, left_over))


def listed_lines(
    money: CallMoney, definition: CallDefinition, round_id: UUID | None = None
) -> tuple[LedgerLine, ...]:
    """What the panel's list would award, once signed; in one round or in all."""
    return tuple(
        LedgerLine(
            str(one.application_id),
            one.listed_pence,
            shares_of(one.listed_parts, one.purpose, money.groups, definition),
        )
        for one in money.listed
        if round_id is None or one.round_id == round_id
    )
