"""The ways of introductions, of sessions of help, and of places in them (part of the lifecycles)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class IntroductionStatus(StrEnum):
    SUGGESTED = "suggested"  # by the fund; only the group sees it
    WANTED = "wanted"  # the group said yes: each side gets the other's contact
    NOT_WANTED = "not_wanted"  # no thanks, at once or later
    WITHDRAWN = "withdrawn"  # by the fund, before the group answered


class SessionStatus(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"


class PlaceStatus(StrEnum):
    """Of a group in a session."""

    COMING = "coming"
    WAITING = "waiting"  # the session is full
    TAKEN_BACK = "taken_back"
    CAME = "came"


I = IntroductionStatus  # noqa: E741 - one letter keeps the rows readable
SUPPORT_STEPS: dict[type[StrEnum], Mapping[str, tuple[frozenset[StrEnum], StrEnum]]] = {
    IntroductionStatus: {
        "want": (frozenset({I.SUGGESTED}), I.WANTED),
        "do_not_want": (frozenset({I.SUGGESTED, I.WANTED}), I.NOT_WANTED),
        "withdraw": (frozenset({I.SUGGESTED}), I.WITHDRAWN),
        "suggest_again": (frozenset({I.WITHDRAWN}), I.SUGGESTED),
    },
    SessionStatus: {"cancel": (frozenset({SessionStatus.PLANNED}), SessionStatus.CANCELLED)},
    PlaceStatus: {
        "come": (frozenset({PlaceStatus.TAKEN_BACK}), PlaceStatus.COMING),
        "wait": (frozenset({PlaceStatus.TAKEN_BACK}), PlaceStatus.WAITING),
        "get_place": (frozenset({PlaceStatus.WAITING}), PlaceStatus.COMING),
        "take_back": (frozenset({PlaceStatus.COMING, PlaceStatus.WAITING}), PlaceStatus.TAKEN_BACK),
        "mark_came": (frozenset({PlaceStatus.COMING}), PlaceStatus.CAME),
        "unmark": (frozenset({PlaceStatus.CAME}), PlaceStatus.COMING),
    },
}
