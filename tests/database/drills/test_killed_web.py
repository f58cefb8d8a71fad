"""The web process is killed while eight people write: what was acknowledged is there afterwards."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import sqlalchemy as sa

from fundapp.db import db, unit_of_work
from fundapp.models.application import AnswerRevision
from tests.factories import ApplicationFactory, CallFactory, OrganisationMemberFactory
from tests.live import LiveSite, live_site
from tests.sign_in import signed_in_client

WRITERS = 8
KILLS = 10
FEWEST_SAVES = 2000  # in all; fewer would prove little
LONGEST_SECONDS = 120  # for one part of it, on a machine that is busy with other things


@dataclass
class Writer:
    """One person's browser: saves as fast as answers come back and notes what was acknowledged."""

    port: int
    path: str
    headers: dict[str, str]
    stop: threading.Event
    acknowledged: list[str] = field(default_factory=list)
    unexpected: list[int] = field(default_factory=list)

    def write(self) -> None:
        rev = 0
        while not self.stop.is_set():
            text = f"words {len(self.acknowledged)} {uuid4().hex}"
            body = urlencode({"Q1": text, "rev": rev, "once": uuid4().hex, "autosave": "yes"})
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("POST", self.path, body, self.headers)
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)  # the server is gone for a moment; nothing was acknowledged
                continue
            if answer.status == 200:
                rev = int(json.loads(content)["rev"])
                self.acknowledged.append(text)
            elif answer.status == 409:
                rev = int(json.loads(content)["rev"])  # saved just before the kill, never acknowledged
            else:
                self.unexpected.append(answer.status)


def writers_on(site: LiveSite, stop: threading.Event) -> list[Writer]:
    call = CallFactory()
    writers = []
    for _number in range(WRITERS):
        application = ApplicationFactory(call=call, full=True)
        member = OrganisationMemberFactory(organisation=application.organisation)
        client = signed_in_client(site.app, member.user)
        cookie = client.get_cookie(site.app.config["SETTINGS"].cookie_name)
        headers = site.request_headers(f"{cookie.key}={cookie.value}") | {
            "X-CSRFToken": client.environ_base["HTTP_X_CSRFTOKEN"],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        path = f"/en/applications/{application.id}/questions/Q1/autosave"
        writers.append(Writer(site.port, path, headers, stop))
    return writers


def number_of(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def wait_for(writers: list[Writer], number: int) -> None:
    """Until so many saves in all are acknowledged."""
    end = time.monotonic() + LONGEST_SECONDS
    while number_of(writers) < number:
        assert time.monotonic() < end, "hardly anybody could save"
        time.sleep(0.02)


def saved_texts() -> set[str]:
    return {str(value) for value in db.session.execute(sa.select(AnswerRevision.value)).scalars()}


@pytest.mark.drill
@pytest.mark.slow
def test_every_acknowledged_save_survives_ten_kills(engine_name, tmp_path):
    stop = threading.Event()
    with live_site(engine_name, tmp_path) as site:
        with unit_of_work():
            writers = writers_on(site, stop)
        site.start()
        threads = [threading.Thread(target=writer.write) for writer in writers]
        for thread in threads:
            thread.start()

        for kill in range(1, KILLS + 1):
            wait_for(writers, kill * FEWEST_SAVES // KILLS)
            site.kill()
            site.start()
        time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join(30)

        acknowledged = {text for writer in writers for text in writer.acknowledged}
        assert [writer.unexpected for writer in writers] == [[]] * WRITERS
        assert len(acknowledged) >= FEWEST_SAVES
        assert acknowledged - saved_texts() == set()
        print(f"{engine_name}: {len(acknowledged)} acknowledged saves, {KILLS} kills, 0 lost")
