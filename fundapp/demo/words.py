"""The demo's invented words: groups, what they write in five languages, what readers write about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

LANGUAGES = ("en", "es", "ar", "uk", "so")


@cache
def read_words(name: str) -> Mapping[str, Any]:
    """A file of `fundapp/data/demo`."""
    text = files("fundapp.data").joinpath("demo", f"{name}.yaml").read_text(encoding="utf-8")
    words: Mapping[str, Any] = yaml.safe_load(text)
    return words


@dataclass(frozen=True)
class Voice:
    """How one group writes: always the same beginnings for the same chance."""

    language: str
    name: str
    borough: str

    def say(self, topic: str, chance: Random) -> str:
        """A first and a second sentence about the topic."""
        parts = (chance.choice(choices) for choices in self._words(topic))
        return " ".join(parts).format(name=self.name, borough=self.borough)

    def one(self, topic: str, chance: Random) -> str:
        return str(chance.choice(self._words(topic)))

    def all(self, topic: str) -> Sequence[str]:
        return [str(text) for text in self._words(topic)]

    def _words(self, topic: str) -> Sequence[Any]:
        words: Sequence[Any] = read_words(f"answers_{self.language}")[topic]
        return words


def readers_sentence(criterion: str, level: int, chance: Random) -> str:
    return str(chance.choice(read_words("panel")["sentences"][criterion][level]))


def readers_question(criterion: str) -> str:
    return str(read_words("panel")["questions"][criterion])


def panel_words(name: str) -> Any:
    return read_words("panel")[name]
