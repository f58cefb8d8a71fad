"""Files in pieces, as the script of a recording page sends them over a weak line. Every answer is JSON."""

from __future__ import annotations

from collections.abc import Collection

from flask import get_template_attribute, jsonify, request
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.errors import FundError
from fundapp.file_checks.results import Refusal
from fundapp.lifecycles import FileStatus
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.organisation import Organisation
from fundapp.services.file_quotas import QuotaReached
from fundapp.services.files import NotTaken, append_piece, begin_upload, finish_upload, received_bytes
from fundapp.storage import TooLarge, WrongOffset
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user

LARGEST_NUMBER_LENGTH = 15


def take_piece(organisation: Organisation, kinds: Collection[FileKind], *, page: str) -> StoredFile:
    """Inside a unit of work. The same file sent again, also by another page, goes on where it stopped and
    stays one file. `page`: what it is for, so that it is another file elsewhere.

    Raises what `services.files` raises, and ValueError for an address that no page of ours makes.
    """
    actor, now = signed_in_user(), utcnow()
    size, offset = _number("size"), _number("at")
    file = begin_upload(
        name="recording",
        size=size,
        kinds=kinds,
        organisation=organisation,
        actor=actor,
        now=now,
        once=f"{page}{_number('once')}-{size}"[:64],
    )
    if file.status is FileStatus.RECEIVING:
        piece = request.files["file"].read() if "file" in request.files else b""
        try:
            known = append_piece(file, piece, offset=offset)
        except WrongOffset as error:
            known = error.known
        if known == file.size_bytes:
            finish_upload(file, actor=actor, now=now)
    return file


def is_whole(file: StoredFile) -> bool:
    return file.status in (FileStatus.QUARANTINED, FileStatus.CLEAN)


def piece_taken(file: StoredFile) -> ResponseReturnValue:
    """`at` says where to go on."""
    known = received_bytes(file) if file.status is FileStatus.RECEIVING else file.size_bytes
    if file.status is FileStatus.REFUSED:
        return piece_refused(NotTaken(Refusal(file.refused_reason or Refusal.UNKNOWN)))
    return jsonify(at=known, part=f"{100 * known // max(file.size_bytes, 1)}%")


def piece_refused(error: Exception) -> ResponseReturnValue:
    return jsonify(error=_words(error)), 422


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
