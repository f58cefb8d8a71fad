"""The grid of themes and groups: what stands in its cells, who sees which rows, and by year."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.queries.calls import definition_of
from fundapp.queries.theme_grid import get_theme_grid
from fundapp.services.coded_texts import settle_reading
from fundapp.services.stories import withdraw_consent
from fundapp.services.theme_codes import merge_theme_code, retire_theme_code
from tests.factories import CallFactory, ConflictFactory
from tests.grants import active_grant
from tests.told import code, read, tell


@pytest.fixture
def call(db_session):
    return CallFactory(closed=True)


@pytest.fixture
def grant(call):
    return active_grant(call)


def grid_of(grant, reader=None, year=None):
    call = grant.award.call
    zone = definition_of(call.versions[-1]).zone
    return get_theme_grid(call, reader=reader or grant.manager, zone=zone, year=year)


def counts(grid):
    return {
        (group.name, theme.name): len(grid.places(group, theme))
        for group in grid.groups
        for theme in grid.themes
        if grid.places(group, theme)
    }


def path(grant, ending=""):
    return f"/en/fund/calls/{grant.award.call_id}/themes{ending}"


def test_cells_count_passages_and_totals_count_groups(grant, call):
    other = active_grant(call)
    sleep, trust = code(grant, "Sleep"), code(grant, "Trust")
    read(grant, tell(grant), [(sleep, "through the night"), (sleep, "sleeps at last"), (trust, "the door")])
    read(grant, tell(other), [(sleep, "")])
    tell(other, "Nobody has read this one.")

    grid = grid_of(grant)

    mine, theirs = grant.award.organisation.name, other.award.organisation.name
    assert counts(grid) == {(mine, "Sleep"): 2, (mine, "Trust"): 1, (theirs, "Sleep"): 1}
    assert [len(grid.groups_with(theme)) for theme in grid.themes] == [2, 1]
    assert (grid.read, grid.open) == (2, 1)


def test_merged_codes_count_where_they_went_and_retired_ones_stay(grant):
    sleep, rest, old = code(grant, "Sleep"), code(grant, "Rest"), code(grant, "Old")
    read(grant, tell(grant), [(sleep, "through the night"), (rest, "sleeps at last"), (old, "the door")])
    with unit_of_work():
        merge_theme_code(rest, sleep, reason="The same.", actor=grant.manager, now=utcnow())
        retire_theme_code(old, reason="It says nothing.", actor=grant.manager, now=utcnow())

    name = grant.award.organisation.name
    assert counts(grid_of(grant)) == {(name, "Sleep"): 2, (name, "Old"): 1}


def test_what_two_readers_settle_counts_in_the_words_that_one_of_them_marked(grant):
    sleep, trust = code(grant, "Sleep"), code(grant, "Trust")
    texts = {
        story: read(grant, story, [(sleep, "through the night")])
        for story in [tell(grant) for _number in range(5)]
    }
    story, drawn = next((story, coded) for story, coded in texts.items() if coded.is_drawn)
    waiting = grid_of(grant, reader=grant.other_manager)
    assert (waiting.read, waiting.open) == (4, 1)

    read(grant, story, [(trust, "the door"), (sleep, "sleeps at last")], by=grant.other_manager)
    with unit_of_work():
        settle_reading(drawn, [trust], actor=grant.manager, now=utcnow())

    name = grant.award.organisation.name
    assert counts(grid_of(grant)) == {(name, "Sleep"): 4, (name, "Trust"): 1}
    assert grid_of(grant, reader=grant.other_manager).open == 0


def test_period_is_the_year_in_which_it_was_told(grant):
    sleep = code(grant, "Sleep")
    read(grant, tell(grant, at=datetime(2027, 12, 31, 23, 30, tzinfo=UTC)), [(sleep, "through the night")])
    read(grant, tell(grant, at=datetime(2028, 3, 1, tzinfo=UTC)), [(sleep, "")])
    tell(grant, "Not read.", at=datetime(2028, 3, 2, tzinfo=UTC))

    one, both = grid_of(grant, year=2027), grid_of(grant)

    assert (one.read, one.open, one.years) == (1, 0, [2028, 2027])
    assert (both.read, both.open) == (2, 1)
    assert grid_of(grant, year=1999).groups == []


def test_story_taken_back_and_groups_with_a_tie_are_in_no_cell(grant, call, client_for):
    other = active_grant(call)
    sleep, story = code(grant, "Sleep"), tell(grant)
    read(grant, story, [(sleep, "")])
    read(grant, tell(other), [(sleep, "")])
    ConflictFactory(user=grant.other_manager, call_id=call.id, organisation=other.award.organisation)
    client = client_for(grant.other_manager)

    assert other.award.organisation.name not in client.get(path(grant)).text
    assert client.get(path(grant, f"?group={other.award.organisation_id}")).status_code == 404
    with unit_of_work():
        withdraw_consent(story, actor=grant.signer, now=utcnow())
    assert counts(grid_of(grant, reader=grant.other_manager)) == {}
    assert client.get(path(grant)).status_code == 200


def test_page_leads_to_one_theme_one_group_and_both(grant, client_for):
    sleep, trust = code(grant, "Sleep"), code(grant, "Trust")
    read(grant, tell(grant), [(sleep, "through the night")])
    client, group = client_for(grant.manager), grant.award.organisation

    whole = client.get(path(grant)).text
    of_theme = client.get(path(grant, f"?theme={sleep.id}")).text
    of_group = client.get(path(grant, f"?group={group.id}")).text
    both = client.get(path(grant, f"?theme={sleep.id}&group={group.id}&year={utcnow().year}")).text
    silent = client.get(path(grant, f"?theme={trust.id}")).text

    assert "No group speaks of these:" in whole
    assert "0 groups speak of it." in silent
    for page in (of_theme, of_group, both):
        assert "through the night" in page
        assert "/coded-texts/" in page
    assert client.get(path(grant, "?theme=nothing")).status_code == 404
    assert client.get(path(grant, "?year=soon")).status_code == 200


def test_file_has_a_line_for_each_group_and_theme_and_no_formulas(grant, call, client_for):
    other = active_grant(call)
    sleep, trust = code(grant, "=Sleep"), code(grant, "Trust")
    read(grant, tell(grant), [(sleep, "through the night"), (sleep, "sleeps at last")])
    read(grant, tell(other), [(trust, "")])

    lines = client_for(grant.manager).get(path(grant, ".csv")).get_data(as_text=True).splitlines()[1:]

    numbers = sorted(re.sub(r"^.*?,('?=?\w+),", r"\1,", line) for line in lines)
    assert numbers == ["'=Sleep,0,0", "'=Sleep,2,1", "Trust,0,0", "Trust,1,1"]


def test_file_names_no_confidential_group_and_the_page_does(grant, call, client_for):
    other, silent = active_grant(call), active_grant(call)
    with unit_of_work():
        grant.award.application.is_confidential = True
        silent.award.organisation.is_confidential = True
    sleep = code(grant, "Sleep")
    for each in (grant, other):
        read(each, tell(each), [(sleep, "")])
    tell(silent, "Nobody has read this one.")
    named, hidden = other.award.organisation.name, grant.award.organisation.name

    client = client_for(grant.manager)
    lines = client.get(path(grant, ".csv")).get_data(as_text=True).splitlines()[1:]

    assert sorted(lines) == sorted([f"{named},Sleep,1,1", "confidential,Sleep,0,0", "confidential,Sleep,1,1"])
    assert hidden in client.get(path(grant)).text


def test_page_asks_the_same_number_of_queries_for_more_groups(grant, call, client_for, count_queries):
    sleep = code(grant, "Sleep")
    client, numbers = client_for(grant.manager), []
    client.get(path(grant))
    for group in (grant, active_grant(call), active_grant(call), active_grant(call)):
        read(grant, tell(group), [(sleep, "")])
        db.session.expire_all()
        with count_queries() as queries:
            client.get(path(grant))
        numbers.append(queries.number)

    assert numbers[0] == numbers[-1]
