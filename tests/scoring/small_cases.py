"""Small random award problems and their answers by trying every list."""

from __future__ import annotations

import random
from itertools import combinations

from scoring.allocation import AwardProblem
from scoring.exact import Row, broken_rows
from scoring.records import Base, Candidate, Kind, Measure, Pot, RingFence, Share

TAGS = ("X", "Y")


def random_problem(seed: int, *, most: int = 7, must: bool = False) -> AwardProblem:
    """Up to `most` candidates, two groups, floors and caps of every kind, exclusions; often impossible."""
    chance = random.Random(seed)
    size = chance.randint(1, most)
    candidates = tuple(_candidate(chance, number) for number in range(size))
    pence = chance.randint(100, 900)
    fences = [_fence(chance, number, pence) for number in range(chance.randint(0, 3))]
    ids = [one.id for one in candidates]
    exclusions: tuple[frozenset[str], ...] = ()
    if size >= 2 and chance.random() < 0.3:
        exclusions = (frozenset(chance.sample(ids, 2)),)
    must_fund = frozenset(chance.sample(ids, 1)) if must and chance.random() < 0.3 else frozenset()
    return AwardProblem(
        candidates, tuple(fences), Pot(pence, pence, pence), exclusions=exclusions, must_fund=must_fund
    )


def _candidate(chance: random.Random, number: int) -> Candidate:
    pence = chance.randint(10, 300)
    tags = frozenset(tag for tag in TAGS if chance.random() < 0.5)
    return Candidate(f"c{number}", pence, (Share(pence, tags),))


def _fence(chance: random.Random, number: int, pence: int) -> RingFence:
    kind = chance.choice([Kind.FLOOR, Kind.FLOOR, Kind.CAP])
    measure = chance.choice([Measure.VALUE, Measure.VALUE, Measure.COUNT])
    tag = chance.choice(TAGS)
    if chance.random() < 0.5:
        amount = chance.randint(0, 3) if measure is Measure.COUNT else chance.randint(0, pence)
        return RingFence(f"R{number}", kind, measure, Base.FIXED, amount=amount, tag=tag)
    return RingFence(f"R{number}", kind, measure, Base.AWARDS_TOTAL, percent=chance.randint(0, 100), tag=tag)


def lists_that_keep(problem: AwardProblem, rows: tuple[Row, ...] | None = None) -> list[tuple[int, ...]]:
    """Every choice of places that keeps the rows and the must-funds, the first in merit order first."""
    rows = problem.rows() if rows is None else rows
    places = range(len(problem.candidates))
    every = [chosen for size in range(len(places) + 1) for chosen in combinations(places, size)]
    kept = [
        chosen
        for chosen in every
        if set(problem.locked) <= set(chosen)
        and not set(problem.kept_out) & set(chosen)
        and not broken_rows(rows, chosen)
    ]
    return sorted(kept, key=lambda chosen: [place not in chosen for place in places])
