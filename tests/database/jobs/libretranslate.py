"""A small real server on this machine that speaks as LibreTranslate does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LANGUAGES = [{"code": "en", "name": "English", "targets": ["ar", "en", "so", "zh"]}]


@dataclass
class Stub:
    """What it was asked, and how it answers."""

    url: str = ""
    key: str = ""
    status: int = 200
    waits: float = 0.0
    raw: bytes | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def libretranslate(**behaviour: Any) -> Iterator[Stub]:
    stub = Stub(**behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200 if self.path == "/languages" else 404, LANGUAGES)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stub.asked.append(body)
            time.sleep(stub.waits)
            if stub.key and body.get("api_key") != stub.key:
                self._answer(403, {"error": "Invalid API key"})
            elif stub.status == 302:
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
            elif stub.status != 200:
                self._answer(stub.status, {"error": "no"})
            else:
                texts = [f"[{body['target']}] {text}" for text in body["q"]]
                self._answer(200, {"translatedText": texts})

        def _answer(self, status: int, content: object) -> None:
            said = (
                stub.raw if stub.raw is not None and self.command == "POST" else json.dumps(content).encode()
            )
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
