"""A real web process on loopback with a database of its own, for what a test client cannot show."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from fundapp import create_app
from fundapp.db import db
from fundapp.settings import Settings
from tests.engines import migrated_database

READY_SECONDS = 60.0


@dataclass
class LiveSite:
    """`app` shares the database, for making and reading rows; `start` and `kill` are for the web process."""

    app: Flask
    environment: dict[str, str]
    port: int
    command: tuple[str, ...] = ("-m", "fundapp.cli", "web")
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *self.command, "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the web process ended with {self.process.returncode}")
            with (
                contextlib.suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(f"{self.address}/livez", timeout=2),
            ):
                return
            time.sleep(0.05)
        raise RuntimeError("the web process did not get ready")

    def kill(self) -> None:
        """SIGKILL: no time for anything."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def request_headers(self, cookie: str) -> dict[str, str]:
        return {"Cookie": cookie, "Origin": self.address}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def live_site(engine: str, folder: Path) -> Iterator[LiveSite]:
    """Migrated, empty and not started yet. Everything is gone afterwards."""
    with migrated_database(engine, "fundapp_live") as url:
        port = free_port()
        own = {
            "FUNDAPP_ENVIRONMENT": "demo",
            "FUNDAPP_DATABASE_URL": url,
            "FUNDAPP_DATA_DIR": str(folder),
            "FUNDAPP_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FUNDAPP_")}
        app = create_app(Settings.from_environment(own))
        site = LiveSite(app, kept | own, port)
        try:
            with app.app_context():
                yield site
        finally:
            site.kill()
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
