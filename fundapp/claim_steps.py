"""The way of a second opinion about a claim (part of the lifecycles)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class OpinionStatus(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"


OPINION_STEPS: dict[type[StrEnum], Mapping[str, tuple[frozenset[StrEnum], StrEnum]]] = {
    OpinionStatus: {
        "give_opinion": (frozenset({OpinionStatus.ASKED}), OpinionStatus.ANSWERED),
        "decline_opinion": (frozenset({OpinionStatus.ASKED}), OpinionStatus.DECLINED),
    },
}
