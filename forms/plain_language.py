"""Whether a text is easy to read: numbers and codes that warn and never stop anybody.

Sentences and words are counted in every script. LIX (words per sentence + percent of words over six letters)
needs letters that can be counted, so it is for Latin and Cyrillic texts of some length; what is easy there
differs by language, because some write long words for everyday things.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from forms.definition import Question
from forms.words import word_count

QUESTION_WORDS = 12
HINT_WORDS = 40
AVERAGE_SENTENCE = 15
LONGEST_SENTENCE = 25
LONG_WORD = 6  # letters; longer ones count for LIX
LIX_NEEDS_WORDS = 20  # with fewer words the number says little
LIX = {"en": 30}
LIX_ELSEWHERE = 45  # languages that write long words; plain texts of ours lie below it

_END_OF_SENTENCE = re.compile(r"[.!?…؟۔।።：？！]+[»”’\"')\]]*(?=\s|$)|[。？！]|\n+")
_BETWEEN_PARTS = re.compile(r"[\s\-–—/]+")
_QUESTION_MARKS = re.compile(r"[?؟？;;](?=\W|$)|[?؟？]")
_FUNDER_WORDS = Path(__file__).with_name("funder_words.csv")


class Part(StrEnum):
    """Which text of a question."""

    LABEL = "label"
    HELP = "help_text"
    WHY = "why_we_ask"
    CHOICES = "choices"
    PARTS = "parts"
    ALL = "all"


class Warns(StrEnum):
    LONG_QUESTION = "long_question"
    LONG_HINT = "long_hint"
    LONG_SENTENCE = "long_sentence"
    LONG_ON_AVERAGE = "long_on_average"
    HARD_TO_READ = "hard_to_read"
    TWO_QUESTIONS = "two_questions"
    FUNDER_WORD = "funder_word"


@dataclass(frozen=True)
class Advice:
    """`number` was measured, `most` is what is easy; `word` and `instead` are for funder words only."""

    code: Warns
    part: Part
    number: int = 0
    most: int = 0
    word: str = ""
    instead: str = ""


def sentences(text: str) -> list[str]:
    """What stands between stops, as far as there is a word in it."""
    return [part for part in _END_OF_SENTENCE.split(text) if part and word_count(part)]


def words_per_sentence(text: str) -> Fraction:
    found = sentences(text)
    return Fraction(sum(map(word_count, found)), len(found)) if found else Fraction(0)


def longest_sentence(text: str) -> int:
    return max(map(word_count, sentences(text)), default=0)


def lix(text: str) -> Fraction | None:
    """None for texts without words and in scripts whose words cannot be measured in letters."""
    words = sum(map(word_count, sentences(text)))
    if not words or not _counts_letters(text):
        return None
    long_words = sum(_longest_part(word) > LONG_WORD for word in text.split())
    return words_per_sentence(text) + Fraction(100 * long_words, words)


def asks_twice(text: str, language: str) -> bool:
    """More than one question mark; or, where we know the words, "and" before another question word."""
    if len(_QUESTION_MARKS.findall(text)) > 1:
        return True
    pattern = _SECOND_QUESTION.get(language.split("-")[0])
    return pattern is not None and pattern.search(text) is not None


def funder_words(text: str, language: str) -> list[tuple[str, str]]:
    """Each word of the list that stands in the text, as it stands there, with a plain one; once each."""
    found: dict[str, tuple[str, str]] = {}
    for pattern, instead in _listed(language.split("-")[0]):
        if match := pattern.search(text):
            found.setdefault(instead, (match.group(), instead))
    return list(found.values())


def advice_for(question: Question, language: str) -> tuple[Advice, ...]:
    """For the texts that the question really has in this language."""
    return tuple(_advice(question, language))


def _advice(question: Question, language: str) -> Iterator[Advice]:
    texts = dict(_texts(question, language))
    label, hint = texts.get(Part.LABEL, ""), texts.get(Part.HELP, "")
    if (number := word_count(label)) > QUESTION_WORDS:
        yield Advice(Warns.LONG_QUESTION, Part.LABEL, number, QUESTION_WORDS)
    if asks_twice(label, language):
        yield Advice(Warns.TWO_QUESTIONS, Part.LABEL)
    if (number := word_count(hint)) > HINT_WORDS:
        yield Advice(Warns.LONG_HINT, Part.HELP, number, HINT_WORDS)
    for part, text in texts.items():
        if (number := longest_sentence(text)) > LONGEST_SENTENCE:
            yield Advice(Warns.LONG_SENTENCE, part, number, LONGEST_SENTENCE)
    yield from _together("\n".join(texts.values()), language)
    for part, text in texts.items():
        for word, instead in funder_words(text, language):
            yield Advice(Warns.FUNDER_WORD, part, word=word, instead=instead)


def _together(text: str, language: str) -> Iterator[Advice]:
    average, hardness = words_per_sentence(text), lix(text)
    if average > AVERAGE_SENTENCE:
        yield Advice(Warns.LONG_ON_AVERAGE, Part.ALL, _upwards(average), AVERAGE_SENTENCE)
    most = LIX.get(language.split("-")[0], LIX_ELSEWHERE)
    if hardness is not None and hardness > most and word_count(text) >= LIX_NEEDS_WORDS:
        yield Advice(Warns.HARD_TO_READ, Part.ALL, _upwards(hardness), most)


def _texts(question: Question, language: str) -> Iterator[tuple[Part, str]]:
    several = [*question.choices, *(choice for part in question.parts for choice in part.choices)]
    choices = "\n".join(choice.label.find(language) or "" for choice in several)
    parts = "\n".join(part.label.find(language) or "" for part in question.parts)
    named = (
        (Part.LABEL, question.label.find(language)),
        (Part.HELP, question.help_text.find(language) if question.help_text else None),
        (Part.WHY, question.why_we_ask.find(language)),
        (Part.CHOICES, choices),
        (Part.PARTS, parts),
    )
    yield from ((part, text) for part, text in named if text and text.strip())


def _counts_letters(text: str) -> bool:
    """Whether most letters are Latin or Cyrillic."""
    scripts = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha())
    return 2 * (scripts["LATIN"] + scripts["CYRILLIC"]) > scripts.total()


def _longest_part(word: str) -> int:
    """Letters, in the longest part of what is joined by a hyphen; marks above and below do not count."""
    composed = unicodedata.normalize("NFC", word)
    return max(sum(map(str.isalpha, part)) for part in _BETWEEN_PARTS.split(composed))


def _upwards(number: Fraction) -> int:
    return math.ceil(number)


def _joined(ands: str, asking: str) -> re.Pattern[str]:
    """ "and" and a question word, with at most one word between them ("and about how much")."""
    return re.compile(rf"(?<!\w)(?:{ands})\s+(?:\w+\s+)?(?:{asking})(?!\w)", re.IGNORECASE)


_SECOND_QUESTION = {
    "en": _joined("and|or", "how|what|who|whom|whose|why|when|where|which|do|does|did|is|are|can|will|would"),
    "es": _joined(
        "y|e|o|u", "qué|quién|quiénes|cómo|cuándo|cuánto|cuánta|cuántos|cuántas|dónde|por qué|cuál|cuáles"
    ),
    "uk": _joined(
        "і|й|та|або", "що|хто|кого|кому|чим|як|яка|який|яке|які|коли|де|куди|чому|скільки|чи|для чого"
    ),
    "ar": re.compile(r"(?<=\s)و(?:ماذا|كيف|متى|أين|لماذا|كم|هل|بماذا)(?!\w)"),
}


@lru_cache
def _listed(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    with _FUNDER_WORDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["language"] == language]
    return tuple(
        (re.compile(rf"(?<![\w-])(?:{_any_of(row['word'])})(?![\w-])", re.IGNORECASE), row["instead"])
        for row in rows
    )


def _any_of(words: str) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words.split("|"))
