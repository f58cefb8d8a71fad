"""The map of London has a square for each borough, and its sums are those of the call."""

from __future__ import annotations

from decimal import Decimal

import pytest

from fundapp.lifecycles import ClaimStatus
from fundapp.queries.boroughs import LEVELS, borough_lines, list_hidden_boroughs
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.places import BOROUGH_CODES, LONDON_TILES
from fundapp.queries.ring_fences import report
from tests.database.crowd import add_varied_crowd
from tests.factories import ApplicationFactory, AwardFactory, CallFactory
from tests.ledger import group, worked_ledger


def test_every_borough_has_a_square_of_its_own() -> None:
    assert LONDON_TILES.keys() == BOROUGH_CODES.keys()
    assert len(set(LONDON_TILES.values())) == 33
    assert all(0 <= column < 8 and 0 <= row < 7 for column, row in LONDON_TILES.values())


@pytest.mark.usefixtures("db_session")
def test_sums_of_boroughs_are_those_of_the_call() -> None:
    call = worked_ledger()
    add_varied_crowd(call, 60, panel_of=10)
    found = report(call)

    lines = borough_lines(found, definition_of(current_version(call)))

    assert sum(line.awarded for line in lines) == found.totals.live_pence
    assert sum(line.asked for line in lines) == found.line("BYFOR").stages[1].total
    assert max(line.asked_level for line in lines) == LEVELS
    assert {line.asked_level for line in lines if not line.asked} == {0}


@pytest.mark.usefixtures("db_session")
def test_borough_above_its_limit_is_marked_and_confidential_places_are_known() -> None:
    call = CallFactory(deciding=True)
    for borough in ("Hackney", "Brent"):
        AwardFactory(
            application__call=call,
            application__organisation=group(call, ClaimStatus.CONFIRMED, borough=borough),
            amount=Decimal(40_000),
        )
    ApplicationFactory(call=call, organisation=group(call, None, borough="Barnet"), is_confidential=True)

    lines = borough_lines(report(call), definition_of(current_version(call)))

    assert [line.borough for line in lines if line.is_over] == ["Brent", "Hackney"]
    assert list_hidden_boroughs(call) == {"Barnet"}
