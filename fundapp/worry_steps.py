"""The way of a complaint or an appeal, and of a worry about somebody's safety (part of the lifecycles)."""

from __future__ import annotations

from enum import StrEnum


class ComplaintStatus(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"


class SafetyStatus(StrEnum):
    RAISED = "raised"
    TAKEN = "taken"
    CLOSED = "closed"


COMPLAINT_STEPS: dict[str, tuple[frozenset[ComplaintStatus], ComplaintStatus]] = {
    "acknowledge": (frozenset({ComplaintStatus.RECEIVED}), ComplaintStatus.ACKNOWLEDGED),
    "answer": (frozenset({ComplaintStatus.ACKNOWLEDGED}), ComplaintStatus.ANSWERED),
}
SAFETY_STEPS: dict[str, tuple[frozenset[SafetyStatus], SafetyStatus]] = {
    "take": (frozenset({SafetyStatus.RAISED}), SafetyStatus.TAKEN),
    "close": (frozenset({SafetyStatus.TAKEN}), SafetyStatus.CLOSED),
}
