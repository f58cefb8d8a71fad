"""Reading texts twice: which ones, by a draw that nobody chooses, and how far two readers see the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from scoring.agreement import Alpha, Level, alpha
from scoring.records import InvalidInput, Rating
from scoring.uncertainty import alpha_interval

BLOCK = 5  # one text in so many is read twice


@dataclass(frozen=True)
class ReadTwice:
    text: str
    first: frozenset[str]
    second: frozenset[str]


@dataclass(frozen=True)
class CodeAgreement:
    """On one code, or on all together (none): how often both, one, or nobody put it on a text."""

    code: str | None
    both: int
    first_only: int
    second_only: int
    neither: int
    alpha: Alpha
    interval: tuple[float, float] | None

    @property
    def differ(self) -> int:
        return self.first_only + self.second_only


def drawn_of_block(texts: Sequence[str], seed: str) -> str:
    """The one of five that is read twice: the smallest SHA-256 of seed and name. Raises InvalidInput."""
    if len(texts) != BLOCK or len(set(texts)) < BLOCK:
        raise InvalidInput("texts", "not_one_block")
    return min(texts, key=lambda text: hashlib.sha256(f"{seed}\n{text}".encode()).hexdigest())


def coding_agreement(
    texts: Sequence[ReadTwice], codes: Sequence[str], *, draws: int, seed: int
) -> list[CodeAgreement]:
    """One line for each code and one for all. Whether a code is on a text is yes or no, for each reader.

    For all together whole texts are drawn again and again, for the codes of one text hang together.
    """
    lines = [_line(code, _ratings(texts, [code]), texts, [code], draws, seed) for code in codes]
    lines.append(_line(None, _ratings(texts, codes), texts, codes, draws, seed))
    return lines


def _ratings(texts: Sequence[ReadTwice], codes: Sequence[str]) -> list[Rating]:
    """`application` stands for a text with a code."""
    return [
        Rating(f"{text.text}\n{code}", reader, int(code in marked))
        for text in texts
        for code in codes
        for reader, marked in (("first", text.first), ("second", text.second))
    ]


def _line(
    code: str | None,
    ratings: Sequence[Rating],
    texts: Sequence[ReadTwice],
    codes: Sequence[str],
    draws: int,
    seed: int,
) -> CodeAgreement:
    pairs = [(one in text.first, one in text.second) for text in texts for one in codes]
    interval = alpha_interval(
        ratings, Level.NOMINAL, draws=draws, seed=seed, together=lambda name: name.partition("\n")[0]
    )
    return CodeAgreement(
        code,
        both=pairs.count((True, True)),
        first_only=pairs.count((True, False)),
        second_only=pairs.count((False, True)),
        neither=pairs.count((False, False)),
        alpha=alpha(ratings, Level.NOMINAL),
        interval=interval,
    )
