"""Where an answer comes from, in words for the group, the fund and the panel alike."""

from __future__ import annotations

from forms.i18n import translate
from forms.languages import LANGUAGES
from fundapp.lifecycles import FileStatus, TranscriptStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm, OriginKind, TranscriptBy
from fundapp.models.application import Answer
from fundapp.models.file import FileKind
from fundapp.models.fund import FundRoleKind
from fundapp.models.translation import TranslatedBy, Translation
from fundapp.moments import show_date


def origin_words(answer: Answer | None) -> str:
    """One line below the text; empty when the group simply typed it."""
    origin = answer.origin if answer else None
    if answer is None or origin is None:
        return ""
    if origin.kind is OriginKind.PASTED:
        if not origin.pasted_from:
            return translate("Pasted from another application.")
        return translate("Pasted from another application: %(where)s", where=isolated(origin.pasted_from))
    if origin.kind is OriginKind.DOCUMENT:
        return translate("Brought from a document.")
    return f"{_who_typed(origin.typed_by_role, show_date(origin.noted_at))} {_what_the_group_says(answer)}"


def _who_typed(role: FundRoleKind | None, day: str) -> str:
    if role is FundRoleKind.MANAGER:
        return translate("A manager of the fund typed this from a phone call on %(day)s.", day=day)
    return translate("Somebody who works for the fund typed this from a phone call on %(day)s.", day=day)


def _what_the_group_says(answer: Answer) -> str:
    if answer.waits_for_the_group:
        return translate("The group has not looked at it yet.")
    origin = answer.origin
    if origin is not None and origin.rev == answer.rev:
        return translate("The group says it is right.")
    return translate("The group has corrected it.")


def recording_words(media: AnswerMedia) -> str:
    """What kind of recording it is: as the group said, until the check has found out. A file: its name."""
    if media.is_file:
        return isolated(media.file.original_name)
    if media.form is MediaForm.SIGN_LANGUAGE:
        return translate("Video in sign language")
    is_checked = media.file.status is FileStatus.CLEAN
    is_seen = media.file.kind is FileKind.VIDEO if is_checked else media.form is MediaForm.VIDEO
    return translate("Video") if is_seen else translate("Voice recording")


def transcript_words(media: AnswerMedia) -> str:
    """Who wrote down what is said, and what the group says to it; nothing about a file."""
    if media.is_file:
        return ""
    if media.transcript is None:
        return translate("Nobody has written down yet what is said. Please listen to it.")
    if media.transcript_by is TranscriptBy.GROUP:
        return translate("The group wrote down what is said.")
    if media.status is TranscriptStatus.CHECKED:
        return translate("The fund wrote down what is said. The group has checked it.")
    return translate("The fund wrote down what is said. The group has not checked it yet.")


def isolated(text: str) -> str:
    """What somebody typed, so that its direction does not turn the sentence around it."""
    return f"\u2068{text}\u2069"


def translation_words(translation: Translation, is_outdated: bool = False) -> str:
    """Into which language, by whom or what, and whether anybody has checked it."""
    own_name = LANGUAGES[translation.language].own_name if translation.language in LANGUAGES else ""
    name = isolated(translation.made_by_name)
    made = {
        TranslatedBy.GROUP: translate("The group translated this."),
        TranslatedBy.STAFF: translate("The fund translated this."),
        TranslatedBy.TRANSLATOR: translate("%(name)s, a translator, translated this.", name=name),
        TranslatedBy.MACHINE: translate("A program translated this: %(name)s.", name=name),
    }[translation.made_by]
    checked = (
        translate("A person has checked it.")
        if translation.is_checked
        else translate("Nobody has checked it yet.")
    )
    sentences = [translate("Translation into %(language)s.", language=isolated(own_name)), made, checked]
    if is_outdated:
        sentences.append(translate("The group has changed its answer since."))
    return " ".join(sentences)
