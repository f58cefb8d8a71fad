"""The answer to an assignment file: who reads what, what it is worth, and what could not be met."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from fundapp.assignment_file.read import AssignmentFile
from scoring.assignment import assign
from scoring.assignment_change import smallest_change
from scoring.readers import (
    Aim,
    Assignment,
    AssignmentProblem,
    Change,
    NoAssignment,
    Shortage,
    ShortageCode,
)

Answer = dict[str, Any]


def answer(file: AssignmentFile) -> Answer:
    """Raises NotProved when the time ends without a proved answer."""
    head: Answer = {"id": file.name, "aim": file.aim.value}
    try:
        best = assign(file.problem, Aim.SUM)
    except NoAssignment as error:
        return {
            **head,
            "status": "not_everything",
            **_figures(file.problem, error.nearest),
            "not_met": [_shortage(one) for one in error.shortages],
            "smallest_change": _change(smallest_change(file.problem)),
        }
    chosen = best if file.aim is Aim.SUM else assign(file.problem)
    return {
        **head,
        "status": "assigned",
        **_figures(file.problem, chosen),
        "highest_total": best.total,
        "highest_total_without_seats": assign(file.without_seats, Aim.SUM).total,
        "not_met": [],
        "smallest_change": None,
    }


def _figures(problem: AssignmentProblem, found: Assignment) -> Answer:
    readers: dict[str, list[str]] = {one.application: [] for one in problem.readings}
    readings: dict[str, int] = defaultdict(int)
    for application, reader in found.pairs:
        readers[application].append(reader)
        readings[reader] += 1
    lines: list[Answer] = [
        {"application": key, "readers": some, "total": sum(problem.fit((key, one)) for one in some)}
        for key, some in readers.items()
    ]
    return {
        "total": found.total,
        "worst": min(lines, key=lambda line: line["total"], default=None),
        "assignment": lines,
        "readers": [
            {"reader": one.id, "readings": readings[one.id], "least": one.least, "most": one.most}
            for one in problem.readers
        ],
    }


def _shortage(one: Shortage) -> Answer:
    key = "reader" if one.code is ShortageCode.READER_IDLE else "application"
    seat = {} if one.seat is None else {"seat": one.seat}
    return {"code": one.code.value, key: one.key, **seat, "missing": one.missing}


def _change(change: Change) -> Answer:
    return {
        "read_more": [{"reader": key, "by": by} for key, by in change.more],
        "read_less": [{"reader": key, "by": by} for key, by in change.fewer],
        "new_readers": [
            {"application": one.application, "readings": one.number, "seats": list(one.seats)}
            for one in change.new
        ],
        "unlock": [list(pair) for pair in change.unlocked],
    }
