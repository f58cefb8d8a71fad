"""Keeping translations of answers and clarifications, and what a group objects to in them.

Each is kept with who or what made it, and whether somebody checked it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Clarification
from fundapp.models.translation import (
    AnswerTranslation,
    ClarificationPart,
    ClarificationTranslation,
    TranslatedBy,
    Translation,
)
from fundapp.models.user import User
from fundapp.queries.threads import list_managers_to_tell
from fundapp.queries.translations import (
    application_of,
    find_clarification_translation,
    find_translation,
    may_correct,
    part_of,
    source_of,
    translation_rev,
)
from fundapp.services.answers import lock_application
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify

NAMED = (TranslatedBy.TRANSLATOR, TranslatedBy.MACHINE)


class MakerNeeded(FundError):
    """A translation says who or what made it."""

    code = "maker_needed"


class CorrectedTooLate(NotPossibleNow):
    """What the panel has in hand stays as it was read; words beside it are still possible."""

    code = "corrected_too_late"


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
    _check(new)
    lock_row(type(answer), answer.id)
    text, language, source_rev = source_of(answer, media)
    if not text or application.status is ApplicationStatus.DRAFT or language == new.language:
        raise NotPossibleNow("there is no sent text in another language")
    known = find_translation(answer, media, new.language)
    if rev != translation_rev(known) and not (known and _says(known, new)):
        raise StaleVersion
    translation = known or AnswerTranslation(answer=answer, media=media, language=new.language)
    translation.source_rev = source_rev
    _write(translation, new, call_id=application.call_id, actor=actor, now=now)
    return translation


def save_clarification_translation(
    clarification: Clarification,
    part: ClarificationPart,
    new: NewTranslation,
    *,
    rev: str,
    actor: User,
    now: datetime,
) -> ClarificationTranslation:
    """Of a question to the group, or of its answer. `rev` is that of the translation that was seen.

    Raises StaleVersion, TextNeeded, MakerNeeded, and NotPossibleNow where there is nothing to translate.
    """
    _check(new)
    lock_row(Clarification, clarification.id)
    text, language = part_of(clarification, part)
    if not text or language == new.language:
        raise NotPossibleNow("there is no text in another language")
    known = find_clarification_translation(clarification, part, new.language)
    if rev != translation_rev(known) and not (known and _says(known, new)):
        raise StaleVersion
    translation = known or ClarificationTranslation(
        clarification=clarification, part=part, language=new.language
    )
    _write(translation, new, call_id=clarification.application.call_id, actor=actor, now=now)
    return translation


def object_to(
    translation: Translation, words: str, correction: str, *, rev: str, actor: User, now: datetime
) -> None:
    """The group did not mean this: it says what it meant, or puts it right, or both. Managers are told.

    Readers see a correction in place of the translation, and words of the group beside it. The event
    keeps the text before. Raises TextNeeded, StaleVersion, and, once the panel has it, CorrectedTooLate.
    """
    words, correction = words.strip(), correction.strip()
    if not words and not correction:
        raise TextNeeded
    application = application_of(translation)
    lock_application(application)
    lock_row(type(translation), translation.id)
    db.session.refresh(translation)
    if rev != translation_rev(translation):
        raise StaleVersion
    if correction and not may_correct(application):
        raise CorrectedTooLate
    before = translation.text
    if correction:
        translation.text, translation.made_by = correction, TranslatedBy.GROUP
        translation.made_by_name, translation.is_checked = "", True
        translation.saved_at, translation.saved_by_id = now, actor.id
    translation.objection, translation.objected_at = words, now if words else None
    details = {"language": translation.language, "corrected": bool(correction), "before": before}
    reason = words or before
    record(
        translation,
        "object",
        actor=actor,
        now=now,
        reason=reason,
        call_id=application.call_id,
        details=details,
    )
    for manager in list_managers_to_tell(application):
        notify(manager, MessageKind.TRANSLATION_OBJECTED, now=now, application_id=str(application.id))


def _check(new: NewTranslation) -> None:
    if not new.text.strip():
        raise TextNeeded
    if new.made_by in NAMED and not new.made_by_name.strip():
        raise MakerNeeded


def _write(
    translation: Translation, new: NewTranslation, *, call_id: UUID, actor: User, now: datetime
) -> None:
    """What the group said against the translation before is settled by it, and stays in the record."""
    translation.text, translation.made_by = new.text.strip(), new.made_by
    translation.made_by_name, translation.is_checked = new.made_by_name.strip(), new.is_checked
    translation.saved_at, translation.saved_by_id = now, actor.id
    translation.objected_at, translation.objection = None, ""
    db.session.add(translation)
    details = {"language": new.language, "by": new.made_by.value, "checked": new.is_checked}
    record(translation, "translate", actor=actor, now=now, call_id=call_id, details=details)


def _says(known: Translation, new: NewTranslation) -> bool:
    return (known.text, known.made_by, known.made_by_name, known.is_checked) == (
        new.text.strip(),
        new.made_by,
        new.made_by_name.strip(),
        new.is_checked,
    )
