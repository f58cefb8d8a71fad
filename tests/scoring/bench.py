"""Award problems with known answers, kept beside the project."""

from __future__ import annotations

import json
from typing import Any

from scoring.allocation import AwardProblem
from scoring.records import Base, Candidate, Kind, Measure, Pot, RingFence, Share
from tests.stored_data import stored

AWARD_FILES = (
    *("n50_k1_s1_abs", "n50_k3_s1_abs"),
    *("n150_k1_s1_abs", "n150_k3_s1_abs", "n150_k3_s1_share", "n150_k10_s1_abs"),
    *("n500_k1_s1_abs", "n500_k3_s1_abs", "n500_k3_s1_share", "n500_k10_s1_abs"),
    "n5000_k3_s1_abs",
)
ASSIGNMENT_FILES = ("a60_12_s1", "a500_30_s1")


def read(folder: str, name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(stored("scoring", folder, f"{name}.json").read_text())
    return data


def award_problem(data: dict[str, Any]) -> AwardProblem:
    """Score descending, then index ascending; one floor a group, one cap for any one borough and theme."""
    order = sorted(data["applications"], key=lambda one: (-one["score"], one["i"]))
    budget = data["budget_pence"]
    return AwardProblem(
        tuple(_candidate(one) for one in order), _ring_fences(data), Pot(budget, budget, budget)
    )


def _candidate(one: dict[str, Any]) -> Candidate:
    tags = [f"group {group}" for group in one["groups"]]
    tags += [f"borough:{one['borough']}", f"theme:{one['theme']}"]
    return Candidate(str(one["i"]), one["request_pence"], (Share(one["request_pence"], frozenset(tags)),))


def _ring_fences(data: dict[str, Any]) -> tuple[RingFence, ...]:
    floor, cap, value = Kind.FLOOR, Kind.CAP, Measure.VALUE
    amounts = [
        RingFence(f"group {group}", floor, value, Base.FIXED, amount=pence)
        for group, pence in enumerate(data.get("ring_fence_min_pence", []))
    ]
    shares = [
        RingFence(f"group {group}", floor, value, Base.AWARDS_TOTAL, percent=percent)
        for group, percent in enumerate(data.get("ring_fence_min_percent_of_awarded", []))
    ]
    caps = [
        RingFence(key, cap, value, Base.FIXED, amount=data[f"cap_per_{key}_pence"], is_family=True)
        for key in ("borough", "theme")
    ]
    return (*amounts, *shares, *caps)
