"""More promises about marks, agreement, severity, seats and votes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.aggregate import combine, combine_all
from scoring.agreement import dependability, intraclass_correlations
from scoring.assignment import assign
from scoring.calibration import calibrate
from scoring.moderation import WEIGHT, agenda
from scoring.readers import Aim, NoAssignment
from scoring.records import Criterion, Scale, ScoreSheet
from scoring.reml import Variances
from scoring.rubric import check_rubric, check_sheet, hundredths, points
from scoring.voting import Election, Project, Utility, equal_shares, greedy, phragmen
from tests.scoring.call import RUBRIC, sheet
from tests.scoring.test_assignment import AssignmentProblem, broken, problems
from tests.scoring.test_calibration import complete
from tests.scoring.test_voting import elections

MARKS = st.one_of(st.none(), st.integers(1, 4))
SHEETS = st.lists(st.tuples(*[MARKS] * 5), max_size=4)


@given(st.fractions(0, 100))
def test_a_shown_score_is_the_nearest_hundredth(score: Fraction) -> None:
    assert -Fraction(1, 2) < score * 100 - hundredths(score) < Fraction(1, 2) or (
        score * 100 - hundredths(score) == -Fraction(1, 2)
    )


@given(st.integers(-5, 5), st.integers(1, 9), st.integers(1, 100), st.fractions(0, 1))
def test_points_go_evenly_from_nothing_to_the_weight(
    low: int, size: int, weight: int, part: Fraction
) -> None:
    found = points(Criterion("c", weight), low + part * size, Scale(low, low + size))

    assert found == part * weight


@given(SHEETS, st.randoms(use_true_random=False))
def test_sheets_in_any_order_and_extra_cant_tells_give_the_same_means(
    marks: list[tuple[int | None, ...]], random: Random
) -> None:
    sheets = [sheet(*one, reader=f"r{number}") for number, one in enumerate(marks)]
    shuffled = list(sheets)
    random.shuffle(shuffled)
    result = combine("a", sheets, RUBRIC)

    assert combine("a", shuffled, RUBRIC) == result
    assert [one.application for one in combine_all(sheets, RUBRIC)] == ["a"] * bool(sheets)
    silent = combine("a", [*sheets, sheet(None, None, None, None, None, reader="silent")], RUBRIC)
    assert (silent.means, silent.total) == (result.means, result.total)
    assert (result.total is None) is (len(result.means) < len(RUBRIC.criteria))
    assert all(not check_sheet(one, RUBRIC) for one in sheets)


@given(st.lists(SHEETS, max_size=5))
def test_the_agenda_names_each_application_once_the_heaviest_first(
    panels: list[list[tuple[int | None, ...]]],
) -> None:
    results = [
        combine(
            str(at),
            [sheet(*one, application=str(at), reader=str(number)) for number, one in enumerate(marks)],
            RUBRIC,
        )
        for at, marks in enumerate(panels)
    ]

    items = agenda(results, RUBRIC)

    assert len({item.application for item in items}) == len(items)
    assert [WEIGHT[item.points[0].code] for item in items] == sorted(
        WEIGHT[item.points[0].code] for item in items
    )
    quiet = {one.application for one in results} - {item.application for item in items}
    for one in results:
        if one.application in quiet:
            assert one.total is not None
            assert one.is_read_enough
            assert not one.minimums_missed
    assert agenda(reversed(results), RUBRIC) == items


@given(st.permutations(range(5)))
def test_rules_are_sound_in_any_order(order: list[int]) -> None:
    assert check_rubric(replace(RUBRIC, criteria=tuple(RUBRIC.criteria[at] for at in order))) == ()


@given(st.lists(st.sampled_from(["c1", "c2", "x"]), max_size=5))
def test_a_sheet_without_problems_has_each_criterion_once(keys: list[str]) -> None:
    marks = sheet(1, 1, 1, 1, 1).marks[:1] * keys.count("c1")
    problems_found = check_sheet(ScoreSheet("a", "r", marks), RUBRIC)

    assert {one.criterion for one in problems_found} >= {"c2", "c3", "c4", "c5"}
    assert ("c1" in {one.criterion for one in problems_found}) is (keys.count("c1") != 1)


TABLES = st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=3, max_size=6).filter(
    lambda table: len({value for row in table for value in row}) > 1
)


@given(TABLES, st.integers(0, 2), st.integers(1, 5))
def test_severity_does_not_count_where_only_the_order_matters(
    table: list[list[int]], column: int, more: int
) -> None:
    moved = [[value + more * (at == column) for at, value in enumerate(row)] for row in table]
    assume(len({value for row in moved for value in row}) > 1)
    before, after = intraclass_correlations(table), intraclass_correlations(moved)

    assert (after.three, after.three_k) == (before.three, before.three_k)
    assert intraclass_correlations([list(reversed(row)) for row in reversed(table)]) == before


@given(st.floats(0.01, 5), st.floats(0, 5), st.floats(0.01, 5), st.floats(0.1, 0.95))
def test_the_readings_for_a_goal_reach_it_and_one_less_does_not(
    application: float, reader: float, error: float, goal: float
) -> None:
    variances = Variances(application, reader, error)
    needed = dependability(variances, 1, goal).readings_for_goal
    assert needed is not None

    assert dependability(variances, needed, goal).absolute >= goal - 1e-6
    assert needed == 1 or dependability(variances, needed - 1, goal).absolute < goal + 1e-6


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 6), min_size=3, max_size=3), min_size=4, max_size=8), st.integers(1, 5)
)
def test_a_stricter_reader_of_everything_does_not_change_the_order(values: list[list[int]], by: int) -> None:
    before = calibrate(complete(values))
    after = calibrate(complete([[row[0] + by, *row[1:]] for row in values]))

    def order(scores: tuple[Fraction, ...]) -> list[list[bool]]:
        close = Fraction(1, 1000)
        return [[one > other + close for other in scores] for one in scores]

    raw = tuple(one.raw for one in before.scores)
    for result in (before, after):
        adjusted = tuple(one.adjusted for one in result.scores)
        better = order(adjusted)
        assert all(
            not better[one][other] or raw[one] > raw[other]
            for one in range(len(raw))
            for other in range(len(raw))
        )
        assert abs(sum(one.effect for one in result.severities)) < 1e-6


@settings(max_examples=50, deadline=None)
@given(problems(), st.data())
def test_agreed_pairs_stay_and_the_worst_is_never_worse_for_being_looked_at(
    problem: AssignmentProblem, data: st.DataObject
) -> None:
    try:
        most = assign(problem, Aim.SUM)
    except NoAssignment:
        return
    assert assign(problem).worst >= most.worst
    pairs = st.sets(st.sampled_from(most.pairs), max_size=2) if most.pairs else st.just(set())
    agreed = replace(problem, locked=frozenset(data.draw(pairs)))

    again = assign(agreed, Aim.SUM)

    assert broken(agreed, again) == []
    assert again.total == most.total


@settings(max_examples=100, deadline=None)
@given(elections())
def test_no_rule_spends_more_than_there_is_or_funds_twice(election: Election) -> None:
    cost = {project.id: project.pence for project in election.projects}
    wanted = {project for ballot in election.ballots.values() for project in ballot}
    for outcome in (
        greedy(election, Utility.COST),
        greedy(election, Utility.COUNT),
        equal_shares(election, Utility.COUNT),
        phragmen(election),
    ):
        assert len(set(outcome.winners)) == len(outcome.winners)
        assert sum(cost[key] for key in outcome.winners) == outcome.spent_pence <= election.budget_pence
    assert set(phragmen(election).winners) <= wanted
    assert set(equal_shares(election, Utility.COST).winners) <= wanted
    left = election.budget_pence - greedy(election, Utility.COST).spent_pence
    assert all(cost[key] > left for key in cost.keys() - set(greedy(election, Utility.COST).winners))


def test_one_in_eight_of_a_budget_buys_what_one_in_eight_voters_want() -> None:
    """What equal shares promises: a group of voters decides over its own part of the money."""
    many = frozenset(f"many {one}" for one in range(7))
    ballots = {"0": frozenset({"few"}), **{str(at): many for at in range(1, 8)}}
    projects = (*(Project(f"many {one}", 100) for one in range(8)), Project("few", 100))
    election = Election(projects, ballots, 800)

    assert "few" in equal_shares(election, Utility.COST).winners
