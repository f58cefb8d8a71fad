"""Paints and shifts of the demo's pages on a slow phone: 400 kbit/s, 400 ms, processor four times slower."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.machine import describe
from tests.browser.conftest import CHROMIUM, FLAGS, Demo, wait_for
from tests.browser.page_list import FULL, Shown
from tests.browser.page_people import People
from tests.live import free_port

TIMES = 5
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
OBSERVE = """window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(list => list.getEntries().forEach(e => seen.lcp = e.startTime))
    .observe({type: 'largest-contentful-paint', buffered: true});
const add = shift => { if (!shift.hadRecentInput) seen.cls += shift.value };
new PerformanceObserver(list => list.getEntries().forEach(add))
    .observe({type: 'layout-shift', buffered: true});"""
READ = """() => ({...seen, fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    bytes: performance.getEntriesByType('navigation')[0].transferSize})"""
PAGES = (
    Shown("public.call_page", "/calls/DGF-2027"),
    Shown("public.check_question", "/calls/DGF-2027/check/E1"),
    FULL("apply.question", then="/questions/Q2"),
)


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "fundapp.cli", "demo", "--data-dir", folder, "--port", str(port)]
        process = subprocess.Popen(
            [sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            demo = Demo(f"http://127.0.0.1:{port}", Path(folder))
            wait_for(demo.address, process)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                measure_all(browser, demo, People(browser, demo))
        finally:
            process.terminate()
            process.wait(30)


def measure_all(browser: Browser, demo: Demo, people: People) -> None:
    print(f"median of {TIMES}, cold; {describe()}")
    for shown in PAGES:
        for language in ("en", "ar"):
            path = f"/{language}{people.path_to(shown)}"
            runs = [measure(browser, demo, path, people.cookies_of(shown.who)) for _ in range(TIMES)]
            fcp, lcp, cls, size = (
                median(run[what] for run in runs) for what in ("fcp", "lcp", "cls", "bytes")
            )
            print(f"{path[:24]}: FCP {fcp:.0f} ms, LCP {lcp:.0f} ms, CLS {cls:.3f}, {size:.0f} B")


def measure(browser: Browser, demo: Demo, path: str, cookies: object) -> dict[str, float]:
    context = browser.new_context(
        base_url=demo.address, viewport={"width": 360, "height": 740}, bypass_csp=True
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    context.add_init_script(OBSERVE)
    page = context.new_page()
    chrome = context.new_cdp_session(page)
    chrome.send("Network.enable")
    chrome.send("Network.emulateNetworkConditions", LINE)
    chrome.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(path, wait_until="load")
    page.wait_for_timeout(500)
    found: dict[str, float] = page.evaluate(READ)
    context.close()
    return found


if __name__ == "__main__":
    main()
