"""Which of the printed choices somebody has marked, however they did it."""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import Question, QuestionKind
from forms.i18n import translate

_EMPTY = "☐□▢◻⬜[](){}_.-–—:•·* \t\u00a0\ufe0f"


def chosen_in(text: str, question: Question) -> list[str] | None:
    """The keys of the marked choices, none for an untouched place; None when it cannot be told.

    A choice is marked when anything but an empty box stands beside its words. Somebody may also have left one
    choice and deleted the others, or typed its words alone.
    """
    labels = _labels(question)
    marked, left, strange = [], [], False
    for line in filter(str.strip, text.split("\n")):
        found = next(((key, words) for key, words in labels if words in _plain(line)), None)
        if found is None:
            strange = strange or bool(line.strip(_EMPTY))
            continue
        key, words = found
        left.append(key)
        if _plain(line).replace(words, "", 1).strip(_EMPTY):
            marked.append(key)
    if strange:
        return None
    chosen = marked or (left if len(left) == 1 < _number(question) else [])
    return None if len(chosen) > 1 and question.kind is not QuestionKind.CHOICES else chosen


def _labels(question: Question) -> list[tuple[str, str]]:
    """In every language, longest first: one label may be part of another."""
    found = [(choice.key, _plain(words)) for choice in question.choices for _tag, words in choice.label]
    if question.kind is QuestionKind.YES_NO:
        found = [(key, _plain(words)) for key, words in _yes_and_no()]
    return sorted(found, key=lambda pair: -len(pair[1]))


def _yes_and_no() -> Iterator[tuple[str, str]]:
    yield from (("yes", translate("Yes")), ("no", translate("No")), ("yes", "Yes"), ("no", "No"))


def _number(question: Question) -> int:
    return 2 if question.kind is QuestionKind.YES_NO else len(question.choices)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
