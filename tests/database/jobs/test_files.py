"""From quarantine to clean or refused, with and without a virus scanner, and what is tidied away."""

from __future__ import annotations

import dataclasses
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.file_checks import scanner
from fundapp.file_checks.scanner import ScannerAway, harm_found
from fundapp.jobs.daily import Mornings
from fundapp.jobs.run import sweep
from fundapp.lifecycles import FileStatus
from fundapp.models.file import FileKind, StoredFile
from fundapp.models.message import OutboxJob
from fundapp.services.events import broken_links
from fundapp.services.files import begin_upload, erase_file, receive_file
from fundapp.storage import Room, file_store
from tests.database.jobs.clamd import EICAR, Clamd, running_clamd
from tests.factories import OrganisationFactory, UserFactory
from tests.file_checks.makers import docx, photo, sound, zipped

ALL_KINDS = frozenset(FileKind)


@pytest.fixture
def clamd(own_app: Flask, tmp_path: Path) -> Iterator[Clamd]:
    """This installation's scanner."""
    with running_clamd(tmp_path / "clamd.sock") as server:
        use_scanner(own_app, server.address)
        yield server


def use_scanner(app: Flask, address: str) -> None:
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], clamd=address)


def sent(content: bytes, *, name: str = "a file") -> UUID:
    with unit_of_work():
        file = receive_file(
            io.BytesIO(content),
            name=name,
            kinds=ALL_KINDS,
            organisation=OrganisationFactory(),
            actor=UserFactory(),
            now=utcnow(),
            once="once",
        )
        return file.id


def stored(file_id: UUID) -> StoredFile:
    with unit_of_work():
        return db.session.get_one(StoredFile, file_id, populate_existing=True)


def state(file_id: UUID) -> tuple[FileStatus, str | None]:
    file = stored(file_id)
    return file.status, file.refused_reason


def bytes_left() -> list[str]:
    return sorted(key.split("/")[0] for key in file_store().keys_before(utcnow() + timedelta(days=9)))


def a_morning() -> None:
    Mornings().promise(utcnow().replace(hour=12))


def sweep_until_quiet() -> None:
    while sweep():
        continue


def test_photo_becomes_clean_and_what_was_sent_is_destroyed(own_app: Flask):
    file_id = sent(photo("jpeg"))

    sweep_until_quiet()

    file = stored(file_id)
    content = file_store().open(str(file.storage_key)).read()
    assert (file.status, file.media_type, file.seconds) == (FileStatus.CLEAN, "image/jpeg", None)
    assert (b"CANARY" in content, len(content)) == (False, file.size_bytes)
    assert bytes_left() == ["clean"]
    with unit_of_work():
        assert list(broken_links()) == []


def test_recording_gets_its_length(own_app: Flask):
    file_id = sent(sound(seconds=2))

    sweep_until_quiet()

    assert (stored(file_id).kind, stored(file_id).seconds) == (FileKind.AUDIO, 2)


def test_broken_file_is_refused_and_destroyed(own_app: Flask):
    file_id = sent(photo("jpeg")[:300])

    sweep_until_quiet()

    assert state(file_id) == (FileStatus.REFUSED, "broken")
    assert bytes_left() == []


def test_file_erased_before_its_check_leaves_nothing(own_app: Flask):
    file_id = sent(photo("jpeg"))
    with unit_of_work():
        erase_file(db.session.get_one(StoredFile, file_id), actor=None, now=utcnow())

    sweep_until_quiet()

    assert state(file_id) == (FileStatus.ERASED, None)
    assert bytes_left() == []


HARMFUL = {
    "docx": docx({"word/media/note.txt": EICAR}),
    "docx in docx": docx({"word/embeddings/a.docx": docx({"word/note.txt": EICAR})}),
    "zip": zipped({"note.txt": EICAR}),
    "after a photo": photo("jpeg") + EICAR,
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL.keys())
def test_virus_is_refused_and_destroyed(clamd: Clamd, content: bytes):
    file_id = sent(content)

    sweep_until_quiet()

    assert state(file_id) == (FileStatus.REFUSED, "virus")
    assert (bytes_left(), clamd.seen) == ([], 1)


