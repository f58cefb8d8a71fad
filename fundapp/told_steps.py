"""The way of a theme code in the code book, and of a harvested outcome (part of the lifecycles)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

ToldSteps = Mapping[str, tuple[frozenset[StrEnum], StrEnum]]


class ThemeCodeStatus(StrEnum):
    IN_USE = "in_use"
    MERGED = "merged"  # what was marked with it follows
    RETIRED = "retired"


class OutcomeStatus(StrEnum):
    """No answer is no yes: until the group confirms it, an outcome stands nowhere else."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    TAKEN_BACK = "taken_back"  # by the fund


class SharedThemesStatus(StrEnum):
    ANNOUNCED = "announced"  # groups can still keep a text out
    PUBLISHED = "published"


TOLD_STEPS: dict[type[StrEnum], ToldSteps] = {
    ThemeCodeStatus: {
        "merge": (frozenset({ThemeCodeStatus.IN_USE}), ThemeCodeStatus.MERGED),
        "retire": (frozenset({ThemeCodeStatus.IN_USE}), ThemeCodeStatus.RETIRED),
    },
    SharedThemesStatus: {
        "publish": (frozenset({SharedThemesStatus.ANNOUNCED}), SharedThemesStatus.PUBLISHED),
    },
    OutcomeStatus: {
        "confirm": (frozenset({OutcomeStatus.WAITING, OutcomeStatus.OBJECTED}), OutcomeStatus.CONFIRMED),
        "object": (frozenset({OutcomeStatus.WAITING, OutcomeStatus.CONFIRMED}), OutcomeStatus.OBJECTED),
        "take_back": (frozenset({OutcomeStatus.WAITING, OutcomeStatus.CONFIRMED}), OutcomeStatus.TAKEN_BACK),
    },
}
