"""Translations of the answers of one application."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application
from fundapp.models.translation import AnswerTranslation

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


def translation_rev(translation: AnswerTranslation | None) -> str:
    """Changes whenever the translation does."""
    if translation is None:
        return "0"
    parts = (translation.text, translation.made_by, translation.made_by_name, translation.is_checked)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def source_of(answer: Answer, media: AnswerMedia | None) -> tuple[str | None, str | None, int]:
    """What is to be translated: its text, its language, and which save of it this is."""
    if media is not None:
        return media.transcript, media.transcript_language, media.transcript_rev
    return (answer.value if isinstance(answer.value, str) else None), answer.language, answer.rev


def is_outdated(translation: AnswerTranslation, answer: Answer, media: AnswerMedia | None = None) -> bool:
    """The original was saved again after it was translated."""
    return translation.source_rev != source_of(answer, media)[2]
