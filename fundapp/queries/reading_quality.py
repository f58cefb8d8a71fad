"""From sheets to an order that can be talked about: agreement, severity, how sure each place is.

Only for whoever may see a round's whole list: everything here is about all applications together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from fundapp.models.panel import PanelSeat
from fundapp.queries.awards import Board, BoardLine
from fundapp.queries.certainty import SEED, Certainty, certainty_of, ratings_of, uncertain_of
from fundapp.queries.what_if import Basis, basis_of, list_readers
from scoring.agreement import Alpha, Level, alpha
from scoring.calibration import AdjustedScore, Calibration, Severity, calibrate
from scoring.records import Rating
from scoring.uncertainty import RankInterval, alpha_interval, rank_intervals

DRAWS = 200


@dataclass(frozen=True)
class Agreement:
    """On one criterion, or on weighted totals (none).

    `interval`: eighty of a hundred times, with other applications like these.
    """

    criterion: str | None
    alpha: Alpha
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class OrderLine:
    line: BoardLine
    interval: RankInterval | None
    certainty: Certainty | None
    adjusted: AdjustedScore | None  # only where the call shows readers' severity

    @property
    def is_robust(self) -> bool | None:
        """No single reader decides over it. None: nothing to compare."""
        return None if self.certainty is None else self.certainty.flips_without == 0


@dataclass(frozen=True)
class ReaderLine:
    number: int  # as the what-if board numbers readers
    seat: PanelSeat
    severity: Severity
    average: Fraction


@dataclass(frozen=True)
class Quality:
    agreements: tuple[Agreement, ...]
    lines: tuple[OrderLine, ...]  # in the order of the ranking
    calibration: Calibration | None  # None: the call shows no severity, or nobody has read
    readers: tuple[ReaderLine, ...]


def quality_of(board: Board) -> Quality:
    """Three queries beside the board's. The order is the board's: adjusted totals change nothing."""
    basis = basis_of(board)
    ratings = ratings_of(basis)
    shows = board.definition.assessment.shows_severity and bool(ratings)
    calibration = calibrate(ratings) if shows else None
    adjusted = {one.application: one for one in calibration.scores} if calibration else {}
    intervals = rank_intervals(uncertain_of(basis), draws=DRAWS, seed=SEED)
    certain: Mapping[UUID, Certainty] = {} if board.ratification else certainty_of(basis)
    return Quality(
        agreements=(
            *(_agreement(basis, one.key) for one in board.definition.assessment.criteria),
            _agreed(None, ratings, Level.INTERVAL),
        ),
        lines=tuple(
            OrderLine(
                line,
                intervals.get(str(line.application.id)),
                certain.get(line.application.id),
                adjusted.get(str(line.application.id)),
            )
            for line in board.lines
        ),
        calibration=calibration,
        readers=_readers(board, calibration, ratings) if calibration else (),
    )


def _agreement(basis: Basis, criterion: str) -> Agreement:
    ratings = [
        Rating(
            str(mark.application_id),
            str(basis.seats.get(mark.assignment_id, mark.assignment_id)),
            Fraction(mark.value),
        )
        for mark in basis.marks
        if mark.criterion == criterion and mark.value is not None
    ]
    return _agreed(criterion, ratings, Level.ORDINAL)


def _agreed(criterion: str | None, ratings: Sequence[Rating], level: Level) -> Agreement:
    """Levels are steps on a ladder; totals are points, of which ten are twice as much as five."""
    interval = alpha_interval(ratings, level, draws=DRAWS, seed=SEED)
    return Agreement(criterion, alpha(ratings, level), interval)


def _readers(board: Board, calibration: Calibration, ratings: Sequence[Rating]) -> tuple[ReaderLine, ...]:
    severities = {one.reader: one for one in calibration.severities}
    lines = []
    for number, seat in enumerate(list_readers(board.round), start=1):
        own = [one.value for one in ratings if one.reader == str(seat.id)]
        if own and str(seat.id) in severities:
            average = sum((Fraction(value) for value in own), Fraction(0)) / len(own)
            lines.append(ReaderLine(number, seat, severities[str(seat.id)], average))
    return tuple(lines)
