"""A panel of nine with sixty applications to score, and the steps of its people in real browsers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from uuid import UUID

import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.demo.being_scored import DAYS_OPEN, GROUPS
from fundapp.demo.calls import GIRLS, open_scene
from fundapp.demo.people import Group, People, add_member, load_people
from fundapp.demo.reading import assignments_of, level_near, seat_panel
from fundapp.demo.words import panel_words, readers_sentence
from fundapp.demo.writing import apply_in_full, plans_for, settle_claims
from fundapp.models.award import Ratification
from fundapp.models.call import Round
from fundapp.models.fund import Fund
from fundapp.models.meeting import MeetingItem
from fundapp.models.message import OutboxJob
from fundapp.models.organisation import MemberRight
from fundapp.models.panel import Panel, PanelSeat
from fundapp.services.calls import close_call
from fundapp.services.practice import NewSample, add_sample, plan_practice
from fundapp.services.releases import TELL_EVERYBODY
from tests.browser.journey import follow
from tests.live import LiveSite, live_site
from tests.published import dated

CRITERIA = ("C1", "C2", "C3", "C4", "C5")
EQUAL_LEVEL = 3
PHASES = {  # days from now: practice, scoring, meeting, everybody told
    "practice": ((-1, 1), (2, 20), 25, 35),
    "scoring": ((-5, -3), (-1, 10), 15, 25),
    "meeting": ((-20, -18), (-15, -2), -1, 10),
}
POST_ALL = """async ([posts]) => {
  const token = document.querySelector('[name=csrf_token]').value, wrong = [];
  for (const [url, fields] of posts) {
    const body = new URLSearchParams([['csrf_token', token], ...fields]);
    const answer = await fetch(url, {method: 'POST', body, redirect: 'manual'});
    if (answer.type !== 'opaqueredirect') wrong.push([url, answer.status]);
  }
  return wrong;
}"""
Post = tuple[str, list[tuple[str, str]]]


@dataclass
class Nine:
    """The live site, who sits on the panel, and one browser for each person."""

    site: LiveSite
    chromium: Browser
    people: People
    round_id: UUID
    panel_id: UUID
    groups: tuple[Group, ...]
    equal: tuple[str, str]  # two groups that no rule can tell apart
    pages: dict[UUID, Page] = field(default_factory=dict)

    @property
    def round_url(self) -> str:
        return f"/en/fund/rounds/{self.round_id}"

    def seats(self) -> Mapping[str, PanelSeat]:
        """By the name of the member, in the order of the table."""
        db.session.rollback()
        query = sa.select(PanelSeat).where(PanelSeat.panel_id == self.panel_id)
        found = db.session.execute(query.order_by(PanelSeat.created_at)).scalars()
        return {seat.user.name: seat for seat in found}

    def as_(self, user_id: UUID) -> Page:
        """The browser in which this person has signed in."""
        if user_id not in self.pages:
            context = self.chromium.new_context(
                base_url=self.site.address, viewport={"width": 1280, "height": 900}
            )
            context.set_default_timeout(20_000)
            page = context.new_page()
            enter(page, user_id)
            self.pages[user_id] = page
        return self.pages[user_id]

    def manager(self) -> Page:
        return self.as_(self.people.staff.manager.id)

    def items(self) -> list[MeetingItem]:
        db.session.rollback()
        return list(db.session.execute(sa.select(MeetingItem).order_by(MeetingItem.position)).scalars())

    def version(self, item_id: UUID) -> int:
        """As the page of the item would carry it."""
        db.session.rollback()
        query = sa.select(MeetingItem.version).where(MeetingItem.id == item_id)
        return int(db.session.execute(query).scalar_one())

    def it_is(self, phase: str) -> None:
        """The dates of the round stand so that the panel is in this phase."""
        (first, last), (opens, closes), meets, told = PHASES[phase]
        db.session.rollback()  # what was read before would lock the database
        with unit_of_work():
            round_, panel = db.session.get_one(Round, self.round_id), db.session.get_one(Panel, self.panel_id)
            panel.practice_opens_at, panel.practice_closes_at = _from_now(first), _from_now(last)
            dated(
                round_,
                scoring_opens_at=_from_now(opens),
                scoring_closes_at=_from_now(closes),
                panel_meets_at=_from_now(meets),
                told_at=_from_now(told),
            )

    def ten_minutes_pass(self) -> None:
        db.session.rollback()
        with unit_of_work():
            signed = db.session.execute(sa.select(Ratification)).scalar_one()
            signed.release_due_at = utcnow() - timedelta(seconds=1)
            job = sa.update(OutboxJob).where(OutboxJob.kind == TELL_EVERYBODY)
            db.session.execute(job.values(due_at=utcnow() - timedelta(seconds=1)))

    def marks(self, seat: PanelSeat) -> dict[str, dict[str, tuple[int, str]]]:
        """What this member thinks of each application: by assignment, then by criterion."""
        db.session.rollback()
        found: dict[str, dict[str, tuple[int, str]]] = {}
        for assignment in assignments_of(seat.panel):
            if assignment.seat_id == seat.id:
                group = assignment.application.organisation.name
                quality = Random(group).uniform(2.2, 3.8)
                chance = Random(f"{group}:{seat.user.name}")
                levels = {key: level_near(quality, chance) for key in CRITERIA}
                if group in self.equal:
                    levels = dict.fromkeys(CRITERIA, EQUAL_LEVEL)
                found[str(assignment.id)] = {
                    key: (level, readers_sentence(key, level, chance)) for key, level in levels.items()
                }
        return found


def _from_now(days: float) -> datetime:
    return utcnow() + timedelta(days=days)


def enter(page: Page, user_id: UUID) -> None:
    """By a button of the demo's first page."""
    page.goto("/en/demo/")
    form = page.locator("[data-role] form").first
    form.evaluate("(form, path) => { form.action = path }", f"/en/demo/people/{user_id}")
    follow(form.locator("button"))


