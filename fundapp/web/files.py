"""Giving a file to somebody who may read it, in a way that lets it do nothing in their browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from flask import Blueprint, Flask, current_app, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from fundapp.file_checks.names import ascii_name, name_to_save
from fundapp.lifecycles import FileStatus
from fundapp.models.file import FileKind, StoredFile
from fundapp.permissions import Permission
from fundapp.queries.files import get_file
from fundapp.settings import MEGABYTE, Settings
from fundapp.storage import Room, file_store, settings_of_files
from fundapp.web.access import requires
from fundapp.web.csrf import SAFE_METHODS
from fundapp.web.sessions import our_session

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

bp = Blueprint("files", __name__)
PLAYABLE = (FileKind.AUDIO, FileKind.VIDEO)
AROUND_A_FILE = MEGABYTE  # fields beside it, and what multipart adds
_MARK = "takes_files"
BY_A_PLAYER = ("audio", "video", None)  # None: browsers too old to say what they want it for


@bp.get("/files/<uuid:file_id>")
@requires(Permission.FILE_READ, file=get_file)
def file(file: StoredFile) -> ResponseReturnValue:
    """Whole or in ranges, so that a phone's player can jump. What is not clean does not exist."""
    key = file.storage_key
    if file.status is not FileStatus.CLEAN or key is None or not key.startswith(f"{Room.CLEAN}/"):
        raise NotFound
    response = send_file(file_store().open(key), mimetype=file.media_type, conditional=False, etag=False)
    response.make_conditional(request.environ, accept_ranges=True, complete_length=file.size_bytes)
    response.headers["Content-Disposition"] = _disposition(file)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _disposition(file: StoredFile) -> str:
    """Saved, not shown; only a player on a page of ours may play it."""
    plays = file.kind in PLAYABLE and request.headers.get("Sec-Fetch-Dest") in BY_A_PLAYER
    name = name_to_save(file.original_name, file.media_type)
    way = "inline" if plays else "attachment"
    return f"{way}; filename=\"{ascii_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"


def takes_files(view: View) -> View:
    """Outermost on a view: whoever is signed in may send it bodies as large as the largest file."""
    setattr(view, _MARK, True)
    return view


def init_uploads(app: Flask, settings: Settings) -> None:
    app.jinja_env.globals["largest_file"] = settings.largest_upload // MEGABYTE
    app.before_request(let_files_through)
    app.before_request(refuse_too_many_fields)


def let_files_through() -> None:
    """Before anything reads the body. Everybody else, and every other page, keeps the small limit."""
    if request.method in SAFE_METHODS:
        return
    if not hasattr(current_app.view_functions.get(request.endpoint or ""), _MARK):
        return
    if our_session().user_id is not None:
        request.max_content_length = settings_of_files().largest_upload + AROUND_A_FILE


def refuse_too_many_fields() -> None:
    """The limit on parts is Werkzeug's, and for forms with files alone; this one is for the others."""
    most = current_app.config["MAX_FORM_PARTS"]
    if request.method not in SAFE_METHODS and sum(1 for _field in request.form.items(multi=True)) > most:
        raise RequestEntityTooLarge
