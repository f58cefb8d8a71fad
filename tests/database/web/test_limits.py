"""Requests made to fill memory or disk end early, and the answer says what to do."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fundapp.settings import MEGABYTE
from tests.factories import ApplicationFactory, OrganisationMemberFactory
from tests.live import LiveSite, live_site
from tests.sign_in import client_with_token

GIGABYTE = 1024 * MEGABYTE
MOST_MEMORY = 50 * MEGABYTE
PIECE = b"x" * 65_536
SPOKEN = "S1"  # a question that may be answered by voice


@pytest.fixture
def site(engine_name: str, tmp_path: Path) -> Iterator[LiveSite]:
    with live_site(engine_name, tmp_path) as site:
        site.environment["FUNDAPP_LARGEST_UPLOAD"] = str(2 * MEGABYTE)
        site.start()
        yield site


def memory_of(site: LiveSite) -> int:
    """Bytes the web process holds at most so far."""
    assert site.process is not None
    status = Path(f"/proc/{site.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def send_endlessly(site: LiveSite, head: str, piece: bytes) -> tuple[int, bytes]:
    """How much got through before the answer, and its first line; nothing when the line was cut."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as line:
        line.sendall(f"POST /en/sign-in HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n{head}\r\n\r\n".encode())
        sent, answer = 0, b""
        with contextlib.suppress(OSError):
            while sent < GIGABYTE:
                line.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    answer = line.recv(65_536)
                    break
                line.settimeout(20)
                line.sendall(piece)
                sent += len(PIECE)
        return sent, answer.split(b"\r\n")[0]


BODIES = {
    "claimed": (f"Content-Type: text/plain\r\nContent-Length: {GIGABYTE}", PIECE),
    "in pieces": (
        "Content-Type: text/plain\r\nTransfer-Encoding: chunked",
        f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n",
    ),
}


def test_gigabyte_is_cut_off_early(site: LiveSite):
    before, answers = memory_of(site), {}

    for name, (head, piece) in BODIES.items():
        sent, answer = send_endlessly(site, head, piece)
        assert sent <= 40 * MEGABYTE
        answers[name] = answer

    assert set(answers.values()) <= {b"HTTP/1.1 413 Request Entity Too Large", b""}
    assert memory_of(site) - before <= MOST_MEMORY


def posted(client: FlaskClient, what: str) -> Any:
    boundary = "--line\r\n"
    parts = "".join(
        f'{boundary}Content-Disposition: form-data; name="f{number}"\r\n\r\nx\r\n' for number in range(1_100)
    )
    match what:
        case "1,100 parts":
            sent: dict[str, Any] = {
                "data": parts + "--line--\r\n",
                "content_type": "multipart/form-data; boundary=line",
            }
        case "5,000 fields":
            sent = {"data": {f"f{number}": "x" for number in range(5_000)}}
        case "600 kB in one field":
            sent = {"data": {"email": "x" * 600_000}}
        case _:
            sent = {"data": "[" * 10_000 + "]" * 10_000, "content_type": "application/json"}
    return client.post("/en/sign-in", **sent)


@pytest.mark.parametrize(
    ("what", "status"),
    [("1,100 parts", 413), ("5,000 fields", 413), ("600 kB in one field", 422), ("deep JSON", 422)],
)
def test_request_of_a_strange_shape_is_refused(app: Flask, client: FlaskClient, what: str, status: int):
    page = posted(client_with_token(app), what)

    assert page.status_code == status


def test_page_for_what_is_too_large_says_what_to_do(app: Flask, client: FlaskClient):
    page = posted(client_with_token(app), "1,100 parts").get_data(as_text=True)

    assert "This is too big to send" in page
    assert "A file may be up to 100 MB large." in page


def test_large_files_are_let_through_to_people_who_are_known(
    app: Flask, client_for: Callable[[Any], FlaskClient], db_session: Any
):
    """And to the pages for files alone; for anybody else the small limit holds."""
    application = ApplicationFactory()
    member = client_for(OrganisationMemberFactory(organisation=application.organisation).user)
    page = f"/en/applications/{application.id}/questions/{SPOKEN}"

    def answer(client: FlaskClient, path: str) -> int:
        large = {"kind": "voice", "file": (io.BytesIO(b"x" * 13 * MEGABYTE), "answer.webm")}
        return client.post(path, data=large, content_type="multipart/form-data").status_code

    assert answer(member, f"{page}/media") == 422  # read, and found to be no recording
    assert answer(member, page) == 413
    assert answer(client_with_token(app), f"{page}/media") == 413
