"""What groups would like besides money: their own words where a reader may read them, and topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from forms.definition import Question, UsedFor
from fundapp.call_file.definition import CallDefinition
from fundapp.db import db
from fundapp.lifecycles import TALKS_HELD, ApplicationStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.monitoring import CheckIn
from fundapp.models.support import SupportIntroduction, SupportNeed, SupportTopic
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.queries.calls import current_version, definition_of
from fundapp.support_steps import IntroductionStatus


@dataclass(frozen=True)
class NeedWords:
    """What a group wrote about it, or recorded. `at` is none for the application itself."""

    question: Question
    text: str
    language: str | None = None
    at: datetime | None = None
    recordings: Sequence[AnswerMedia] = ()


@dataclass(frozen=True)
class NeedLine:
    application: Application
    need: SupportNeed | None
    words: Sequence[NeedWords]

    @property
    def topics(self) -> Sequence[SupportTopic]:
        return self.need.topics if self.need else ()

    @property
    def wants_none(self) -> bool:
        return self.need is not None and self.need.wants_none

    @property
    def is_to_read(self) -> bool:
        """Nobody has read it, or something new was said since."""
        if not self.words or self.wants_none:
            return False
        read_at = self.need.read_at if self.need else None
        return read_at is None or any(each.at is not None and each.at > read_at for each in self.words)


def was_sent(application: Application) -> bool:
    return application.submitted_at is not None or application.eoi_submitted_at is not None


def is_told(application: Application) -> bool:
    """The group knows how it ended: from then on help is offered to it, whatever the decision was."""
    return application.group_told_at is not None or application.status is ApplicationStatus.INELIGIBLE


def find_need(application: Application) -> SupportNeed | None:
    query = sa.select(SupportNeed).where(SupportNeed.application_id == application.id)
    return db.session.execute(query).scalar_one_or_none()


def list_suggested(application: Application) -> Sequence[SupportIntroduction]:
    """What waits for the answer of this group."""
    query = sa.select(SupportIntroduction).where(
        SupportIntroduction.application_id == application.id,
        SupportIntroduction.status == IntroductionStatus.SUGGESTED,
    )
    return db.session.execute(query.order_by(SupportIntroduction.id)).scalars().all()


def list_needs(call: Call, *, reader: User) -> list[NeedLine]:
    """Every group that has sent something, by name, without those that this reader has a tie with."""
    query = (
        sa.select(Application)
        .where(Application.call_id == call.id, application_without_conflict(reader.id))
        .where(sa.or_(Application.submitted_at.is_not(None), Application.eoi_submitted_at.is_not(None)))
        .where(Application.status != ApplicationStatus.WITHDRAWN)
        .options(joinedload(Application.organisation))
    )
    found = db.session.execute(query).scalars().all()
    needs = _needs([each.id for each in found])
    words = _words([each.id for each in found], definition_of(current_version(call)))
    lines = [NeedLine(each, needs.get(each.id), words.get(each.id, ())) for each in found]
    return sorted(
        lines, key=lambda line: (line.application.organisation.name.casefold(), line.application.id)
    )


def need_line(application: Application) -> NeedLine:
    words = _words([application.id], definition_of(current_version(application.call)))
    return NeedLine(application, find_need(application), words.get(application.id, ()))


def by_topic(lines: Sequence[NeedLine]) -> Mapping[SupportTopic, Sequence[NeedLine]]:
    """Only topics that somebody would like help with, in the order of the list."""
    found = {topic: [line for line in lines if topic in line.topics] for topic in SupportTopic}
    return {topic: those for topic, those in found.items() if those}


def _needs(application_ids: Sequence[UUID]) -> Mapping[UUID, SupportNeed]:
    query = sa.select(SupportNeed).where(SupportNeed.application_id.in_(application_ids))
    return {each.application_id: each for each in db.session.execute(query).scalars()}


def _words(application_ids: Sequence[UUID], definition: CallDefinition) -> Mapping[UUID, Sequence[NeedWords]]:
    """Answers to the questions that the call asks for this, in the form and in conversations."""
    asked = {each.key: each for each in definition.form.questions() if UsedFor.SUPPORT in each.used_for}
    talked = {each.key: each for each in definition.monitoring.questions if UsedFor.SUPPORT in each.used_for}
    found: dict[UUID, list[NeedWords]] = defaultdict(list)
    answers = (
        sa.select(Answer)
        .where(Answer.application_id.in_(application_ids), Answer.question_key.in_(asked))
        .options(selectinload(Answer.media).joinedload(AnswerMedia.file))
        .order_by(Answer.question_key)
    )
    for each in db.session.execute(answers).scalars():
        text = each.value.strip() if isinstance(each.value, str) else ""
        if text or each.recordings:
            words = NeedWords(asked[each.question_key], text, each.language, recordings=each.recordings)
            found[each.application_id].append(words)
    conversations = (
        sa.select(Award.application_id, CheckIn.answers, CheckIn.language, CheckIn.held_at)
        .join(Award, Award.id == CheckIn.award_id)
        .where(Award.application_id.in_(application_ids), CheckIn.status.in_(TALKS_HELD))
        .order_by(CheckIn.held_at, CheckIn.id)
    )
    for application_id, told, language, at in db.session.execute(conversations):
        for key, question in talked.items():
            if isinstance(told.get(key), str) and told[key].strip():
                found[application_id].append(NeedWords(question, told[key].strip(), language, at))
    return found
