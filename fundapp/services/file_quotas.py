"""How much one group may keep here, and how much one person may send in a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from fundapp.db import lock_row
from fundapp.errors import FundError
from fundapp.models.file import FileKind
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.queries.files import kept_by_group, sent_by_person
from fundapp.settings import MEGABYTE
from fundapp.storage import settings_of_files

A_DAY = timedelta(days=1)
LARGEST_PICTURE = 15 * MEGABYTE
LARGEST_DOCUMENT = 10 * MEGABYTE
LARGEST_AUDIO = 40 * MEGABYTE  # some minutes of an uncompressed recording


class Quota(StrEnum):
    GROUP_FILES = "group_files"
    GROUP_BYTES = "group_bytes"
    PERSON_FILES = "person_files"
    PERSON_BYTES = "person_bytes"


class QuotaReached(FundError):
    """One more would be too much; `quota` says of what."""

    code = "quota_reached"
    status = 413

    def __init__(self, quota: Quota) -> None:
        super().__init__(quota.value)
        self.quota = quota


def largest_of(kind: FileKind) -> int:
    """Bytes of one file."""
    limits = {
        FileKind.PICTURE: LARGEST_PICTURE,
        FileKind.DOCUMENT: LARGEST_DOCUMENT,
        FileKind.AUDIO: LARGEST_AUDIO,
    }
    largest = settings_of_files().largest_upload
    return min(limits.get(kind, largest), largest)


def hold_quota(organisation: Organisation | None, actor: User, *, size: int, now: datetime) -> None:
    """Lock the group, if it is for one, and the person, and count. Raises QuotaReached for one too many."""
    settings = settings_of_files()
    if organisation is not None:
        lock_row(Organisation, organisation.id)
        group = kept_by_group(organisation)
        if group.files + 1 > settings.group_files:
            raise QuotaReached(Quota.GROUP_FILES)
        if group.size + size > settings.group_file_bytes:
            raise QuotaReached(Quota.GROUP_BYTES)
    lock_row(User, actor.id)
    person = sent_by_person(actor, since=now - A_DAY)
    if person.files + 1 > settings.person_files:
        raise QuotaReached(Quota.PERSON_FILES)
    if person.size + size > settings.person_file_bytes:
        raise QuotaReached(Quota.PERSON_BYTES)
