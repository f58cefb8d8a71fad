"""What a page costs on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import brotli
from playwright.sync_api import Page, Route

from fundapp.web.compression import LARGE, LARGE_LEVEL, LEVEL


def packed(body: bytes) -> int:
    """Brotli, at the levels at which we send it."""
    return len(brotli.compress(body, quality=LARGE_LEVEL if len(body) > LARGE else LEVEL))


@dataclass
class Weight:
    requests: int = 0
    pages: list[int] = field(default_factory=list)
    everything: int = 0
    kinds: set[str] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)

    def pass_on(self, route: Route) -> None:
        request = route.request
        self.requests += 1
        self.kinds.add(request.resource_type)
        self.origins.add("/".join(request.url.split("/")[:3]))
        answer = route.fetch(max_redirects=0)
        if answer.status not in (302, 303):
            size = packed(answer.body())
            self.everything += size
            self.pages += [size] if request.resource_type == "document" else []
        route.fulfill(response=answer)


@contextmanager
def weighed(page: Page) -> Iterator[Weight]:
    """Everything that comes to this page within the block."""
    weight = Weight()
    page.route("**", weight.pass_on)
    yield weight
    page.unroute_all(behavior="wait")  # an answer still under way would be answered twice
