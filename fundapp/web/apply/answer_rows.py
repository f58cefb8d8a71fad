"""Answers as the group reads them again: on the check page, on the receipt and in a copy to take away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from flask import url_for
from markupsafe import Markup

from forms.answers import AnswerValue, BudgetLine, PartnerAmount, budget_total, from_json
from forms.definition import Question
from forms.i18n import current_language, translate
from forms.languages import text_direction
from forms.localized import LocalizedText
from forms.money import format_money
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, Application
from fundapp.queries.applications import answers_of, definition_for
from fundapp.queries.deadlines import stage_of
from fundapp.queries.drafts import questions_asked
from fundapp.web.answer_words import origin_words


@dataclass(frozen=True)
class Line:
    """A line of an answer, with a sum where it has one."""

    text: str
    amount: str = ""

    def __str__(self) -> str:
        return f"{self.text}: {self.amount}" if self.amount else self.text

    def __html__(self) -> Markup:
        if not self.amount:
            lines = self.text.split("\n")  # each with its own direction
            return Markup("<br>").join(
                Markup('<bdi dir="{}">{}</bdi>').format(text_direction(line), line) for line in lines
            )
        return Markup('<bdi>{}</bdi>: <bdi dir="ltr">{}</bdi>').format(self.text, self.amount)


@dataclass(frozen=True)
class AnswerRow:
    """What `summary_list` draws."""

    id: str
    section_key: int  # its place, for grouping
    section: LocalizedText
    label: str
    lines: tuple[Line, ...]
    value: Markup
    change_url: str | None
    lang: str | None = None
    direction: str | None = None
    note: str = ""  # where the answer comes from


def answer_rows(application: Application, language: str, *, whole: bool = False) -> list[AnswerRow]:
    """The questions of the stage it is in, in order; `whole`: everything that was ever asked and answered."""
    definition, answers = definition_for(application), answers_of(application)
    kept = {each.question_key: each for each in application.answers}
    asked = {question.key for question in questions_asked(application)}
    may_change = application.status is ApplicationStatus.DRAFT
    rows = []
    for number, section in enumerate(definition.form.sections):
        for question in section.questions:
            is_asked = section.stage is stage_of(application) and question.key in asked
            if not (is_asked or (whole and answers.get(question.key) is not None)):
                continue
            lines = _lines(question, from_json(question, answers.get(question.key)), language)
            text, stored = "\n".join(map(str, lines)), kept.get(question.key)
            rows.append(
                AnswerRow(
                    id=f"answer-{question.key}",
                    section_key=number,
                    section=section.title,
                    label=question.label.in_language(language),
                    lines=lines,
                    value=Markup("<br>").join(lines),
                    change_url=_change_url(application, question) if may_change and is_asked else None,
                    lang=stored.language if text and stored else None,
                    direction=text_direction(text) if text else None,
                    note=origin_words(stored),
                )
            )
    return rows


def copy_as_text(application: Application, language: str) -> str:
    """Plain text for any program."""
    parts = [application.organisation.name]
    section: LocalizedText | None = None
    for row in answer_rows(application, language, whole=True):
        if row.section != section:
            section = row.section
            parts.append(section.in_language(language).upper())
        lines = [str(line) for line in row.lines] or [translate("Not answered yet")]
        parts.append("\n".join([row.label, *lines, *([f"({row.note})"] if row.note else [])]))
    return "\n\n".join(parts) + "\n"


def copy_as_data(application: Application) -> str:
    """Every answer as it is stored, with the question in all languages."""
    definition = definition_for(application)
    rows = {each.question_key: each for each in application.answers}
    data = {
        "group": application.organisation.name,
        "call": application.call.code,
        "check": application.eligibility_answers,
        "answers": [
            {
                "question": question.key,
                "text": question.label.as_dict(),
                "answer": rows[question.key].value,
                "language": rows[question.key].language,
                "saved_at": rows[question.key].saved_at.isoformat(),
                **_origin_data(rows[question.key]),
            }
            for question in definition.form.questions()
            if question.key in rows
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _origin_data(answer: Answer) -> dict[str, str]:
    """Only where the text was not simply typed by the group."""
    if (origin := answer.origin) is None:
        return {}
    data = {"origin": origin.kind.value, "noted_at": origin.noted_at.isoformat()}
    if origin.pasted_from:
        data["pasted_from"] = origin.pasted_from
    if origin.typed_by_role:
        data["typed_by"] = origin.typed_by_role.value
        data["the_group"] = "has_not_looked" if answer.waits_for_the_group else "confirmed_or_corrected"
    return data


def _change_url(application: Application, question: Question) -> str:
    return url_for("apply.question", application_id=application.id, key=question.key, back="check")


def _lines(question: Question, value: AnswerValue, language: str) -> tuple[Line, ...]:
    labels = {choice.key: choice.label.in_language(language) for choice in question.choices}
    match value:
        case None:
            return ()
        case bool():
            return (Line(translate("Yes") if value else translate("No")),)
        case Decimal():
            return (Line(format_money(value)),)
        case date():
            return (Line(format_date(value, "long", locale=current_language().locale)),)
        case tuple():
            return _row_lines(value, labels)
    text = str(value)
    return (Line(labels.get(text, text)),)


def _row_lines(value: tuple[object, ...], labels: dict[str, str]) -> tuple[Line, ...]:
    rows = [row for row in value if isinstance(row, BudgetLine | PartnerAmount)]
    if not rows:
        return tuple(Line(labels.get(str(key), str(key))) for key in value)
    lines = [
        Line(
            row.what if isinstance(row, BudgetLine) else row.partner,
            "" if row.amount is None else format_money(row.amount),
        )
        for row in rows
    ]
    return (*lines, Line(translate("Total"), format_money(budget_total(rows))))
