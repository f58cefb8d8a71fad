"""Server time per page of a group, with thousands of other applications in the database."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.machine import describe, percentile
from fundapp import create_app
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, CallStatus
from fundapp.models.application import Application
from fundapp.settings import Settings
from tests.database.crowd import add_crowd
from tests.engines import ENGINES, migrated_database
from tests.factories import AnswerFactory, ApplicationFactory, CallFactory, OrganisationMemberFactory
from tests.sign_in import signed_in_client

WARM_UP = 5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--applications", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    options = parser.parse_args()
    with (
        migrated_database(options.engine, "fundapp_benchmark") as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        app = create_app(Settings.for_tests(url, Path(folder)))
        with app.app_context():
            application, browser = prepare(app, options.applications)
            address = f"/ar/applications/{application.id}"
            db.session.commit()
            pages = {"question": f"{address}/questions/S1", "task list": address, "check": f"{address}/check"}
            print(
                f"{options.applications} applications, {options.engine}, {options.times} times; {describe()}"
            )
            for name, path in pages.items():
                times = measure(browser, path, options.times)
                print(f"{name}: p50 {percentile(times, 0.5):.0f} ms, p95 {percentile(times, 0.95):.0f} ms")
            db.session.remove()
            db.engine.dispose()


def prepare(app: Flask, number: int) -> tuple[Application, FlaskClient]:
    call = CallFactory(status=CallStatus.OPEN)
    application = ApplicationFactory(call=call, eoi_sent=True)
    member = OrganisationMemberFactory(organisation=application.organisation)
    add_crowd(application, number)
    for key in ("S1", "S2"):
        AnswerFactory(
            application=application, question_key=key, value="نحن نساء من هاكني. " * 20, language="ar"
        )
    application.status, application.submitted_at, application.receipt = ApplicationStatus.DRAFT, None, None
    db.session.flush()
    return application, signed_in_client(app, member.user)


def measure(browser: FlaskClient, path: str, times: int, *, warm_up: int = WARM_UP) -> list[float]:
    """Milliseconds from the request to the whole packed answer, without the line."""
    found = []
    for turn in range(warm_up + times):
        began = time.perf_counter()
        page = browser.get(path, headers={"Accept-Encoding": "br"})
        ended = time.perf_counter()
        assert page.status_code == 200, page.status
        if turn >= warm_up:
            found.append((ended - began) * 1000)
    return found


if __name__ == "__main__":
    main()
