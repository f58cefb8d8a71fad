"""Running a check in this process, for speed; the child process has tests of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fundapp.file_checks.child import check
from fundapp.file_checks.results import Checked, Refusal, Refused

EVERYTHING = ("picture", "audio", "video", "document")


@dataclass(frozen=True)
class Outcome:
    """What became of a file: refused, or harmless content."""

    refused: Refusal | None = None
    result: Checked | None = None
    content: bytes = b""


def outcome_of(folder: Path, content: bytes, kinds: tuple[str, ...] = EVERYTHING) -> Outcome:
    """As the child does it, errors of parsers included."""
    source, target = folder / "in", folder / "out"
    source.write_bytes(content)
    target.unlink(missing_ok=True)
    try:
        result = check(source, target, kinds)
    except Refused as refused:
        return Outcome(refused.reason)
    except Exception:
        return Outcome(Refusal.BROKEN)
    return Outcome(None, result, target.read_bytes())


Judge = Callable[..., Outcome]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    return lambda content, *kinds: outcome_of(tmp_path, content, kinds or EVERYTHING)
