"""Answers as the group reads them again: on the check page and on the receipt."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from forms.answers import from_json
from forms.definition import Question
from forms.i18n import translate
from forms.languages import text_direction
from forms.localized import LocalizedText
from fundapp.documents.lines import lines_of
from fundapp.documents.origins import origin_words
from fundapp.documents.paper import Line
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application
from fundapp.queries.applications import answers_of, definition_for
from fundapp.queries.deadlines import stage_of
from fundapp.queries.drafts import questions_asked


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
    recordings: tuple[AnswerMedia, ...] = ()


def answer_rows(
    application: Application, language: str, *, by_helper: Container[str] = ()
) -> list[AnswerRow]:
    """The questions of the stage it is in, in order.

    `by_helper`: keys of answers whose newest text a helper wrote; the group sees that.
    """
    definition, answers = definition_for(application), answers_of(application)
    kept = {each.question_key: each for each in application.answers}
    asked = {question.key for question in questions_asked(application)}
    may_change = application.status is ApplicationStatus.DRAFT
    rows = []
    for number, section in enumerate(definition.form.sections):
        for question in section.questions:
            if section.stage is not stage_of(application) or question.key not in asked:
                continue
            lines = lines_of(question, from_json(question, answers.get(question.key)))
            text, stored = "\n".join(map(str, lines)), kept.get(question.key)
            rows.append(
                AnswerRow(
                    id=f"answer-{question.key}",
                    section_key=number,
                    section=section.title,
                    label=question.label.in_language(language),
                    lines=lines,
                    value=drawn(lines),
                    change_url=_change_url(application, question) if may_change else None,
                    lang=stored.language if text and stored else None,
                    direction=text_direction(text) if text else None,
                    note=_note(stored, question.key in by_helper and bool(text)),
                    recordings=tuple(stored.recordings) if stored else (),
                )
            )
    return rows


def _note(stored: Answer | None, by_helper: bool) -> str:
    """Where an answer comes from, and who of the group's helpers wrote it."""
    notes = [origin_words(stored), translate("Written by your helper") if by_helper else ""]
    return " · ".join(note for note in notes if note)


def _change_url(application: Application, question: Question) -> str:
    return url_for("apply.question", application_id=application.id, key=question.key, back="check")


def drawn(lines: Iterable[Line]) -> Markup:
    """One below the other."""
    return Markup("<br>").join(map(_as_markup, lines))


def _as_markup(line: Line) -> Markup:
    """A line as it is drawn, each of its parts with its own direction."""
    if line.amount:
        words = Markup('<bdi dir="{}">{}</bdi>').format(text_direction(line.text), line.text)
        return words + Markup(': <bdi dir="ltr">{}</bdi>').format(line.amount)
    lines = line.text.split("\n")
    return Markup("<br>").join(
        Markup('<bdi dir="{}">{}</bdi>').format(text_direction(each), each) for each in lines
    )
