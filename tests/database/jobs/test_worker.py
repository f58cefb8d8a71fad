"""The worker as a real process, with its listener and its queue server, killed in every way."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp.cli.children import own_command, start_child, stop_children
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.message import Message, OutboxJob
from fundapp.models.user import User
from fundapp.queue import answers, ringing_connection
from fundapp.queue.server import queue_url
from fundapp.services.messages import notify
from fundapp.settings import Settings
from tests.database.jobs.mail_server import MailServer

pytestmark = pytest.mark.drill


def environment_of(settings: Settings, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FUNDAPP_")}
    return kept | {
        "FUNDAPP_ENVIRONMENT": "test",
        "FUNDAPP_PUBLIC_URL": settings.public_url,
        "FUNDAPP_DATABASE_URL": settings.database_url,
        "FUNDAPP_DATA_DIR": str(settings.data_dir),
        "FUNDAPP_MAIL_PORT": str(settings.mail_port),
        "FUNDAPP_MAIL_TLS": "none",
        **more,
    }


@contextmanager
def running_worker(settings: Settings, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    child = start_child("worker", environment=environment_of(settings, **more))
    try:
        yield child
    finally:
        stop_children([child])


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def promise_mails(number: int, *, name: str = "p") -> None:
    with unit_of_work():
        for each in range(number):
            user = User(email=f"{name}{each}@example.org")
            db.session.add(user)
            notify(user, "award_update", now=utcnow())


def count_of(query: sa.Select[tuple[int]]) -> int:
    with unit_of_work():
        return db.session.execute(query).scalar_one()


def not_done() -> int:
    return count_of(sa.select(sa.func.count(OutboxJob.id)).where(OutboxJob.done_at.is_(None)))


def let_leases_pass() -> None:
    """As if a minute had gone by."""
    with unit_of_work():
        db.session.execute(sa.update(OutboxJob).values(leased_until=None, due_at=utcnow()))


def url_of(settings: Settings) -> str:
    return queue_url(settings.redis_url, settings.data_dir)


def listeners_of(worker: subprocess.Popen[bytes]) -> list[int]:
    command = ["pgrep", "-P", str(worker.pid), "-f", "fundapp.cli listen"]
    found = subprocess.run(command, capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def is_alive(process_id: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True
    ).stdout
    return state.strip() != "" and not state.startswith("Z")


def test_worker_starts_a_queue_server_and_sends_a_mail_as_soon_as_the_bell_rings(
    own_app: Flask, own_settings: Settings, mail_server: MailServer
):
    with running_worker(own_settings) as worker:
        assert wait_until(lambda: answers(url_of(own_settings)) and listeners_of(worker) != [])
        with ringing_connection(url_of(own_settings)) as connection:
            assert wait_until(lambda: connection.scard("rq:workers") == 1)

        promise_mails(1)

        assert wait_until(lambda: len(mail_server.mails) == 1, seconds=15)
    assert not answers(url_of(own_settings))
    assert not_done() == 0


def test_worker_stops_with_all_its_children_when_told_to(own_app: Flask, own_settings: Settings):
    with running_worker(own_settings) as worker:
        assert wait_until(lambda: answers(url_of(own_settings)) and listeners_of(worker) != [])
        listeners = listeners_of(worker)

        worker.terminate()
        code = worker.wait(timeout=20)

    assert (code, [is_alive(each) for each in listeners], answers(url_of(own_settings))) == (
        0,
        [False],
        False,
    )


def test_listener_ends_when_the_worker_is_killed(own_app: Flask, own_settings: Settings):
    with running_worker(own_settings) as worker:
        assert wait_until(lambda: listeners_of(worker) != [])
        [listener] = listeners_of(worker)

        worker.kill()

        assert wait_until(lambda: not is_alive(listener), seconds=20)
    with running_worker(own_settings) as heir:  # takes the left-over server over, and stops it in the end
        assert wait_until(lambda: listeners_of(heir) != [])
    assert not answers(url_of(own_settings))


def test_all_is_done_where_no_queue_server_can_run(
    own_app: Flask, own_settings: Settings, mail_server: MailServer
):
    with running_worker(own_settings, FUNDAPP_REDIS_URL="redis://127.0.0.1:1"):
        promise_mails(20)

        assert wait_until(lambda: not_done() == 0)
    assert sorted(email["To"] for email in mail_server.mails) == sorted(
        f"p{n}@example.org" for n in range(20)
    )


def test_nothing_is_lost_when_worker_and_queue_server_are_killed_again_and_again(
    own_app: Flask, own_settings: Settings, mail_server: MailServer
):
    """Three times: work under way, everything killed with SIGKILL; once the queue is emptied as well."""
    kills, number = 3, 25
    mail_server.refusals = ["", "451 later", ""] * 15  # nearly a third of the first tries fails
    for round_number in range(kills):
        before = len(mail_server.mails)
        with running_worker(own_settings) as worker:
            assert wait_until(lambda: answers(url_of(own_settings)))
            promise_mails(number, name=f"r{round_number}-")
            assert wait_until(lambda seen=before: len(mail_server.mails) >= seen + 8)
            with ringing_connection(url_of(own_settings)) as connection:
                server_id = int(connection.info("server")["process_id"])
                if round_number == 1:
                    connection.flushall()
            for process_id in (*listeners_of(worker), worker.pid, server_id):
                os.kill(process_id, signal.SIGKILL)
    left_by_the_kills = not_done()

    let_leases_pass()
    with running_worker(own_settings):
        done = wait_until(lambda: not_done() == 0 or (let_leases_pass() or False), seconds=60)

    received = Counter(email["Message-ID"] for email in mail_server.mails)
    promised = {f"<{each}@localhost>" for each in db.session.execute(sa.select(Message.id)).scalars()}
    twice = sum(times - 1 for times in received.values())
    assert left_by_the_kills > 0
    assert done
    assert set(received) == promised
    assert len(promised) == kills * number
    assert twice <= 2 * kills  # only a mail whose sender was killed between "sent" and "written down"


def test_worker_survives_the_loss_of_its_queue_server(
    own_app: Flask, own_settings: Settings, mail_server: MailServer
):
    with running_worker(own_settings) as worker:
        assert wait_until(lambda: answers(url_of(own_settings)))
        with ringing_connection(url_of(own_settings)) as connection:
            os.kill(int(connection.info("server")["process_id"]), signal.SIGKILL)
        promise_mails(5)

        assert wait_until(lambda: not_done() == 0)
        assert wait_until(lambda: answers(url_of(own_settings)))
        assert worker.poll() is None
    assert len(mail_server.mails) == 5


def test_worker_waits_for_a_database_that_is_away(own_app: Flask, own_settings: Settings):
    url = sa.make_url(own_settings.database_url)
    away = url.set(database=f"{url.database}_away").render_as_string(hide_password=False)

    with running_worker(own_settings, FUNDAPP_DATABASE_URL=away) as worker:
        assert wait_until(lambda: answers(url_of(own_settings)))
        time.sleep(1)

        assert worker.poll() is None


def test_own_command_runs_this_program():
    shown = subprocess.run([*own_command("--help")], capture_output=True, text=True, check=True).stdout

    assert "worker" in shown
