"""For a group: each text it told, and how the fund uses it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.award import Award
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.monitoring import StoryConsent, StoryUse
from fundapp.models.shared_themes import SharedThemes
from fundapp.models.story_circle import CircleStory
from fundapp.models.theme_code import CodedText, ThemeCode, Turn
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.harvested_outcomes import list_outcomes_of
from fundapp.queries.shared_themes import counts_in, list_shared_themes
from fundapp.queries.stories import list_stories
from fundapp.queries.theme_codes import codes_of, get_code_book, list_coded_texts_of
from fundapp.queries.told_texts import ToldText, list_texts_of, told_now
from fundapp.told_steps import SharedThemesStatus


@dataclass(frozen=True)
class WordUse:
    """`coming`, `counted`: years whose themes it will be in unless the group says no, or is in."""

    told: ToldText
    coded: CodedText | None
    themes: Sequence[ThemeCode] = ()
    outcomes: Sequence[HarvestedOutcome] = ()
    circles: int = 0
    consents: Sequence[StoryConsent] = ()
    quotes: Sequence[StoryUse] = ()
    coming: Sequence[SharedThemes] = field(default=())
    counted: Sequence[SharedThemes] = field(default=())


def list_word_uses(award: Award, today: date) -> list[WordUse]:
    """Of all that was told and not taken back. As many queries for one text as for fifty."""
    book, shared = get_code_book(award.call), list_shared_themes(award.call)
    zone = definition_of(current_version(award.call)).zone
    coded = {each.source: each for each in list_coded_texts_of(award)}
    told = {each.source: each for each in list_texts_of(award)}
    told |= {source: text for source, each in coded.items() if (text := told_now(each)) is not None}
    outcomes = defaultdict(list)
    for outcome in list_outcomes_of(award):
        for coded_id in {on.coded_text_id for on in outcome.passages}:
            outcomes[coded_id].append(outcome)
    stories, circles = {each.id: each for each in list_stories(award)}, _circles_of(stories_of(told))
    found = []
    for source, text in told.items():
        one, story = coded.get(source), stories.get(text.story.id) if text.story else None
        themes = codes_of(one, Turn.SETTLED if one.settled_at else Turn.FIRST, book) if one else frozenset()
        is_read = one is not None and one.first_read_at is not None
        years = (
            [] if one is None else [each for each in shared if counts_in(each, one, zone=zone, today=today)]
        )
        found.append(
            WordUse(
                told=text,
                coded=one if is_read else None,
                themes=[code for code in book.standing if code.id in themes] if is_read else [],
                outcomes=outcomes[one.id] if one else [],
                circles=circles.get(story.id, 0) if story else 0,
                consents=[each for each in story.consents if each.is_in_force(today)] if story else [],
                quotes=[each for each in story.uses if each.objected_at is None] if story else [],
                coming=[each for each in years if each.status is SharedThemesStatus.ANNOUNCED],
                counted=[each for each in years if each.status is SharedThemesStatus.PUBLISHED],
            )
        )
    return sorted(found, key=lambda use: (use.told.told_at, use.told.source))


def stories_of(told: dict[str, ToldText]) -> list[UUID]:
    return [each.story.id for each in told.values() if each.story is not None]


def _circles_of(stories: Sequence[UUID]) -> dict[UUID, int]:
    """In how many circles each story was read."""
    query = (
        sa.select(CircleStory.story_id, sa.func.count())
        .where(CircleStory.story_id.in_(stories))
        .group_by(CircleStory.story_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
