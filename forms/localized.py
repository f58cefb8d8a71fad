"""One text in several languages, with a known fallback when a language is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LocalizedText:
    """Texts by language tag, in the order written; the first language is the source."""

    texts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> LocalizedText:
        return cls(tuple(texts.items()))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.texts)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(language for language, _text in self.texts)

    def as_dict(self) -> dict[str, str]:
        return dict(self.texts)

    def find(self, language: str) -> str | None:
        return dict(self.texts).get(language)

    def choose(self, language: str) -> tuple[str, str]:
        """The text and the language it is really in: exact, then base language, then the source."""
        by_language = dict(self.texts)
        for candidate in (language, language.split("-")[0]):
            if by_language.get(candidate):
                return by_language[candidate], candidate
        for tag, text in self.texts:
            if text:
                return text, tag
        return "", language

    def only(self, language: str) -> LocalizedText:
        """In this language alone, wherever it is shown; all of it where that is missing."""
        found = self.find(language)
        return LocalizedText(((language, found),)) if found else self

    def in_language(self, language: str) -> str:
        return self.choose(language)[0]
