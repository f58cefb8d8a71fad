"""The folder of files: all of a file or nothing, each piece once, no path anybody could choose."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fundapp import storage
from fundapp.storage import LocalStore, NoRoom, Room, TooLarge, WrongOffset

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


def test_file_is_whole_or_not_there(store: LocalStore):
    key = store.new_key(Room.QUARANTINE)

    def pieces():
        yield b"first"
        raise ConnectionError("the line is gone")

    with pytest.raises(ConnectionError):
        store.write(key, pieces(), most=100)

    assert (store.size(key), list(store.keys_before(TOMORROW))) == (0, [])


def test_file_that_is_too_large_leaves_nothing(store: LocalStore, tmp_path: Path):
    with pytest.raises(TooLarge):
        store.write(store.new_key(Room.QUARANTINE), [b"x" * 60, b"x" * 60], most=100)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "key", ["", "clean/../../etc/passwd", "/etc/passwd", "clean/aa/" + "a" * 31, "other/aa/" + "a" * 32]
)
def test_only_keys_made_here_lead_anywhere(store: LocalStore, key: str):
    with pytest.raises(ValueError, match="not a key"):
        store.open(key)


def test_of_two_senders_of_one_piece_one_is_told_where_to_go_on(store: LocalStore):
    key, piece = store.new_key(Room.QUARANTINE), b"x" * 100_000

    def send(_sender: int) -> int:
        try:
            return store.append(key, piece, offset=0)
        except WrongOffset as wrong:
            return -wrong.known

    with ThreadPoolExecutor(8) as senders:
        answers = sorted(senders.map(send, range(8)))

    assert answers == [-100_000] * 7 + [100_000]
    assert store.size(key) == 100_000


def test_files_are_refused_before_the_disk_is_full(store: LocalStore, monkeypatch: pytest.MonkeyPatch):
    key = store.new_key(Room.QUARANTINE)
    store.append(key, b"first", offset=0)
    monkeypatch.setattr(storage, "RESERVE", 10**18)

    with pytest.raises(NoRoom):
        store.append(key, b"second", offset=5)
    with pytest.raises(NoRoom):
        store.write(store.new_key(Room.CLEAN), [b"x"], most=1)

    assert store.open(key).read() == b"first"


def test_folders_are_closed_to_other_people_of_the_machine(store: LocalStore, tmp_path: Path):
    store.write(store.new_key(Room.CLEAN), [b"x"], most=1)

    assert {
        oct(each.stat().st_mode & 0o077) for each in (tmp_path / "files").rglob("*") if each.is_dir()
    } == {"0o0"}
