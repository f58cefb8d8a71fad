"""`fundapp demo`: one command, a working service on this machine, data kept until somebody says otherwise."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from fundapp.cli.children import own_command
from fundapp.cli.demo import MARKER, DemoPlace, empty
from fundapp.queue import answers
from fundapp.queue.server import queue_url

pytestmark = [pytest.mark.drill, pytest.mark.slow]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running_demo(folder: Path, port: int, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo's process and what it printed until it was ready or ended."""
    command = own_command("demo", "--data-dir", str(folder), "--port", str(port), *options)
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert demo.stdout is not None
    said = ""
    for line in demo.stdout:
        said += line
        if "starts over" in line:
            break
    try:
        yield demo, said
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=40)
        demo.stdout.close()


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def funds_in(folder: Path) -> list[str]:
    engine = sa.create_engine(f"sqlite:///{folder / 'fundapp.db'}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM fund ORDER BY id").scalars())


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def build(folder: Path, *options: str, **environment: str) -> str:
    """Without serving; what it said."""
    command = own_command("demo", "--no-serve", "--data-dir", str(folder), *options)
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=180, env=os.environ | environment
    )
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder, built once by somebody whose shell has the settings of a real installation."""
    folder = tmp_path_factory.mktemp("built")
    build(
        folder / "demo",
        FUNDAPP_ENVIRONMENT="production",
        FUNDAPP_DATABASE_URL=f"sqlite:///{folder / 'real.db'}",
        FUNDAPP_REDIS_URL="redis://127.0.0.1:1",
    )
    return folder / "demo"


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "demo"))


def test_demo_is_not_led_astray_by_the_settings_of_a_real_installation(built: Path):
    assert not (built.parent / "real.db").exists()
    assert len(funds_in(built)) == 1


def test_demo_answers_when_it_says_so_keeps_its_data_and_stops_whole(folder: Path):
    port, before = free_port(), funds_in(folder)

    with running_demo(folder, port) as (demo, said):
        statuses = [status_of(port, path) for path in ("/readyz", "/", "/en/demo/", "/en/demo/mail")]
        demo.send_signal(signal.SIGINT)  # Ctrl-C
        code = demo.wait(timeout=40)

    assert f"The demo is ready: http://127.0.0.1:{port}" in said
    assert "Making" not in said
    assert statuses == [200, 302, 200, 200]
    assert (code, is_free(port), answers(queue_url(None, folder))) == (0, True, False)
    assert funds_in(folder) == before


def test_demo_that_is_killed_leaves_no_process_behind(folder: Path):
    port = free_port()
    with running_demo(folder, port) as (demo, _said):
        demo.kill()
        demo.wait(timeout=5)
        end = time.monotonic() + 30
        while time.monotonic() < end and (not is_free(port) or answers(queue_url(None, folder))):
            time.sleep(0.1)

        assert (is_free(port), answers(queue_url(None, folder))) == (True, False)


def test_demo_starts_over_when_asked_to(folder: Path):
    before = funds_in(folder)

    kept = build(folder)
    still = funds_in(folder)
    started_over = build(folder, "--fresh")

    assert "Making" not in kept
    assert "Making" in started_over
    assert still == before
    assert len(funds_in(folder)) == 1
    assert funds_in(folder) != before


def test_demo_on_a_port_in_use_says_so_and_touches_nothing(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = own_command("demo", "--data-dir", str(tmp_path / "demo"), "--port", str(port))
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: Port {port} cannot be used: Address already in use. "
        f"Is the demo running already? If not, choose another port: fundapp demo --port {port + 1}\n"
    )
    assert not (tmp_path / "demo").exists()


def test_folder_that_is_not_a_demos_is_never_emptied(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(click.ClickException, match="was not made by the demo"):
        empty(tmp_path)

    assert (tmp_path / "thesis.txt").exists()


def test_folder_of_a_demo_is_emptied(tmp_path: Path):
    place = DemoPlace(tmp_path / "demo", 8000)
    place.folder.mkdir()
    (place.folder / MARKER).touch()

    empty(place.folder)

    assert not place.folder.exists()
