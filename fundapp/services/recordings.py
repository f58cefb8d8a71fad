"""Recordings as answers: adding one, taking one away, putting it back; nothing sent is ever lost."""

from __future__ import annotations

from datetime import datetime

from forms.definition import Question, QuestionKind
from fundapp.db import db
from fundapp.errors import FundError
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


class TooManyFiles(FundError):
    """The question takes no more; `most` says how many there can be."""

    code = "too_many_files"
    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


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

    Raises NotPossibleNow when it is no draft, and TooManyFiles.
    """
    lock_draft(application)
    answer = find_saved_answer(application, question) or _empty_answer(application, question, actor, now)
    known = next((each for each in answer.media if each.file_id == file.id), None)
    if known is not None:
        known.form = form
        restore_recording(known, question, actor=actor, now=now)
        return known
    _hold_room(answer, question)
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
    kinds, group = kinds_for(question, form), application.organisation
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


def restore_recording(media: AnswerMedia, question: Question, *, actor: User, now: datetime) -> None:
    """Raises NotPossibleNow when it is no draft, and TooManyFiles."""
    application = media.answer.application
    lock_draft(application)
    db.session.refresh(media)
    if media.removed_at is None:
        return
    _hold_room(media.answer, question)
    media.removed_at = None
    use_file(media.file, application, place=media.answer.question_key)
    _write_down(media, application, "restore_recording", actor, now)


def kinds_for(question: Question, form: MediaForm) -> frozenset[FileKind]:
    """Which files can be sent as this. Raises ValueError where the question takes nothing of the sort."""
    if (question.kind is QuestionKind.FILE) is not (form is MediaForm.FILE):
        raise ValueError(form)
    if form is MediaForm.FILE:
        return frozenset(FileKind(each.value) for each in question.file_types)
    return KINDS[form]


def room_left(answer: Answer | None, question: Question) -> int | None:
    """How many more files the question takes; None where nothing limits it."""
    if question.kind is not QuestionKind.FILE or question.max_rows is None:
        return None
    return max(0, question.max_rows - len(answer.recordings if answer else ()))


def _hold_room(answer: Answer, question: Question) -> None:
    if room_left(answer, question) == 0:
        raise TooManyFiles(question.max_rows or 0)


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
