"""The co-design record: what was open, who came, what was said, and what we did about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    SUPPORT = "support"


class SessionKind(StrEnum):
    """How people come together."""

    ROOM = "room"
    ONLINE = "online"
    WRITING = "writing"


class FeeKind(StrEnum):
    """How people were paid for their time, or that they did not want it."""

    BANK = "bank"
    VOUCHER = "voucher"
    ORGANISATION = "organisation"
    DECLINED = "declined"


class DecisionRule(StrEnum):
    """How those who take part decide about a point; chosen before anything is said."""

    CONSENT = "consent"
    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"


class RoomPart(StrEnum):
    """What can be shaped in co-design; for each of them a call says how far input reaches."""

    WHO_CAN_APPLY = "who_can_apply"
    FORM = "form"
    CRITERIA = "criteria"
    RING_FENCES = "ring_fences"
    PANEL = "panel"
    TIMETABLE = "timetable"
    MONEY = "money"
    SUPPORT = "support"
    MONITORING = "monitoring"
    LANGUAGES = "languages"


class Reach(StrEnum):
    """From "we tell you" to "you decide"."""

    INFORM = "inform"
    CONSULT = "consult"
    CO_DECIDE = "co_decide"
    DECIDE = "decide"


@dataclass(frozen=True)
class StatedPart:
    """How far input reaches in one part, how it will be decided, and what nobody here can change."""

    part: RoomPart
    reach: Reach
    decided: LocalizedText
    fixed: LocalizedText | None = None
    fixed_by: LocalizedText | None = None

    @property
    def texts(self) -> tuple[LocalizedText, ...]:
        return tuple(text for text in (self.decided, self.fixed, self.fixed_by) if text is not None)


@dataclass(frozen=True)
class Room:
    """How much room there is for influence, said before the first session."""

    fixed: tuple[LocalizedText, ...]
    open: tuple[LocalizedText, ...]
    parts: tuple[StatedPart, ...] = ()

    def find(self, part: RoomPart) -> StatedPart | None:
        return next((stated for stated in self.parts if stated.part is part), None)

    def missing(self, languages: Iterable[str]) -> tuple[RoomPart, ...]:
        """Of these the call does not say yet, in all these languages, how far input reaches."""
        wanted = set(languages)
        said = {
            stated.part for stated in self.parts if all(wanted <= text.languages for text in stated.texts)
        }
        return tuple(part for part in RoomPart if part not in said)

    def stating(self, stated: StatedPart) -> Room:
        """With this in place of what was said about the part, in the order of the parts."""
        known = {each.part: each for each in self.parts} | {stated.part: stated}
        return replace(self, parts=tuple(known[part] for part in RoomPart if part in known))


@dataclass(frozen=True)
class Specialism:
    label: LocalizedText
    number: int


@dataclass(frozen=True)
class BoroughCount:
    name: str
    number: int  # of groups


@dataclass(frozen=True)
class Fee:
    """How many people were paid in one way, and how much they got together."""

    kind: FeeKind
    people: int
    total: Decimal | None = None


@dataclass(frozen=True)
class Deciding:
    """The rule by which a session decides, and how many must say something for it to count."""

    rule: DecisionRule
    at_least: int = 1


@dataclass(frozen=True)
class PlannedSession:
    """Counts only; no names of people or groups. Without counts it is still to come, or goes on."""

    key: str
    title: LocalizedText
    day: date
    languages: tuple[str, ...]
    run_by: LocalizedText
    organisations: int | None = None
    people: int | None = None
    kind: SessionKind | None = None  # None: in a room when there is a place
    last_day: date | None = None  # of a session in writing
    place: LocalizedText | None = None  # None: online
    child_care: bool = False
    interpreters: tuple[str, ...] = ()  # from and into these languages
    pay: Decimal | None = None  # to each person
    fees: tuple[Fee, ...] = ()
    boroughs: tuple[str, ...] = ()
    groups_from: tuple[BoroughCount, ...] = ()
    specialisms: tuple[Specialism, ...] = ()
    deciding: Deciding | None = None

    @property
    def way(self) -> SessionKind:
        return self.kind or (SessionKind.ROOM if self.place else SessionKind.ONLINE)

    @property
    def ends_on(self) -> date:
        return self.last_day or self.day

    @property
    def is_counted(self) -> bool:
        return self.organisations is not None and self.people is not None


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
    retold: bool = False  # `said` is in words of the fund, because the person wished so
    said_in: str | None = None  # the language of the speaker, where `said` has more than one


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
