"""What ships with the app: the reference call, and an invented co-design record about its parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

from fundapp.call_file.codesign import PlannedSession, Point
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.parse import parse
from fundapp.call_file.problems import errors_of
from fundapp.call_file.schema import Reading, read
from fundapp.call_file.text import read_call

REFERENCE_CALL = "dgf-2027.yaml"
CODESIGN_RECORD = "codesign-record.yaml"


def reference_call_text() -> str:
    return files("fundapp.data").joinpath(REFERENCE_CALL).read_text(encoding="utf-8")


@cache
def reference_call() -> CallDefinition:
    return read_call(reference_call_text())


@cache
def shaped_call() -> CallDefinition:
    """The reference call with another record: five sessions and 70 points in five languages."""
    call = reference_call()
    parsed = parse(files("fundapp.data").joinpath(CODESIGN_RECORD).read_text(encoding="utf-8"))
    data = cast("Mapping[str, object]", parsed.data)
    reading = Reading(call.languages)
    sessions = read(tuple[PlannedSession, ...], data["sessions"], ("codesign", "sessions"), reading)
    points = read(tuple[Point, ...], data["points"], ("codesign", "points"), reading)
    if reading.problems:
        raise errors_of(reading.problems, data, parsed.places)
    record = dataclasses.replace(
        call.codesign,
        sessions=cast("tuple[PlannedSession, ...]", sessions),
        points=cast("tuple[Point, ...]", points),
    )
    return dataclasses.replace(call, codesign=record)
