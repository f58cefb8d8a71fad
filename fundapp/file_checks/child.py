"""The child process: little memory and time, one file in, one harmless file out, one line of JSON said."""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from .results import OUR_FAULT, Checked, Refusal, Refused
from .sniff import HEAD, sniff

MEMORY = 512 * 1024 * 1024
PROCESSOR_SECONDS = 20
LARGEST_RESULT = 300 * 1024 * 1024
OPEN_FILES = 64


class Check(Protocol):
    def __call__(self, source: Path, target: Path, media_type: str, kinds: Collection[str]) -> Checked: ...


def main() -> None:
    source, target, *kinds = sys.argv[1:]
    limit_this_process()
    try:
        said = dataclasses.asdict(check(Path(source), Path(target), kinds))
    except Refused as refused:
        said = {"refused": refused.reason.value}
    except ImportError:
        sys.exit(OUR_FAULT)
    except (MemoryError, RecursionError):
        said = {"refused": Refusal.TOO_HEAVY.value}
    except Exception:
        # Whatever a parser raises means the same: it could not read the file, so nobody shall have to.
        said = {"refused": Refusal.BROKEN.value}
    sys.stdout.write(json.dumps(said))
    sys.stdout.flush()
    os._exit(0)  # parsers that were stopped half-way need no tidying up


def limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def load_check(kind: str) -> Check:
    """Only the parsers this kind needs: the others would take memory from the file."""
    if kind == "picture":
        from .pictures import check_picture

        return check_picture
    if kind == "document":
        from .documents import check_document

        return check_document
    from .media import check_media

    return check_media


def check(source: Path, target: Path, kinds: Collection[str]) -> Checked:
    """Raises Refused, or whatever the parser of a broken file raises."""
    with source.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Refused(Refusal.EMPTY)
    found = sniff(head)
    if found is None:
        raise Refused(Refusal.UNKNOWN)
    result = load_check(found.kind)(source, target, found.media_type, kinds)
    if result.kind not in kinds:
        raise Refused(Refusal.WRONG_KIND)
    return result
