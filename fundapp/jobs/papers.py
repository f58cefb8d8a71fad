"""Making papers: read what they hold, make them outside any transaction, keep the bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from forms.definition import Stage
from forms.i18n import activate
from fundapp.clock import utcnow
from fundapp.db import Json, db, unit_of_work
from fundapp.documents.agreement import SignedPaper, agreement_as_pdf, signed_paper
from fundapp.documents.blank_form import blank_form
from fundapp.documents.bundle import bundle_of, write_bundle
from fundapp.documents.copies import copy_of
from fundapp.documents.paper import Paper
from fundapp.documents.pdf import NoTextEngine, paper_as_pdf, stylesheet
from fundapp.documents.reading_pack import pack_of, write_pack_pdf, write_recordings
from fundapp.jobs.kinds import Store, job
from fundapp.models.panel import PanelSeat
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.queries.agreements import get_text
from fundapp.queries.applications import get_application
from fundapp.queries.calls import definition_of
from fundapp.queries.files import list_files_of
from fundapp.queries.papers import pack_recipe
from fundapp.services.papers import MAKE_PAPER, Failure, keep_made, note_failure
from fundapp.storage import Room, TooLarge, file_store, pieces_of

LARGEST_PAPER = 2 * 1024 * 1024 * 1024
Making = Callable[[Path], None]


@job(MAKE_PAPER)
def make_paper(arguments: Json) -> Store:
    """The bytes are kept before the row says so; bytes that no row names are cleared away later."""
    paper_id = UUID(arguments["paper_id"])
    with unit_of_work():
        making = _read(paper_id)
    if making is None:
        return _nothing
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper"
        try:
            making(path)
            return _kept(paper_id, path)
        except NoTextEngine:
            return partial(note_failure, paper_id, Failure.NO_TEXT_ENGINE)
        except TooLarge:
            return partial(note_failure, paper_id, Failure.TOO_LARGE)


def _read(paper_id: UUID) -> Making | None:
    """What to make, as values: nothing of it asks the database later."""
    made = db.session.get(MadePaper, paper_id)
    if made is None or made.made_at is not None:
        return None
    with activate(made.language):
        if made.call_version is not None and made.stage is not None:
            version = made.call_version
            form = blank_form(definition_of(version), Stage(made.stage.value), version.call.fund)
            return partial(_write_pdf, form, is_large=made.is_large)
        if made.agreement is not None:
            return partial(_write_agreement, signed_paper(get_text(made.agreement.id)))
        if made.seat is not None:
            return _read_pack(made, made.seat)
        application = get_application(made.application_id or paper_id)
        files = list_files_of(application)
        if made.kind is PaperKind.BUNDLE:
            return partial(write_bundle, bundle_of(application, files))
        return partial(_write_pdf, copy_of(application, files), is_large=made.is_large)


def _read_pack(made: MadePaper, seat: PanelSeat) -> Making | None:
    """As it is now; None when it is no longer what was asked for, as after a tie: nobody finds it then."""
    now = utcnow()
    if made.recipe != pack_recipe(seat, made.kind, made.language, is_large=made.is_large, now=now):
        return None
    hides_names = seat.panel.hides_names(now)
    pack = pack_of(seat, language=made.language, now=made.asked_at, hides_names=hides_names)
    if made.kind is PaperKind.READING_RECORDINGS:
        return partial(write_recordings, pack, style=stylesheet())
    return partial(write_pack_pdf, pack, is_large=made.is_large)


def _write_pdf(paper: Paper, path: Path, *, is_large: bool) -> None:
    path.write_bytes(paper_as_pdf(paper, is_large=is_large))


def _write_agreement(paper: SignedPaper, path: Path) -> None:
    path.write_bytes(agreement_as_pdf(paper))


def _kept(paper_id: UUID, path: Path) -> Store:
    store = file_store()
    key = store.new_key(Room.MADE)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        size = store.write(key, pieces_of(file), most=LARGEST_PAPER)
    return lambda: keep_made(paper_id, key=key, size=size, sha256=digest, now=utcnow())


def _nothing() -> None:
    """Made before, or nobody waits for it any more."""
