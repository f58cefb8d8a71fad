"""From the text of an assignment file to an assignment problem."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fundapp.assignment_file.check import missing_in, readers_each, wrong_in
from fundapp.assignment_file.parts import (
    Application,
    Data,
    OneReader,
    applications_of,
    readers_of,
    seats_needed,
    seats_of_all,
)
from fundapp.assignment_file.schema import AssignmentFileSchema
from fundapp.plain_file import PlainFileError, load_what_is_right
from scoring.readers import Aim, AssignmentProblem, Pair, Reader, Reading


@dataclass(frozen=True)
class AssignmentFile:
    name: str
    problem: AssignmentProblem
    aim: Aim

    @property
    def without_seats(self) -> AssignmentProblem:
        return replace(
            self.problem, readings=tuple(Reading(one.application) for one in self.problem.readings)
        )


def read_assignment_file(text: str) -> AssignmentFile:
    """Raises PlainFileError with every problem the file has."""
    data, wrong = load_what_is_right(AssignmentFileSchema(), text)
    applications, readers = applications_of(data), readers_of(data)
    lines = [*wrong, *wrong_in(data, applications, readers)]
    lines += missing_in(data, applications, readers, {line.split(":")[0].split(".")[0] for line in wrong})
    each = readers_each(data)
    if lines or applications is None or readers is None or each is None:
        raise PlainFileError(lines)
    return AssignmentFile(data["id"], _problem(data, applications, readers, each), data["aim"])


def _problem(
    data: Data, applications: list[Application], readers: list[OneReader], each: int
) -> AssignmentProblem:
    for_all = seats_of_all(data)
    return AssignmentProblem(
        tuple(Reading(one.id, seats_needed(one, for_all)) for one in applications),
        tuple(Reader(one.id, one.most or 0, one.least, one.seats) for one in readers),
        each,
        frozenset(data["conflicts"]),
        frozenset(data["locked"]),
        _fits(data, applications, readers),
    )


def _fits(data: Data, applications: list[Application], readers: list[OneReader]) -> dict[Pair, int]:
    if "affinity" not in data:
        return {(application, reader): fit for application, reader, fit in data.get("fit", ())}
    return {
        (application.id, reader.id): fit
        for application, row in zip(applications, data["affinity"], strict=True)
        for reader, fit in zip(readers, row, strict=True)
    }
