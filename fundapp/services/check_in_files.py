"""Recordings, photos and papers of a conversation: added one by one, taken away until the group sends it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import TALKS_TO_COME, CheckInStatus
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.monitoring import CheckIn, CheckInFile
from fundapp.models.user import User
from fundapp.services.check_ins import lock_check_in
from fundapp.services.events import record
from fundapp.services.files import erase_file
from fundapp.services.group_messages import tell_group
from fundapp.services.messages import MessageKind

UNANSWERED = (*TALKS_TO_COME, CheckInStatus.HELD)  # what was sent may turn out to be no use
RECORDINGS = frozenset({FileKind.AUDIO, FileKind.VIDEO})
PAPERS = frozenset({FileKind.PICTURE, FileKind.DOCUMENT})


def add_check_in_file(check_in: CheckIn, file: StoredFile, *, actor: User, now: datetime) -> CheckInFile:
    """Twice is once. Raises NotPossibleNow once the fund has answered."""
    lock_for_files(check_in, UNANSWERED)
    if file.organisation_id != check_in.award.organisation_id:
        raise ValueError("a file tells something about its own group only")
    known = next((each for each in check_in.files if each.file_id == file.id), None)
    if known is not None:
        return known
    added = CheckInFile(check_in=check_in, file=file, added_by_id=actor.id, created_at=now)
    db.session.add(added)
    _write_down(check_in, "add_file", added, actor, now)
    return added


def remove_check_in_file(added: CheckInFile, *, actor: User, now: datetime) -> None:
    """Gone for good. Twice is once. Raises NotPossibleNow when the conversation has been sent."""
    lock_for_files(added.check_in, TALKS_TO_COME)
    if added.removed_at is not None:
        return
    added.removed_at = now
    erase_file(added.file, actor=actor, now=now)
    _write_down(added.check_in, "remove_file", added, actor, now)


def tell_about_unusable_in_check_in(file: StoredFile, *, now: datetime) -> None:
    """What was sent turned out to be no use: the group hears of it, and can send another."""
    query = sa.select(CheckInFile).where(CheckInFile.file_id == file.id, CheckInFile.removed_at.is_(None))
    for added in db.session.execute(query).scalars():
        application = added.check_in.award.application
        told = str(added.check_in_id)
        tell_group(application, MessageKind.RECORDING_UNUSABLE, now=now, check_in_id=told)


def lock_for_files(check_in: CheckIn, statuses: Collection[CheckInStatus] = UNANSWERED) -> None:
    lock_check_in(check_in)
    if check_in.status not in statuses:
        raise NotPossibleNow("the conversation has been sent")


def _write_down(check_in: CheckIn, step: str, added: CheckInFile, actor: User, now: datetime) -> None:
    db.session.flush()
    details = {"file": str(added.id), "kind": added.file.kind.value}
    record(check_in, step, actor=actor, now=now, call_id=check_in.award.call_id, details=details)