def test_clean_file_is_asked_about_once(clamd: Clamd):
    file_id = sent(docx())

    sweep_until_quiet()

    assert state(file_id) == (FileStatus.CLEAN, None)
    assert clamd.seen == 1


def make_away(app: Flask, server: Clamd, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "down":
        use_scanner(app, server.address + ".gone")
    elif how == "slow":
        server.is_silent = True
        monkeypatch.setattr(scanner, "ANSWER_SECONDS", 0.2)
    else:
        server.most = 10


@pytest.mark.parametrize("how", ["down", "slow", "over size"])
def test_file_stays_unread_until_the_scanner_answers(
    own_app: Flask, clamd: Clamd, monkeypatch: pytest.MonkeyPatch, how: str
):
    file_id = sent(docx())
    make_away(own_app, clamd, monkeypatch, how)

    sweep_until_quiet()
    waiting = (state(file_id), bytes_left())
    clamd.is_silent, clamd.most = False, 10**9
    use_scanner(own_app, clamd.address)
    with time_machine.travel(utcnow() + timedelta(minutes=1), tick=True):
        sweep_until_quiet()

    assert waiting == ((FileStatus.QUARANTINED, None), ["quarantine"])
    assert state(file_id) == (FileStatus.CLEAN, None)


def test_scanner_that_is_away_for_days_is_asked_again_and_again(own_app: Flask):
    use_scanner(own_app, "/nowhere/clamd.sock")
    file_id = sent(docx())

    for minutes in range(0, 48 * 60, 60):
        with time_machine.travel(utcnow() + timedelta(minutes=minutes), tick=False):
            sweep()

    with unit_of_work():
        open_jobs = db.session.execute(
            sa.select(sa.func.count())
            .select_from(OutboxJob)
            .where(OutboxJob.done_at.is_(None), OutboxJob.given_up_at.is_(None))
        ).scalar_one()
    assert (state(file_id)[0], open_jobs) == (FileStatus.QUARANTINED, 1)


@pytest.mark.parametrize("answer", [b"", b"stream: what ERROR\0", b"stream: FOUND it not\0", b"\xff" * 5000])
def test_unclear_answer_is_no_permission(tmp_path: Path, answer: bytes):
    (tmp_path / "file").write_bytes(b"x")

    with running_clamd(tmp_path / "sock") as server:
        server.answer = answer
        with pytest.raises(ScannerAway):
            harm_found(server.address, tmp_path / "file")


def test_scanner_is_found_by_host_and_port_too(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"x")

    with pytest.raises(ScannerAway):
        harm_found("127.0.0.1:9", tmp_path / "file")


def test_once_a_day_what_nobody_needs_goes(own_app: Flask):
    store = file_store()
    orphan = store.new_key(Room.CLEAN)
    store.write(orphan, [b"no row names these"], most=100)
    kept = sent(photo("jpeg"))
    with unit_of_work():
        begun = begin_upload(
            name="a",
            size=10,
            kinds=ALL_KINDS,
            organisation=OrganisationFactory(),
            actor=UserFactory(),
            now=utcnow(),
            once="never finished",
        ).id
    sweep_until_quiet()
    age = (utcnow() - timedelta(days=2)).timestamp()
    for key in list(store.keys_before(utcnow() + timedelta(days=1))):
        with store.local_copy(key) as path:
            os.utime(path, (age, age))

    with time_machine.travel(utcnow() + timedelta(days=3), tick=True):
        a_morning()
        a_morning()
        sweep_until_quiet()

    assert bytes_left() == ["clean"]
    assert (store.size(orphan), state(kept)[0], state(begun)[0]) == (0, FileStatus.CLEAN, FileStatus.ERASED)


def test_check_that_was_given_up_is_promised_again(own_app: Flask):
    file_id = sent(photo("jpeg"))
    with unit_of_work():
        db.session.execute(sa.update(OutboxJob).values(given_up_at=utcnow()))

    with time_machine.travel(utcnow() + timedelta(days=2), tick=True):
        a_morning()
        sweep_until_quiet()

    assert state(file_id) == (FileStatus.CLEAN, None)
