"""Handing out papers that the worker has made."""

from __future__ import annotations

from flask import Response, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from fundapp.documents.paper import Paper
from fundapp.documents.word import paper_as_word
from fundapp.models.paper import MadePaper
from fundapp.storage import file_store

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
ZIP = "application/zip"


def send_made(paper: MadePaper | None, *, name: str, media_type: str) -> ResponseReturnValue:
    """Saved under a name that says nothing. What is not made yet is no page."""
    if paper is None or paper.storage_key is None:
        raise NotFound
    kept = file_store().open(paper.storage_key)
    response = send_file(kept, mimetype=media_type, as_attachment=True, download_name=name, etag=False)
    response.headers["Content-Length"] = str(paper.size_bytes)
    return response


def send_word(paper: Paper, *, name: str) -> ResponseReturnValue:
    """Quick to make, so it is made at once."""
    return attached(paper_as_word(paper), name=name, media_type=WORD)


def attached(content: bytes | str, *, name: str, media_type: str) -> ResponseReturnValue:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
