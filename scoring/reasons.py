"""Reason codes and their numbers. The words are chosen at the edge, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    # why it is on the list
    FUNDED = "funded"
    MUST_FUND = "must_fund"
    # why it is not
    KEPT_OUT = "kept_out"
    BUDGET_SPENT = "budget_spent"
    CAP_REACHED = "cap_reached"
    HEADROOM_USED = "headroom_used"
    FLOOR_NEEDS_THE_MONEY = "floor_needs_the_money"
    FLOOR_NEEDS_MORE_BELOW = "floor_needs_more_below"
    EXCLUDED_BY_OTHER = "excluded_by_other"
    RULES_TOGETHER = "rules_together"
    NO_COMBINATION = "no_combination"
    # why a list is refused, or none exists
    BUDGET_PASSED = "budget_passed"
    POT_PASSED = "pot_passed"
    FLOOR_MISSED = "floor_missed"
    FLOOR_IMPOSSIBLE = "floor_impossible"
    SET_ASIDE_USED = "set_aside_used"
    CAP_PASSED = "cap_passed"


@dataclass(frozen=True)
class Reason:
    """`numbers` by name, pence or counts; `ring_fences` are keys, `tags` what each counts.

    `weights` are a proof by arithmetic: the rules, times these weights, added up, cannot all be kept.
    """

    code: ReasonCode
    ring_fences: tuple[str, ...] = ()
    numbers: tuple[tuple[str, int], ...] = ()
    tags: tuple[str, ...] = ()
    weights: tuple[tuple[str, int], ...] = ()

    def number(self, name: str) -> int:
        """Raises KeyError when the reason has no such number."""
        return dict(self.numbers)[name]

    def as_data(self) -> dict[str, object]:
        return {
            "code": self.code.value,
            "ring_fences": list(self.ring_fences),
            "tags": list(self.tags),
            "numbers": dict(self.numbers),
            "weights": dict(self.weights),
        }
