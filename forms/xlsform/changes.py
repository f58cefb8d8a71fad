"""What another spreadsheet would change in a form, question by question."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from forms.definition import Question
from forms.localized import LocalizedText
from forms.xlsform.sheets import SpreadsheetForm

TEXTS = ("label", "why_we_ask", "help_text")


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Reworded:
    """One text in one language; empty where there was none, or is none any more."""

    part: str
    language: str
    before: str
    now: str


@dataclass(frozen=True)
class Change:
    """Of a question, or of a section (`is_section`). `parts` are names as in docs/xlsform.md."""

    kind: ChangeKind
    key: str
    label: LocalizedText
    parts: tuple[str, ...] = ()
    is_section: bool = False
    words: tuple[Reworded, ...] = ()


def changes_between(before: SpreadsheetForm, after: SpreadsheetForm) -> list[Change]:
    """In the order of the new form; what is taken away comes last."""
    old, new = _questions(before), _questions(after)
    found = [_change(key, old.get(key), placed, new) for key, placed in new.items()]
    order = [change for change in found if change is not None]
    gone = [
        Change(ChangeKind.REMOVED, key, placed.question.label)
        for key, placed in old.items()
        if key not in new
    ]
    return [*_sections(before, after), *order, *gone]


@dataclass(frozen=True)
class _Placed:
    question: Question
    section: str
    after: str | None  # the question before it
    outcomes: object = ()


def _questions(form: SpreadsheetForm) -> dict[str, _Placed]:
    found: dict[str, _Placed] = {}
    before: str | None = None
    for item in form.eligibility:
        found[item.key] = _Placed(item.question, "", before, item.outcomes)
        before = item.key
    for section in form.form.sections:
        before = None
        for question in section.questions:
            found[question.key] = _Placed(question, section.key, before)
            before = question.key
    return found


def _change(key: str, old: _Placed | None, new: _Placed, all_new: dict[str, _Placed]) -> Change | None:
    if old is None:
        return Change(ChangeKind.ADDED, key, new.question.label)
    parts = [
        each.name
        for each in dataclasses.fields(Question)
        if getattr(old.question, each.name) != getattr(new.question, each.name)
    ]
    parts += ["outcomes"] if old.outcomes != new.outcomes else []
    if parts:
        words = _reworded(old.question, new.question)
        return Change(ChangeKind.CHANGED, key, new.question.label, tuple(parts), words=words)
    if old.section != new.section or (old.after != new.after and (old.after is None or old.after in all_new)):
        return Change(ChangeKind.MOVED, key, new.question.label)
    return None


def _reworded(old: Question, new: Question) -> tuple[Reworded, ...]:
    return tuple(
        Reworded(part, language, before.get(language, ""), now.get(language, ""))
        for part in TEXTS
        for before, now in [(_texts(old, part), _texts(new, part))]
        for language in dict.fromkeys((*before, *now))
        if before.get(language, "") != now.get(language, "")
    )


def _texts(question: Question, part: str) -> dict[str, str]:
    text: LocalizedText | None = getattr(question, part)
    return text.as_dict() if text else {}


def _sections(before: SpreadsheetForm, after: SpreadsheetForm) -> list[Change]:
    old = {section.key: section for section in before.form.sections}
    new = {section.key: section for section in after.form.sections}
    found = []
    for key, section in new.items():
        known = old.get(key)
        if known is None:
            found.append(Change(ChangeKind.ADDED, key, section.title, is_section=True))
        elif dataclasses.replace(known, questions=()) != dataclasses.replace(section, questions=()):
            found.append(Change(ChangeKind.CHANGED, key, section.title, ("title",), is_section=True))
    gone = [section for key, section in old.items() if key not in new]
    return found + [
        Change(ChangeKind.REMOVED, section.key, section.title, is_section=True) for section in gone
    ]
