"""What can be chosen for a field: the values of an enum, or parts of the call itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import get_args, get_origin

from forms.languages import LANGUAGES
from fundapp.call_file.edit import Content, at, find, key_of, lists_of
from fundapp.web.fund.building.words_choices import CHOICES

# Which parts of the call a field names, by the kind of their references.
NAMED = {
    "Question.criteria": "criterion",
    "TieBreak.criterion": "criterion",
    "RingFence.part_of": "ring_fence",
    "Release.moves_to": "ring_fence",
    "Release.after_round": "round",
    "RoundMinimum.round": "round",
    "PaymentPlan.strands": "strand",
    "Assessment.readers_from": "seat",
    "Question.copied_from": "first_question",
}
TITLES = ("title", "label", "rule", "who")
Options = Sequence[tuple[str, str]]


def options_of(part: type, name: str, wanted: object, content: Content, language: str) -> Options:
    """Value and words of each; empty where people write freely."""
    here = f"{part.__name__}.{name}"
    if here in ("CallDefinition.languages", "SupportOffer.languages"):
        return [(code, each.own_name) for code, each in LANGUAGES.items() if not code.startswith("x-")]
    if here == "Question.carries":
        return [(key, str(words)) for key, words in CHOICES["carries"].items()]
    if here in NAMED:
        return parts_named(content, NAMED[here], language)
    inner = get_args(wanted)[0] if get_origin(wanted) is tuple else wanted
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return [(each.value, str(CHOICES[inner.__name__][each.value])) for each in inner]
    return ()


def parts_named(content: Content, kind: str, language: str) -> Options:
    if kind == "first_question":
        sections = find(content, ("form", "sections"))
        first = [s for s in sections if find(s, ("stage",)) == "eoi"] if isinstance(sections, list) else []
        questions = [each for section in first for each in find(section, ("questions",)) or []]
        return [(key, title_of(each, language)) for each in questions if (key := key_of(each))]
    return [
        (key, title_of(item, language))
        for place in lists_of(content, kind)
        for item in at(content, place)
        if (key := key_of(item))
    ]


def title_of(item: object, language: str) -> str:
    """The title of a part in the reader's language, with its key before it."""
    key = key_of(item) or ""
    inner = item.get("question", item) if isinstance(item, Mapping) else {}
    for name in TITLES:
        texts = inner.get(name) if isinstance(inner, Mapping) else None
        if isinstance(texts, Mapping) and texts:
            text = texts.get(language) or next(iter(texts.values()))
            return f"{key} · {text}" if key else str(text)
    return key
