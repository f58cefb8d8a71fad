"""Opens each page of the list, in one language, and says what is wrong with it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response

from tests.browser.conftest import Demo
from tests.browser.focus import faults_of_focus
from tests.browser.left_in_english import left_in_english
from tests.browser.page_list import Shown
from tests.browser.page_people import People

HERE = Path(__file__).parent
AXE = (HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = (HERE / "page_rules.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async ([tags, withColours]) => {
    const options = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']};
    options.rules = {'color-contrast': {enabled: withColours}};
    const found = await axe.run(document, options);
    return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 110)}`));
}"""
HELP = "document.querySelector('.foot section')?.outerHTML ?? ''"
MOST_BYTES, MOST_REQUESTS = 10_000, 3
DUMP = "FUNDAPP_DUMP_PAGES"  # a folder for the pages as they came, for the check of their HTML
Faults = dict[str, list[str]]


@dataclass
class Walk:
    """Through one list in one language, with one page of one browser."""

    page: Page
    demo: Demo
    people: People
    language: str
    with_keyboard: bool = False
    axe_on: slice = field(default_factory=lambda: slice(None))  # of the pages; all have our own rules
    faults: Faults = field(default_factory=lambda: defaultdict(list))
    helps: set[str] = field(default_factory=set)
    heaviest: tuple[int, str] = (0, "")
    strangers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = (self.demo.address, "data:", "blob:")
        self.page.on("request", lambda asked: asked.url.startswith(own) or self.strangers.append(asked.url))

    def through(self, pages: Iterable[Shown], *, for_groups: bool) -> Faults:
        in_order = sorted(pages, key=lambda each: each.who)  # sorted keeps the order within one person
        for_axe = {shown.name for shown in in_order[self.axe_on]}
        for shown in in_order:
            answer, with_axe = self.open(shown), shown.name in for_axe
            self.faults[shown.name] += self.faults_of(shown, answer, for_groups=for_groups, with_axe=with_axe)
        return {name: found for name, found in self.faults.items() if found}

    def open(self, shown: Shown) -> Response:
        self.page.context.clear_cookies()
        self.page.context.add_cookies(self.people.cookies_of(shown.who))
        answer = self.page.goto(f"/{self.language}{self.people.path_to(shown)}")
        if shown.do is not None:
            answer = shown.do(self.page)
        assert answer is not None
        return answer

    def faults_of(
        self, shown: Shown, answer: Response, *, for_groups: bool, with_axe: bool = True
    ) -> list[str]:
        html = answer.text()
        dump(html, f"{shown.name} {self.language}")
        found: list[str] = []
        if answer.status >= 500 or (answer.status >= 400) != (shown.state == "error" or "40" in shown.name):
            found.append(f"status {answer.status}")
        if answer.status == 422 and not self.page.locator(".summary, main .notice[role=status]").count():
            found.append("refused without a word at the top")
        found += self.page.evaluate(
            f"([language, forGroups]) => ({RULES})(language, forGroups)", [self.language, for_groups]
        )
        found += [f"from elsewhere: {url}" for url in self.strangers]
        self.strangers.clear()
        if with_axe:
            found += self.page.evaluate(RUN_AXE, [TAGS, self.language != "ar"])  # its colours are theirs
        found += left_in_english(self.page, self.language)
        if self.with_keyboard:
            found += faults_of_focus(self.page)
        self.helps |= {self.page.evaluate(HELP)} - {""}
        if for_groups:
            found += self.weigh(shown, answer, html)
        return found

    def weigh(self, shown: Shown, answer: Response, html: str) -> list[str]:
        size = answer.request.sizes()["responseBodySize"]
        self.heaviest = max(self.heaviest, (size, shown.name))
        requests = 1 + len(
            set(re.findall(r'(?:<script[^>]* src|<link[^>]* href|<img[^>]* src)="(?!data:)([^"]+)"', html))
        )
        return [
            *([f"{size} bytes"] if size > MOST_BYTES else []),
            *([f"{requests} requests"] if requests > MOST_REQUESTS else []),
        ]


def dump(html: str, name: str) -> None:
    if folder := os.environ.get(DUMP):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{re.sub(r'[ /:]', '-', name)}.html").write_text(html, encoding="utf-8")


def new_walk(
    chromium: Browser, demo: Demo, people: People, language: str, size: tuple[int, int], **more: Any
) -> Walk:
    context = chromium.new_context(
        base_url=demo.address, viewport={"width": size[0], "height": size[1]}, bypass_csp=True, **more
    )
    context.set_default_timeout(10_000)
    context.add_init_script(AXE)
    return Walk(context.new_page(), demo, people, language)
