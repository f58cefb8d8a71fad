"""The disk is full for a while: nothing acknowledged is lost, and saving goes on once there is room."""

from __future__ import annotations

import resource
import threading
import time

import pytest
import sqlalchemy as sa

from fundapp.db import db, unit_of_work
from tests.database.drills.test_killed_web import number_of, saved_texts, wait_for, writers_on
from tests.live import LiveSite, live_site

NO_ROOM, FULL_SECONDS = 507, 4


def fill_disk(site: LiveSite) -> None:
    """For the web process alone: the system refuses every byte it writes behind the first page of a file."""
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))


def make_room(site: LiveSite) -> None:
    limits = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, limits)


@pytest.mark.drill
@pytest.mark.slow
def test_every_acknowledged_save_survives_a_full_disk_and_saving_goes_on(tmp_path):
    stop = threading.Event()
    with live_site("sqlite", tmp_path) as site:
        with unit_of_work():
            writers = writers_on(site, stop)
        site.start()
        threads = [threading.Thread(target=writer.write) for writer in writers]
        for thread in threads:
            thread.start()

        wait_for(writers, 200)
        fill_disk(site)
        time.sleep(FULL_SECONDS)
        refused = {status for writer in writers for status in writer.unexpected}
        make_room(site)
        before = number_of(writers)
        begun = time.monotonic()
        wait_for(writers, before + len(writers))
        resumed_after = time.monotonic() - begun
        stop.set()
        for thread in threads:
            thread.join(30)

        acknowledged = {text for writer in writers for text in writer.acknowledged}
        assert refused == {NO_ROOM}
        assert {status for writer in writers for status in writer.unexpected} == {NO_ROOM}
        assert acknowledged - saved_texts() == set()
        assert db.session.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
        print(f"{len(acknowledged)} acknowledged, 0 lost, saving again after {resumed_after:.1f} s")
