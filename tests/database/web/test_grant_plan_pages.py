"""A group changes its plan on the pages, the fund answers, both read every version."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from fundapp.models.grant_plan import Variation
from fundapp.models.user import User
from fundapp.money_steps import VariationStatus
from fundapp.queries.grant_plans import list_variations
from tests.database.services.test_grant_plans import amounts, grant_with_lines, more_time, plan
from tests.factories import ConflictFactory

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def test_group_moves_a_little_and_reads_it_among_the_versions(client_for: ClientFor) -> None:
    grant = grant_with_lines()
    client, path = client_for(grant.signer), f"/en/awards/{grant.award.id}/plan"

    saved = client.post(
        f"{path}/lines", data={"line_1": "23,000", "line_2": "13,000", "line_3": "4,000", "version": "1"}
    )

    page = text_of(client.get(path))
    assert saved.status_code == 303
    assert amounts(grant) == ["23000.00", "13000.00", "4000.00"]
    assert ("Told afterwards" in page, "Version 2" in page, "As in the agreement" in page) == (True,) * 3


def test_larger_change_keeps_what_was_typed_and_asks_with_a_second_button(client_for: ClientFor) -> None:
    grant = grant_with_lines()
    client, path = client_for(grant.signer), f"/en/awards/{grant.award.id}/plan/lines"
    typed = {"line_1": "20,000", "line_2": "16,000", "line_3": "4,000", "words": "الإيجار", "version": "1"}

    first = client.post(path, data=typed)
    second = client.post(path, data=typed | {"ask": "yes", "answer_language": "ar"})

    [wish] = list_variations(grant.award)
    assert (first.status_code, second.status_code) == (422, 303)
    assert ("For this the fund has to say yes first" in text_of(first), "20,000" in text_of(first)) == (
        True,
        True,
    )
    assert (wish.status, wish.words, wish.language) == (VariationStatus.ASKED, "الإيجار", "ar")


def test_lines_that_do_not_add_up_say_by_how_much(client_for: ClientFor) -> None:
    grant = grant_with_lines()
    client, path = client_for(grant.signer), f"/en/awards/{grant.award.id}/plan/lines"

    page = client.post(path, data={"line_1": "23,000", "line_2": "12,000", "line_3": "4,000", "version": "1"})

    assert page.status_code == 422
    assert re.search("The lines are .?£1,000.00.? too little", text_of(page))
    assert "Total of the saved lines" not in text_of(page)  # the new lines are only a part of the grant


def test_page_that_is_older_than_the_plan_changes_nothing(client_for: ClientFor) -> None:
    grant = grant_with_lines()
    client, path = client_for(grant.signer), f"/en/awards/{grant.award.id}/plan/lines"
    sent = {"line_1": "23,000", "line_2": "13,000", "line_3": "4,000", "version": "1"}
    client.post(path, data=sent)

    again = client.post(path, data=sent | {"line_2": "12,900", "line_3": "4,100"})

    assert again.status_code == 409
    assert amounts(grant) == ["23000.00", "13000.00", "4000.00"]


def test_group_asks_for_time_and_the_manager_answers_with_a_reason(client_for: ClientFor) -> None:
    grant = grant_with_lines()
    group, manager = client_for(grant.signer), client_for(grant.manager)
    day = plan(grant).ends_on + timedelta(days=30)
    asked = group.post(
        f"/en/awards/{grant.award.id}/plan/more-time",
        data={"ends_on": day.isoformat(), "moved_days": "all", "words": "Our room was closed."},
    )
    [wish] = list_variations(grant.award)
    path = f"/en/fund/variations/{wish.id}"

    listed = text_of(manager.get(f"/en/fund/calls/{grant.award.call_id}/grants"))
    empty = manager.post(path, data={})
    answered = manager.post(path, data={"choice": "agree", "answer": "Take the time you need."})
    twice = manager.post(path, data={"choice": "refuse", "answer": "There is no money left!"})

    page = text_of(group.get(f"/en/awards/{grant.award.id}/plan"))
    assert "Changes of grants to answer" in listed
    assert [each.status_code for each in (asked, empty, answered, twice)] == [303, 422, 303, 409]
    assert "There is no money left!" in text_of(twice)
    assert "No, all stays as it is" in text_of(twice)
    assert plan(grant).ends_on == day
    assert "Take the time you need." in page


def test_more_time_needs_a_later_day(client_for: ClientFor) -> None:
    grant = grant_with_lines()

    page = client_for(grant.signer).post(
        f"/en/awards/{grant.award.id}/plan/more-time",
        data={"ends_on": plan(grant).ends_on.isoformat(), "moved_days": "all", "words": "Please."},
    )

    assert page.status_code == 422
    assert "Choose a day after the last day of your grant" in text_of(page)


def test_who_is_tied_to_the_group_sees_no_wish_of_it(client_for: ClientFor) -> None:
    grant = grant_with_lines()
    wish: Variation = more_time(grant, 30)
    ConflictFactory(call_id=grant.award.call_id, user=grant.manager, organisation=grant.award.organisation)
    client = client_for(grant.manager)

    listed = text_of(client.get(f"/en/fund/calls/{grant.award.call_id}/grants"))

    assert "Changes of grants to answer" not in listed
    assert client.get(f"/en/fund/variations/{wish.id}").status_code == 404
    assert client.post(f"/en/fund/variations/{wish.id}", data={}).status_code == 404


def test_agreement_shows_the_days_of_the_agreement_after_more_time(client_for: ClientFor) -> None:
    grant = grant_with_lines()
    wish, manager = more_time(grant, 120), client_for(grant.manager)

    group = client_for(grant.signer)
    before = text_of(group.get(f"/en/awards/{grant.award.id}"))

    manager.post(f"/en/fund/variations/{wish.id}", data={"choice": "agree", "answer": "Gladly."})

    page = group.get(f"/en/awards/{grant.award.id}/agreement")
    assert "Since then the days have moved." in text_of(page)
    assert "Last day of the grant:" not in before
    assert "Last day of the grant:" in text_of(group.get(f"/en/awards/{grant.award.id}"))
    assert "Last day" in text_of(manager.get(f"/en/fund/awards/{grant.award.id}"))
    assert sum((each.amount for each in grant.payments), Decimal(0)) == grant.award.amount
