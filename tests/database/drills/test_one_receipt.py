"""Fifty tabs press the same Send at once, key after key: one row, one receipt, one mail each."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.event import Event
from fundapp.models.message import Message
from fundapp.services.events import broken_links
from tests.database.services.test_apply_applications import EOI, answered
from tests.factories import CallFactory, OrganisationMemberFactory, UserFactory
from tests.live_app import live_app
from tests.sign_in import signed_in_client

AT_ONCE = 50
KEYS = int(os.environ.get("FUNDAPP_DRILL_KEYS", "10"))  # 100 at night: five thousand presses take minutes


@pytest.fixture
def own_app(engine_name: str, worker_id: str, tmp_path: Path) -> Iterator[Flask]:
    with live_app(engine_name, f"fundapp_receipts_{worker_id}", tmp_path) as app:
        yield app


@pytest.mark.drill
@pytest.mark.slow
def test_fifty_presses_of_each_key_send_each_application_once(own_app: Flask) -> None:
    with own_app.app_context():
        call, person = CallFactory(), UserFactory()
        ids = []
        for _number in range(KEYS):
            application = answered(EOI, call=call)
            OrganisationMemberFactory(organisation=application.organisation, user=person)
            ids.append(application.id)
        browsers = [signed_in_client(own_app, person) for _number in range(AT_ONCE)]
        db.session.commit()
    gate = threading.Barrier(AT_ONCE)
    answers: Counter[tuple[int, str]] = Counter()

    def press(browser: FlaskClient) -> list[tuple[int, str]]:
        found = []
        for application_id in ids:
            gate.wait()  # every tab presses the same button at the same moment
            page = browser.post(f"/en/applications/{application_id}/submit")
            found.append((page.status_code, str(page.location)))
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(press, browsers):
            answers.update(found)

    with own_app.app_context():
        rows = db.session.execute(sa.select(Application)).scalars().all()
        steps = Counter(
            db.session.execute(sa.select(Event.subject_id).where(Event.step == "submit")).scalars()
        )
        mails = Counter(
            message.arguments.get("application_id")
            for message in db.session.execute(sa.select(Message)).scalars()
        )
        assert answers == {(302, f"/en/applications/{each}/receipt"): AT_ONCE for each in ids}
        assert {row.status for row in rows} == {ApplicationStatus.SUBMITTED}
        assert len({row.receipt for row in rows}) == len(rows) == KEYS
        assert steps == Counter(ids)
        assert mails == Counter(map(str, ids))
        assert list(broken_links()) == []
