"""A call as plain values: everything that its file holds, and the questions all parts of the app ask it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from forms.definition import Choice, FormDefinition, Question
from forms.eligibility import ByAndForRule, EligibilityQuestion
from forms.localized import LocalizedText
from fundapp.call_file.assessment import Assessment, Criterion, PanelRules
from fundapp.call_file.awarding import AwardRules
from fundapp.call_file.burden import BurdenBudget
from fundapp.call_file.codesign import CodesignRecord, Point
from fundapp.call_file.grants import CostRules, MoneyPlan, Strand
from fundapp.call_file.monitoring import MonitoringPlan, PlannedCheckIn
from fundapp.call_file.ring_fences import OF_ROUND, RingFence
from fundapp.call_file.support import SupportOffer
from fundapp.call_file.timetable import Round


@dataclass(frozen=True)
class AskedAnyway:
    """Why a question is asked although no decision uses its answer; shown to everybody."""

    question: str
    reason: LocalizedText
    by: str  # the name of the person who says so
    on: date


@dataclass(frozen=True)
class CallDefinition:
    """The rules of one call. Frozen: a change makes a new version."""

    code: str
    title: LocalizedText
    purpose: LocalizedText
    public_rule: LocalizedText
    area: LocalizedText
    funder: LocalizedText
    fund_manager: LocalizedText
    learning_partner: LocalizedText
    languages: tuple[str, ...]
    draft_languages: tuple[str, ...] = field(default=(), kw_only=True)  # opened, and openly not all reviewed
    time_zone: str
    is_open_call: bool
    is_sensitive: bool
    boroughs: tuple[str, ...]
    themes: tuple[Choice, ...] = field(default=(), kw_only=True)  # of which each application has one
    support: tuple[SupportOffer, ...] = field(default=(), kw_only=True)  # besides money
    costs: CostRules
    money: MoneyPlan
    strands: tuple[Strand, ...]
    rounds: tuple[Round, ...]
    ring_fences: tuple[RingFence, ...]
    eligibility: tuple[EligibilityQuestion, ...]
    by_and_for: ByAndForRule
    form: FormDefinition
    assessment: Assessment
    panel: PanelRules
    awards: AwardRules
    monitoring: MonitoringPlan
    burden: BurdenBudget
    codesign: CodesignRecord
    asked_anyway: tuple[AskedAnyway, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def grant_pot(self) -> Decimal:
        return self.money.grants

    def criterion(self, key: str) -> Criterion:
        """This and the next ones raise KeyError when there is no such part."""
        return self.assessment.criterion(key)

    def round(self, key: str) -> Round:
        return _by_key(self.rounds, key)

    def strand(self, key: str) -> Strand:
        return _by_key(self.strands, key)

    def ring_fence(self, key: str) -> RingFence:
        """Also by the name of its minimum in one round, such as "BYFOR@1"."""
        return _by_key(self.ring_fences, key.partition(OF_ROUND)[0])

    def theme(self, key: str) -> Choice:
        return _by_key(self.themes, key)

    def check_in(self, key: str) -> PlannedCheckIn:
        return _by_key(self.monitoring.check_ins, key)

    def eligibility_question(self, key: str) -> EligibilityQuestion:
        return _by_key(self.eligibility, key)

    def question(self, key: str) -> Question:
        """A question of the eligibility check or of the form."""
        for item in self.eligibility:
            if item.key == key:
                return item.question
        return self.form.question(key)

    def asked_anyway_because(self, key: str) -> AskedAnyway | None:
        """The reason somebody published for a question without a use."""
        return next((each for each in self.asked_anyway if each.question == key), None)

    def points_behind(self, reference: str) -> tuple[Point, ...]:
        """The co-design points that changed this part; `reference` is such as "question:E9"."""
        return tuple(point for point in self.codesign.points if reference in point.changed)


class _HasKey(Protocol):
    @property
    def key(self) -> str: ...


Part = TypeVar("Part", bound=_HasKey)


def _by_key(things: Iterable[Part], key: str) -> Part:
    for thing in things:
        if thing.key == key:
            return thing
    raise KeyError(key)
