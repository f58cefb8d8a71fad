"""Between reading and meeting: agreement with its range, how sure the order is, severity."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fundapp.db import db
from fundapp.models.panel import Review, ReviewAssignment
from fundapp.queries.awards import get_board
from fundapp.queries.reading_quality import quality_of
from tests.board import (
    FAIR,
    GOOD,
    POOR,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_rules,
)
from tests.factories import ConflictFactory


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


class Scene:
    def __init__(self, *, shows_severity: bool = False) -> None:
        self.call = call_at_panel()
        with_rules(self.call, "assessment", shows_severity="yes" if shows_severity else "no")
        self.panel, self.manager = panel_of(self.call), manager_of(self.call)
        self.applications = [read_application(self.panel, levels) for levels in (GOOD, FAIR, POOR)]
        self.url = f"/en/fund/rounds/{self.panel.round_id}/order"


@pytest.mark.usefixtures("db_session")
def test_readers_who_mark_alike_agree_and_the_order_is_robust(client_for: Any) -> None:
    scene = Scene()

    quality = quality_of(get_board(round_of(scene.call), reader=scene.manager))
    page = text(client_for(scene.manager).get(scene.url))

    assert [one.alpha.value for one in quality.agreements] == [1.0] * 6
    assert [one.interval for one in quality.agreements] == [(1.0, 1.0)] * 6
    assert [(line.interval.first, line.interval.last) for line in quality.lines if line.interval] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    assert [line.is_robust for line in quality.lines] == [True] * 3
    assert "Stays the same" in page


@pytest.mark.usefixtures("db_session")
def test_call_without_correction_shows_no_reader(client_for: Any) -> None:
    scene = Scene()

    page = text(client_for(scene.manager).get(scene.url))

    assert "This call decided that marks stand as they are." in page
    assert "Adjusted total" not in page
    assert all(seat.user.name not in page for seat in scene.panel.seats)


@pytest.mark.usefixtures("db_session")
def test_adjusted_totals_stand_beside_the_real_ones_and_change_no_place(client_for: Any) -> None:
    scene = Scene(shows_severity=True)
    board = get_board(round_of(scene.call), reader=scene.manager)

    page = text(client_for(scene.manager).get(scene.url))
    quality = quality_of(board)

    assert "Adjusted total" in page
    assert "The adjusted ones stand beside them and change nothing." in page
    assert quality.calibration is not None
    assert [line.line.application.id for line in quality.lines] == [
        line.application.id for line in board.lines
    ]


@pytest.mark.usefixtures("db_session")
def test_whoever_has_a_tie_does_not_see_the_order(client_for: Any) -> None:
    scene = Scene()
    organisation = scene.applications[0].organisation
    ConflictFactory(user=scene.manager, call_id=scene.call.id, organisation=organisation)

    assert client_for(scene.manager).get(scene.url).status_code == 403


@pytest.mark.usefixtures("db_session")
def test_round_nobody_has_read_has_an_empty_page(client_for: Any) -> None:
    call = call_at_panel()
    panel_of(call)

    page = client_for(manager_of(call)).get(f"/en/fund/rounds/{call.rounds[0].id}/order")

    assert page.status_code == 200
    assert "There is nothing here yet." in text(page)


@pytest.mark.usefixtures("db_session")
def test_agreement_on_weighted_totals_stands_below_the_criteria_with_its_range(client_for: Any) -> None:
    scene = Scene()
    review = (
        db.session.query(Review).join(ReviewAssignment).filter_by(application_id=scene.applications[0].id)
    )
    for score in review.first().scores:
        score.value = 1
    db.session.flush()

    total = quality_of(get_board(round_of(scene.call), reader=scene.manager)).agreements[-1]
    page = text(client_for(scene.manager).get(scene.url))

    assert (total.criterion, total.alpha.level.value, total.alpha.applications) == (None, "interval", 3)
    assert total.alpha.value is not None
    assert total.interval is not None
    assert total.interval[0] < total.alpha.value <= total.interval[1]
    assert f"{total.interval[0]:.2f} … {total.interval[1]:.2f}" in page.partition("How sure the order is")[0]
