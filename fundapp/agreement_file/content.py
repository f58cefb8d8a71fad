"""An agreement in one fixed written form. The same words are always the same bytes, so they can be signed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

FORM = 1  # of the written form; grows when older texts are read in another way


@dataclass(frozen=True)
class Passage:
    """A paragraph, and the language it is really in: a call's own words are not there in every language."""

    text: str
    language: str


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Passage, ...], ...]


@dataclass(frozen=True)
class Clause:
    title: str
    paragraphs: tuple[Passage, ...]
    table: Table | None = None


@dataclass(frozen=True)
class LanguagePart:
    """The letter and the agreement in one language. `note` says which language counts."""

    language: str
    letter_title: str
    letter: tuple[Passage, ...]
    title: str
    note: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class AgreementWords:
    """`binding`: the language that counts where the parts differ. `version` keeps two texts apart."""

    version: int
    binding: str
    parts: tuple[LanguagePart, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(part.language for part in self.parts)

    def part(self, language: str) -> LanguagePart:
        """In this language, or else the one that counts."""
        found = {each.language: each for each in self.parts}
        return found.get(language) or found[self.binding]

    def written(self) -> str:
        data = {"form": FORM, **asdict(self)}
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, written: str) -> AgreementWords:
        data = json.loads(written)
        return cls(data["version"], data["binding"], tuple(map(_part, data["parts"])))


def digest_of(written: str) -> str:
    """SHA-256 of the written form."""
    return hashlib.sha256(written.encode()).hexdigest()


def _part(data: Mapping[str, Any]) -> LanguagePart:
    return LanguagePart(
        language=data["language"],
        letter_title=data["letter_title"],
        letter=_passages(data["letter"]),
        title=data["title"],
        note=data["note"],
        clauses=tuple(map(_clause, data["clauses"])),
    )


def _clause(data: Mapping[str, Any]) -> Clause:
    table = data["table"]
    return Clause(
        data["title"],
        _passages(data["paragraphs"]),
        Table(tuple(table["head"]), tuple(map(_passages, table["rows"]))) if table else None,
    )


def _passages(data: Sequence[Mapping[str, str]]) -> tuple[Passage, ...]:
    return tuple(Passage(each["text"], each["language"]) for each in data)
