"""Groups that told something, and what the fund read in it, through the same services as the real ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.monitoring import Story
from fundapp.models.theme_code import CodedText, ThemeCode
from fundapp.models.user import User
from fundapp.queries.harvested_outcomes import list_usable_places
from fundapp.queries.told_texts import ToldText, list_told_texts
from fundapp.services.coded_texts import begin_reading, finish_reading, mark_passage
from fundapp.services.harvested_outcomes import OutcomeWords, confirm_outcome, harvest_outcome
from fundapp.services.stories import share_story
from fundapp.services.theme_codes import add_theme_code
from tests.grants import Grant

TEXT = "Amina sleeps through the night now. She has opened the door to a neighbour. She sleeps at last."
WORDS = OutcomeWords("Women sleep at night.", "Women of the group", "The group meets each week.")
OWN_WORDS = OutcomeWords("Two women sleep at night.", "Two women", "We drink tea together.")


def code(grant: Grant, name: str = "Sleeping better") -> ThemeCode:
    with unit_of_work():
        return add_theme_code(
            grant.award.call, name=name, meaning="Rest.", example="", actor=grant.manager, now=utcnow()
        )


def tell(grant: Grant, text: str = TEXT, at: datetime | None = None) -> Story:
    with unit_of_work():
        story = share_story(
            grant.award, text, domain=None, language="en", check_in=None, actor=grant.signer, now=utcnow()
        )
        story.created_at = at or utcnow()
    return story


def told_text(grant: Grant, story: Story) -> ToldText:
    """As the fund reads it."""
    texts = list_told_texts(grant.award.call, reader=grant.manager)
    return next(each for each in texts if each.story is story)


def read(
    grant: Grant,
    story: Story,
    marks: Iterable[tuple[ThemeCode, str]] = (),
    *,
    by: User | None = None,
    at: datetime | None = None,
) -> CodedText:
    """`marks`: code and quoted words; none: the whole text."""
    reader, now = by or grant.manager, at or utcnow()
    with unit_of_work():
        coded = begin_reading(told_text(grant, story), actor=reader, now=now)
        for theme, words in marks:
            mark_passage(coded, [theme], words, actor=reader, now=now)
        finish_reading(coded, actor=reader, now=now)
    return coded


def harvest(grant: Grant, theme: ThemeCode, today: date | None = None) -> HarvestedOutcome:
    """From all passages of the group."""
    places = list_usable_places(grant.award, reader=grant.manager, today=today or utcnow().date())
    with unit_of_work():
        return harvest_outcome(
            grant.award, theme, places, WORDS, language="en", actor=grant.manager, now=utcnow()
        )


def confirm(grant: Grant, outcome: HarvestedOutcome, **answer: Any) -> None:
    words = {"own_words": None, "language": "en", "names_group": False} | answer
    with unit_of_work():
        confirm_outcome(outcome, **words, actor=grant.signer, now=utcnow())
