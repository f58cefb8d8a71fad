"""Papers of a group: sent once, replaced by newer ones, taken away."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.lifecycles import FileStatus
from fundapp.models.document import DocumentKind, OrganisationDocument
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.queries.documents import find_document_with, list_older_documents
from fundapp.queries.files import is_used
from fundapp.services.events import record
from fundapp.services.files import erase_file

KINDS_OF_FILES = frozenset({FileKind.DOCUMENT, FileKind.PICTURE})  # a photo of a paper will do


def add_document(
    organisation: Organisation, file: StoredFile, kind: DocumentKind, *, actor: User, now: datetime
) -> OrganisationDocument:
    """Once it is clean it takes the place of the older one of its kind. The same file twice is once."""
    if file.organisation_id != organisation.id:
        raise ValueError("a document is a file of its own group")
    lock_row(Organisation, organisation.id)
    if (known := find_document_with(file)) is not None:
        return known
    document = OrganisationDocument(
        organisation=organisation, file=file, kind=kind, added_by_id=actor.id, created_at=now
    )
    db.session.add(document)
    record(document, "add", actor=actor, now=now, details={"kind": kind.value})
    return document


def remove_document(document: OrganisationDocument, *, actor: User, now: datetime) -> None:
    """Nobody can read it from here on, and what it replaced does not come back. Twice is once.

    A file that an application shows as well stays there.
    """
    lock_row(Organisation, document.organisation_id)
    db.session.refresh(document)
    if document.removed_at is not None:
        return
    replaced = document.file.status is FileStatus.CLEAN and document.kind is not DocumentKind.OTHER
    for each in (document, *(list_older_documents(document) if replaced else ())):
        each.removed_at = now
    record(document, "remove", actor=actor, now=now, details={"kind": document.kind.value})
    if not is_used(document.file):
        erase_file(document.file, actor=actor, now=now)
