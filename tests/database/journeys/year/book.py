"""A second set of books for the ring-fences of the demo call, in whole pence, with no line of fundapp in it.

The rules of the call are written down once more: an award counts in full while it lives; ended early, only
what was paid counts; what the group was asked to give back counts for no floor from then on, and is in the
pot again on the day it comes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FUND, POT = 300_000_000, 276_000_000
FLOOR = FUND * 60 // 100
MICRO = 12_000_000
INCOME_OF_SMALL = 10_000_000
Figures = dict[str, int | None]


@dataclass
class Share:
    """What one organisation gets of an award."""

    pence: int
    income: int
    strand: str
    claim: str | None  # None, "declared", "confirmed" or "not_met"
    is_migrant: bool

    def counts_for(self, key: str, *, hopeful: bool) -> bool:
        is_led = self.claim == "confirmed" or (hopeful and self.claim == "declared")
        return {
            "BYFOR": is_led,
            "MIGRANT": is_led and self.is_migrant,
            "SMALL": self.income < INCOME_OF_SMALL,
            "MICRO": self.strand == "C",
        }[key]


@dataclass
class Entry:
    """One award; the lead's share first."""

    shares: list[Share]
    is_first_time: bool
    payments: list[int]  # as agreed
    lines: dict[str, int]  # what the money is for now, by name
    paid: list[int] = field(default_factory=list)
    is_accepted: bool = False
    is_ended: bool = False
    asked_back: int = 0
    came_back: int = 0

    @property
    def agreed(self) -> int:
        return sum(share.pence for share in self.shares)

    @property
    def out_of_the_pot(self) -> int:
        return (sum(self.paid) if self.is_ended else self.agreed) - self.came_back

    def reached(self, key: str, *, hopeful: bool) -> int:
        """Only awards of one organisation give money back in this year, so nothing has to be split."""
        mine = sum(share.pence for share in self.shares if share.counts_for(key, hopeful=hopeful))
        if not mine:
            return 0
        return (sum(self.paid) if self.is_ended else mine) - self.asked_back


@dataclass
class Book:
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def live(self) -> int:
        return sum(entry.out_of_the_pot for entry in self.entries.values())

    @property
    def unawarded(self) -> int:
        return POT - self.live

    @property
    def paid(self) -> int:
        return sum(sum(entry.paid) for entry in self.entries.values())

    def reached(self, key: str, *, hopeful: bool = False) -> int:
        return sum(entry.reached(key, hopeful=hopeful) for entry in self.entries.values())

    def figures(self, *, hopeful: bool = False) -> dict[str, Figures]:
        """Of each ring-fence that has one line: reached, still needed, headroom."""
        led, small = self.reached("BYFOR", hopeful=hopeful), self.reached("SMALL", hopeful=hopeful)
        migrant, micro = self.reached("MIGRANT", hopeful=hopeful), self.reached("MICRO", hopeful=hopeful)
        needed, kept = max(0, FLOOR - led), max(0, MICRO - micro)
        first = sum(entry.is_first_time for entry in self.entries.values() if entry.out_of_the_pot)
        number = sum(bool(entry.out_of_the_pot) for entry in self.entries.values())
        return {
            "BYFOR": {"reached": led, "needed": needed, "headroom": self.unawarded - needed},
            "MIGRANT": self._share_of_awards(migrant, 30),
            "SMALL": self._share_of_awards(small, 25),
            "MICRO": {"reached": micro, "needed": kept, "headroom": self.unawarded - kept},
            "NEW": {
                "reached": first,
                "needed": max(0, _up(20 * number - 100 * first, 80)),
                "headroom": first * 100 // 20 - number,
            },
        }

    def _share_of_awards(self, reached: int, percent: int) -> Figures:
        """New awards for these groups alone raise the whole too; others may have what is left of the pot."""
        needed = max(0, _up(percent * self.live - 100 * reached, 100 - percent))
        room = ((100 - percent) * (self.live + self.unawarded) - 100 * (self.live - reached)) // 100
        return {"reached": reached, "needed": needed, "headroom": min(self.unawarded, room)}


def _up(part: int, whole: int) -> int:
    return -(-part // whole)
