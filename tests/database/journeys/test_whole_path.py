"""The whole life of one call through pages alone: every role, both engines, English and Arabic."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fundapp.models.fund import FundRoleKind
from tests.database.journeys import applying, deciding, granting
from tests.database.journeys.applying import Story
from tests.database.journeys.world import hire, world_with_a_draft_call

pytestmark = pytest.mark.slow

CHAPTERS = (
    applying.the_call_is_published_and_opens,
    applying.anybody_can_find_out_whether_it_is_for_them,
    applying.groups_send_an_expression_of_interest,
    applying.the_fund_reads_them_and_answers,
    applying.invited_groups_send_the_full_form,
    applying.the_call_closes_and_gets_its_panel,
    deciding.members_declare_their_ties,
    deciding.members_read_and_score,
    deciding.the_panel_meets,
    deciding.the_list_is_signed,
    deciding.everybody_is_told,
    granting.checks_are_settled_and_the_agreement_accepted,
    granting.the_first_payment_takes_two_people,
    granting.the_group_tells_and_the_fund_replies,
    granting.a_story_is_shown_and_taken_back,
    granting.results_and_open_data_keep_the_confidential_group_out,
    deciding.mails_say_nothing,
    granting.the_record_is_whole_and_no_work_is_left,
)


@pytest.fixture(params=["en", "ar"])
def story(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Iterator[Story]:
    name = f"fundapp_journey_{request.param}_{os.getpid()}"
    with world_with_a_draft_call(engine_name, request.param, tmp_path, name) as world:
        yield Story(
            world,
            manager=hire(world, "mina@fund.example", FundRoleKind.MANAGER, FundRoleKind.FINANCE),
            finance=hire(world, "priya@fund.example", FundRoleKind.FINANCE),
        )


def test_whole_path_of_a_call(story: Story) -> None:
    for chapter in CHAPTERS:
        chapter(story)
