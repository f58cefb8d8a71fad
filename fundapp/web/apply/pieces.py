"""Files in pieces, as the page's script sends them over a weak line. Every answer is JSON."""

from __future__ import annotations

from flask import get_template_attribute, jsonify, request
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.file_checks.results import Refusal
from fundapp.lifecycles import FileStatus
from fundapp.models.answer_media import MediaForm
from fundapp.models.application import Application
from fundapp.models.file import StoredFile
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.services.answers import lock_draft
from fundapp.services.file_quotas import QuotaReached
from fundapp.services.files import NotTaken, append_piece, begin_upload, finish_upload, received_bytes
from fundapp.services.recordings import KINDS, add_recording
from fundapp.storage import TooLarge, WrongOffset
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import bp
from fundapp.web.apply.other_ways import Spoken, spoken
from fundapp.web.apply.recordings import MEDIA
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user

LARGEST_NUMBER_LENGTH = 15


@bp.post(f"{MEDIA}/pieces")
@requires(Permission.APPLICATION_EDIT, application=get_application)
def media_piece(application: Application, key: str) -> ResponseReturnValue:
    """`at` of the answer says where to go on; the last piece makes the file a part of the answer.

    The same file sent again, also by another page, goes on where it stopped and stays one file.
    """
    here = spoken(application, key)
    try:
        with unit_of_work():
            file = _take_piece(here, MediaForm(request.form.get("kind", "")))
    except (FundError, ValueError) as error:
        return jsonify(error=_words(error)), 422
    known = received_bytes(file) if file.status is FileStatus.RECEIVING else file.size_bytes
    if file.status is FileStatus.REFUSED:
        return jsonify(error=_words(NotTaken(Refusal(file.refused_reason or Refusal.UNKNOWN)))), 422
    return jsonify(at=known, part=f"{100 * known // max(file.size_bytes, 1)}%")


def _take_piece(here: Spoken, form: MediaForm) -> StoredFile:
    """Raises what `services.files` raises, and ValueError for an address that no page of ours makes."""
    actor, now = signed_in_user(), utcnow()
    size, offset = _number("size"), _number("at")
    lock_draft(here.application)
    file = begin_upload(
        name="recording",
        size=size,
        kinds=KINDS[form],
        organisation=here.application.organisation,
        actor=actor,
        now=now,
        once=f"{here.application.id.hex}{_number('once')}-{size}"[:64],
    )
    if file.status is FileStatus.RECEIVING:
        piece = request.files["file"].read() if "file" in request.files else b""
        try:
            known = append_piece(file, piece, offset=offset)
        except WrongOffset as error:
            known = error.known
        if known == file.size_bytes:
            finish_upload(file, actor=actor, now=now)
    if file.status in (FileStatus.QUARANTINED, FileStatus.CLEAN):
        add_recording(here.application, here.question, file, form, actor=actor, now=now)
    return file


def _number(name: str) -> int:
    text = request.args.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > LARGEST_NUMBER_LENGTH:
        raise ValueError(name)
    return int(text)


def _words(error: Exception) -> str:
    """In the reader's language, with what to do."""
    page = "components/file.html"
    match error:
        case NotTaken():
            words = get_template_attribute(page, "refusal_words")(error.reason)
        case TooLarge():
            words = get_template_attribute(page, "refusal_words")(Refusal.TOO_LARGE)
        case QuotaReached():
            words = get_template_attribute(page, "quota_words")(error.quota)
        case FundError():
            words = message_for(error) or ""
        case _:
            words = get_template_attribute(page, "refusal_words")(Refusal.EMPTY)
    return str(words).strip()
