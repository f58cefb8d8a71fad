"""Documents: PDF, and the zipped kinds of word processors and spreadsheets."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .office import clean_office
from .pdf import clean_pdf
from .results import Checked

PDF = "application/pdf"


def check_document(source: Path, target: Path, media_type: str, kinds: Collection[str]) -> Checked:
    if media_type == PDF:
        clean_pdf(source, target)
        return Checked("document", PDF)
    return Checked("document", clean_office(source, target))
