"""`fundapp lottery`: the same draw as three lines of Python."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from click.testing import CliRunner

from fundapp.cli import main

SEED = bytes(range(32))
RECEIPTS = ["AB12", "CD34", "EF56"]


def test_draw_is_done_again_from_its_seed() -> None:
    found = CliRunner().invoke(main, ["lottery", SEED.hex(), *RECEIPTS])

    drawn = sorted(RECEIPTS, key=lambda each: hmac.new(SEED, each.encode(), "sha256").hexdigest())
    lines = [f"{place} {receipt}" for place, receipt in enumerate(drawn, start=1)]
    assert found.exit_code == 0
    assert found.output.splitlines() == [f"fingerprint {hashlib.sha256(SEED).hexdigest()}", *lines]


@pytest.mark.parametrize("seed", ["not a number", "00" * 15])
def test_what_is_no_seed_is_refused_in_a_sentence(seed: str) -> None:
    found = CliRunner().invoke(main, ["lottery", seed, "AB12"])

    assert found.exit_code == 1
    assert "Write the seed in hexadecimal digits, at least 32." in found.output
