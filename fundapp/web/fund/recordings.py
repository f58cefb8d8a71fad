"""Recordings that wait for somebody of the fund to listen and write down what is said."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.pages.answer_media import TranscriptForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import FileStatus
from fundapp.models.answer_media import AnswerMedia, TranscriptBy
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.calls import get_call
from fundapp.queries.recordings import get_recording, list_without_transcript
from fundapp.services.answer_origins import Typed
from fundapp.services.transcripts import may_be_written, note_heard, save_transcript
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.posted_save import new_once, posted_once, posted_rev

bp = Blueprint("fund_recordings", __name__)
RECORDING = "/fund/applications/<uuid:application_id>/recordings/<uuid:recording_id>"


@bp.get("/fund/calls/<uuid:call_id>/recordings")
@requires(Permission.CALL_RUN, call=get_call)
def list_page(call: Call) -> ResponseReturnValue:
    found = list_without_transcript(call, reader=current_user)
    return render_template(
        "fund/answers/recordings.html",
        call=call,
        found=[(each, _question_of(each)) for each in found],
        page_title=_("Recordings to write down"),
    )


@bp.route(RECORDING, methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application, recording=get_recording)
def transcript(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    """Listen, and type what is said; the group is told and can correct every word."""
    _check_own(application, recording)
    language = recording.transcript_language or application.language
    form = bind(TranscriptForm, data={"text": recording.transcript or "", "answer_language": language})
    if request.method == "GET":
        return _page(recording, form, rev=recording.transcript_rev, once=new_once())
    if not form.validate():
        return _page(recording, form, rev=posted_rev(), once=posted_once()), 422
    typed = Typed(form["text"].data, form["answer_language"].data, posted_rev(), posted_once())
    try:
        with unit_of_work():
            outcome = save_transcript(
                recording, typed, by=TranscriptBy.STAFF, actor=current_user, now=utcnow()
            )
    except FundError as error:
        fresh = get_recording(recording.id)
        return _page(fresh, form, rev=fresh.transcript_rev, once=new_once(), refused=error), error.status
    if outcome.is_stale:
        fresh = get_recording(recording.id)
        return _page(fresh, form, rev=outcome.rev, once=new_once(), is_stale=True), 409
    return redirect(url_for(".list_page", call_id=application.call_id))


@bp.post(f"{RECORDING}/heard")
@requires(Permission.APPLICATION_RUN, application=get_application, recording=get_recording)
def heard(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    _check_own(application, recording)
    with unit_of_work():
        note_heard(recording, actor=current_user, now=utcnow())
    return redirect(url_for(".list_page", call_id=application.call_id))


def _check_own(application: Application, recording: AnswerMedia) -> None:
    if recording.answer.application_id != application.id:
        raise NotFound


def _question_of(recording: AnswerMedia) -> object:
    """Its label, in all languages."""
    form = definition_for(recording.answer.application).form
    return form.question(recording.answer.question_key).label


def _page(
    recording: AnswerMedia,
    form: TranscriptForm,
    *,
    rev: int,
    once: str,
    refused: FundError | None = None,
    is_stale: bool = False,
) -> str:
    return render_template(
        "fund/answers/transcript.html",
        application=recording.answer.application,
        recording=recording,
        label=_question_of(recording),
        form=form,
        rev=rev,
        once=once,
        refused=refused,
        is_stale=is_stale,
        may_write=may_be_written(recording) and recording.file.status is FileStatus.CLEAN,
        page_title=_("What is said in this recording"),
        page_errors=form.error_list(),
    )
