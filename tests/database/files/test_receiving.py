"""Taking files in: whole or in pieces, once, within the limits, unread until checked."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp.errors import NotPossibleNow
from fundapp.file_checks.results import Refusal
from fundapp.lifecycles import FileStatus
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.message import OutboxJob
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.services.file_quotas import Quota, QuotaReached
from fundapp.services.files import (
    NotTaken,
    append_piece,
    begin_upload,
    erase_file,
    finish_upload,
    receive_file,
    received_bytes,
    use_file,
)
from fundapp.storage import TooLarge, WrongOffset, file_store
from tests.factories import (
    ApplicationFactory,
    OrganisationFactory,
    StoredFileFactory,
    UserFactory,
    days,
    now,
)

SOUND = b"OggS" + b"\x00" * 996


@pytest.fixture
def small_limits(app: Flask) -> Iterator[None]:
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(
        before,
        largest_upload=5000,
        group_files=3,
        group_file_bytes=3000,
        person_files=4,
        person_file_bytes=4000,
    )
    yield
    app.config["SETTINGS"] = before


@pytest.fixture
def group(db_session: Any) -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def member(db_session: Any) -> User:
    return UserFactory()


def send(group: Organisation, actor: User, content: bytes = SOUND, **more: Any) -> StoredFile:
    arguments = {"name": "answer.ogg", "kinds": {FileKind.AUDIO}, "once": str(len(content)), "now": now()}
    return receive_file(io.BytesIO(content), organisation=group, actor=actor, **(arguments | more))


def begin(group: Organisation, actor: User, size: int = 1000, **more: Any) -> StoredFile:
    arguments = {"name": "answer.ogg", "kinds": {FileKind.AUDIO}, "once": "in pieces", "now": now()}
    return begin_upload(size=size, organisation=group, actor=actor, **(arguments | more))


def promised(db_session: Any, kind: str) -> list[dict[str, str]]:
    return list(db_session.execute(sa.select(OutboxJob.arguments).where(OutboxJob.kind == kind)).scalars())


def test_received_file_waits_in_quarantine_for_its_check(db_session: Any, group: Organisation, member: User):
    file = send(group, member)

    assert (file.status, file.kind, file.size_bytes) == (FileStatus.QUARANTINED, FileKind.AUDIO, 1000)
    assert str(file.storage_key).startswith("quarantine/")
    assert file_store().open(str(file.storage_key)).read() == SOUND
    assert promised(db_session, "check_file") == [{"file_id": str(file.id)}]


def test_same_posting_keeps_one_file(db_session: Any, group: Organisation, member: User):
    first, second = send(group, member), send(group, member)

    assert first is second
    assert promised(db_session, "check_file") == [{"file_id": str(first.id)}]


def test_name_is_shown_without_what_could_mislead(db_session: Any, group: Organisation, member: User):
    file = send(group, member, name="../../photo\u202egpj.exe\x00")

    assert file.original_name == "photogpj.exe"
    assert "photo" not in str(file.storage_key)


@pytest.mark.parametrize(
    ("content", "kinds", "reason"),
    [
        (b"", {FileKind.AUDIO}, Refusal.EMPTY),
        (b"<html><script>alert(1)</script>", {FileKind.PICTURE}, Refusal.UNKNOWN),
        (b"MZ\x90\x00 a program", {FileKind.DOCUMENT}, Refusal.UNKNOWN),
        (b"%PDF-1.7", {FileKind.AUDIO, FileKind.VIDEO}, Refusal.WRONG_KIND),
    ],
)
def test_what_is_no_file_for_the_place_is_refused_at_once(
    db_session: Any,
    group: Organisation,
    member: User,
    content: bytes,
    kinds: set[FileKind],
    reason: Refusal,
):
    with pytest.raises(NotTaken) as refused:
        send(group, member, content, kinds=kinds)

    assert refused.value.reason is reason
    assert db_session.execute(sa.select(sa.func.count()).select_from(StoredFile)).scalar_one() == 0


def test_file_above_the_limit_leaves_nothing(
    small_limits: None, group: Organisation, member: User, db_session: Any
):
    before = list(file_store().keys_before(days(1)))

    with pytest.raises(TooLarge):
        send(group, member, SOUND * 6)

    assert list(file_store().keys_before(days(1))) == before


def test_upload_in_pieces_continues_where_it_stopped(db_session: Any, group: Organisation, member: User):
    file = begin(group, member)
    append_piece(file, SOUND[:400], offset=0)

    with pytest.raises(WrongOffset) as wrong:
        append_piece(file, SOUND[:400], offset=0)
    again = begin(group, member)
    append_piece(again, SOUND[400:], offset=wrong.value.known)
    finish_upload(again, actor=member, now=now())

    assert again is file
    assert wrong.value.known == 400
    assert (file.status, received_bytes(file)) == (FileStatus.QUARANTINED, 1000)
    assert file_store().open(str(file.storage_key)).read() == SOUND


def test_upload_that_is_not_whole_cannot_be_finished(db_session: Any, group: Organisation, member: User):
    file = begin(group, member)
    append_piece(file, SOUND[:999], offset=0)

    with pytest.raises(WrongOffset) as wrong:
        finish_upload(file, actor=member, now=now())

    assert wrong.value.known == 999
    assert file.status is FileStatus.RECEIVING


def test_upload_takes_no_more_than_was_announced(db_session: Any, group: Organisation, member: User):
    file = begin(group, member)

    with pytest.raises(TooLarge):
        append_piece(file, SOUND + b"x", offset=0)


def test_upload_of_nonsense_is_refused_at_its_end(db_session: Any, group: Organisation, member: User):
    file = begin(group, member)
    key = str(file.storage_key)
    append_piece(file, b"<svg>" + SOUND[5:], offset=0)

    finish_upload(file, actor=member, now=now())

    assert (file.status, file.refused_reason, file.storage_key) == (FileStatus.REFUSED, "unknown", None)
    assert promised(db_session, "delete_bytes") == [{"key": key}]


def test_finished_upload_takes_no_more_pieces(db_session: Any, group: Organisation, member: User):
    file = begin(group, member)
    append_piece(file, SOUND, offset=0)
    finish_upload(file, actor=member, now=now())

    finish_upload(file, actor=member, now=now())
    with pytest.raises(NotPossibleNow):
        append_piece(file, b"", offset=1000)

    assert promised(db_session, "check_file") == [{"file_id": str(file.id)}]


def test_group_keeps_exactly_as_many_files_as_it_may(
    small_limits: None, db_session: Any, group: Organisation
):
    for number in range(3):
        send(group, UserFactory(), SOUND[:100], once=str(number))

    with pytest.raises(QuotaReached) as reached:
        send(group, UserFactory(), SOUND[:100], once="one more")
    assert reached.value.quota is Quota.GROUP_FILES


def test_group_keeps_exactly_as_many_bytes_as_it_may(
    small_limits: None, db_session: Any, group: Organisation
):
    send(group, UserFactory(), SOUND * 2)
    with pytest.raises(QuotaReached) as reached:
        begin(group, UserFactory(), size=1001)

    exactly = begin(group, UserFactory(), size=1000)

    assert reached.value.quota is Quota.GROUP_BYTES
    assert exactly.status is FileStatus.RECEIVING


def test_file_that_was_taken_away_makes_room(
    small_limits: None, db_session: Any, group: Organisation, member: User
):
    first = send(group, member, SOUND * 2 + SOUND)
    with pytest.raises(QuotaReached):
        send(group, UserFactory(), SOUND)

    erase_file(first, actor=member, now=now())

    assert send(group, UserFactory(), SOUND).status is FileStatus.QUARANTINED


@pytest.mark.parametrize(
    ("sizes", "quota"),
    [((1, 1, 1, 1), Quota.PERSON_FILES), ((2000, 1999), Quota.PERSON_BYTES)],
)
def test_person_sends_exactly_as_much_a_day_as_they_may(
    small_limits: None, db_session: Any, member: User, sizes: tuple[int, ...], quota: Quota
):
    for number, size in enumerate(sizes):
        begin(OrganisationFactory(), member, size=size, once=str(number))

    with pytest.raises(QuotaReached) as reached:
        begin(OrganisationFactory(), member, size=2, once="too much")
    tomorrow = begin(OrganisationFactory(), member, size=2, once="tomorrow", now=days(1.01))

    assert reached.value.quota is quota
    assert tomorrow.status is FileStatus.RECEIVING


def test_erased_file_keeps_neither_name_nor_bytes(db_session: Any):
    file = StoredFileFactory()
    key = str(file.storage_key)

    erase_file(file, actor=None, now=now(), reason="retention")

    kept = (file.status, file.original_name, file.sha256, file.storage_key)
    assert kept == (FileStatus.ERASED, "", None, None)
    assert promised(db_session, "delete_bytes") == [{"key": key}]


def test_file_of_another_group_cannot_be_shown(db_session: Any):
    with pytest.raises(ValueError, match="own group"):
        use_file(StoredFileFactory(), ApplicationFactory(), place="Q1")
