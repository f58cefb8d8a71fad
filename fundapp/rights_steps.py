"""The way of a request for data from outside, and of a breach (part of the lifecycles)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class OutsideStatus(StrEnum):
    RECEIVED = "received"
    PROPOSED = "proposed"  # one person has written what exactly would be given
    RELEASED = "released"  # another one has agreed to exactly that
    REFUSED = "refused"


class BreachStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


_R = OutsideStatus
OUTSIDE_STEPS: Mapping[str, tuple[frozenset[StrEnum], StrEnum]] = {
    "propose": (frozenset({_R.RECEIVED, _R.PROPOSED}), _R.PROPOSED),
    "release": (frozenset({_R.PROPOSED}), _R.RELEASED),
    "refuse": (frozenset({_R.RECEIVED, _R.PROPOSED}), _R.REFUSED),
}
BREACH_STEPS: Mapping[str, tuple[frozenset[StrEnum], StrEnum]] = {
    "close": (frozenset({BreachStatus.OPEN}), BreachStatus.CLOSED),
}
RIGHTS_STEPS: Mapping[type[StrEnum], Mapping[str, tuple[frozenset[StrEnum], StrEnum]]] = {
    OutsideStatus: OUTSIDE_STEPS,
    BreachStatus: BREACH_STEPS,
}
