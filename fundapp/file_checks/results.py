"""What a check can say: clean with facts, or refused with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OUR_FAULT = 70  # exit code of a check that could not even begin


class Refusal(StrEnum):
    """Why a file is not taken; pages put it into words with what to do instead."""

    EMPTY = "empty"
    UNKNOWN = "unknown"  # not one of the types we can check
    WRONG_KIND = "wrong_kind"  # a good file, but not for this place
    TOO_LARGE = "too_large"
    TOO_HEAVY = "too_heavy"  # unpacks to far more than it seems, or takes too long
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    VIRUS = "virus"


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Sniffed:
    """What the first bytes say a file is. `kind` is picture, audio, video or document."""

    kind: str
    media_type: str


@dataclass(frozen=True)
class Checked:
    """A harmless file. `seconds` is the length of sound or video, rounded up."""

    kind: str
    media_type: str
    seconds: int | None = None
