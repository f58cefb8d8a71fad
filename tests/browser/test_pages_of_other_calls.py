"""axe and our own rules on pages that no call of the demo has: votes, a draw, and copies without names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Response

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.user import User
from fundapp.services.votes import prepare_draw
from tests.board import (
    FAIR,
    GOOD,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    with_money,
    with_rules,
)
from tests.browser.conftest import LAPTOP, PHONE, Demo
from tests.browser.page_list import ERROR, FILLED, Shown
from tests.browser.page_steps import send, send_form
from tests.browser.page_walk import Walk, new_walk
from tests.live import LiveSite, live_site
from tests.sign_in import signed_in_client

pytestmark = pytest.mark.slow


@dataclass
class Site:
    """A live site, and who is looking at it in one browser."""

    live: LiveSite
    walk: Walk

    def is_(self, person: User) -> None:
        with unit_of_work():
            cookie = signed_in_client(self.live.app, person).get_cookie(
                self.live.app.config["SETTINGS"].cookie_name
            )
        context = self.walk.page.context
        context.clear_cookies()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.live.address}])

    def see(self, endpoint: str, path: str, *, state: str = FILLED, note: str = "") -> None:
        """Opens a page and notes what is wrong with it."""
        answer = self.walk.page.goto(f"/{self.walk.language}{path}")
        assert answer is not None
        self.note(endpoint, answer, state=state, note=note)

    def note(self, endpoint: str, answer: Response, *, state: str = FILLED, note: str = "") -> None:
        shown = Shown(endpoint, "", state, note=note)
        if found := self.walk.faults_of(shown, answer, for_groups=False):
            self.walk.faults[shown.name] += found


@contextmanager
def site_for(chromium: Browser, folder: Path, language: str, size: tuple[int, int]) -> Iterator[Site]:
    with live_site("sqlite", folder) as live:
        walk = new_walk(chromium, Demo(live.address, folder), None, language, size)
        yield Site(live, walk)
        walk.page.context.close()


@dataclass(frozen=True)
class Panelled:
    """A round with two groups that ask for 40,000 each, three members, and 60,000 pounds."""

    round_id: UUID
    panel_id: UUID
    application_ids: tuple[UUID, UUID]
    manager: User
    member: User


def panelled(part: dict[str, object], *, is_read: bool = True) -> Panelled:
    call = with_rules(with_money(call_at_panel(), round_1=60_000), "assessment", **part)
    panel, manager = panel_of(call), manager_of(call)
    prepare_draw(panel.round, actor=manager, now=utcnow())
    first, second = (read_application(panel, levels) for levels in (FAIR, GOOD if is_read else FAIR))
    first.organisation.name, second.organisation.name = "Rosa Circle!", "دائرة!"
    for application in (first, second) if not is_read else ():
        application.status = ApplicationStatus.ELIGIBLE
    if not is_read:
        panel.names_are_hidden = True
    return Panelled(panel.round_id, panel.id, (first.id, second.id), manager, panel.seats[0].user)


@pytest.mark.parametrize(("language", "size"), [("en", LAPTOP), ("ar", PHONE)], ids=["en", "ar"])
def test_pages_of_a_vote_can_be_used_by_everybody(
    chromium: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with site_for(chromium, tmp_path, language, size) as site:
        with unit_of_work():
            vote = panelled({"decides_by": {"way": "pounds"}})
            amounts = [f"pounds_{each.hex}" for each in vote.application_ids]
        site.live.start()
        ballot, board = f"/panels/{vote.panel_id}/vote", f"/fund/rounds/{vote.round_id}/vote"

        site.is_(vote.manager)
        site.see("fund_votes.vote_page", board, note="before")
        opened = send_form("/open")(site.walk.page)
        site.note("fund_votes.vote_page", opened, note="open")
        site.is_(vote.member)
        site.see("panel.vote", ballot, note="open")
        too_much = send(**dict.fromkeys(amounts, "40000"))(site.walk.page)
        site.note("panel.vote", too_much, state=ERROR)
        given = send(**dict.fromkeys(amounts, "30000"))(site.walk.page)
        site.note("panel.vote", given, note="given")
        site.is_(vote.manager)
        site.see("fund_votes.vote_page", board, note="begun")
        refused = send_form("/count")(site.walk.page)
        site.note("fund_votes.vote_page", refused, state=ERROR)

    assert {name: found for name, found in site.walk.faults.items() if found} == {}


@pytest.mark.parametrize(("language", "size"), [("en", LAPTOP), ("ar", PHONE)], ids=["en", "ar"])
def test_page_of_a_draw_can_be_used_by_everybody(
    chromium: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with site_for(chromium, tmp_path, language, size) as site:
        with unit_of_work():
            lots = panelled({"decides_by": {"way": "lottery"}})
        site.live.start()

        site.is_(lots.manager)
        site.see("fund_votes.vote_page", f"/fund/rounds/{lots.round_id}/vote", note="lots")

    assert {name: found for name, found in site.walk.faults.items() if found} == {}


@pytest.mark.parametrize(("language", "size"), [("en", LAPTOP), ("ar", PHONE)], ids=["en", "ar"])
def test_pages_of_copies_without_names_can_be_used_by_everybody(
    chromium: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    with site_for(chromium, tmp_path, language, size) as site:
        with unit_of_work():
            blind = panelled({"hides_names": True}, is_read=False)
        site.live.start()

        site.is_(blind.manager)
        site.see("fund_copies.copies", f"/fund/rounds/{blind.round_id}/copies")
        site.see("fund_copies.copy", f"/fund/applications/{blind.application_ids[0]}/copy")
        site.is_(blind.member)
        site.see("panel.panel_page", f"/panels/{blind.panel_id}", note="names are hidden")

    assert {name: found for name, found in site.walk.faults.items() if found} == {}
