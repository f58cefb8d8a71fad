"""An answer as lines of text, in the active language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from forms.answers import AnswerEntry, AnswerValue, BudgetLine, PartnerAmount, budget_total
from forms.definition import Question
from forms.i18n import current_language, translate
from forms.money import format_money
from fundapp.documents.paper import Line


def lines_of(question: Question, value: AnswerValue) -> tuple[Line, ...]:
    """None for what is not answered; rows of sums end with their total."""
    language = current_language().code
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
            entries = [row for row in value if isinstance(row, AnswerEntry)]
            return tuple(_entry_lines(question, entries)) if entries else _row_lines(value, labels)
    text = str(value)
    return (Line(labels.get(text, text)),)


def _entry_lines(question: Question, entries: Sequence[AnswerEntry]) -> Iterator[Line]:
    """Each with its number; every part of it on a line of its own, with its label."""
    language = current_language().code
    for number, entry in enumerate(entries, start=1):
        yield Line(translate("Entry %(number)s", number=number))
        for part in question.parts:
            if part.key in entry.values:
                lines = lines_of(part.as_question(), entry.values[part.key])
                yield Line(f"{part.label.in_language(language)}: {' '.join(map(str, lines))}")


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
