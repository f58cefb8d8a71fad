"""What a group has decided: by consent, or by a vote whose rule was chosen before. Counts in, outcome out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scoring.records import InvalidInput


class Rule(StrEnum):
    CONSENT = "consent"  # nobody objects
    MAJORITY = "majority"  # more than half of those who say yes or no
    TWO_THIRDS = "two_thirds"  # at least two thirds of them


class Voice(StrEnum):
    """What one person can say; the first three by consent, the others in a vote."""

    AGREE = "agree"
    STAND_ASIDE = "stand_aside"
    OBJECT = "object"
    YES = "yes"
    NO = "no"
    NEITHER = "neither"


class Outcome(StrEnum):
    CARRIED = "carried"
    NOT_CARRIED = "not_carried"
    TOO_FEW = "too_few"  # fewer people said something than the rule asks for


BY_CONSENT = (Voice.AGREE, Voice.STAND_ASIDE, Voice.OBJECT)
BY_VOTE = (Voice.YES, Voice.NO, Voice.NEITHER)


@dataclass(frozen=True)
class Decided:
    outcome: Outcome
    counts: tuple[tuple[Voice, int], ...]  # of every voice of the rule, in their order

    @property
    def total(self) -> int:
        return sum(number for _voice, number in self.counts)


def voices_of(rule: Rule) -> tuple[Voice, ...]:
    return BY_CONSENT if rule is Rule.CONSENT else BY_VOTE


def decide(rule: Rule, voices: Iterable[Voice], *, at_least: int) -> Decided:
    """One voice for each person. Everybody who says something counts for `at_least`, also who is neither for
    nor against; only yes and no count for a share."""
    given = list(voices)
    if at_least < 1:
        raise InvalidInput("at_least", "out_of_range")
    if not set(given) <= set(voices_of(rule)):
        raise InvalidInput("voices", "unknown")
    counts = tuple((voice, given.count(voice)) for voice in voices_of(rule))
    return Decided(_outcome(rule, dict(counts), at_least), counts)


def _outcome(rule: Rule, counts: dict[Voice, int], at_least: int) -> Outcome:
    if sum(counts.values()) < at_least:
        return Outcome.TOO_FEW
    if rule is Rule.CONSENT:
        is_carried = counts[Voice.OBJECT] == 0 and counts[Voice.AGREE] > 0
    elif rule is Rule.MAJORITY:
        is_carried = counts[Voice.YES] > counts[Voice.NO]
    else:
        is_carried = counts[Voice.YES] > 0 and counts[Voice.YES] >= 2 * counts[Voice.NO]
    return Outcome.CARRIED if is_carried else Outcome.NOT_CARRIED
