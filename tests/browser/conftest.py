"""Chromium on the demo: one demo for the whole run, a new browser context for each test."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fundapp.cli.demo import DemoPlace
from tests.live import free_port

if TYPE_CHECKING:
    from tests.browser.page_people import People

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WITHOUT = "FUNDAPP_WITHOUT_BROWSER"
START_SECONDS = 300
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a beeping microphone and a camera with a clock
    "--use-fake-ui-for-media-stream",  # whose use is allowed without asking
]
ZOOMED = (320, 256)  # a screen of 1280 × 1024 at 400 %
PHONE, SMALL_PHONE, LAPTOP, DESK = (360, 740), (320, 640), (1024, 768), (1440, 900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    why = (
        "no Chromium on this machine"
        if not CHROMIUM
        else f"{WITHOUT} is set"
        if os.environ.get(WITHOUT)
        else ""
    )
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if why:
                item.add_marker(pytest.mark.skip(reason=f"left out: {why}"))


@dataclass(frozen=True)
class Demo:
    address: str
    folder: Path

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    def person(self, words: str) -> UUID:
        """Somebody of this name, or who writes for a group of this name."""
        query = """SELECT user.id FROM user LEFT JOIN organisation_member ON user_id = user.id
            LEFT JOIN organisation ON organisation.id = organisation_id
            WHERE instr(user.name, ?) OR instr(organisation.name, ?) ORDER BY user.email"""
        with closing(sqlite3.connect(f"file:{self.folder / 'fundapp.db'}?mode=ro", uri=True)) as connection:
            return UUID(connection.execute(query, (words, words)).fetchone()[0])

    def ask(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        """The demo's database, only to read."""
        with closing(sqlite3.connect(f"file:{self.folder / 'fundapp.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def staff_code(self, email: str) -> str:
        """Of a new fund manager: the one-time code that `fundapp staff add` prints."""
        environment = os.environ | DemoPlace(self.folder, int(self.address.rpartition(":")[2])).environment()
        command = [sys.executable, "-m", "fundapp.cli", "staff", "add", email, "--role", "manager"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.rpartition(": ")[2].strip()


class Weather(BaseHTTPRequestHandler):
    """An ordinary website."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Weather</title><h1>Sunny</h1>")

    def log_message(self, *_words: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def weather() -> Iterator[str]:
    """The address of the neutral site; another site than the demo's for a browser."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Weather) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/weather"
        server.shutdown()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, weather: str) -> Iterator[Demo]:
    """`fundapp demo`, as a newcomer starts it; its exit button leads to a neutral site on this machine."""
    port, folder = free_port(), tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [sys.executable, "-m", "fundapp.cli", "demo", "--data-dir", str(folder), "--port", str(port)],
        env=os.environ | {"FUNDAPP_LEAVE_URL": weather},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield Demo(address, folder)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the demo ended"
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("the demo did not get ready")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser, demo: Demo) -> Iterator[Callable[..., Page]]:
    """`browse(size, script=True)` opens a new browser that talks to the demo alone.

    It has read what the exit button can do; `new=True` is one that comes for the first time.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        size: tuple[int, int] = PHONE, *, script: bool = True, new: bool = False, **options: Any
    ) -> Page:
        context = chromium.new_context(
            base_url=demo.address,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if not new:
            context.request.get("/en/calls/DGF-2027/check?known=exit")
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def people(chromium: Browser, demo: Demo) -> People:
    """Everybody of the demo, each signed in once."""
    from tests.browser.page_people import People  # which uses this module

    return People(chromium, demo)
