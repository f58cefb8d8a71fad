"""A question of a form as it stands on paper."""

from __future__ import annotations

from collections.abc import Iterator

from forms.answers import AnswerEntry, AnswerValue, to_json
from forms.conditions import Condition, Operator
from forms.definition import FormDefinition, Question, QuestionKind
from forms.i18n import translate
from fundapp.documents.paper import Entry, PaperChoice, PaperPart, Room, Words, localized, own

USUAL_ROWS = 4
FEW_WORDS, SOME_WORDS = 60, 150


def entry_of(question: Question, form: FormDefinition | None = None, value: AnswerValue = None) -> Entry:
    """With everything the page of the question says; `value` marks what was chosen already."""
    return Entry(
        key=question.key,
        kind=question.kind,
        label=localized(question.label),
        help_text=localized(question.help_text) if question.help_text else None,
        why_we_ask=localized(question.why_we_ask),
        notes=_notes(question, form),
        choices=_choices(question, value),
        rows=_rows(question),
        grid=tuple(_grid(question, value)),
        room=_room(question),
    )


def limit_words(question: Question) -> str:
    """How long an answer may be, as one sentence; empty where nothing limits it."""
    if question.max_words and question.max_minutes:
        return translate(
            "Up to %(words)s words, or %(minutes)s minutes of speech. Less is fine.",
            words=question.max_words,
            minutes=question.max_minutes,
        )
    if question.max_minutes and question.kind is QuestionKind.VOICE:
        return translate("Up to %(minutes)s minutes of speech. Less is fine.", minutes=question.max_minutes)
    if question.max_words:
        return translate("Up to %(words)s words. Less is fine.", words=question.max_words)
    if question.max_rows and question.kind is QuestionKind.FILE:
        return translate("Files: at most %(n)s.", n=question.max_rows)
    if question.max_rows and question.parts:
        return translate("Up to %(n)s entries.", n=question.max_rows)
    if question.max_rows:
        return translate("Up to %(n)s lines.", n=question.max_rows)
    return ""


def _notes(question: Question, form: FormDefinition | None) -> tuple[Words, ...]:
    notes = [limit_words(question)]
    match question.kind:
        case QuestionKind.CHOICE:
            notes.append(translate("Choose one."))
        case QuestionKind.CHOICES:
            notes.append(translate("Choose all that fit."))
        case QuestionKind.MONEY | QuestionKind.BUDGET | QuestionKind.SHARES:
            notes.append(translate("In pounds. Round figures are fine."))
        case QuestionKind.VOICE:
            notes.append(translate("We ask for a recording: send it on the page. You can also write here."))
        case QuestionKind.FILE:
            notes.append(
                translate("Add the files on the page of this question, or put them with this paper.")
            )
    if question.ask_if is not None:
        notes.append(_only_if(question.ask_if, form))
    if question.copied_from is not None:
        notes.append(translate("Your answer from the first stage is copied here. You can change it."))
    if not question.required:
        notes.append(translate("You can leave this empty."))
    return tuple(own(note) for note in notes if note)


def _only_if(condition: Condition, form: FormDefinition | None) -> str:
    """Says which answer the question follows from, where that is one answer of one question."""
    if form is not None and condition.operator is Operator.EQUALS:
        try:
            before = form.question(condition.fact)
        except KeyError:
            before = None
        chosen = (
            next((each for each in before.choices if each.key in condition.values), None) if before else None
        )
        if before is not None and chosen is not None:
            return translate(
                "Only if you answer “%(answer)s” to “%(question)s”.",
                answer=localized(chosen.label).text,
                question=localized(before.label).text,
            )
    return translate("Not every group is asked this. The form on the page knows when.")


def _choices(question: Question, value: AnswerValue) -> tuple[PaperChoice, ...]:
    if question.kind is QuestionKind.YES_NO:
        return (
            PaperChoice("yes", own(translate("Yes")), value is True),
            PaperChoice("no", own(translate("No")), value is False),
        )
    chosen = value if isinstance(value, tuple) else (value,)
    return tuple(
        PaperChoice(each.key, localized(each.label), each.key in chosen) for each in question.choices
    )


def _rows(question: Question) -> int:
    if question.kind in (QuestionKind.BUDGET, QuestionKind.SHARES):
        return question.max_rows or USUAL_ROWS
    return 0


def _grid(question: Question, value: AnswerValue) -> Iterator[tuple[PaperPart, ...]]:
    """What is answered, and at least one more entry to write in, as far as there may be one."""
    if question.kind is not QuestionKind.ENTRIES:
        return
    entries = [row for row in value if isinstance(row, AnswerEntry)] if isinstance(value, tuple) else []
    most = question.max_rows or USUAL_ROWS
    number = max(question.min_rows or 1, min(most, USUAL_ROWS), min(most, len(entries) + 1))
    for place in range(number):
        values = entries[place].values if place < len(entries) else {}
        yield tuple(_part(part.as_question(), values.get(part.key)) for part in question.parts)


def _part(part: Question, value: AnswerValue) -> PaperPart:
    choices = _choices(part, value)
    stored = to_json(value)
    return PaperPart(localized(part.label), choices, "" if choices or stored is None else str(stored))


def _room(question: Question) -> Room:
    if not question.is_in_words:
        return Room.LOW
    words = question.max_words or SOME_WORDS
    return Room.FEW if words <= FEW_WORDS else Room.SOME if words <= SOME_WORDS else Room.MANY
