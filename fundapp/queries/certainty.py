"""How sure a place on the list is: scores that move a little, one reader left out, another place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from fundapp.queries.rankings import rubric_of
from fundapp.queries.what_if import Basis, Changes, problem_of, what_if
from scoring.allocation import NoList, awards_of
from scoring.calibration import calibrate
from scoring.engine import NotProved
from scoring.records import Mark, Rating, ScoreSheet
from scoring.rubric import total_of_sheet
from scoring.stability import Uncertain, place_needed, stability

DRAWS = 100
SEED = 20_260_704  # any number; the same one, so that two people see the same figures


@dataclass(frozen=True)
class Certainty:
    """`chance`: on how many of a hundred lists. `place_needed`: to be funded; None: at no place."""

    chance: Fraction
    is_on_list: bool
    flips_without: int  # so many single readers decide over it
    place_needed: int | None


def certainty_of(basis: Basis) -> Mapping[UUID, Certainty]:
    """By application of the ranking. {} when no list keeps all the rules or none was proved in time.

    {} as well when ballots or a draw gave the order: other scores would not change it.
    """
    if basis.board.definition.assessment.decides_by.is_vote or any(
        line.decided for line in basis.board.all_lines
    ):
        return {}
    problem = problem_of(basis)
    try:
        awards = awards_of(problem)
        found = stability(problem, uncertain_of(basis), draws=DRAWS, seed=SEED)
        flips = _flips(basis, frozenset(awards))
        return {
            UUID(one.id): Certainty(
                found.chances[one.id],
                one.id in awards,
                flips.get(one.id, 0),
                None if one.id in awards else place_needed(problem, one.id),
            )
            for one in problem.candidates
        }
    except (NoList, NotProved):
        return {}


def uncertain_of(basis: Basis) -> dict[str, Uncertain]:
    """Totals of the call, with the standard error that the readers' differences give."""
    ratings = ratings_of(basis)
    if not ratings:
        return {}
    errors = {one.application: one.standard_error or 0.0 for one in calibrate(ratings).scores}
    totals = {one.application: one.total for one in basis.board.reading.ranking.ranked}
    return {key: Uncertain(total, errors.get(key, 0.0)) for key, total in totals.items()}


def ratings_of(basis: Basis) -> list[Rating]:
    """One total for each locked sheet that has one, by seat."""
    rubric = rubric_of(basis.board.definition.assessment)
    marks: dict[tuple[UUID, UUID], list[Mark]] = defaultdict(list)
    for mark in basis.marks:
        marks[mark.application_id, mark.assignment_id].append(Mark(mark.criterion, mark.value))
    ratings = []
    for (application_id, assignment_id), own in marks.items():
        total = total_of_sheet(ScoreSheet(str(application_id), str(assignment_id), tuple(own)), rubric)
        if total is not None:
            reader = str(basis.seats.get(assignment_id, assignment_id))
            ratings.append(Rating(str(application_id), reader, total))
    return ratings


def _flips(basis: Basis, awards: frozenset[str]) -> Mapping[str, int]:
    """How many readers, each left out alone, put it on the list or take it off."""
    flips: dict[str, int] = defaultdict(int)
    for seat in sorted(set(basis.seats.values()), key=str):
        without = what_if(basis, "", Changes(without_seat=seat))
        if without.no_list or not without.is_proved:
            continue
        for key in awards ^ {str(one) for one in without.awards}:
            flips[key] += 1
    return flips
