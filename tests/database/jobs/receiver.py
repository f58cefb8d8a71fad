"""A small real receiver of events on this machine. It checks signatures by itself, as docs/api.md shows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Post:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str, *, now: float | None = None) -> bool:
        """Written from the specification, not with our own code."""
        timestamp = self.headers["webhook-timestamp"]
        if abs((time.time() if now is None else now) - int(timestamp)) > 300:
            return False
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = b".".join([self.id.encode(), timestamp.encode(), self.body])
        wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        signatures = self.headers["webhook-signature"].split(" ")
        return any(hmac.compare_digest(f"v1,{wanted}", each) for each in signatures)


@dataclass
class Receiver:
    url: str = ""
    status: int = 204
    waits: float = 0.0
    posts: list[Post] = field(default_factory=list)
    others: list[str] = field(default_factory=list)  # anything that is no POST to the address


@contextmanager
def receiver(*, port: int = 0, **behaviour: Any) -> Iterator[Receiver]:
    told = Receiver(**behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/events?from=fund":
                told.others.append(self.path)
            told.posts.append(Post({name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(told.waits)
            self.send_response(told.status)
            if 300 <= told.status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            told.others.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/events?from=fund"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
