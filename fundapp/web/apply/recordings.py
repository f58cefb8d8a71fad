"""Answering by voice, video or sign language: sending, listening again, taking away, what is said."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _, current_language
from forms.pages.answer_media import RecordingForm, TranscriptForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.file_checks.results import Refusal
from fundapp.lifecycles import ApplicationStatus, FileStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm, TranscriptBy
from fundapp.models.application import Application
from fundapp.permissions import Permission, can
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.recordings import get_recording
from fundapp.services.answer_origins import Typed
from fundapp.services.files import NotTaken, receive_file
from fundapp.services.recordings import (
    add_recording,
    add_refused,
    kinds_for,
    remove_recording,
    restore_recording,
)
from fundapp.services.transcripts import confirm_transcript, may_be_written, save_transcript
from fundapp.storage import TooLarge
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import bp, new_once, posted_once, posted_rev
from fundapp.web.apply.other_ways import Spoken, with_files
from fundapp.web.apply.questions import ADDRESS, around
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.files import takes_files
from fundapp.web.own_device import may_be_kept
from fundapp.web.security_headers import allow_recording
from fundapp.web.sessions import signed_in_user
from fundapp.web.unsaved import SENT_LATER

MEDIA = f"{ADDRESS}/media"
RECORDING = "/applications/<uuid:application_id>/recordings/<uuid:recording_id>"


@takes_files
@bp.route(MEDIA, methods=["GET", "POST"])
@requires(Permission.APPLICATION_EDIT, application=get_application)
def media(application: Application, key: str) -> ResponseReturnValue:
    """On its own page and stored at once, so that nothing wrong elsewhere can lose a file."""
    here = with_files(application, key)
    if application.status is not ApplicationStatus.DRAFT and request.method == "GET":
        return redirect(url_for("apply.application_page", application_id=application.id))
    form = None if here.is_for_files else bind(RecordingForm, data={"kind": MediaForm.VOICE.value})
    if request.method == "GET":
        may_be_kept()
        return _media_page(here, form)
    if form is not None and not form.validate():
        return _media_page(here, form), 422
    kind = MediaForm.FILE if form is None else MediaForm(form["kind"].data)
    try:
        _receive(here, kind)
    except FundError as error:
        if SENT_LATER in request.form and isinstance(error, NotTaken | TooLarge):
            _refuse_unseen(here, kind, error)
            return "", 202  # its phone need not keep it any more
        return _media_page(here, form, refused=error), error.status
    return redirect(_address(here))


@bp.post(f"{RECORDING}/remove")
@requires(Permission.APPLICATION_EDIT, application=get_application, recording=get_recording)
def remove(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    with unit_of_work():
        remove_recording(own(application, recording), actor=signed_in_user(), now=utcnow())
    return _to_media(application, recording)


@bp.post(f"{RECORDING}/restore")
@requires(Permission.APPLICATION_EDIT, application=get_application, recording=get_recording)
def restore(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    here = with_files(application, own(application, recording).answer.question_key)
    with unit_of_work():
        restore_recording(recording, here.question, actor=signed_in_user(), now=utcnow())
    return _to_media(application, recording)


@bp.route(f"{RECORDING}/transcript", methods=["GET", "POST"])
@requires(Permission.APPLICATION_EDIT, application=get_application, recording=get_recording)
def transcript(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    """What is said in it: written by the group, or by the fund for the group to correct."""
    if own(application, recording).is_file:
        raise NotFound
    language = recording.transcript_language or current_language().code
    form = bind(TranscriptForm, data={"text": recording.transcript or "", "answer_language": language})
    if request.method == "GET":
        return _transcript_page(recording, form, rev=recording.transcript_rev, once=new_once())
    if not form.validate():
        return _transcript_page(recording, form, rev=posted_rev(), once=posted_once()), 422
    typed = Typed(form["text"].data, form["answer_language"].data, posted_rev(), posted_once())
    with unit_of_work():
        outcome = save_transcript(
            recording,
            typed,
            by=TranscriptBy.GROUP,
            may_confirm=can(signed_in_user(), Permission.APPLICATION_SPEAK_FOR, application),
            actor=signed_in_user(),
            now=utcnow(),
        )
    if outcome.is_stale:
        fresh = get_recording(recording.id)
        return _transcript_page(fresh, form, rev=outcome.rev, once=new_once(), is_stale=True), 409
    return redirect(_after(application, recording))


@bp.post(f"{RECORDING}/transcript/confirm")
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application, recording=get_recording)
def confirm_written(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    with unit_of_work():
        confirm_transcript(
            own(application, recording), rev=posted_rev(), actor=signed_in_user(), now=utcnow()
        )
    return redirect(_after(application, recording))


def own(application: Application, recording: AnswerMedia) -> AnswerMedia:
    """404 for one of another application."""
    if recording.answer.application_id != application.id:
        raise NotFound
    return recording


def _receive(here: Spoken, form: MediaForm) -> None:
    """Raises NotTaken, TooLarge, QuotaReached, NoRoom and NotPossibleNow."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise NotTaken(Refusal.EMPTY)
    actor, now = signed_in_user(), utcnow()
    with unit_of_work():
        file = receive_file(
            upload.stream,
            name=upload.filename,
            kinds=kinds_for(here.question, form),
            organisation=here.application.organisation,
            actor=actor,
            now=now,
            once=_once(here),
        )
        add_recording(here.application, here.question, file, form, actor=actor, now=now)


