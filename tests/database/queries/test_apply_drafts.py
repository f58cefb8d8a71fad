"""How far a draft is, and the date its group waits for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fundapp.call_file.timetable import StepKind
from fundapp.lifecycles import ApplicationStatus
from fundapp.queries.applications import definition_for
from fundapp.queries.drafts import NextDate, Progress, next_date_of, readiness_of, sections_of
from fundapp.queries.group_news import status_for_group
from tests.factories import AnswerFactory, ApplicationFactory, days


def states(application) -> list[tuple[str, Progress, str]]:
    return [(each.section.key, each.state, each.first_open.key) for each in sections_of(application, "en")]


def answer(application, key: str, value: object) -> None:
    AnswerFactory(application=application, question_key=key, value=value)


def test_section_goes_from_not_started_to_done(db_session):
    application = ApplicationFactory()
    assert states(application) == [("eoi", Progress.NOT_STARTED, "S1")]

    answer(application, "S1", "Women of Hackney.")
    assert states(application) == [("eoi", Progress.STARTED, "S2")]

    for key, value in (("S2", "Pay the rent."), ("S3", "A"), ("S3_amount", "40000.00")):
        answer(application, key, value)
    assert states(application) == [("eoi", Progress.DONE, "S1")]


def test_minutes_left_fall_with_every_answer(db_session):
    application = ApplicationFactory()
    before = sections_of(application, "en")[0].minutes_left

    answer(application, "S1", "Women of Hackney.")

    assert 0 < sections_of(application, "en")[0].minutes_left < before


def test_emptied_answer_counts_as_missing(db_session):
    application = ApplicationFactory()
    answer(application, "S1", None)

    assert "S1" in [question.key for question in readiness_of(application).missing]


def test_answer_that_was_not_needed_does_not_hinder(db_session):
    application = ApplicationFactory(full=True)

    assert "Q12" not in [question.key for question in readiness_of(application).missing]


def test_partners_are_missing_for_a_partnership_only(db_session):
    single, partners = ApplicationFactory(full=True), ApplicationFactory(full=True)
    answer(single, "S3", "A")
    answer(partners, "S3", "B")

    assert "Q11_shares" not in [question.key for question in readiness_of(single).missing]
    assert "Q11_shares" in [question.key for question in readiness_of(partners).missing]


def test_next_date_of_a_draft_is_its_deadline(db_session):
    first, second = ApplicationFactory(), ApplicationFactory(full=True)

    assert next_date_of(first) == NextDate(StepKind.EOI_CLOSES, first.round.eoi_closes_at, is_deadline=True)
    assert next_date_of(second) == NextDate(
        StepKind.FULL_CLOSES, second.round.full_closes_at, is_deadline=True
    )


def test_next_date_after_sending_is_the_promised_answer(db_session):
    first, second = ApplicationFactory(eoi_sent=True), ApplicationFactory(submitted=True)
    definition = definition_for(first)
    answered = definition.round("1").step(StepKind.EOI_ANSWERED)

    assert next_date_of(first) == NextDate(StepKind.EOI_ANSWERED, answered.begins_at(definition.zone))
    assert next_date_of(second) == NextDate(StepKind.EVERYBODY_TOLD, second.round.told_at)


@pytest.mark.parametrize("status", ["in_principle", "reserve", "declined"])
def test_decision_shows_as_at_the_panel_until_the_group_is_told(db_session, status):
    decided = ApplicationStatus(status)
    application = ApplicationFactory(submitted=True, status=decided)
    assert status_for_group(application) is ApplicationStatus.AT_PANEL
    assert next_date_of(application) == NextDate(StepKind.EVERYBODY_TOLD, application.round.told_at)

    application.group_told_at = days(0) - timedelta(minutes=1)

    assert status_for_group(application) is decided
    assert next_date_of(application) is None
