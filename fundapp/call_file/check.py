"""All checks of a call that go beyond the shape of its file."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.call_file.checks.assessment import check_assessment
from fundapp.call_file.checks.awards import check_awards
from fundapp.call_file.checks.codesign import check_codesign
from fundapp.call_file.checks.conditions import check_eligibility_conditions, check_ring_fence_conditions
from fundapp.call_file.checks.identity import check_identity
from fundapp.call_file.checks.money import check_money, check_rounds_money, check_strands
from fundapp.call_file.checks.panel import check_panel, check_reading_load
from fundapp.call_file.checks.questions import (
    check_criteria_of_questions,
    check_questions,
    check_strand_question,
    check_theme_question,
)
from fundapp.call_file.checks.references import check_references
from fundapp.call_file.checks.ring_fences import check_fitting, check_ring_fences
from fundapp.call_file.checks.staying_in_touch import check_burden, check_monitoring
from fundapp.call_file.checks.support import check_support
from fundapp.call_file.checks.timetable import check_timetables
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.problems import Problem


def problems_of(call: CallDefinition) -> Iterator[Problem]:
    """Also for a call of which parts could not be read; see `unread`."""
    checks = (
        check_identity(call.code, call.languages, call.draft_languages),
        check_money(call.money),
        check_rounds_money(call.rounds, call.money),
        check_timetables(call.rounds, call.time_zone),
        check_strands(call.strands, call.money),
        check_ring_fences(call.ring_fences, call.rounds, call.money),
        check_ring_fence_conditions(call.ring_fences, call.strands, call.boroughs, call.themes),
        check_fitting(call.ring_fences, call.strands, call.money, call.boroughs, call.themes),
        check_eligibility_conditions(call.eligibility, call.by_and_for),
        check_questions(call.form, call.eligibility),
        check_strand_question(call.form, call.strands),
        check_theme_question(call.form, call.themes),
        check_criteria_of_questions(call.form, call.assessment),
        check_assessment(call.assessment),
        check_panel(call.panel),
        check_reading_load(call.assessment, call.panel),
        check_awards(call.awards, call.strands),
        check_support(call.support),
        check_monitoring(call.monitoring, call.strands),
        check_burden(call.burden),
        check_codesign(call.codesign, call.boroughs),
        check_references(call),
    )
    for check in checks:
        yield from check
