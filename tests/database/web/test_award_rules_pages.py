"""Pairs that exclude each other on the page of a decision, and rules in conflict on the board."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.award import Exclusion, MustMark, Outcome
from fundapp.models.user import User
from fundapp.services.decisions import Choice, decide
from tests.board import (
    FAIR,
    GOOD,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_money,
)
from tests.factories import ConflictFactory, ExclusionFactory

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]


def named() -> list[str]:
    return list(db.session.execute(sa.select(Exclusion.reason)).scalars())


def test_pair_is_named_shown_and_taken_away(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    one, other = read_application(panel, GOOD), read_application(panel, FAIR)
    client, path = client_for(manager), f"/en/fund/applications/{one.id}"

    kept = client.post(f"{path}/exclusions", data={"other": str(other.id), "why": "Both use one building."})
    page = client.get(f"{path}/decision").get_data(as_text=True)

    assert kept.status_code == 303
    assert "Both use one building." in page
    exclusion = db.session.execute(sa.select(Exclusion)).scalar_one()
    client.post(f"/en/fund/exclusions/{exclusion.id}/drop")
    assert named() == []


def test_mark_is_set_shown_beside_its_line_and_taken_away(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    one = read_application(panel, GOOD)
    client, path = client_for(manager), f"/en/fund/applications/{one.id}"

    refused = client.post(f"{path}/mark", data={"must": "", "because": "It was promised."})
    kept = client.post(f"{path}/mark", data={"must": "not_fund", "because": "The group has closed."})
    pages = [client.get(f"{path}/{name}").get_data(as_text=True) for name in ("decision", "why")]
    twice = client.post(f"{path}/mark", data={"must": "fund", "because": "It was promised."})
    board = client.get(f"/en/fund/rounds/{one.round_id}/awards").get_data(as_text=True)

    assert (refused.status_code, kept.status_code, twice.status_code) == (422, 303, 409)
    assert "It was promised." in refused.get_data(as_text=True)
    assert all("The group has closed." in page for page in pages)
    assert "This application has a mark already." in twice.get_data(as_text=True)
    assert "A mark with a reason says that it must not be funded." in board
    mark = db.session.execute(sa.select(MustMark)).scalar_one()
    client.post(f"/en/fund/marks/{mark.id}/drop")
    assert db.session.execute(sa.select(MustMark)).first() is None


def test_pair_without_group_or_reason_is_asked_for(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    one, other = read_application(panel, GOOD), read_application(panel, FAIR)
    client, path = client_for(manager), f"/en/fund/applications/{one.id}/exclusions"

    no_group = client.post(path, data={"other": "", "why": "Both use one building."})
    no_reason = client.post(path, data={"other": str(other.id), "why": ""})
    rubbish = client.post(path, data={"other": "x", "why": "x"})

    assert [page.status_code for page in (no_group, no_reason, rubbish)] == [422, 422, 422]
    assert "Both use one building." in no_group.get_data(as_text=True)
    assert "Choose the group." in no_group.get_data(as_text=True)
    assert "Write in one sentence why." in no_reason.get_data(as_text=True)
    assert named() == []


def test_pair_does_not_exist_for_who_has_a_tie_to_one_of_it(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    one, other = read_application(panel, GOOD), read_application(panel, FAIR)
    exclusion = ExclusionFactory(application=one, other=other, reason="They share SECRETROOMS.")
    ConflictFactory(user=manager, call_id=call.id, organisation=other.organisation)
    client = client_for(manager)

    page = client.get(f"/en/fund/applications/{one.id}/decision")
    drop = client.post(f"/en/fund/exclusions/{exclusion.id}/drop")

    assert (page.status_code, drop.status_code) == (403, 404)
    assert "SECRETROOMS" not in page.get_data(as_text=True)
    assert named() == ["They share SECRETROOMS."]


def test_board_says_which_rules_exclude_each_other_and_what_helps(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    for _number in range(2):
        application = read_application(panel, GOOD)
        choice = Choice(Outcome.AWARD, reason="Both.")
        decide(application, choice, seen_version=0, actor=manager, now=utcnow())

    page = client_for(manager).get(f"/en/fund/rounds/{round_of(call).id}/awards").get_data(as_text=True)

    assert "the money of this round" in page
    assert "£30,000.00" in page.partition("The smallest change that helps:")[2][:120]
    assert "2 groups would then get a grant." in page
