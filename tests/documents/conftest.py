"""Papers in every language of the interface, without an app or a database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import fundapp
from forms import i18n
from fundapp.call_file import from_data
from fundapp.call_file.definition import CallDefinition
from tests.reference import reference_content

CATALOGUES = Path(fundapp.__file__).parent / "translations"


@pytest.fixture(autouse=True)
def catalogues() -> Iterator[None]:
    before = list(i18n._directories)
    i18n.use_catalogues(CATALOGUES)
    yield
    i18n._directories[:] = before


@cache
def reference_call() -> CallDefinition:
    return from_data(reference_content("DGF-2027"))
