"""The groups of the year: who asks for how much, in pence, and who they are. Every sum is worked out by hand.

Round 1 gives £1,880,000 of its £1,900,000 to 28 groups, round 2 £870,000 to 13: 41 grants, and £10,000 of the
£2,760,000 stay. £1,812,000 go to groups led by and for their community; the floor is £1,800,000.
"""

from __future__ import annotations

from dataclasses import dataclass

CONFIRMED, DECLARED = "confirmed", "declared"
BOROUGHS = ("Hackney", "Brent", "Lambeth", "Newham", "Camden", "Ealing", "Barnet", "Southwark", "Lewisham")
LANGUAGES = ("en", "es", "ar", "uk")
SMALL, LARGE, TINY = 4_000_000, 15_000_000, 400_000  # income a year, in pence


@dataclass(frozen=True)
class Partner:
    name: str
    pence: int
    by_and_for: str | None


@dataclass(frozen=True)
class Group:
    """`claim`: what its claim to be led by and for its community is when it applies; None for no claim."""

    name: str
    pence: int
    claim: str | None
    round: str = "1"
    strand: str = "A"
    income: int = SMALL
    finding: str = CONFIRMED  # of the check, where the claim was only declared
    is_migrant: bool = False
    level: int = 4  # what every reader marks
    lines: tuple[tuple[str, int], ...] = ()  # of the budget, as asked; none where nobody looks at them
    partners: tuple[Partner, ...] = ()

    @property
    def number(self) -> int:
        return EVERYBODY.index(self)

    @property
    def borough(self) -> str:
        return BOROUGHS[self.number % len(BOROUGHS)]

    @property
    def language(self) -> str:
        return LANGUAGES[self.number % len(LANGUAGES)]

    @property
    def is_first_time(self) -> bool:
        return self.number % 2 == 0

    @property
    def numbers(self) -> dict[str, str]:
        """Of the bank account."""
        return {"sort_code": f"20{self.number:04d}", "number": f"{31_000_000 + self.number}"}


def _many(kind: str, sums: tuple[int, ...], claim: str | None, **more: object) -> list[Group]:
    return [Group(f"{kind} {place}", pence, claim, **more) for place, pence in enumerate(sums, 1)]  # type: ignore[arg-type]


WITHDRAWS = Group("Willow Women", 9_600_000, CONFIRMED, income=LARGE, is_migrant=True)
HELD = Group("Harbour Voices", 10_000_000, CONFIRMED, income=LARGE, is_migrant=True)
NOT_MET = Group("Northside Trust", 6_000_000, DECLARED, finding="not_met")
TOGETHER = Group(
    "Three Rivers",
    12_000_000,
    CONFIRMED,
    strand="B",
    partners=(Partner("Second River", 3_000_000, CONFIRMED), Partner("Third River", 2_000_000, None)),
)
STARTERS = _many(
    "Starter",
    (1_250_000, 1_250_000, 1_250_000, 1_250_000, 1_233_333, 1_266_667),
    CONFIRMED,
    strand="C",
    income=TINY,
    is_migrant=True,
)
MOVES = Group(
    "Large circle 1",
    9_123_457,
    CONFIRMED,
    income=LARGE,
    is_migrant=True,
    lines=(("Wages", 6_000_000), ("أجرة القاعة", 2_123_457), ("Bus fares", 1_000_000)),
)
LONGER = Group("Large circle 2", 9_876_543, CONFIRMED, income=LARGE, is_migrant=True)
ASKS = Group(
    "Kitchen table 1",
    8_025_050,
    CONFIRMED,
    lines=(("Cooks", 5_000_000), ("Food", 2_025_050), ("Room", 1_000_000)),
)
HEARS_NO = Group(
    "Other large 1", 10_000_000, None, income=LARGE, lines=(("Staff", 8_000_000), ("Rent", 2_000_000))
)
LED_BY_SMALL = [
    *_many("Small circle", (9_000_001, 8_999_999, 9_900_000), CONFIRMED, is_migrant=True),
    ASKS,
    Group("Kitchen table 2", 7_974_950, CONFIRMED),
]
ENDS_LATER = LED_BY_SMALL[2]  # only its last conversation
DECLARED_FIRST = [
    Group("Declared large", 10_000_000, DECLARED, income=LARGE),
    *_many("Declared small", (6_000_000, 4_000_000), DECLARED),
]
OTHERS = [
    HEARS_NO,
    Group("Other large 2", 9_500_000, None, income=LARGE),
    Group("Other large 3", 7_000_000, None, income=LARGE),
    Group("Other large 4", 6_000_003, None, income=LARGE),
    *_many("Other small", (8_000_000, 7_500_000, 6_500_000, 5_499_997), None),
]
RESERVES = OTHER_RESERVE, LED_RESERVE, TOO_LARGE = (
    Group("Reserve of others", 3_000_000, None, level=3),
    Group("Reserve led by its own", 4_500_000, CONFIRMED, level=3),
    Group("Reserve that asks for more", 7_000_000, CONFIRMED, level=3, income=LARGE),
)
ROUND_1 = [
    *STARTERS,
    WITHDRAWS,
    HELD,
    MOVES,
    LONGER,
    *LED_BY_SMALL,
    TOGETHER,
    *DECLARED_FIRST,
    NOT_MET,
    *OTHERS,
]
ROUND_2 = [
    *_many("Late starter", (1_250_000,) * 4, CONFIRMED, strand="C", income=TINY, round="2", is_migrant=True),
    *_many(
        "Late large", (10_000_000, 9_700_050, 9_000_000), CONFIRMED, income=LARGE, round="2", is_migrant=True
    ),
    *_many("Late small", (10_000_000, 9_499_950, 8_000_000), CONFIRMED, round="2"),
    *_many("Late other large", (10_000_000, 7_000_000), None, income=LARGE, round="2"),
    Group("Late other small", 8_800_000, None, round="2"),
]
REFUSED = {
    "1": _many("No in round 1:", (4_000_000,) * 6, CONFIRMED, level=1),
    "2": _many("No in round 2:", (4_000_000,) * 5, None, level=1, round="2"),
}
AWARDED = {"1": ROUND_1, "2": ROUND_2}
GIVEN = [*ROUND_1, *ROUND_2]
ASKED = {"1": [*ROUND_1, *RESERVES, *REFUSED["1"]], "2": [*ROUND_2, *REFUSED["2"]]}
EVERYBODY = [*ASKED["1"], *ASKED["2"]]
