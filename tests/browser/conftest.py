"""Chromium on the demo: one demo for the whole run, a new browser context for each test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.live import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WITHOUT = "FUNDAPP_WITHOUT_BROWSER"
START_SECONDS = 150
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
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

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`fundapp demo`, as a newcomer starts it."""
    port, folder = free_port(), tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [sys.executable, "-m", "fundapp.cli", "demo", "--data-dir", str(folder), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process)
        yield Demo(address)
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
