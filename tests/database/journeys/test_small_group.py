"""Five women with no number, account, policy or rules apply in Tigrinya, and the panel reads them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fundapp.models.fund import FundRoleKind
from tests.database.journeys import applying, steps
from tests.database.journeys.applying import Story
from tests.database.journeys.browser import Page
from tests.database.journeys.cast import FITTING, MEMBERS, Group
from tests.database.journeys.world import Person, hire, world_with_a_draft_call

READING = r"/readings/[0-9a-f-]{36}"

pytestmark = pytest.mark.slow

SELAM = Group(
    name="ጉጅለ ሰላም",
    email="saba@selam.example",
    language="ti",
    says="ንሕና ሓሙሽተ ደቂ ኣንስትዮ ኢና። ኩሉ ብሓባር ንውስን።",
    borough="Newham",
    pounds=9_000,
    strand="C",
    # no rules, no account, no policy yet, hardly any income
    check=FITTING | {"E4": "no", "E6": "no", "E7": "from_0", "E12": "not_yet"},
)


@pytest.fixture
def story(engine_name: str, tmp_path: Path) -> Iterator[Story]:
    with world_with_a_draft_call(engine_name, "en", tmp_path, "fundapp_small_group") as world:
        manager = hire(world, "mina@fund.example", FundRoleKind.MANAGER)
        yield Story(world, manager=manager, finance=manager)


def test_group_with_nothing_but_tigrinya_gets_from_the_call_to_the_panel(story: Story) -> None:
    applying.the_call_is_published_and_opens(story)
    group = Person(story.world, SELAM.email)

    page = steps.starts(group, SELAM)
    receipt = steps.sends(group, steps.answers_every_question(group, SELAM, page))

    assert re.search(r"\b[0-9A-Z]{8}\b", receipt.words)
    assert SELAM.answer("S1") in receipt.words
    read = {text for page in panel_reads(story, group) for text in tigrinya_in(page)}
    assert read >= {SELAM.answer(key) for key in ("Q1", "Q2", "Q7")}


def panel_reads(story: Story, group: Person) -> list[Page]:
    """The fund invites it, it writes the whole form, and a member of the panel opens its sheet."""
    manager = story.manager
    story.world.it_is("2027-04-20 10:00")
    page = steps.settles_claims(manager, steps.opens_application(manager, SELAM), "confirmed")
    manager.browser.send(page, to="/invite")
    story.world.it_is("2027-05-10 18:00")
    page = steps.answers_every_question(group, SELAM, steps.reads_own_application(group))
    steps.sends(group, page)
    applying.the_call_closes_and_gets_its_panel(story)
    story.world.it_is("2027-06-16 10:00")
    for each in MEMBERS:
        steps.declares_ties(story.person(each), {})
    manager.browser.send(steps.goes_to_round(manager, "panel"), to="/panel/assign")
    readers = {each: steps.goes_to_panel(story.person(each)).links_to(READING) for each in MEMBERS}
    member = story.person(next(each for each, links in readers.items() if links))
    sheet = member.open(steps.goes_to_panel(member).links_to(READING)[0])
    return [sheet, *(member.open(each) for each in sheet.links_to(r"/criteria/C\d"))]


def tigrinya_in(page: Page) -> set[str]:
    """Texts marked as what they are, in the direction they are written."""
    found = re.findall(r'<div class="prose" dir="ltr" lang="ti">(.*?)</div>', page.html, re.DOTALL)
    return {html.unescape(text) for text in found}
