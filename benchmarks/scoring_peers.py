"""The same work by the libraries that reference/scoring.md names (benchmarks/requirements.txt)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from benchmarks.scoring_instances import election, panel, readings
from benchmarks.scoring_ours import Work
from scoring.allocation import AwardProblem
from tests.scoring.bench import read
from tests.scoring.test_sortition import published

CHUNK = 20
SECONDS = 60.0


def merit(problem: AwardProblem) -> Work:
    """OR-Tools CP-SAT, one worker: the next twenty with weights that fall by half, then the next twenty."""
    from ortools.sat.python import cp_model

    rows = [(row.coefficients.tolist(), row.bound) for row in problem.rows()]

    def work() -> list[str]:
        size = len(problem.candidates)
        model = cp_model.CpModel()
        takes = [model.new_bool_var(str(at)) for at in range(size)]
        for factors, bound in rows:
            model.add(sum(one * take for one, take in zip(factors, takes, strict=True) if one) <= bound)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = SECONDS
        chosen = []
        for start in range(0, size, CHUNK):
            part = range(start, min(start + CHUNK, size))
            model.maximize(sum(2 ** (CHUNK - 1 - at + start) * takes[at] for at in part))
            assert solver.solve(model) == cp_model.OPTIMAL
            for at in part:
                value = solver.value(takes[at])
                model.add(takes[at] == value)
                chosen += [problem.candidates[at].id] * value
        return sorted(chosen)

    return work


def flow(data: dict[str, Any]) -> Work:
    """OR-Tools min-cost flow: readers without seats; arcs for the least of each reader have a reward."""
    from ortools.graph.python import min_cost_flow

    affinity = np.array(data["affinity"])
    applications, readers = affinity.shape
    ties = {tuple(pair) for pair in data["conflicts"]}
    pairs = [(i, j) for i in range(applications) for j in range(readers) if (i, j) not in ties]
    each, reward = data["reviews_per_application"], 10**7

    def work() -> int:
        graph = min_cost_flow.SimpleMinCostFlow()
        sink = applications + readers
        for i, j in pairs:
            graph.add_arc_with_capacity_and_unit_cost(i, applications + j, 1, -int(affinity[i, j]))
        for j in range(readers):
            graph.add_arc_with_capacity_and_unit_cost(applications + j, sink, data["load_min"], -reward)
            more = data["load_max"] - data["load_min"]
            graph.add_arc_with_capacity_and_unit_cost(applications + j, sink, more, 0)
        for i in range(applications):
            graph.set_node_supply(i, each)
        graph.set_node_supply(sink, -each * applications)
        assert graph.solve() == graph.OPTIMAL
        return -graph.optimal_cost() - reward * data["load_min"] * readers

    return work


def seats(data: dict[str, Any]) -> Work:
    """OR-Tools CP-SAT, one worker, with seats; None where the minute was not enough."""
    from ortools.sat.python import cp_model

    def work() -> int | None:
        model = cp_model.CpModel()
        ties = {tuple(pair) for pair in data["conflicts"]}
        rows = data["affinity"]
        take = {
            (i, j): model.new_bool_var("")
            for i, row in enumerate(rows)
            for j in range(len(row))
            if (i, j) not in ties
        }
        for i, language in enumerate(data["language"]):
            own = [j for j in range(len(rows[0])) if (i, j) in take]
            model.add(sum(take[i, j] for j in own) == data["reviews_per_application"])
            model.add_bool_or([take[i, j] for j in own if data["lived_experience"][j]])
            if language:
                model.add_bool_or([take[i, j] for j in own if language in data["speaks"][j]])
        for j in range(len(rows[0])):
            load = sum(take[i, j] for i in range(len(rows)) if (i, j) in take)
            model.add_linear_constraint(load, data["load_min"], data["load_max"])
        model.maximize(sum(rows[i][j] * one for (i, j), one in take.items()))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = SECONDS
        return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None

    return work


def stored_panel(name: str) -> dict[str, Any]:
    return read("assign_bench", name)


def large_panel(applications: int, readers: int) -> dict[str, Any]:
    return panel(applications, readers, 1)


def severity(applications: int, readers: int) -> Work:
    """statsmodels MixedLM with crossed random effects."""
    import pandas as pd
    import statsmodels.api as sm

    data = pd.DataFrame(readings(applications, readers, 1), columns=["item", "reader", "y"])
    data["all"] = 1

    def work() -> list[float]:
        parts = {"item": "0 + C(item)", "reader": "0 + C(reader)"}
        model = sm.MixedLM.from_formula("y ~ 1", groups="all", vc_formula=parts, re_formula="0", data=data)
        found = model.fit(reml=True)
        names = dict(zip(model.exog_vc.names, found.vcomp, strict=True))
        return [round(float(one), 3) for one in (names["item"], names["reader"], found.scale)]

    return work


def agreement(applications: int, readers: int) -> Work:
    import krippendorff

    table = np.full((readers, applications), np.nan)
    for item, reader, value in readings(applications, readers, 1):
        table[reader, item] = value
    return lambda: round(float(krippendorff.alpha(table, level_of_measurement="interval")), 6)


def vote(rule: str, projects: int, voters: int) -> Work:
    """pabutools, exact fractions; equal ballots are put together as it advises."""
    from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares, sequential_phragmen

    prices, ballots, budget = election(projects, voters, 1)
    offered = [Project(f"{at:03}", pence) for at, pence in enumerate(prices)]
    instance = Instance(offered, budget_limit=budget)
    profile = ApprovalProfile(
        [ApprovalBallot([offered[place] for place in ballot]) for ballot in ballots], instance=instance
    ).as_multiprofile()
    rules = {
        "greedy": lambda: greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat),
        "equal_shares": lambda: method_of_equal_shares(instance, profile, sat_class=Cost_Sat),
        "phragmen": lambda: sequential_phragmen(instance, profile),
    }
    return lambda: sorted(project.name for project in rules[rule]())


def drawn_panel(places: int) -> Work:
    """sortition-algorithms: the smallest chance is made as large as it can be, by HiGHS."""
    from sortition_algorithms import Settings, read_in_features, read_in_people
    from sortition_algorithms.committee_generation import find_distribution_maximin

    pool, quotas = published()
    rules = [
        {"feature": one.feature, "value": one.value, "min": str(one.least), "max": str(one.most)}
        for one in quotas
    ]
    features, _, _ = read_in_features(list(rules[0]), rules)
    settings = Settings(id_column="id", columns_to_keep=[], solver_backend="highspy")
    rows = [{"id": key, **facts} for key, facts in pool.items()]
    people, _ = read_in_people(list(rows[0]), rows, features, settings)

    def work() -> str:
        committees, shares, _ = find_distribution_maximin(
            features, people, places, [], solver_backend="highspy"
        )
        by_person = dict.fromkeys(pool, 0.0)
        for committee, share in zip(committees, shares, strict=True):
            for one in committee:
                by_person[one] += share
        return str(Fraction(min(by_person.values())).limit_denominator(1_000))

    return work
