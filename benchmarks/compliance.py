"""Server time of the ring-fence page of a call, with few and with very many applications."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from benchmarks.machine import describe, percentile
from benchmarks.server_time import measure
from fundapp import create_app
from fundapp.db import db
from fundapp.settings import Settings
from tests.database.crowd import add_varied_crowd
from tests.engines import ENGINES, migrated_database
from tests.factories import CallFactory, FundRoleFactory
from tests.sign_in import signed_in_client


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--applications", type=int, nargs="+", default=[50, 50_000])
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    options = parser.parse_args()
    print(f"{options.engine}, {options.times} times; {describe()}", flush=True)
    for number in options.applications:
        with (
            migrated_database(options.engine, "fundapp_benchmark") as url,
            tempfile.TemporaryDirectory() as folder,
        ):
            times, worked, queries = page_times(url, Path(folder), number, options.times)
        print(
            f"{number} applications: p50 {percentile(times, 0.5):.0f} ms, "
            f"p95 {percentile(times, 0.95):.0f} ms, processor p50 {percentile(worked, 0.5):.0f} ms, "
            f"{queries} queries; {describe()}",
            flush=True,
        )


def page_times(url: str, folder: Path, number: int, times: int) -> tuple[list[float], list[float], int]:
    """Milliseconds by the clock and of this process, and queries; of PostgreSQL only the clock tells all.

    Of so many applications, a hundred are at the panel at most and half of these on its list.
    """
    app = create_app(Settings.for_tests(url, folder))
    with app.app_context():
        call = CallFactory(deciding=True)
        add_varied_crowd(call, number)
        browser = signed_in_client(app, FundRoleFactory(fund=call.fund).user)
        path = f"/en/fund/calls/{call.id}/ring-fences"
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
        measure(browser, path, 1)
        clock, worked = list[float](), list[float]()
        for _turn in range(times):
            began = time.process_time()
            clock += measure(browser, path, 1, warm_up=0)
            worked.append((time.process_time() - began) * 1000)
        queries: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *given: queries.append(given[2]))
        browser.get(path)
        db.session.remove()
        db.engine.dispose()
    return clock, worked, len(queries)


if __name__ == "__main__":
    main()
