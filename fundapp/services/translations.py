"""Keeping a translation of an answer, with who or what made it and whether somebody checked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer
from fundapp.models.translation import AnswerTranslation, TranslatedBy
from fundapp.models.user import User
from fundapp.queries.translations import find_translation, source_of, translation_rev
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record

NAMED = (TranslatedBy.TRANSLATOR, TranslatedBy.MACHINE)


class MakerNeeded(FundError):
    """A translation says who or what made it."""

    code = "maker_needed"


@dataclass(frozen=True)
class NewTranslation:
    language: str
    text: str
    made_by: TranslatedBy
    made_by_name: str = ""
    is_checked: bool = False


def save_translation(
    answer: Answer,
    new: NewTranslation,
    *,
    media: AnswerMedia | None = None,
    rev: str,
    actor: User,
    now: datetime,
) -> AnswerTranslation:
    """One for each language; the original stays as it is. `rev` is that of the translation that was seen.

    Raises StaleVersion, TextNeeded, MakerNeeded, and NotPossibleNow for a draft, or where nothing is written.
    """
    application = answer.application
    if not new.text.strip():
        raise TextNeeded
    if new.made_by in NAMED and not new.made_by_name.strip():
        raise MakerNeeded
    lock_row(type(answer), answer.id)
    text, language, source_rev = source_of(answer, media)
    if not text or application.status is ApplicationStatus.DRAFT or language == new.language:
        raise NotPossibleNow("there is no sent text in another language")
    known = find_translation(answer, media, new.language)
    if rev != translation_rev(known) and not (known and _says(known, new)):
        raise StaleVersion
    translation = known or AnswerTranslation(answer=answer, media=media, language=new.language)
    translation.text, translation.made_by = new.text.strip(), new.made_by
    translation.made_by_name, translation.is_checked = new.made_by_name.strip(), new.is_checked
    translation.source_rev, translation.saved_at, translation.saved_by_id = source_rev, now, actor.id
    db.session.add(translation)
    details = {"language": new.language, "by": new.made_by.value, "checked": new.is_checked}
    record(translation, "translate", actor=actor, now=now, call_id=application.call_id, details=details)
    return translation


def _says(known: AnswerTranslation, new: NewTranslation) -> bool:
    return (known.text, known.made_by, known.made_by_name, known.is_checked) == (
        new.text.strip(),
        new.made_by,
        new.made_by_name.strip(),
        new.is_checked,
    )
