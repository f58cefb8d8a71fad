"""A small server that speaks clamd's protocol, knows one harmless test virus, and can be slow or full."""

from __future__ import annotations

import io
import socketserver
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The industry's harmless test file, in two halves so that no scanner takes this source for one.
EICAR = (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").ljust(68)


class Clamd(socketserver.ThreadingUnixStreamServer):
    """`seen` counts the files asked about."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), _Talk)
        self.address = str(path)
        self.most = 50 * 1024 * 1024
        self.is_silent = False
        self.seen = 0
        self.answer: bytes | None = None  # this, whatever was sent
        self.released = threading.Event()


class _Talk(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        assert self.rfile.read(len(b"zINSTREAM\0")) == b"zINSTREAM\0"
        self.server.seen += 1
        content = b""
        while size := int.from_bytes(self.rfile.read(4)):
            content += self.rfile.read(size)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        if self.server.is_silent:
            self.server.released.wait(30)
            return
        if self.server.answer is not None:
            self.wfile.write(self.server.answer)
            return
        found = _has_virus(content)
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")


def _has_virus(content: bytes) -> bool:
    if EICAR.strip() in content:
        return True
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(_has_virus(archive.read(name)) for name in archive.namelist())


@contextmanager
def running_clamd(path: Path) -> Iterator[Clamd]:
    with Clamd(path) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
