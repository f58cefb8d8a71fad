"""Translations of the answers, clarifications and objections of one application."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.translation import (
    AnswerTranslation,
    ClarificationPart,
    ClarificationTranslation,
    Translation,
)

S = ApplicationStatus
Translations = Mapping[tuple[UUID, UUID | None], Sequence[AnswerTranslation]]


def list_translations(application: Application, language: str = "") -> Translations:
    """By answer and recording (none: of the text), with those in the reader's language first."""
    query = (
        sa.select(AnswerTranslation)
        .join(Answer, Answer.id == AnswerTranslation.answer_id)
        .where(Answer.application_id == application.id)
        .order_by(AnswerTranslation.language != language, AnswerTranslation.language, AnswerTranslation.id)
    )
    found: dict[tuple[UUID, UUID | None], list[AnswerTranslation]] = defaultdict(list)
    for each in db.session.execute(query).scalars():
        found[each.answer_id, each.media_id].append(each)
    return found


def of_answer(
    answer: Answer | None, translations: Translations
) -> dict[UUID | None, Sequence[AnswerTranslation]]:
    """By recording; none: of the text."""
    if answer is None:
        return {}
    return {media: found for (of, media), found in translations.items() if of == answer.id}


def find_translation(answer: Answer, media: AnswerMedia | None, language: str) -> AnswerTranslation | None:
    """As it is in the database now."""
    query = sa.select(AnswerTranslation).where(
        AnswerTranslation.answer_id == answer.id,
        AnswerTranslation.media_id == (media.id if media else None),
        AnswerTranslation.language == language,
    )
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def find_clarification_translation(
    clarification: Clarification, part: ClarificationPart, language: str
) -> ClarificationTranslation | None:
    """As it is in the database now."""
    query = sa.select(ClarificationTranslation).where(
        ClarificationTranslation.clarification_id == clarification.id,
        ClarificationTranslation.part == part,
        ClarificationTranslation.language == language,
    )
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def get_translation(translation_id: UUID) -> Translation:
    """Of an answer, a recording, a question or its answer. Raises NoResultFound."""
    of_answer = sa.select(AnswerTranslation).where(AnswerTranslation.id == translation_id)
    found = db.session.execute(of_answer).scalar_one_or_none()
    if found is not None:
        return found
    asked = sa.select(ClarificationTranslation).where(ClarificationTranslation.id == translation_id)
    return db.session.execute(asked).scalar_one()


def application_of(translation: Translation) -> Application:
    if isinstance(translation, AnswerTranslation):
        return translation.answer.application
    if isinstance(translation, ClarificationTranslation):
        return translation.clarification.application
    raise TypeError("no translation of ours")


def original_of(translation: Translation) -> tuple[str, str | None]:
    """What was translated, and its language where that is known."""
    if isinstance(translation, AnswerTranslation):
        text, language, _rev = source_of(translation.answer, translation.media)
        return text or "", language
    if isinstance(translation, ClarificationTranslation):
        return part_of(translation.clarification, translation.part)
    raise TypeError("no translation of ours")


def part_of(clarification: Clarification, part: ClarificationPart) -> tuple[str, str | None]:
    """Who asks for the fund may write in any language; the group answers in its own."""
    if part is ClarificationPart.QUESTION:
        return clarification.question, None
    return clarification.answer or "", clarification.application.language


def list_all_translations(application: Application) -> list[Translation]:
    """Everything of the group's own words that somebody has put into another language."""
    of_answers = [each for found in list_translations(application).values() for each in found]
    query = (
        sa.select(ClarificationTranslation)
        .join(ClarificationTranslation.clarification)
        .where(
            Clarification.application_id == application.id,
            ClarificationTranslation.part == ClarificationPart.ANSWER,
        )
        .options(contains_eager(ClarificationTranslation.clarification))
        .order_by(Clarification.created_at, ClarificationTranslation.language)
    )
    return [*of_answers, *db.session.execute(query).scalars()]


def translation_rev(translation: Translation | None) -> str:
    """Changes whenever the translation does."""
    if translation is None:
        return "0"
    parts = (
        translation.text,
        translation.made_by,
        translation.made_by_name,
        translation.is_checked,
        translation.objected_at is not None,
        translation.objection,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def source_of(answer: Answer, media: AnswerMedia | None) -> tuple[str | None, str | None, int]:
    """What is to be translated: its text, its language, and which save of it this is."""
    if media is not None:
        return media.transcript, media.transcript_language, media.transcript_rev
    return (answer.value if isinstance(answer.value, str) else None), answer.language, answer.rev


def is_outdated(translation: AnswerTranslation, answer: Answer, media: AnswerMedia | None = None) -> bool:
    """The original was saved again after it was translated."""
    return translation.source_rev != source_of(answer, media)[2]


def may_correct(application: Application) -> bool:
    """Until the panel has it in hand: what was read for a decision stays as it was read."""
    return application.status not in (S.AT_PANEL, S.IN_PRINCIPLE, S.RESERVE, S.DECLINED)