def enter_quickly(page: Page, user_id: UUID) -> None:
    """The same, without drawing the pages on the way."""
    page.context.clear_cookies()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.request.get("/en/demo/").text())
    assert token
    answer = page.request.post(
        f"/en/demo/people/{user_id}", form={"csrf_token": token[1]}, headers={"Origin": _origin(page)}
    )
    assert answer.ok


def _origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def post_all(page: Page, posts: list[Post]) -> None:
    """The page's own script sends these forms one after the other, with the token that stands in the page."""
    wrong = page.evaluate(POST_ALL, [posts])
    assert wrong == [], wrong[:5]


@contextmanager
def panel_of_nine(chromium: Browser, folder: Path) -> Iterator[Nine]:
    """Sixty groups have applied, the call is closed, nine people have seats and two samples wait."""
    with live_site("sqlite", folder) as site:
        with unit_of_work():
            nine = _build(site, chromium)
        site.start()
        yield nine
        for page in nine.pages.values():
            page.context.close()


def _build(site: LiveSite, chromium: Browser) -> Nine:
    now = utcnow()
    fund = Fund(
        code="DGF",
        name="Demo Grassroots Fund",
        organisation_name="Demo Community Foundation",
        org_identifier="GB-CHC-0000000",
        publisher_prefix="360G-demofund",
    )
    db.session.add(fund)
    people = load_people(fund, now)
    scene = open_scene(fund, people, now, days_open=DAYS_OPEN, title=GIRLS)
    groups = people.groups[6 : 6 + GROUPS]
    equal = groups[10], groups[11]
    for group in equal:
        group.organisation.annual_income = Decimal(21_000)
    plans = plans_for(list(groups), scene, partners={})
    for plan in plans:
        apply_in_full(plan, scene)
    settle_claims(plans, scene, at=scene.day(60))
    manager = people.staff.manager
    close_call(scene.call, actor=manager, now=scene.day(83))
    panel = seat_panel(scene, at=scene.day(84))
    plan_practice(panel, opens_at=scene.day(86), closes_at=scene.day(92), actor=manager, now=scene.day(85))
    for row in panel_words("samples"):
        add_sample(panel, NewSample(row["title"], row["texts"]), actor=manager, now=scene.day(85))
    member = next(seat for seat in panel.seats if seat.user.name == "Bukola Ferreira")
    add_member(groups[2].organisation, member.user, MemberRight.VIEW)  # a tie the system knows by itself
    names = (equal[0].name, equal[1].name)
    return Nine(site, chromium, people, scene.round.id, panel.id, groups, names)
