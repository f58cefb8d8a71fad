"""Minutes a form takes, set against what the call promises and against the size of its grants."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from forms.burden import minutes_for_questions
from forms.conditions import evaluate, facts_used
from forms.definition import Question, Stage
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.grants import Strand


@dataclass(frozen=True)
class StageMinutes:
    """`by_language`: what the questions take. `budget`: what the call promises, in minutes."""

    stage: Stage
    by_language: dict[str, int]
    budget: int

    @property
    def minutes(self) -> int:
        """In the language in which it takes longest."""
        return max(self.by_language.values())

    @property
    def over(self) -> int:
        """Minutes above the budget; below it, a negative number."""
        return self.minutes - self.budget


@dataclass(frozen=True)
class StrandMinutes:
    """Applying once for the smallest grant of a strand; `budget` is None where the call sets no share."""

    strand: Strand
    minutes: int
    cost: Decimal
    percent: Decimal
    budget: int | None

    @property
    def over(self) -> int | None:
        return None if self.budget is None else self.minutes - self.budget


def minutes_by_stage(definition: CallDefinition) -> tuple[StageMinutes, ...]:
    """The check before applying counts with the first stage. Every question counts, also the conditional."""
    burden = definition.burden
    return tuple(
        StageMinutes(
            stage,
            {language: minutes_for_questions(asked, language) for language in definition.languages},
            math.floor(60 * hours),
        )
        for stage, hours in ((Stage.EOI, burden.eoi_hours), (Stage.FULL, burden.application_hours))
        for asked in [_asked(definition, stage)]
    )


def minutes_by_strand(definition: CallDefinition) -> tuple[StrandMinutes, ...]:
    """Both stages, with the questions this strand is asked, in the language in which it takes longest."""
    return tuple(_of_strand(definition, strand) for strand in definition.strands)


def asked_in(definition: CallDefinition, strand: Strand) -> list[Question]:
    """All questions but those that another strand alone is asked."""
    everything = [question for stage in Stage for question in _asked(definition, stage)]
    known = {question.key: strand.key for question in everything if question.carries == "strand"}
    return [question for question in everything if not _is_never_asked(question, known)]


def _of_strand(definition: CallDefinition, strand: Strand) -> StrandMinutes:
    burden, asked = definition.burden, asked_in(definition, strand)
    minutes = max(minutes_for_questions(asked, language) for language in definition.languages)
    hours = Decimal(minutes) / 60
    return StrandMinutes(
        strand,
        minutes,
        burden.cost(hours),
        burden.percent_of(hours, strand.minimum),
        _most_minutes(definition, strand),
    )


def _most_minutes(definition: CallDefinition, strand: Strand) -> int | None:
    """What the call lets applying cost, as a share of the strand's smallest grant, in minutes of pay."""
    burden = definition.burden
    if burden.most_percent is None:
        return None
    pounds = strand.minimum * burden.most_percent / 100
    exact = pounds * burden.hours_a_day * 60 / burden.day_pay
    return int(exact.quantize(Decimal(1), rounding=ROUND_DOWN))


def _asked(definition: CallDefinition, stage: Stage) -> list[Question]:
    before: Iterable[Question] = (
        (item.question for item in definition.eligibility) if stage is Stage.EOI else ()
    )
    return [*before, *definition.form.questions(stage)]


def _is_never_asked(question: Question, known: dict[str, str]) -> bool:
    condition = question.ask_if
    return condition is not None and facts_used(condition) <= known.keys() and not evaluate(condition, known)
