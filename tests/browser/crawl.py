"""Walking through all pages a role can reach, one of each kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_PAGES = 45
NOT_PAGES = (
    ".csv",
    ".json",
    ".txt",
    ".docx",
    ".pdf",
    ".zip",
    "/files/",
    "/leave",
    "/open-again",
    "/copy",
    "format=",
)


@dataclass(frozen=True)
class Visit:
    path: str
    status: int


def kind_of(path: str) -> str:
    """Pages that differ only in whose or which they are look alike."""
    return re.sub(r"/(?:S?Q?E?C?\d+\w*|[A-Z]+-\w+)(?=/|$)", "/…", UUID.sub("…", path.split("?")[0]))


def follow(link: Locator) -> None:
    """Click, and go on when the next page is there."""
    with link.page.expect_navigation():
        link.click()


def enter_as(page: Page, role: str, language: str, number: int = 0) -> None:
    """Sign in as the demo's person of this role, by the button anybody can press."""
    page.goto(f"/{language}/demo/")
    section = page.locator(f"[data-role={role}]")
    follow(section.locator("button").nth(number))


def crawl(page: Page, start: str, language: str) -> Iterator[Visit]:
    """Each kind of page once, breadth first, in one language; it stands open while the visit is used."""
    waiting, seen = [start], {kind_of(start)}
    while waiting and len(seen) <= MOST_PAGES:
        path = waiting.pop(0)
        answer = page.goto(path)
        assert answer is not None
        yield Visit(path, answer.status)
        for href in page.eval_on_selector_all("main a[href]", "links => links.map(a => a.href)"):
            target = urlsplit(href)
            local = target.path
            if not local.startswith(f"/{language}/") or any(mark in href for mark in NOT_PAGES):
                continue
            if kind_of(local) not in seen:
                seen.add(kind_of(local))
                waiting.append(local)
