"""The answers of a copy without names: nothing of the original passes through here that was not confirmed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forms.answers import AnswerEntry, AnswerValue, BudgetLine, PartnerAmount, from_json
from forms.definition import PartKind, Question
from fundapp.clock import utcnow
from fundapp.models.application import Answer
from fundapp.models.panel import ReviewAssignment
from fundapp.models.redaction import RedactedCopy
from fundapp.models.translation import ClarificationTranslation, Translation
from fundapp.queries.readings import Asked, Sheet, sheet_of
from fundapp.queries.redaction import PieceKind, key_of, row_key, text_key
from fundapp.queries.translations import Translations


@dataclass(frozen=True)
class Passage:
    """A text of the copy in its language."""

    text: str
    language: str | None
    is_checked: bool = False  # of a translation
    objected_at: datetime | None = None
    objection: str = ""  # the group's words stay away: nobody has read them for names
    part: str = ""  # of a clarification
    made_by: None = None  # a copy does not say who translated it


@dataclass(frozen=True)
class CopiedAnswer:
    """What takes the place of a stored answer, with what is said in its recordings, to read."""

    language: str | None
    said: Sequence[Passage]
    translations: Sequence[Passage]
    has_files: bool = False  # which nobody can read for names, so that a copy only says that there are any


@dataclass(frozen=True)
class CopiedClarification:
    """A question to the group and its answer; an answer that is not in the copy has not come yet."""

    id: UUID
    question: str
    answer: str | None
    criterion_key: str | None
    question_key: str | None
    translations: Sequence[Passage]

    @property
    def is_answered(self) -> bool:
        return self.answer is not None


def copy_for_readers(assignment: ReviewAssignment) -> RedactedCopy | None:
    """None: readers see the application itself. Without a confirmed copy they see none of its texts."""
    if not assignment.seat.panel.hides_names(utcnow()):
        return None
    return assignment.application.redacted_copy or RedactedCopy(shown={})


def sheet_for_reader(assignment: ReviewAssignment) -> Sheet:
    """Where names are hidden, what the group was asked and said since is taken from the copy as well."""
    sheet, copy = sheet_of(assignment), copy_for_readers(assignment)
    if copy is None:
        return sheet
    return dataclasses.replace(sheet, clarifications=tuple(asked_in(copy, sheet.clarifications)))


def value_in(copy: RedactedCopy, question: Question, answer: Answer | None) -> AnswerValue:
    """Texts and the words of rows from the copy; numbers, days and choices as they are."""
    value = from_json(question, answer.value) if answer else None
    if isinstance(value, str) and question.is_in_words:
        return copy.passage(text_key(question))
    if isinstance(value, tuple):
        return _rows(copy, question, value)
    return value


def _rows(copy: RedactedCopy, question: Question, rows: Sequence[object]) -> AnswerValue:
    entries = [row for row in rows if isinstance(row, AnswerEntry)]
    if entries:
        return tuple(_entry(copy, question, place, entry) for place, entry in enumerate(entries))
    changed: list[BudgetLine | PartnerAmount] = []
    for place, row in enumerate(rows):
        text = copy.passage(row_key(question, place)) or "–"
        if isinstance(row, BudgetLine):
            changed.append(dataclasses.replace(row, what=text))
        elif isinstance(row, PartnerAmount):
            changed.append(dataclasses.replace(row, partner=text))
    return tuple(changed) if changed else tuple(rows)  # type: ignore[return-value]


def _entry(copy: RedactedCopy, question: Question, place: int, entry: AnswerEntry) -> AnswerEntry:
    texts = {part.key for part in question.parts if part.kind is PartKind.TEXT}
    return AnswerEntry(
        {
            key: copy.passage(row_key(question, place, key)) or "–" if key in texts else value
            for key, value in entry.values.items()
        }
    )


def copied(copy: RedactedCopy, answer: Answer | None, translations: Translations) -> CopiedAnswer:
    if answer is None:
        return CopiedAnswer(None, (), ())
    own = [each for (of, _media), several in translations.items() if of == answer.id for each in several]
    return CopiedAnswer(
        answer.language,
        tuple(_said(copy, answer)),
        tuple(_translated(copy, own)),
        has_files=any(each.is_file for each in answer.recordings),
    )


def _said(copy: RedactedCopy, answer: Answer) -> Iterator[Passage]:
    for each in answer.recordings:
        if text := copy.passage(key_of(PieceKind.SAID, each.id)):
            yield Passage(text, each.transcript_language)


def _translated(copy: RedactedCopy, own: Sequence[Translation]) -> Iterator[Passage]:
    for each in own:
        if text := copy.passage(key_of(PieceKind.TRANSLATION, each.id)):
            part = each.part.value if isinstance(each, ClarificationTranslation) else ""
            yield Passage(text, each.language, each.is_checked, each.objected_at, part=part)


def asked_in(copy: RedactedCopy, clarifications: Sequence[Asked]) -> Iterator[CopiedClarification]:
    """Only those that somebody has read for names."""
    for each in clarifications:
        if question := copy.passage(key_of(PieceKind.ASKED, each.id)):
            answer = copy.passage(key_of(PieceKind.HEARD, each.id))
            own = tuple(_translated(copy, each.translations))
            yield CopiedClarification(each.id, question, answer, each.criterion_key, each.question_key, own)
