"""A person who was erased is nowhere: not in the database's files, a dump, the folder of files, or a log.

Nor after a backup came back (security.md, AC-80).
"""

from __future__ import annotations

import logging
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from fundapp import create_app
from fundapp.cli import main
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.daily import FORGET
from fundapp.jobs.run import run_rung_job, sweep
from fundapp.log import JsonLines
from fundapp.models.contact import ContactRule
from fundapp.models.event import Event
from fundapp.models.file import FileKind
from fundapp.models.message import Message, OutboxJob
from fundapp.models.user import User, UserSession
from fundapp.services.events import record
from fundapp.services.files import erase_file, receive_file
from fundapp.settings import Settings
from tests.engines import migrated_database, postgresql_program

CANARIES = ("Zahrabird", "quillonbird", "sessionbird", "reasonbird", "adviserbird", "photobird")
MAIL = "zahrabird.quillonbird@example.org"


@pytest.fixture
def url(engine_name: str) -> Iterator[str]:
    with migrated_database(engine_name, "fundapp_erased") as made:
        yield made


@pytest.fixture
def app(url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(Settings.for_tests(url, tmp_path / "data"))
    (tmp_path / "data").mkdir(exist_ok=True)
    with made.app_context():
        yield made
        let_go()


def let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def run(url: str, tmp_path: Path, *arguments: str) -> tuple[int, str]:
    let_go()
    settings = {
        "FUNDAPP_ENVIRONMENT": "test",
        "FUNDAPP_DATABASE_URL": url,
        "FUNDAPP_DATA_DIR": str(tmp_path / "data"),
    }
    result = CliRunner().invoke(main, [*arguments], env=settings)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def somebody() -> None:
    """With a session, a mail, a rule about mail, a reason in the record, and a picture taken back."""
    now = utcnow()
    with unit_of_work():
        person = User(email=MAIL, name="Zahrabird Quillonbird")
        db.session.add(person)
        db.session.flush()
        db.session.add_all(
            [
                ContactRule(user_id=person.id, mail_is_safe=False),
                Message(
                    recipient_id=person.id,
                    kind="address_changed",
                    arguments={},
                    language="en",
                    address="adviserbird@example.org",
                ),
                UserSession(
                    user_id=person.id,
                    token_digest="f" * 64,
                    data={"typed": "sessionbird"},
                    last_seen_at=now,
                    expires_at=now + timedelta(hours=1),
                ),
            ]
        )
        record(person, "change_address", actor=person, reason="My brother, reasonbird, knows the old one.")
        file = receive_file(
            BytesIO(b"\x89PNG\r\n\x1a\n" + b"photobird" * 20),
            name="photobird.png",
            kinds={FileKind.PICTURE},
            organisation=None,
            actor=person,
            now=now,
            once="a",
        )
    with unit_of_work():
        erase_file(file, actor=person, now=now)


def hits(*texts: bytes) -> set[str]:
    together = b"\n".join(texts).lower()
    return {word for word in CANARIES if word.lower().encode() in together}


def dump(url: str) -> bytes:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(sa.make_url(url).database or "")) as connection:
            return "\n".join(connection.iterdump()).encode()
    plain = url.replace("postgresql+psycopg", "postgresql")
    return subprocess.run(
        [postgresql_program("pg_dump"), "--inserts", "--clean", "--if-exists", plain],
        check=True,
        capture_output=True,
    ).stdout


def bring_back(url: str, kept: bytes) -> None:
    let_go()
    if url.startswith("sqlite"):
        path = Path(sa.make_url(url).database or "")
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(kept.decode())
        return
    plain = url.replace("postgresql+psycopg", "postgresql")
    subprocess.run(
        [postgresql_program("psql"), "-q", "-v", "ON_ERROR_STOP=1", plain],
        input=kept,
        check=True,
        capture_output=True,
    )


def files_of(url: str, tmp_path: Path) -> list[bytes]:
    """The database with its log of changes, where it is a file; and all that lies in the data folder."""
    found = [each.read_bytes() for each in (tmp_path / "data").rglob("*") if each.is_file()]
    if url.startswith("sqlite"):
        path = Path(sa.make_url(url).database or "")
        found += [each.read_bytes() for each in path.parent.glob(f"{path.name}*")]
    return found


def counts() -> dict[str, int]:
    tables = ("organisation", "application", "event")
    return {name: db.session.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}


def test_erased_person_is_nowhere_and_stays_so_after_a_backup_came_back(
    app: Flask, url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    somebody()
    let_go()
    backup = dump(url)
    assert hits(backup) == set(CANARIES) - {"photobird"}

    code, _said = run(url, tmp_path, "person-data", "erase", MAIL, "--yes")
    assert code == 0
    sweep()  # bytes go after the change
    let_go()
    assert hits(dump(url), *files_of(url, tmp_path)) == set()
    assert run(url, tmp_path, "audit", "verify")[0] == 0
    assert run(url, tmp_path, "check")[0] == 0

    bring_back(url, backup)
    assert hits(dump(url)) != set()
    code, said = run(url, tmp_path, "check")
    assert (code, "1 people who were erased are here again." in said) == (1, True)
    assert "here again: 1\nNothing was changed." in run(url, tmp_path, "person-data", "erase-again")[1]
    assert run(url, tmp_path, "person-data", "erase-again", "--yes")[0] == 0

    assert hits(dump(url), *files_of(url, tmp_path)) == set()
    assert run(url, tmp_path, "check")[0] == 0
    assert run(url, tmp_path, "audit", "verify")[0] == 0
    steps = db.session.execute(sa.select(Event.step).order_by(Event.number)).scalars().all()
    assert steps[-1] == "erase_person"
    assert "here again: 0" in run(url, tmp_path, "person-data", "erase-again", "--yes")[1]
    logged = "\n".join(JsonLines().format(each) for each in caplog.records)
    assert hits(logged.encode()) == set()


@pytest.mark.only_on("sqlite")
def test_what_a_job_takes_away_leaves_no_copy_in_the_log_of_changes(
    app: Flask, url: str, tmp_path: Path
) -> None:
    """Whoever does it: here the listener. The database is in use, so its log is not put away meanwhile."""
    ended, job = utcnow() - timedelta(days=40), OutboxJob(kind=FORGET, arguments={}, due_at=utcnow())
    with unit_of_work():
        typed = {"typed": "sessionbird"}
        db.session.add(UserSession(token_digest="e" * 64, data=typed, last_seen_at=ended, expires_at=ended))
        db.session.add(job)
    job_id = str(job.id)
    db.session.rollback()
    assert hits(*files_of(url, tmp_path)) == {"sessionbird"}

    run_rung_job(job_id)

    assert db.session.execute(sa.select(UserSession)).all() == []
    assert hits(*files_of(url, tmp_path)) == set()
