"""All checks of a call that go beyond the shape of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fundapp.call_file.checks.assessment import check_assessment, check_panel, check_reading_load
from fundapp.call_file.checks.awards import check_awards, check_burden, check_monitoring
from fundapp.call_file.checks.codesign import check_codesign
from fundapp.call_file.checks.conditions import check_eligibility_conditions, check_ring_fence_conditions
from fundapp.call_file.checks.money import check_money, check_rounds_money, check_strands
from fundapp.call_file.checks.questions import (
    check_criteria_of_questions,
    check_questions,
    check_strand_question,
)
from fundapp.call_file.checks.references import check_references
from fundapp.call_file.checks.ring_fences import check_fitting, check_ring_fences
from fundapp.call_file.checks.timetable import check_timetables
from fundapp.call_file.problems import Problem

Check = Callable[..., Iterator[Problem]]

# The parts of the call that a check looks at. It runs when all of them could be read.
CHECKS: tuple[tuple[Check, tuple[str, ...]], ...] = (
    (check_money, ("money",)),
    (check_rounds_money, ("rounds", "money")),
    (check_timetables, ("rounds", "time_zone")),
    (check_strands, ("strands", "money")),
    (check_ring_fences, ("ring_fences", "rounds", "money")),
    (check_ring_fence_conditions, ("ring_fences", "strands")),
    (check_fitting, ("ring_fences", "strands", "money")),
    (check_eligibility_conditions, ("eligibility", "by_and_for")),
    (check_questions, ("form", "eligibility")),
    (check_strand_question, ("form", "strands")),
    (check_criteria_of_questions, ("form", "assessment")),
    (check_assessment, ("assessment",)),
    (check_panel, ("panel",)),
    (check_reading_load, ("assessment", "panel")),
    (check_awards, ("awards", "strands")),
    (check_monitoring, ("monitoring", "strands")),
    (check_burden, ("burden",)),
    (check_codesign, ("codesign", "boroughs")),
)


def problems_of(parts: Mapping[str, Any]) -> Iterator[Problem]:
    """`parts` are the parts of a call that could be read, by name."""
    for check, names in CHECKS:
        if all(name in parts for name in names):
            yield from check(*(parts[name] for name in names))
    yield from check_references(parts)
