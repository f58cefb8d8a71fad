"""Our side of each case of reference/scoring.md: prepares, then gives back what is to be measured."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from benchmarks.scoring_instances import award_call, election, panel, readings
from scoring.agreement import Level, alpha
from scoring.allocation import AwardProblem, NoList, propose
from scoring.assignment import assign
from scoring.calibration import calibrate
from scoring.conflicts import conflict_of
from scoring.objectives import Objective, best_list, bound_of
from scoring.readers import Aim
from scoring.records import Rating
from scoring.sortition import panel_lottery
from scoring.stability import Uncertain, stability
from scoring.verify import unconfirmed
from scoring.voting import Election, Project, Utility, equal_shares, greedy, phragmen
from tests.scoring.bench import award_problem, read
from tests.scoring.test_assignment import bench_problem
from tests.scoring.test_sortition import published

Work = Callable[[], Any]  # what it gives back is compared with the peer's


def stored(name: str) -> AwardProblem:
    return award_problem(read("award_bench", name))


def merit(problem: AwardProblem) -> Work:
    return lambda: sorted(propose(problem).awards)


def reasons(problem: AwardProblem) -> Work:
    def work() -> int:
        proposal = propose(problem)
        assert unconfirmed(problem, proposal) == ()
        return sum(bool(line.reason.weights) for line in proposal.lines if not line.is_funded)

    return work


def draws(number: int) -> Work:
    data = read("award_bench", "n150_k3_s1_abs")
    scores = {str(one["i"]): Uncertain(Fraction(one["score"], 100), 4.0) for one in data["applications"]}
    return lambda: stability(award_problem(data), scores, draws=number, seed=1).draws


def impossible() -> Work:
    data = award_call(500, 3, 1)
    data["ring_fence_min_pence"] = [data["budget_pence"] * part // 100 for part in (99, 90, 70)]
    problem = award_problem(data)

    def work() -> int:
        try:
            propose(problem)
        except NoList as error:
            return len(error.reasons)
        raise AssertionError("a list exists")

    return work


def conflict() -> Work:
    data = award_call(60, 3, 1)
    data["ring_fence_min_pence"] = [data["budget_pence"] * part // 100 for part in (95, 70, 60)]
    problem = award_problem(data)
    return lambda: conflict_of(problem).rules  # type: ignore[union-attr]


def score_sum(size: int, groups: int, *, only_bound: bool, part_of_requests: bool = True) -> Work:
    data = award_call(size, groups, 1, **({"budget": None} if part_of_requests else {}))
    problem = award_problem(data)
    by_id = {str(one["i"]): one["score"] for one in data["applications"]}
    scores = [by_id[one.id] for one in problem.candidates]
    if only_bound:
        return lambda: bound_of(problem, scores)
    return lambda: best_list(problem, scores, Objective.SUM_OF_SCORES).value


def stored_panel(name: str, *, seats: bool, aim: Aim) -> Work:
    problem = bench_problem(read("assign_bench", name), with_seats=seats)

    def work() -> int:
        found = assign(problem, aim)
        return found.total if aim is Aim.SUM else found.worst

    return work


def large_panel(applications: int, readers: int) -> Work:
    problem = bench_problem(panel(applications, readers, 1), with_seats=True)
    return lambda: assign(problem, Aim.SUM).total


def ratings(applications: int, readers: int) -> list[Rating]:
    return [
        Rating(f"{one:05}", f"{other:04}", Fraction(round(value * 1000), 1000))
        for one, other, value in readings(applications, readers, 1)
    ]


def severity(applications: int, readers: int) -> Work:
    given = ratings(applications, readers)

    def work() -> list[float]:
        found = calibrate(given).variances
        return [round(one, 3) for one in (found.application, found.reader, found.error)]

    return work


def agreement(applications: int, readers: int) -> Work:
    given = ratings(applications, readers)
    return lambda: round(alpha(given, Level.INTERVAL).value or 0.0, 6)


def vote(rule: str, projects: int, voters: int) -> Work:
    prices, ballots, budget = election(projects, voters, 1)
    one = Election(
        tuple(Project(f"{at:03}", pence) for at, pence in enumerate(prices)),
        {str(at): frozenset(f"{place:03}" for place in ballot) for at, ballot in enumerate(ballots)},
        budget,
    )
    rules: dict[str, Callable[[Election], Any]] = {
        "greedy": lambda it: greedy(it, Utility.COST),
        "equal_shares": lambda it: equal_shares(it, Utility.COST),
        "phragmen": phragmen,
    }
    return lambda: sorted(rules[rule](one).winners)


def drawn_panel(places: int) -> Work:
    """The smallest chance that anybody of the published pool has."""
    pool, quotas = published()
    return lambda: str(min(panel_lottery(pool, quotas, places).chances.values()))