def _refuse_unseen(here: Spoken, form: MediaForm, error: NotTaken | TooLarge) -> None:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return
    reason = error.reason if isinstance(error, NotTaken) else Refusal.TOO_LARGE
    name, once, actor, now = upload.filename, _once(here), signed_in_user(), utcnow()
    with unit_of_work():
        add_refused(here.application, here.question, name, reason, form, once=once, actor=actor, now=now)


def _once(here: Spoken) -> str:
    return f"{here.application.id.hex}{posted_once()}"[:64]


def _address(here: Spoken) -> str:
    back = request.args.get("back") == "check" and here.comes_first
    return url_for(
        "apply.media",
        application_id=here.application.id,
        key=here.question.key,
        back="check" if back else None,
    )


def _to_media(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    key = recording.answer.question_key
    return redirect(url_for("apply.media", application_id=application.id, key=key))


def _after(application: Application, recording: AnswerMedia) -> str:
    if application.status is ApplicationStatus.DRAFT:
        key = recording.answer.question_key
        return url_for("apply.media", application_id=application.id, key=key)
    return url_for("apply.application_page", application_id=application.id)


def _media_page(here: Spoken, form: RecordingForm | None, *, refused: FundError | None = None) -> str:
    if form is not None:
        allow_recording()
    application, key = here.application, here.question.key
    kept = here.answer.media if here.answer else []
    errors = form.error_list() if form is not None else []
    if refused is not None:
        errors = [*errors, ("file", str(message_for(refused) or ""))]
    question_url = url_for("apply.question", application_id=application.id, key=key)
    back_url, next_url = around(application, here.question) if here.comes_first else (question_url, None)
    label = here.question.label.in_language(current_language().code)
    return render_template(
        "apply/files.html" if form is None else "apply/media.html",
        here=here,
        definition=definition_for(application),
        form=form,
        once=new_once(),
        refused=refused,
        parts=[each for each in kept if each.removed_at is None],
        removed=[each for each in kept if each.removed_at is not None],
        is_too_long=here.is_too_long,
        pieces_url=url_for("apply.media_piece", application_id=application.id, key=key),
        page_title=label if here.comes_first else _("Answer by voice or video"),
        page_errors=errors,
        back_url=back_url,
        next_url=next_url,
    )


def _transcript_page(
    recording: AnswerMedia, form: TranscriptForm, *, rev: int, once: str, is_stale: bool = False
) -> str:
    application = recording.answer.application
    return render_template(
        "apply/transcript.html",
        application=application,
        definition=definition_for(application),
        recording=recording,
        form=form,
        rev=rev,
        once=once,
        is_stale=is_stale,
        may_confirm=can(signed_in_user(), Permission.APPLICATION_SPEAK_FOR, application),
        may_write=may_be_written(recording) and recording.file.status is not FileStatus.REFUSED,
        page_title=_("What is said in this recording"),
        page_errors=form.error_list(),
        back_url=_after(application, recording),
    )
