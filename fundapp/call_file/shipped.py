"""The reference call that ships with the app."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.text import read_call

REFERENCE_CALL = "dgf-2027.yaml"


def reference_call_text() -> str:
    return files("fundapp.data").joinpath(REFERENCE_CALL).read_text(encoding="utf-8")


@cache
def reference_call() -> CallDefinition:
    return read_call(reference_call_text())
