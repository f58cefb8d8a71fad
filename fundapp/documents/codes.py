"""The code beside each answer place of a word-processor file: it leads the text back to its question.

`[Q2-3-9f3a1c2b]` is question Q2 as it stood after its third save, with the digest of that text. The code is
plain text in a table cell, because that is what every program on every phone keeps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.answers import JsonAnswer, digest_of

_CODE = re.compile(r"\[([A-Za-z][A-Za-z0-9_]{0,39})-(\d{1,9})-([0-9a-f]{8})\]", re.ASCII)
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


@dataclass(frozen=True)
class Code:
    """`rev` is the save the file shows (0: none), `digest` that of the text it was made with."""

    key: str
    rev: int
    digest: str

    def __str__(self) -> str:
        return f"[{self.key}-{self.rev}-{self.digest}]"


def code_of(key: str, rev: int, answer: JsonAnswer) -> Code:
    return Code(key, rev, digest_of(answer))


def find_code(text: str) -> Code | None:
    """The first code in a text that people and programs may have changed around it."""
    found = _CODE.search(text.translate(INVISIBLE).replace(" ", "").replace("–", "-").replace("\u2011", "-"))
    return Code(found[1], int(found[2]), found[3]) if found else None
