"""Whether a ring-fence will find enough groups, while groups can still start and send.

Three plain sums and one rule of three; nothing is promised that has not been sent. Why: docs/decisions/
0009-forecast-of-ring-fences.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scoring.records import InvalidInput

TELLING_PART = 4  # a pace is worth a word once a quarter of the time has passed


class Outlook(StrEnum):
    ENOUGH = "enough"  # what is sent would do
    DRAFTS_DECIDE = "drafts_decide"  # what is sent and what is being written would do together
    PACE = "pace"  # it needs groups that have not started, as many as came so far
    SHORT = "short"  # it will not do at this pace or, when nobody can start any more, at all
    TOO_EARLY = "too_early"


@dataclass(frozen=True)
class Window:
    """The time in which groups start and send, in seconds."""

    elapsed: int
    length: int
    can_start: bool = True  # else only what is being written can still come

    def __post_init__(self) -> None:
        if not 0 <= self.elapsed <= self.length or not self.length:
            raise InvalidInput("window", "out_of_range")

    @property
    def tells(self) -> bool:
        return self.elapsed * TELLING_PART >= self.length


@dataclass(frozen=True)
class Prospect:
    """In pence or in number of applications, like the ring-fence."""

    outlook: Outlook
    needed: int
    sent: int
    drafts: int
    projected: int | None  # by the end, at the pace so far; None: too early, or nobody can start any more

    @property
    def short(self) -> int:
        """What is missing even if every draft is sent."""
        return max(0, self.needed - self.sent - self.drafts)


def prospect(needed: int, sent: int, drafts: int, window: Window) -> Prospect:
    """`needed`, `sent` and `drafts` count only groups that the ring-fence counts, if claims are confirmed."""
    projected = None
    if window.can_start and window.tells:
        projected = (sent + drafts) * window.length // window.elapsed
    return Prospect(_outlook(needed, sent, drafts, projected, window), needed, sent, drafts, projected)


def _outlook(needed: int, sent: int, drafts: int, projected: int | None, window: Window) -> Outlook:
    if sent >= needed:
        return Outlook.ENOUGH
    if sent + drafts >= needed:
        return Outlook.DRAFTS_DECIDE
    if not window.can_start:
        return Outlook.SHORT
    if projected is None:
        return Outlook.TOO_EARLY
    return Outlook.PACE if projected >= needed else Outlook.SHORT
