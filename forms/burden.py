"""How long a question takes, so that a form's cost to people can be seen before it is published."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from forms.definition import Question, QuestionKind
from forms.words import word_count

WORDS_READ_A_MINUTE = 100
WORDS_TYPED_A_MINUTE = 12
SHORT_TEXT_WORDS = 60
USUAL_ROWS = 4  # lines of a table whose form sets no limit

_QUICK = Fraction(1, 5)
_SHORT = Fraction(1, 2)
_LONG = Fraction(2)
_PER_ROW = Fraction(3, 2)


def minutes_for_question(question: Question, language: str) -> int:
    """Reading, thinking and writing, in whole minutes upwards; half the word limit is taken as usual."""
    return math.ceil(_minutes(question, language))


def minutes_for_questions(questions: Iterable[Question], language: str) -> int:
    """Rounded once for all, so that many quick questions do not count as a minute each."""
    return math.ceil(sum((_minutes(question, language) for question in questions), start=Fraction(0)))


def _minutes(question: Question, language: str) -> Fraction:
    reading = Fraction(_words_shown(question, language), WORDS_READ_A_MINUTE)
    return reading + _writing(question)


def _writing(question: Question) -> Fraction:
    """With the thinking; of a list for half as many entries as there may be, as with the words of a text."""
    if question.kind is QuestionKind.ENTRIES:
        entries = max(question.min_rows or 1, math.ceil((question.max_rows or USUAL_ROWS) / 2))
        each = (_writing(part.as_question()) for part in question.parts)
        return entries * sum(each, start=Fraction(0))
    if question.kind is QuestionKind.VOICE:
        return Fraction(question.max_minutes or 0, 2) + _LONG
    return Fraction(question.max_words or 0, 2 * WORDS_TYPED_A_MINUTE) + _thinking(question)


def _words_shown(question: Question, language: str) -> int:
    texts = [question.label, question.why_we_ask, *(choice.label for choice in question.choices)]
    if question.help_text is not None:
        texts.append(question.help_text)
    for part in question.parts:
        texts += [part.label, *(choice.label for choice in part.choices)]
    return sum(word_count(text.in_language(language)) for text in texts)


def _thinking(question: Question) -> Fraction:
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.CHOICES | QuestionKind.YES_NO:
            return _QUICK
        case QuestionKind.BUDGET | QuestionKind.SHARES:
            return _PER_ROW * (question.max_rows or USUAL_ROWS)
        case QuestionKind.FILE:
            return _LONG
        case QuestionKind.TEXT if question.max_words is None or question.max_words > SHORT_TEXT_WORDS:
            return _LONG
    return _SHORT
