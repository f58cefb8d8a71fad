"""The form of a stage with nothing written in it, in the active language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from babel.numbers import format_percent

from forms.definition import Question, Stage
from forms.i18n import current_language, translate
from fundapp.call_file.assessment import Criterion
from fundapp.call_file.definition import CallDefinition
from fundapp.documents.entries import entry_of
from fundapp.documents.paper import CriterionLevels, Paper, Part, Words, isolated, localized, own
from fundapp.models.fund import Fund
from fundapp.moments import end_of_day, show_time


def blank_form(definition: CallDefinition, stage: Stage, fund: Fund | None = None) -> Paper:
    """With the check before it (first stage) or the criteria behind it (second stage).

    `fund` adds how to reach its people.
    """
    form = definition.form
    parts = [
        Part(localized(section.title), tuple(entry_of(each, form) for each in section.questions))
        for section in form.sections
        if section.stage is stage
    ]
    if stage is Stage.EOI:
        asked: list[Question] = [item.question for item in definition.eligibility]
        check = own(translate("The short check before you apply"))
        parts.insert(0, Part(check, tuple(entry_of(each) for each in asked)))
    return Paper(
        language=current_language().code,
        title=own(stage_title(stage)),
        about=localized(definition.title),
        facts=(*deadline_facts(definition, stage), *(ways_to_ask(fund) if fund else ())),
        lead=(
            own(translate("You can write in any language. We translate your answers for the readers.")),
            own(translate("Limits are limits, not targets. Short answers are welcome.")),
            own(translate("Please do not write names, addresses or papers of people who come to you.")),
        ),
        parts=tuple(parts),
        criteria=tuple(map(_levels, definition.assessment.criteria)) if stage is Stage.FULL else (),
    )


def form_to_write_in(definition: CallDefinition, stage: Stage, fund: Fund | None = None) -> Paper:
    """For a word processor: only the questions whose answers can be brought back."""
    paper = blank_form(definition, stage, fund)
    return replace(paper, parts=paper.parts[1:] if stage is Stage.EOI else paper.parts)


def stage_title(stage: Stage) -> str:
    return translate("Expression of interest") if stage is Stage.EOI else translate("Full application")


def deadline_facts(definition: CallDefinition, stage: Stage) -> Iterator[tuple[str, Words]]:
    for round_ in definition.rounds:
        closes_at = end_of_day(round_.closes_at(stage, definition.zone))
        words = show_time(closes_at)
        if len(definition.rounds) > 1:
            words = f"{localized(round_.title).text}: {words}"
        yield translate("Send it before this moment:"), own(words)


def ways_to_ask(fund: Fund) -> Iterator[tuple[str, Words]]:
    yield translate("Ask for"), Words(fund.organisation_name)
    if fund.contact_phone:
        yield translate("Phone"), Words(isolated(fund.contact_phone))
    if fund.contact_email:
        yield translate("Email"), Words(isolated(fund.contact_email))


def _levels(criterion: Criterion) -> CriterionLevels:
    return CriterionLevels(
        title=localized(criterion.title),
        weight=format_percent(criterion.weight / 100, locale=current_language().locale),
        levels=tuple(
            (translate("Level %(n)s", n=anchor.level), localized(anchor.text)) for anchor in criterion.anchors
        ),
    )
