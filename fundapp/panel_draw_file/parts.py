"""What is fixed before a draw, as plain data and back, and its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring.panel_draw import Leaving
from scoring.sortition import PanelLottery, Quota

FORMAT = "fundapp panel draw 1"
LARGEST = 1_000_000_000  # no such file has a larger number


@dataclass(frozen=True)
class Fixed:
    """Nobody's name: numbers, the groups that people chose, quotas, and the panels with their tickets."""

    seats: int
    pool: Mapping[str, Mapping[str, str]]
    quotas: tuple[Quota, ...]
    lottery: PanelLottery
    fingerprint: str  # SHA-256 of the secret seed
    mixed_with: str  # which public value is mixed in later; "": none


def fixed_as_data(fixed: Fixed) -> dict[str, Any]:
    return {
        "seats": fixed.seats,
        "pool": {number: dict(groups) for number, groups in sorted(fixed.pool.items())},
        "quotas": [quota_as_data(one) for one in fixed.quotas],
        "kinds": [list(people) for people in fixed.lottery.kinds],
        "panels": [
            {"seats_of_kinds": list(counts), "tickets": tickets} for counts, tickets in fixed.lottery.panels
        ],
        "fingerprint": fixed.fingerprint,
        "mixed_with": fixed.mixed_with,
    }


def fixed_from_data(data: Mapping[str, Any]) -> Fixed:
    """Raises KeyError, TypeError and ValueError for what is no such data."""
    kinds = tuple(tuple(str(one) for one in people) for people in data["kinds"])
    panels = tuple(
        (tuple(_whole(number) for number in each["seats_of_kinds"]), _whole(each["tickets"]))
        for each in data["panels"]
    )
    return Fixed(
        seats=_whole(data["seats"]),
        pool={
            str(number): {str(key): str(value) for key, value in groups.items()}
            for number, groups in data["pool"].items()
        },
        quotas=tuple(map(quota_from_data, data["quotas"])),
        lottery=PanelLottery(kinds, panels),
        fingerprint=str(data["fingerprint"]),
        mixed_with=str(data["mixed_with"]),
    )


def digest_of(fixed: Mapping[str, Any]) -> str:
    """SHA-256 of the fixed part, written with sorted names and without spaces."""
    text = json.dumps(fixed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def quota_as_data(quota: Quota) -> dict[str, Any]:
    return {"group": quota.feature, "value": quota.value, "least": quota.least, "most": quota.most}


def quota_from_data(data: Mapping[str, Any]) -> Quota:
    return Quota(str(data["group"]), str(data["value"]), _whole(data["least"]), _whole(data["most"]))


def leaving_as_data(leaving: Leaving) -> dict[str, Any]:
    return {
        "who_left": leaving.left,
        "gave_way": [quota_as_data(quota) | {"by": by} for quota, by in leaving.gave_way],
    }


def leavings_from_data(data: Sequence[Mapping[str, Any]]) -> tuple[Leaving, ...]:
    return tuple(
        Leaving(
            str(each["who_left"]),
            tuple((quota_from_data(one), _whole(one["by"])) for one in each.get("gave_way", ())),
        )
        for each in data
    )


def _whole(value: object) -> int:
    if type(value) is not int or abs(value) > LARGEST:  # neither 4.5 nor true
        raise TypeError(value)
    return value
