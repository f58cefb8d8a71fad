"""The rules of the reference call as records, and the worked ledger of its ring-fences."""

from __future__ import annotations

from fractions import Fraction

from scoring.records import (
    Base,
    Counting,
    Criterion,
    Enforcement,
    Kind,
    LedgerLine,
    Mark,
    Measure,
    Pot,
    RingFence,
    Rubric,
    Scale,
    ScoreSheet,
    Share,
)

RUBRIC = Rubric(
    Scale(1, 4),
    (
        Criterion("c1", 30, Fraction(2)),
        Criterion("c2", 20),
        Criterion("c3", 20, Fraction(2)),
        Criterion("c4", 15),
        Criterion("c5", 15),
    ),
    minimum_readers=3,
    big_spread=2,
)

BYFOR = RingFence("BYFOR", Kind.FLOOR, Measure.VALUE, Base.FUND_TOTAL, percent=60)
MIGRANT = RingFence("MIGRANT", Kind.FLOOR, Measure.VALUE, Base.AWARDS_TOTAL, percent=30)
SMALL = RingFence("SMALL", Kind.FLOOR, Measure.VALUE, Base.AWARDS_TOTAL, percent=25)
MICRO = RingFence("MICRO", Kind.SET_ASIDE, Measure.VALUE, Base.FIXED, amount=12_000_000)
NEW = RingFence(
    "NEW", Kind.FLOOR, Measure.COUNT, Base.AWARDS_TOTAL, percent=20, enforcement=Enforcement.REPORT
)
BOROUGH = RingFence(
    "BOROUGH",
    Kind.CAP,
    Measure.VALUE,
    Base.AWARDS_TOTAL,
    percent=15,
    tag="borough",
    is_family=True,
    enforcement=Enforcement.WARN,
)
POT = Pot(fund_pence=300_000_000, grants_pence=276_000_000, round_pence=276_000_000, is_last=False)


def sheet(*values: int | None, application: str = "a", reader: str = "r") -> ScoreSheet:
    keys = [criterion.key for criterion in RUBRIC.criteria]
    return ScoreSheet(
        application, reader, tuple(Mark(key, value) for key, value in zip(keys, values, strict=True))
    )


def share(pounds: int, *tags: str, claimed: tuple[str, ...] = ()) -> Share:
    return Share(pounds * 100, frozenset(tags), frozenset(claimed))


def award(key: str, *shares: Share, counting: Counting = Counting.LIVE, paid_pounds: int = 0) -> LedgerLine:
    return LedgerLine(key, sum(one.pence for one in shares), shares, counting, paid_pounds * 100)


LEDGER = (
    award("A1", share(100_000, "BYFOR")),
    award("A2", share(100_000)),
    award("A3", share(60_000, "BYFOR"), share(40_000, "BYFOR"), share(20_000)),
    award("A4", share(60_000, claimed=("BYFOR",))),
    award("A5", share(80_000, "BYFOR"), counting=Counting.NOT_COUNTED),
)
