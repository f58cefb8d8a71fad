"""Outcomes harvested from what groups told. Elsewhere stand only those that a group confirmed and whose words
are still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.harvested_outcome import HarvestedOutcome, OutcomePassage
from fundapp.models.monitoring import CheckIn, CheckInFile, Story
from fundapp.models.theme_code import CodedText
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.queries.theme_codes import get_code_book, is_open_to, list_coded_texts, texts_read
from fundapp.queries.theme_grid import Place, places_of
from fundapp.queries.told_texts import ToldText, told_now
from fundapp.story_steps import StoryStatus
from fundapp.told_steps import OutcomeStatus


@dataclass(frozen=True)
class RestsOn:
    """A passage as it stands today. `told` is empty where it may not be used any more."""

    passage: OutcomePassage
    told: ToldText | None

    @property
    def words(self) -> str:
        """Empty: the whole text."""
        ends_at = self.passage.ends_at
        return self.told.text[self.passage.starts_at : ends_at] if self.told and ends_at else ""


def get_outcome(outcome_id: UUID) -> HarvestedOutcome:
    """With its grant and the texts it rests on. Raises NoResultFound."""
    query = sa.select(HarvestedOutcome).where(HarvestedOutcome.id == outcome_id)
    return db.session.execute(query.options(*_whole())).scalar_one()


def _whole() -> tuple[Any, ...]:
    coded = selectinload(HarvestedOutcome.passages).joinedload(OutcomePassage.coded_text)
    check_in, story = coded.joinedload(CodedText.check_in), coded.joinedload(CodedText.story)
    return (
        coded.joinedload(CodedText.kept_out),
        joinedload(HarvestedOutcome.call),
        joinedload(HarvestedOutcome.theme_code),
        joinedload(HarvestedOutcome.award).options(
            joinedload(Award.organisation), joinedload(Award.application)
        ),
        check_in.options(joinedload(CheckIn.award), selectinload(CheckIn.files).joinedload(CheckInFile.file)),
        story.options(joinedload(Story.award), selectinload(Story.consents)),
    )


def list_outcomes(call: Call, *, reader: User) -> list[HarvestedOutcome]:
    """For the fund, the newest first; none of a group this person has a tie with, and none that would tell a
    second reader what the first one marked.
    """
    query = (
        sa.select(HarvestedOutcome)
        .join(Award, Award.id == HarvestedOutcome.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(HarvestedOutcome.call_id == call.id, application_without_conflict(reader.id))
        .options(*_whole())
        .order_by(HarvestedOutcome.created_at.desc(), HarvestedOutcome.id)
    )
    found = db.session.execute(query).scalars().all()
    return [each for each in found if all(is_open_to(on.coded_text, reader) for on in each.passages)]


def list_outcomes_for_all(call: Call) -> Sequence[HarvestedOutcome]:
    """What groups said yes to, the oldest first. Whether it stands today: `is_shown`."""
    query = (
        sa.select(HarvestedOutcome)
        .where(HarvestedOutcome.call_id == call.id, HarvestedOutcome.status == OutcomeStatus.CONFIRMED)
        .options(*_whole())
        .order_by(HarvestedOutcome.answered_at, HarvestedOutcome.id)
    )
    return db.session.execute(query).scalars().all()


def list_outcomes_of(award: Award) -> Sequence[HarvestedOutcome]:
    """For the group: all that were written about what it told, except what the fund took back."""
    query = (
        sa.select(HarvestedOutcome)
        .where(HarvestedOutcome.award_id == award.id, HarvestedOutcome.status != OutcomeStatus.TAKEN_BACK)
        .options(*_whole())
        .order_by(HarvestedOutcome.created_at, HarvestedOutcome.id)
    )
    return db.session.execute(query).scalars().all()


def rests_on(outcome: HarvestedOutcome, today: date) -> list[RestsOn]:
    return [RestsOn(each, _usable(each, today)) for each in outcome.passages]


def still_rests(outcome: HarvestedOutcome, today: date) -> bool:
    """All its passages are there, as they were read, and no consent that was given for them is over."""
    passages = rests_on(outcome, today)
    return bool(passages) and all(each.told is not None for each in passages)


def is_shown(outcome: HarvestedOutcome, today: date) -> bool:
    """To anybody but the fund and the group."""
    return outcome.status is OutcomeStatus.CONFIRMED and still_rests(outcome, today)


def list_usable_places(award: Award, *, reader: User, today: date) -> list[Place]:
    """Each passage of the group on which an outcome can rest; none that waits for a second reader."""
    book, texts = get_code_book(award.call), list_coded_texts(award.call, reader=reader)
    own = [
        each
        for each in texts
        if each.award_id == award.id and not (each.is_drawn and each.second_read_at is None)
    ]
    found: dict[tuple[object, ...], Place] = {}
    for read in texts_read(own, book, reader=reader):
        if usable_text(read.coded, read.told.digest, today) is None:
            continue
        for passage in (each for places in places_of(read, book).values() for each in places):
            if not passage.has_changed:
                key = (read.coded.id, passage.tag.starts_at, passage.tag.ends_at)
                found.setdefault(key, Place(read, passage))
    return list(found.values())


def _usable(passage: OutcomePassage, today: date) -> ToldText | None:
    return usable_text(passage.coded_text, passage.text_digest, today)


def usable_text(coded: CodedText, digest: str, today: date) -> ToldText | None:
    """As it was read, not kept out by the group, and no consent for it is over. What only the fund was told
    needs none.
    """
    told, story = told_now(coded), coded.story
    if told is None or told.digest != digest or coded.kept_out is not None:
        return None
    if story is None or story.status is StoryStatus.SHARED_WITH_FUNDER:
        return told
    is_allowed = story.status is StoryStatus.CONSENTED and any(
        each.is_in_force(today) for each in story.consents
    )
    return told if is_allowed else None


def group_beside_outcome(outcome: HarvestedOutcome) -> str:
    """Empty unless the group said so, and always for a confidential one."""
    award = outcome.award
    return award.organisation.name if outcome.names_group and not award.keeps_confidential else ""
