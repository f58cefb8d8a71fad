"""All copies of an application and all its files in one ZIP."""

from __future__ import annotations

import contextlib
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fundapp.documents.copies import copy_as_data, copy_as_text, copy_of
from fundapp.documents.paper import Paper
from fundapp.documents.pdf import NoTextEngine, paper_as_file, paper_as_pdf
from fundapp.documents.word import paper_as_word
from fundapp.file_checks.names import name_to_save
from fundapp.lifecycles import FileStatus
from fundapp.models.application import Application
from fundapp.models.file import FileUse
from fundapp.storage import file_store


@dataclass(frozen=True)
class Bundle:
    """As values: what is written later, outside any transaction."""

    paper: Paper
    text: str
    data: str
    files: tuple[tuple[str, str], ...]  # name inside the ZIP, key in the store


def bundle_of(application: Application, files: Sequence[FileUse]) -> Bundle:
    return Bundle(
        paper=copy_of(application, files),
        text=copy_as_text(application),
        data=copy_as_data(application),
        files=tuple(_named(files)),
    )


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Without a PDF where this machine cannot make one; everything else is there in any case."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("copy.txt", bundle.text)
        archive.writestr("copy.json", bundle.data)
        archive.writestr("copy.html", paper_as_file(bundle.paper))
        archive.writestr("copy.docx", paper_as_word(bundle.paper))
        with contextlib.suppress(NoTextEngine):
            archive.writestr("copy.pdf", paper_as_pdf(bundle.paper))
        for name, key in bundle.files:
            with file_store().open(key) as kept, archive.open(name, "w", force_zip64=True) as inside:
                shutil.copyfileobj(kept, inside)


def _named(files: Sequence[FileUse]) -> Iterator[tuple[str, str]]:
    """By place and number, so that two files of one name do not meet. Only what is clean."""
    clean = [use for use in files if use.file.status is FileStatus.CLEAN and use.file.storage_key]
    for number, use in enumerate(clean, start=1):
        name = name_to_save(use.file.original_name, use.file.media_type)
        yield f"files/{number:02} {use.place} {name}", str(use.file.storage_key)
