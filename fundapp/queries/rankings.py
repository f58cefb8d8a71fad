"""What the readers of a round say together: totals, means, and the order they give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from fundapp.call_file.assessment import Assessment
from fundapp.models.application import Application
from fundapp.queries.call_money import pence
from fundapp.queries.marks import Mark
from scoring.aggregate import ApplicationResult, combine
from scoring.moderation import AgendaPoint, points_of
from scoring.ranking import Ranking, rank
from scoring.records import (
    Criterion,
    Ranked,
    RankingEntry,
    Rubric,
    Scale,
    ScoreSheet,
    TieBreak,
    TieBreakKind,
)
from scoring.records import Mark as ScoringMark


@dataclass(frozen=True)
class Reading:
    """Only locked sheets count. An application nobody has read has no result."""

    rubric: Rubric
    results: Mapping[UUID, ApplicationResult]
    ranking: Ranking
    places: Mapping[UUID, Ranked]
    least_total: int | None = None

    def is_too_low(self, application_id: UUID) -> bool:
        """Ranked, but below a minimum of the call: of one criterion, or of the total."""
        result = self.results.get(application_id)
        if result is None or result.total is None:
            return False
        return bool(result.minimums_missed) or self.is_total_too_low(application_id)

    def is_total_too_low(self, application_id: UUID) -> bool:
        result = self.results.get(application_id)
        if self.least_total is None or result is None or result.total is None:
            return False
        return result.total < self.least_total

    def points(self, application_id: UUID) -> tuple[AgendaPoint, ...]:
        """Why the panel should talk about it."""
        result = self.results.get(application_id)
        return points_of(result, self.rubric) if result else ()

    def order(self, application_id: UUID) -> tuple[int, str]:
        """Sorts by place; what has no total comes last."""
        ranked = self.places.get(application_id)
        return ranked.place if ranked else len(self.places) + 1, str(application_id)


def rubric_of(assessment: Assessment) -> Rubric:
    """The call's rules for scoring as `scoring` knows them."""
    return Rubric(
        scale=Scale(assessment.scale.lowest, assessment.scale.highest),
        criteria=tuple(
            Criterion(one.key, one.weight, None if one.minimum_mean is None else Fraction(one.minimum_mean))
            for one in assessment.criteria
        ),
        minimum_readers=assessment.minimum_readers,
        big_spread=assessment.big_spread,
    )


def read_round(
    applications: Sequence[Application],
    marks: Iterable[Mark],
    assessment: Assessment,
    votes: Mapping[UUID, int] | None = None,
    decided: Sequence[UUID] = (),
) -> Reading:
    """The order of these applications, with the call's tie-breaks. `votes`: places a vote has given.

    `decided`: the order that the panel's ballots or a draw gave, where the call decides so; until the ballots
    are counted nothing has a place.
    """
    rubric = rubric_of(assessment)
    sheets = _sheets(marks)
    results = {
        application.id: combine(str(application.id), sheets[application.id], rubric)
        for application in applications
        if application.id in sheets
    }
    voted = votes or {}
    entries = [
        _entry(application, results.get(application.id), voted.get(application.id))
        for application in applications
    ]
    tie_breaks = [TieBreak(TieBreakKind(one.kind.value), one.criterion) for one in assessment.tie_breaks]
    ranking = rank(entries, tie_breaks)
    if assessment.decides_by.is_vote or decided:
        ranking = in_decided_order(ranking, entries, decided)
    places = {UUID(one.application): one for one in ranking.ranked}
    return Reading(rubric, results, ranking, places, assessment.minimum_total)


def in_decided_order(ranking: Ranking, entries: Sequence[RankingEntry], decided: Sequence[UUID]) -> Ranking:
    """Each with its total where it has one; whoever came to the panel later has no place."""
    totals = {one.application: one.total for one in ranking.ranked}
    here = {entry.application for entry in entries}
    order = [str(key) for key in decided if str(key) in here]
    ranked = tuple(
        Ranked(application=key, place=place, total=totals.get(key, Fraction(0)))
        for place, key in enumerate(order, start=1)
    )
    return Ranking(ranked, tuple(sorted(here - set(order))))


def _entry(
    application: Application, result: ApplicationResult | None, vote_place: int | None
) -> RankingEntry:
    income = application.organisation.annual_income
    return RankingEntry(
        application=str(application.id),
        total=result.total if result else None,
        means=result.means if result else {},
        income_pence=None if income is None else pence(income),
        vote_place=vote_place,
    )


def _sheets(marks: Iterable[Mark]) -> dict[UUID, list[ScoreSheet]]:
    by_sheet: dict[tuple[UUID, UUID], list[ScoringMark]] = defaultdict(list)
    for mark in marks:
        by_sheet[mark.application_id, mark.assignment_id].append(ScoringMark(mark.criterion, mark.value))
    sheets: dict[UUID, list[ScoreSheet]] = defaultdict(list)
    for (application_id, assignment_id), found in by_sheet.items():
        sheets[application_id].append(ScoreSheet(str(application_id), str(assignment_id), tuple(found)))
    return sheets
