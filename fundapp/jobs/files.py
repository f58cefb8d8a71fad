"""Files after they came: the check, and the end of what nobody needs any more."""

from __future__ import annotations

from fundapp.db import Json
from fundapp.jobs.kinds import Store, job
from fundapp.services.files import DELETE_BYTES
from fundapp.storage import file_store


@job(DELETE_BYTES)
def delete_bytes(arguments: Json) -> Store:
    """The row that named them is changed already."""
    file_store().delete(arguments["key"])
    return _nothing


def _nothing() -> None:
    """The bytes are gone; no row is left to change."""
