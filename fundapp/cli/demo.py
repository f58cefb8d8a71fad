"""`fundapp demo`: a whole fund on this machine, with invented groups, for looking around."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import click
import sqlalchemy as sa

from fundapp import create_app
from fundapp.cli.children import on_stop_signal, start_child, stop_children
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.demo import load_demo
from fundapp.migrate import migrate
from fundapp.models.fund import Fund
from fundapp.queue.server import queue_url, shut_down
from fundapp.settings import Settings

HOST = "127.0.0.1"
START_SECONDS = 120.0
LEAVE_URL = "FUNDAPP_LEAVE_URL"
MARKER = "this-is-a-fundapp-demo"  # a folder without it is never emptied


@dataclass(frozen=True)
class DemoPlace:
    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The settings of a demo: everything in its folder, reachable from this machine alone."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FUNDAPP_")}
        if LEAVE_URL in os.environ:  # where the exit button leads, for a machine without the internet
            kept[LEAVE_URL] = os.environ[LEAVE_URL]
        return kept | {
            "FUNDAPP_ENVIRONMENT": "demo",
            "FUNDAPP_LOG_LEVEL": "WARNING",
            "FUNDAPP_DATA_DIR": str(self.folder),
            "FUNDAPP_DATABASE_URL": f"sqlite:///{self.folder / 'fundapp.db'}",
            "FUNDAPP_PUBLIC_URL": self.address,
            "FUNDAPP_CONTACT_NAME": "Amal Farouk",
            "FUNDAPP_CONTACT_PHONE": "020 7946 0123",  # a number kept for fiction
            "FUNDAPP_CONTACT_EMAIL": "hello@example.org",
        }


def run_demo(place: DemoPlace, *, fresh: bool, serve: bool) -> None:
    if serve:
        refuse_taken_port(place.port)
    if fresh:
        empty(place.folder)
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (place.folder / MARKER).touch()
    build_data(place)
    if serve:
        serve_until_stopped(place)


def refuse_taken_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} cannot be used: {error.strerror}. "
                f"Is the demo running already? If not, choose another port: fundapp demo --port {port + 1}"
            ) from error


def empty(folder: Path) -> None:
    """Start over. Only a folder that a demo made is ever deleted."""
    if not folder.exists():
        return
    if not (folder / MARKER).exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} was not made by the demo, so it is not emptied.")
    shut_down(queue_url(None, folder))
    shutil.rmtree(folder)


def build_data(place: DemoPlace) -> None:
    """Tables, and the invented fund where there is none yet."""
    settings = Settings.from_environment(place.environment())
    migrate(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        with unit_of_work():
            is_empty = db.session.execute(sa.select(Fund.id).limit(1)).first() is None
            if is_empty:
                click.echo("Making the demo's groups, applications and awards ...")
                load_demo(utcnow())
        db.engine.dispose()


def serve_until_stopped(place: DemoPlace) -> None:
    environment = place.environment()
    stopped = threading.Event()
    on_stop_signal(stopped.set)
    children = [
        start_child("web", "--port", str(place.port), environment=environment),
        start_child("worker", environment=environment),
    ]
    try:
        if wait_until_ready(place, children, stopped):
            click.echo(WELCOME.format(address=place.address, folder=place.folder))
            wait_for_an_end(children, stopped)
    finally:
        stop_children(children)


def wait_until_ready(
    place: DemoPlace, children: list[subprocess.Popen[bytes]], stopped: threading.Event
) -> bool:
    """False when somebody pressed Ctrl-C first."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and not stopped.is_set():
        refuse_ended(children)
        try:
            with urllib.request.urlopen(f"{place.address}/readyz", timeout=5):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, OSError):
            stopped.wait(0.2)
    if stopped.is_set():
        return False
    raise click.ClickException("The demo did not get ready in time. The lines above may say why.")


def wait_for_an_end(children: list[subprocess.Popen[bytes]], stopped: threading.Event) -> None:
    while not stopped.wait(0.5):
        refuse_ended(children)


def refuse_ended(children: list[subprocess.Popen[bytes]]) -> None:
    if any(child.poll() is not None for child in children):
        raise click.ClickException("A part of the demo has stopped. The lines above may say why.")


WELCOME = """
The demo is ready: {address}

Be anybody you like:   {address}/en/demo/
  groups that apply, groups with a grant, panel members, the fund manager, finance, the administrator
Mails the demo sent:   {address}/en/demo/mail

Everything is invented and stays on this machine, in {folder}.
Ctrl-C stops it; the data stays. "fundapp demo --fresh" starts over.
"""
