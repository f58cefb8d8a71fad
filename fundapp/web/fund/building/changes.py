"""What is different between two contents, in words: against another call, and between two people."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from forms.i18n import current_language
from forms.languages import LANGUAGES
from fundapp.call_file.differences import differences
from fundapp.call_file.edit import Content, find
from fundapp.call_file.problems import Path
from fundapp.web.fund.building.options import title_of
from fundapp.web.fund.building.places import part_at
from fundapp.web.fund.building.shape import WORDS

LONGEST_SHOWN = 400


@dataclass(frozen=True)
class TwoTexts:
    where: str
    theirs: str
    ours: str


def between(theirs: Content, ours: Content, paths: Collection[Path]) -> Iterator[TwoTexts]:
    """At these places, what two people typed."""
    for path in paths:
        for each in differences(find(theirs, path), find(ours, path), path):
            yield TwoTexts(place_words(ours, each.path), value_words(each.before), value_words(each.after))


def place_words(content: Content, path: Path) -> str:
    """The part, the label of the field and the language."""
    part = part_at(content, path)
    names = [step for step in path if isinstance(step, str)]
    language = LANGUAGES[names[-1]].own_name if names[-1] in LANGUAGES else ""
    field = names[-2] if language and len(names) > 1 else names[-1]
    label = next((str(words[0]) for key, words in WORDS.items() if key.endswith(f".{field}")), field)
    return " · ".join(filter(None, (part[1] if part else "", label, language)))


def value_words(value: object) -> str:
    """A value in few words; of a whole part its title."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        title = title_of(value, current_language().code)
        return title or ", ".join(value_words(part) for part in value.values())
    if isinstance(value, list):
        return ", ".join(value_words(part) for part in value)[:LONGEST_SHOWN]
    return str(value)
