"""Asking a clamd whether a file is known to do harm. Its own small protocol; no library for it is kept up."""

from __future__ import annotations

import socket
import time
from pathlib import Path

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 40.0  # for everything; less than a job may take
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """No clear answer: away, slow, or the file is larger than it takes. The file stays unread by anybody."""


def harm_found(address: str, file: Path) -> str | None:
    """The name of what was found, or None. Raises ScannerAway."""
    ends_at = time.monotonic() + ANSWER_SECONDS
    try:
        with _connect(address) as connection:
            _send(connection, file, ends_at)
            answer = _answer(connection, ends_at)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway("no clear answer")


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(address)
        except BaseException:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS)


def _send(connection: socket.socket, file: Path, ends_at: float) -> None:
    connection.settimeout(_left(ends_at))
    connection.sendall(b"zINSTREAM\0")
    with file.open("rb") as stored:
        while piece := stored.read(PIECE):
            connection.settimeout(_left(ends_at))
            connection.sendall(len(piece).to_bytes(4) + piece)
    connection.sendall(bytes(4))


def _answer(connection: socket.socket, ends_at: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        connection.settimeout(_left(ends_at))
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _left(ends_at: float) -> float:
    if (left := ends_at - time.monotonic()) <= 0:
        raise TimeoutError
    return left
