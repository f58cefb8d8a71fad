"""Telling the fund by voice, photo or a paper that exists; and the group on what the fund typed."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _, current_language
from forms.pages.grants import CheckInFileForm, ConfirmForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.file_checks.results import Refusal
from fundapp.lifecycles import CheckInStatus
from fundapp.models.file import StoredFile
from fundapp.models.monitoring import CheckIn
from fundapp.permissions import Permission
from fundapp.queries.check_ins import get_check_in
from fundapp.services.check_in_files import (
    PAPERS,
    RECORDINGS,
    UNANSWERED,
    add_check_in_file,
    lock_for_files,
    remove_check_in_file,
)
from fundapp.services.check_ins import confirm_told
from fundapp.services.files import NotTaken, receive_file
from fundapp.web.access import requires
from fundapp.web.awards import asked_in, bp, check_in_page
from fundapp.web.binding import bind
from fundapp.web.conversations import Conversation
from fundapp.web.errors import message_for
from fundapp.web.files import takes_files
from fundapp.web.pieces import is_whole, piece_refused, piece_taken, take_piece
from fundapp.web.posted_save import new_once, posted_once
from fundapp.web.security_headers import allow_recording
from fundapp.web.sessions import signed_in_user

KINDS = {"voice": RECORDINGS, "video": RECORDINGS, "paper": PAPERS}
LONGEST_MINUTES = 10  # of one recording; a longer one is taken too
FILES = "/check-ins/<uuid:check_in_id>/files"


@takes_files
@bp.route(FILES, methods=["GET", "POST"])
@requires(Permission.CHECK_IN_ANSWER, check_in=get_check_in)
def check_in_files(check_in: CheckIn) -> ResponseReturnValue:
    """Each file is stored at once, so that nothing wrong elsewhere can lose it."""
    if (check_in.is_over or check_in.status not in UNANSWERED) and request.method == "GET":
        return redirect(url_for(".check_in", check_in_id=check_in.id))
    form = bind(CheckInFileForm, data={"kind": "voice"})
    if request.method == "GET":
        return _page(check_in, form)
    if not form.validate():
        return _page(check_in, form), 422
    try:
        _receive(check_in, form["kind"].data)
    except FundError as error:
        return _page(check_in, form, refused=error), error.status
    return redirect(url_for(".check_in_files", check_in_id=check_in.id, **asked_in()))


@bp.post(f"{FILES}/pieces")
@requires(Permission.CHECK_IN_ANSWER, check_in=get_check_in)
def check_in_piece(check_in: CheckIn) -> ResponseReturnValue:
    """The last piece makes the file a part of what is told."""
    try:
        with unit_of_work():
            file = _take(check_in)
    except (FundError, ValueError, KeyError) as error:
        return piece_refused(error)
    return piece_taken(file)


@bp.post(f"{FILES}/<uuid:told_file_id>/remove")
@requires(Permission.CHECK_IN_ANSWER, check_in=get_check_in)
def check_in_file_remove(check_in: CheckIn, told_file_id: UUID) -> ResponseReturnValue:
    added = next((each for each in check_in.files if each.id == told_file_id), None)
    if added is None:
        raise NotFound
    with unit_of_work():
        remove_check_in_file(added, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".check_in_files", check_in_id=check_in.id, **asked_in()))


@bp.post("/check-ins/<uuid:check_in_id>/confirm")
@requires(Permission.CHECK_IN_ANSWER, check_in=get_check_in)
def check_in_confirm(check_in: CheckIn) -> ResponseReturnValue:
    """What the fund typed is right, or what is missing."""
    form = bind(ConfirmForm)
    if not form.validate():
        conversation = Conversation.of(check_in, current_language().code)
        return check_in_page(conversation, form), 422
    with unit_of_work():
        confirm_told(check_in, form["correction"].data or "", actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".check_in", check_in_id=check_in.id))


def _receive(check_in: CheckIn, kind: str) -> None:
    """Raises NotTaken, TooLarge, QuotaReached, NoRoom and NotPossibleNow."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise NotTaken(Refusal.EMPTY)
    actor, now = signed_in_user(), utcnow()
    with unit_of_work():
        lock_for_files(check_in)
        file = receive_file(
            upload.stream,
            name=upload.filename,
            kinds=KINDS[kind],
            organisation=check_in.award.organisation,
            actor=actor,
            now=now,
            once=f"{check_in.id.hex}{posted_once()}"[:64],
        )
        add_check_in_file(check_in, file, actor=actor, now=now)


def _take(check_in: CheckIn) -> StoredFile:
    lock_for_files(check_in)
    file = take_piece(check_in.award.organisation, KINDS[request.form.get("kind", "")], page=check_in.id.hex)
    if is_whole(file):
        add_check_in_file(check_in, file, actor=signed_in_user(), now=utcnow())
    return file


def _page(check_in: CheckIn, form: CheckInFileForm, *, refused: FundError | None = None) -> str:
    allow_recording()
    errors = form.error_list()
    if refused is not None:
        errors = [*errors, ("file", str(message_for(refused) or ""))]
    conversation = Conversation.of(check_in, current_language().code)
    return render_template(
        "awards/check_in_files.html",
        conversation=conversation,
        definition=conversation.definition,
        check_in=check_in,
        told=[each for each in check_in.files if each.removed_at is None],
        is_sent=check_in.status is CheckInStatus.HELD,
        form=form,
        once=new_once(),
        refused=refused,
        minutes=LONGEST_MINUTES,
        pieces_url=url_for(".check_in_piece", check_in_id=check_in.id),
        page_title=_("Tell us by voice, video or photo"),
        page_errors=errors,
        back_url=url_for(".check_in", check_in_id=check_in.id, **asked_in()),
    )
