"""Rules of the house that no other tool checks."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
PACKAGES = ("fundapp", "forms", "scoring")
SOURCES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "handler", "core", "misc"}
MOST_LINES = 400
ONE_FILE_ALONE = {"fundapp/decision_pack/verify.py": 884}  # it runs with Python and nothing else
MOST_FUNCTION_LINES = 60


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_source_file_is_short_enough_to_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")

    assert lines <= ONE_FILE_ALONE.get(named(path), MOST_LINES), f"{named(path)} has {lines} lines; split it"


def test_no_function_is_too_long_to_see_whole() -> None:
    too_long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    too_long.append(f"{named(path)}:{node.name} ({length})")

    assert too_long == []


def test_no_room_is_called_by_an_empty_name() -> None:
    found = [named(path) for path in SOURCES if path.stem in FORBIDDEN_NAMES]

    assert found == []


def test_commit_is_written_in_the_unit_of_work_alone() -> None:
    found = [
        named(path)
        for path in SOURCES
        if re.search(r"\.commit\(", path.read_text(encoding="utf-8")) and path.name != "db.py"
    ]

    assert found == []


UNSAFE = {
    "pickle": r"\bimport pickle\b|\bpickle\.loads?\(",
    "template from a string": r"render_template_string",
    "SQL put together by hand": r"text\(f[\"']",
    "a clock without zone": r"datetime\.utcnow\(|datetime\.now\(\)",
    "eval": r"(?<![\w.])eval\(|(?<![\w.])exec\(",
}


@pytest.mark.parametrize("pattern", UNSAFE.values(), ids=UNSAFE.keys())
def test_source_has_nothing_unsafe(pattern: str) -> None:
    found = [named(path) for path in SOURCES if re.search(pattern, path.read_text(encoding="utf-8"))]

    assert found == []


def test_templates_escape_everything() -> None:
    templates = (PROJECT / "fundapp" / "templates").rglob("*.html")

    found = [
        named(path) for path in templates if re.search(r"\|\s*safe\b|autoescape false", path.read_text())
    ]

    assert found == []
