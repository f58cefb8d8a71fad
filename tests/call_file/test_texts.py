"""The texts of the reference call: complete, in the right script, with the same figures in every language."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import pytest

from forms.localized import LocalizedText
from fundapp.call_file import reference_call


def texts_in(part: object) -> Iterator[LocalizedText]:
    if isinstance(part, LocalizedText):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from texts_in(item)
    elif dataclasses.is_dataclass(part):
        for each in dataclasses.fields(part):
            yield from texts_in(getattr(part, each.name))


TEXTS = [text.as_dict() for text in texts_in(reference_call())]
ARABIC = re.compile(r"[\u0600-\u06ff]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
NOT_UKRAINIAN = re.compile(r"[ёъыэЁЪЫЭ]")


def test_there_are_more_than_two_hundred_texts_in_four_languages():
    assert len(TEXTS) > 200
    assert {tuple(text) for text in TEXTS} == {("en", "es", "ar", "uk")}


def test_arabic_texts_use_arabic_letters_and_punctuation():
    wrong = [
        text["ar"]
        for text in TEXTS
        if not ARABIC.search(text["ar"]) or re.search(r"[?;]|,(?!\d)", text["ar"])
    ]

    assert wrong == []


def test_ukrainian_texts_use_ukrainian_letters():
    wrong = [
        text["uk"] for text in TEXTS if not CYRILLIC.search(text["uk"]) or NOT_UKRAINIAN.search(text["uk"])
    ]

    assert wrong == []


def test_questions_are_questions_in_every_language():
    marks = {"en": "?", "es": "?", "ar": "؟", "uk": "?"}
    wrong = [
        (language, text[language])
        for text in TEXTS
        for language, mark in marks.items()
        if (text["en"].count("?") != text[language].count(mark))
    ]

    assert wrong == []


def test_spanish_questions_open_with_their_mark():
    wrong = [text["es"] for text in TEXTS if text["es"].count("¿") != text["es"].count("?")]

    assert wrong == []


@pytest.mark.parametrize("language", ["es", "ar", "uk"])
def test_amounts_and_percentages_are_the_same_in_every_language(language: str):
    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"£[\d,]+|\d+(?=\s?%)", text))

    wrong = [(text["en"], text[language]) for text in TEXTS if figures(text["en"]) != figures(text[language])]

    assert wrong == []


def test_texts_have_no_double_or_stray_spaces():
    wrong = [
        text
        for each in TEXTS
        for text in each.values()
        if "  " in text or re.search(r" [.,;:؟،](?!\S)", text)
    ]

    assert wrong == []
