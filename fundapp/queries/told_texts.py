"""What groups have said and a reader of the fund may read for themes: answers, recordings and stories."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.db import db
from fundapp.lifecycles import TALKS_HELD
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.file import FileKind
from fundapp.models.monitoring import CheckIn, CheckInFile, Story
from fundapp.models.theme_code import CodedText, TextKind
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.story_steps import StoryStatus

HEARD = (FileKind.AUDIO, FileKind.VIDEO)


@dataclass(frozen=True)
class ToldText:
    """`text` is empty for a recording: nothing is written down."""

    kind: TextKind
    award: Award
    text: str
    language: str | None
    check_in: CheckIn | None = None
    question_key: str | None = None
    recording: CheckInFile | None = None
    story: Story | None = None

    @property
    def source(self) -> str:
        """A name that stays, and is given once only."""
        thing = self.story or self.recording or self.check_in
        parts = [self.kind.value, str(thing.id if thing else ""), self.question_key or ""]
        return ":".join(part for part in parts if part)

    @property
    def digest(self) -> str:
        return digest_of(self.text)

    @property
    def told_at(self) -> datetime:
        """A story is told when it is written down; anything else in its conversation."""
        if self.check_in is not None:
            return self.check_in.held_at or self.check_in.created_at
        assert self.story is not None
        return self.story.created_at


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def list_told_texts(call: Call, *, reader: User) -> list[ToldText]:
    """In the order they were told; nothing of a group this person has a tie with, no story taken back.

    A story that was told in a conversation is one text, not two.
    """
    return _told(Award.call_id == call.id, application_without_conflict(reader.id))


def list_texts_of(award: Award) -> list[ToldText]:
    """The same of one grant, for the group that told it."""
    return _told(Award.id == award.id)


def _told(*where: sa.ColumnElement[bool]) -> list[ToldText]:
    conversations, stories = _conversations(*where), _stories(*where)
    told_as_story = {(story.check_in_id, story.text) for story in stories}
    texts = [text for each in conversations for text in texts_of(each) if _is_new(text, told_as_story)]
    texts += [_of_story(story) for story in stories if story.status is not StoryStatus.WITHDRAWN]
    return texts


def _is_new(text: ToldText, told_as_story: set[tuple[UUID | None, str]]) -> bool:
    return text.check_in is None or (text.check_in.id, text.text) not in told_as_story


def texts_of(check_in: CheckIn) -> Iterator[ToldText]:
    award, language = check_in.award, check_in.language
    for key, value in check_in.answers.items():
        if isinstance(value, str) and value.strip():
            yield ToldText(TextKind.ANSWER, award, value.strip(), language, check_in, key)
    if check_in.correction:
        yield ToldText(TextKind.CORRECTION, award, check_in.correction, language, check_in)
    for file in check_in.shown_files:
        if file.file.kind in HEARD:
            yield ToldText(TextKind.RECORDING, award, "", language, check_in, recording=file)


def _of_story(story: Story) -> ToldText:
    return ToldText(TextKind.STORY, story.award, story.text, story.language, story=story)


def told_now(coded: CodedText) -> ToldText | None:
    """The text as it stands today. None: it was taken back or taken away."""
    if coded.story is not None:
        return None if coded.story.status is StoryStatus.WITHDRAWN else _of_story(coded.story)
    if coded.check_in is None:
        return None
    return next((text for text in texts_of(coded.check_in) if text.source == coded.source), None)


def _conversations(*where: sa.ColumnElement[bool]) -> Sequence[CheckIn]:
    query = (
        sa.select(CheckIn)
        .join(Award, Award.id == CheckIn.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(*where, CheckIn.status.in_(TALKS_HELD))
        .options(
            joinedload(CheckIn.award).joinedload(Award.organisation),
            selectinload(CheckIn.files).joinedload(CheckInFile.file),
        )
        .order_by(CheckIn.held_at, CheckIn.id)
    )
    return db.session.execute(query).scalars().all()


def _stories(*where: sa.ColumnElement[bool]) -> Sequence[Story]:
    query = (
        sa.select(Story)
        .join(Award, Award.id == Story.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(*where)
        .options(joinedload(Story.award).joinedload(Award.organisation))
        .order_by(Story.created_at, Story.id)
    )
    return db.session.execute(query).scalars().all()
