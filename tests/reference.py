"""The reference call's content for tests, read once."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

REFERENCE_FILE = Path(__file__).parent.parent / "fundapp" / "data" / "dgf-2027.yaml"


@cache
def _content() -> str:
    from fundapp.call_file import read_call, to_data

    return json.dumps(to_data(read_call(REFERENCE_FILE.read_text(encoding="utf-8"))))


def reference_content(code: str) -> dict[str, Any]:
    """A copy of the reference call under another code."""
    content: dict[str, Any] = json.loads(_content())
    return content | {"code": code}


def reference_digest(content: dict[str, Any]) -> str:
    """The same for the same rules under any code, so that the calls of all tests are parsed once."""
    rules = {name: value for name, value in content.items() if name != "code"}
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()
