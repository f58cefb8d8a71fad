"""Real data with known answers, kept beside the project because their licences are not its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "data"
DATA = Path(os.environ.get("FUNDAPP_SHARED_DATA", BESIDE))


def stored(*parts: str) -> Path:
    """A file or folder of it. On a machine that has none, the test that asks is left out by its name."""
    if not DATA.is_dir():
        pytest.skip(f"left out: no {'/'.join(parts)} beside the project")
    return DATA.joinpath(*parts)
