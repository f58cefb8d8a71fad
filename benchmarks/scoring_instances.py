"""Award calls, panels and elections of any size, made as reference/scoring.md describes them."""

from __future__ import annotations

import random
from typing import Any

POUNDS = 100
BUDGET = 3_000_000 * POUNDS


def award_call(size: int, groups: int, seed: int, *, budget: int | None = BUDGET) -> dict[str, Any]:
    """Like the files of award_bench. `budget` None: a quarter of all requests."""
    chance = random.Random(seed)
    shares = [0.45, *(chance.uniform(0.12, 0.35) for _ in range(groups - 1))]
    applications = []
    for place in range(size):
        inside = [group for group, share in enumerate(shares) if chance.random() < share]
        score = chance.gauss(60, 12) - 3 * (0 in inside)
        applications.append(
            {
                "i": place,
                "request_pence": chance.randint(30_000 * POUNDS, 120_000 * POUNDS),
                "score": round(min(max(score, 0), 100) * 100),
                "groups": inside,
                "borough": chance.randrange(32),
                "theme": chance.randrange(6),
            }
        )
    if budget is None:
        budget = sum(one["request_pence"] for one in applications) // 4
    floors = [0.6, *(1.15 * share for share in shares[1:])]
    return {
        "budget_pence": budget,
        "applications": applications,
        "ring_fence_min_pence": [int(part * budget) for part in floors],
        "cap_per_borough_pence": budget // 10,
        "cap_per_theme_pence": budget * 3 // 10,
    }


def panel(applications: int, readers: int, seed: int) -> dict[str, Any]:
    """Like the files of assign_bench: 5 % conflicts, 30 % need a language, 40 % have lived experience."""
    chance = random.Random(seed)
    average = applications * 3 / readers
    lived = readers * 2 // 5
    quality = [chance.gauss(0, 120) for _ in range(applications)]
    skill = [chance.gauss(0, 60) for _ in range(readers)]
    return {
        "affinity": [
            [min(1000, max(0, round(550 + one + other + chance.gauss(0, 150)))) for other in skill]
            for one in quality
        ],
        "conflicts": [
            [application, reader]
            for application in range(applications)
            for reader in range(readers)
            if chance.random() < 0.05
        ],
        "language": [chance.randint(1, 6) if chance.random() < 0.3 else 0 for _ in range(applications)],
        "lived_experience": chance.sample([1, 0], readers, counts=[lived, readers - lived]),
        "speaks": [[0, *sorted(chance.sample(range(1, 7), chance.randint(1, 2)))] for _ in range(readers)],
        "load_max": int(1.15 * average),
        "load_min": int(0.7 * average),
        "reviews_per_application": 3,
    }


def readings(applications: int, readers: int, seed: int) -> list[tuple[int, int, float]]:
    """Three readers for each application, in tenths; severity 0.7, noise 0.7 (application, reader, value)."""
    chance = random.Random(seed)
    severity = [chance.gauss(0, 0.7) for _ in range(readers)]
    found = []
    for application in range(applications):
        quality = chance.gauss(0, 1)
        for reader in chance.sample(range(readers), 3):
            found.append((application, reader, round(quality + severity[reader] + chance.gauss(0, 0.7), 1)))
    return found


def election(projects: int, voters: int, seed: int) -> tuple[list[int], list[list[int]], int]:
    """Prices in pence, approval ballots (places of projects), budget: a third of all prices."""
    chance = random.Random(seed)
    prices = [chance.randint(1_000, 60_000) * POUNDS for _ in range(projects)]
    weights = [1 / (1 + place) ** 0.6 for place in range(projects)]
    ballots = [
        sorted(set(chance.choices(range(projects), weights, k=chance.randint(1, 6)))) for _ in range(voters)
    ]
    return prices, ballots, sum(prices) // 3
