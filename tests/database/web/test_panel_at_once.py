"""Several windows and several managers at the same moment: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.models.panel import Review, ReviewAssignment, Score, SeatKind
from fundapp.services.events import broken_links
from tests.database.web.test_apply_at_once import at_once
from tests.factories import (
    ApplicationFactory,
    FundRoleFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
)
from tests.live_app import live_app
from tests.sign_in import signed_in_client

WINDOWS = 6


@pytest.fixture(scope="module")
def own_app(engine_name: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with live_app(engine_name, f"fundapp_panel_at_once_{worker_id}", tmp_path_factory.mktemp("data")) as app:
        yield app


def reading(app: Flask) -> tuple[UUID, list[FlaskClient]]:
    with app.app_context():
        seat = PanelSeatFactory(panel=PanelFactory())
        application = ApplicationFactory(call=seat.panel.call, in_review=True)
        assignment = ReviewAssignmentFactory(seat=seat, application=application)
        browsers = [signed_in_client(app, seat.user) for _number in range(WINDOWS)]
        db.session.commit()
        return assignment.id, browsers


def test_first_marks_of_many_windows_make_one_sheet_and_the_others_are_told(own_app: Flask) -> None:
    assignment_id, browsers = reading(own_app)
    address = f"/en/readings/{assignment_id}/criteria/C1"

    statuses = at_once(
        browsers,
        lambda browser, number: (
            browser.post(address, data={"rev": "0", "level": "3", "sentence": f"Window {number}"}).status_code
        ),
    )

    with own_app.app_context():
        kept = db.session.execute(
            sa.select(Score.sentence).join(Review).where(Review.assignment_id == assignment_id)
        ).scalars()
        assert kept.all() == [f"Window {statuses.index(302)}"]
        assert list(broken_links()) == []
    assert sorted(statuses) == [302, *[409] * (WINDOWS - 1)]


def test_marks_for_different_criteria_do_not_disturb_each_other(own_app: Flask) -> None:
    assignment_id, browsers = reading(own_app)

    statuses = at_once(
        browsers[:5],
        lambda browser, number: (
            browser.post(
                f"/en/readings/{assignment_id}/criteria/C{number + 1}", data={"rev": "0", "level": "3"}
            ).status_code
        ),
    )

    with own_app.app_context():
        kept = db.session.execute(
            sa.select(Score.criterion_key)
            .join(Review)
            .where(Review.assignment_id == assignment_id)
            .order_by(Score.criterion_key)
        ).scalars()
        assert kept.all() == ["C1", "C2", "C3", "C4", "C5"]
    assert statuses == [302] * 5


def test_managers_who_find_readers_at_once_give_each_application_three(own_app: Flask) -> None:
    with own_app.app_context():
        panel = PanelFactory()
        for kind in (SeatKind.UMBRELLA, SeatKind.LIVED_EXPERIENCE, SeatKind.PAST_GRANTEE):
            PanelSeatFactory(panel=panel, kind=kind)
        for _number in range(3):
            ApplicationFactory(call=panel.call, in_review=True)
        managers = [FundRoleFactory(fund=panel.call.fund).user for _number in range(3)]
        browsers = [signed_in_client(own_app, manager) for manager in managers]
        round_id = panel.round_id
        db.session.commit()
        given = sa.select(sa.func.count(ReviewAssignment.id))
        before = db.session.execute(given).scalar_one()

    statuses = at_once(
        browsers,
        lambda browser, _number: browser.post(f"/en/fund/rounds/{round_id}/panel/assign").status_code,
    )

    with own_app.app_context():
        assert db.session.execute(given).scalar_one() - before == 9
    assert statuses == [302] * 3
