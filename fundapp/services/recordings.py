"""Recordings as answers: adding one, taking one away, putting it back; nothing sent is ever lost."""

from __future__ import annotations

from datetime import datetime

from forms.definition import Question
from fundapp.db import db
from fundapp.file_checks.results import Refusal
from fundapp.lifecycles import FileStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm
from fundapp.models.application import Answer, Application
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.user import User
from fundapp.queries.recordings import list_answers_with
from fundapp.services.answers import find_saved_answer, lock_draft
from fundapp.services.events import record
from fundapp.services.files import begin_upload, refuse_file, stop_using, use_file
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind

# Whether there is a picture in it only the check can say; only signing needs one.
KINDS = {
    MediaForm.VOICE: frozenset({FileKind.AUDIO, FileKind.VIDEO}),
    MediaForm.VIDEO: frozenset({FileKind.AUDIO, FileKind.VIDEO}),
    MediaForm.SIGN_LANGUAGE: frozenset({FileKind.VIDEO}),
}


def add_recording(
    application: Application,
    question: Question,
    file: StoredFile,
    form: MediaForm,
    *,
    actor: User,
    now: datetime,
) -> AnswerMedia:
    """The file becomes a part of the answer, behind those that are there. Twice is once.

    Raises NotPossibleNow when it is no draft.
    """
    lock_draft(application)
    answer = find_saved_answer(application, question) or _empty_answer(application, question, actor, now)
    known = next((each for each in answer.media if each.file_id == file.id), None)
    if known is not None:
        known.form = form
        restore_recording(known, actor=actor, now=now)
        return known
    media = AnswerMedia(
        answer=answer,
        file=file,
        form=form,
        position=max((each.position for each in answer.media), default=0) + 1,
        added_by_id=actor.id,
        created_at=now,
    )
    db.session.add(media)
    use_file(file, application, place=question.key)
    _write_down(media, application, "add_recording", actor, now)
    return media


def add_refused(
    application: Application,
    question: Question,
    name: str,
    reason: Refusal,
    form: MediaForm,
    *,
    once: str,
    actor: User,
    now: datetime,
) -> None:
    """No use, and sent by a phone later, when nobody saw the answer: the page and a mail say why.

    Raises QuotaReached, and NotPossibleNow when it is no draft.
    """
    kinds, group = KINDS[form], application.organisation
    file = begin_upload(name=name, size=1, kinds=kinds, organisation=group, actor=actor, now=now, once=once)
    if file.status is FileStatus.RECEIVING:
        refuse_file(file, reason, now=now)
        add_recording(application, question, file, form, actor=actor, now=now)
        tell_about_unusable(file, now=now)


def remove_recording(media: AnswerMedia, *, actor: User, now: datetime) -> None:
    """It no longer counts and nobody but the group finds it; it can be put back. Twice is once."""
    application = media.answer.application
    lock_draft(application)
    db.session.refresh(media)
    if media.removed_at is not None:
        return
    media.removed_at = now
    stop_using(media.file, application, place=media.answer.question_key)
    _write_down(media, application, "remove_recording", actor, now)


def restore_recording(media: AnswerMedia, *, actor: User, now: datetime) -> None:
    application = media.answer.application
    lock_draft(application)
    db.session.refresh(media)
    if media.removed_at is None:
        return
    media.removed_at = None
    use_file(media.file, application, place=media.answer.question_key)
    _write_down(media, application, "restore_recording", actor, now)


def copy_recordings(source: Answer, target: Answer) -> None:
    """What the first stage said is a part of the second stage's answer too, with its transcript."""
    for media in source.recordings:
        target.media.append(
            AnswerMedia(
                file=media.file,
                form=media.form,
                position=media.position,
                added_by_id=media.added_by_id,
                status=media.status,
                transcript=media.transcript,
                transcript_language=media.transcript_language,
                transcript_by=media.transcript_by,
                transcript_rev=media.transcript_rev,
            )
        )
        use_file(media.file, target.application, place=target.question_key)


def tell_about_unusable(file: StoredFile, *, now: datetime) -> None:
    """A recording that was sent turned out to be no use: the group hears of it, and can send another."""
    for media in list_answers_with(file):
        application = media.answer.application
        tell_group(application, MessageKind.RECORDING_UNUSABLE, now=now, application_id=str(application.id))


def _empty_answer(application: Application, question: Question, actor: User, now: datetime) -> Answer:
    """For a recording without a text: the first text will be the first save."""
    answer = Answer(
        application=application,
        question_key=question.key,
        value=None,
        rev=0,
        saved_at=now,
        saved_by_id=actor.id,
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def _write_down(media: AnswerMedia, application: Application, step: str, actor: User, now: datetime) -> None:
    db.session.flush()
    details = {"question": media.answer.question_key, "recording": str(media.id)}
    record(application, step, actor=actor, now=now, details=details)
