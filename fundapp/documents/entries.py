"""A question of a form as it stands on paper."""

from __future__ import annotations

from forms.answers import AnswerValue
from forms.conditions import Condition, Operator
from forms.definition import FormDefinition, Question, QuestionKind
from forms.i18n import translate
from fundapp.documents.paper import Entry, PaperChoice, Room, Words, localized, own

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
    if question.max_words:
        return translate("Up to %(words)s words. Less is fine.", words=question.max_words)
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


def _room(question: Question) -> Room:
    if question.kind is not QuestionKind.TEXT:
        return Room.LOW
    words = question.max_words or SOME_WORDS
    return Room.FEW if words <= FEW_WORDS else Room.SOME if words <= SOME_WORDS else Room.MANY
