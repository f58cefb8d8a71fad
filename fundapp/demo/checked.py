"""Files of the demo, as if they had been sent and checked."""

from __future__ import annotations

import hashlib
from datetime import datetime

from fundapp.file_checks.results import Checked
from fundapp.models.file import StoredFile
from fundapp.services.files import accept_file
from fundapp.storage import Room, file_store


def as_checked(file: StoredFile, content: bytes, found: Checked, *, at: datetime) -> StoredFile:
    key = file_store().new_key(Room.CLEAN)
    size = file_store().write(key, [content], most=len(content))
    accept_file(file, found, key=key, size=size, sha256=hashlib.sha256(content).hexdigest(), now=at)
    return file
