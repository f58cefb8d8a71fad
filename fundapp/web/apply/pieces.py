"""Recordings of an answer in pieces, as the page's script sends them over a weak line."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.answer_media import MediaForm
from fundapp.models.application import Application
from fundapp.models.file import StoredFile
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.services.answers import lock_draft
from fundapp.services.recordings import add_recording, kinds_for
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import bp
from fundapp.web.apply.other_ways import Spoken, spoken
from fundapp.web.apply.recordings import MEDIA
from fundapp.web.pieces import is_whole, piece_refused, piece_taken, take_piece
from fundapp.web.sessions import signed_in_user


@bp.post(f"{MEDIA}/pieces")
@requires(Permission.APPLICATION_EDIT, application=get_application)
def media_piece(application: Application, key: str) -> ResponseReturnValue:
    """The last piece makes the file a part of the answer."""
    here = spoken(application, key)
    try:
        with unit_of_work():
            file = _take(here, MediaForm(request.form.get("kind", "")))
    except (FundError, ValueError) as error:
        return piece_refused(error)
    return piece_taken(file)


def _take(here: Spoken, form: MediaForm) -> StoredFile:
    lock_draft(here.application)
    file = take_piece(
        here.application.organisation, kinds_for(here.question, form), page=here.application.id.hex
    )
    if is_whole(file):
        add_recording(here.application, here.question, file, form, actor=signed_in_user(), now=utcnow())
    return file
