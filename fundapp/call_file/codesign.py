"""The co-design record: what was open, who came, what was said, and what we did about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from forms.localized import LocalizedText


class Topic(StrEnum):
    WHO_CAN_APPLY = "who_can_apply"
    FORM = "form"
    DECISION = "decision"
    MONEY = "money"
    REPORTING = "reporting"
    SUPPORT = "support"
    SAFETY = "safety"
    LANGUAGE = "language"


class CodesignResponse(StrEnum):
    DID = "did"
    DID_PARTLY = "did_partly"
    DID_NOT = "did_not"
    CANNOT_YET = "cannot_yet"


class ReferenceKind(StrEnum):
    """The parts of a call that a point can have changed; written `question:Q5`."""

    QUESTION = "question"
    RING_FENCE = "ring_fence"
    CRITERION = "criterion"
    STRAND = "strand"
    ROUND = "round"
    CHECK = "check"
    PAYMENT_PLAN = "payment_plan"
    SEAT = "seat"
    CHECK_IN = "check_in"


@dataclass(frozen=True)
class Room:
    """How much room there is for influence, said before the first session."""

    fixed: tuple[LocalizedText, ...]
    open: tuple[LocalizedText, ...]


@dataclass(frozen=True)
class Specialism:
    label: LocalizedText
    number: int


@dataclass(frozen=True)
class PlannedSession:
    """Counts only; no names of people or groups."""

    key: str
    title: LocalizedText
    day: date
    languages: tuple[str, ...]
    run_by: LocalizedText
    organisations: int
    people: int
    place: LocalizedText | None = None  # None: online
    child_care: bool = False
    pay: Decimal | None = None  # to each person
    boroughs: tuple[str, ...] = ()
    specialisms: tuple[Specialism, ...] = ()


@dataclass(frozen=True)
class Point:
    """One thing that was said, in the words of a role, with our answer."""

    key: str
    said_by: LocalizedText
    said: LocalizedText
    topic: Topic
    response: CodesignResponse
    reason: LocalizedText
    decided_by: LocalizedText
    decided_on: date
    session: str | None = None
    what_changed: LocalizedText | None = None
    changed: tuple[str, ...] = ()  # references such as "question:Q5"
    next_review: date | None = None


@dataclass(frozen=True)
class CodesignRecord:
    room: Room
    sessions: tuple[PlannedSession, ...] = ()
    points: tuple[Point, ...] = ()

    def session(self, key: str) -> PlannedSession:
        """Raises KeyError when there is no such session."""
        for session in self.sessions:
            if session.key == key:
                return session
        raise KeyError(key)
