"""Checking one file in a process of its own, so that a bad file hurts nothing but that process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from .results import Checked, Refusal, Refused

PACKAGE_FOLDER = Path(__file__).parent.parent
# Appended, so that our own module names never hide those of the standard library.
BOOT = "import sys; sys.path.append(sys.argv.pop(1)); from file_checks.child import main; main()"
PATIENCE = 40  # seconds by the clock; the child's own limit is on processor time
KILLED = (-signal.SIGKILL, -signal.SIGXCPU)


class CheckFailed(Exception):
    """The check itself did not work; it says nothing about the file, which stays where it is."""


def check_file(source: Path, target: Path, kinds: Collection[str]) -> Checked:
    """Write a harmless copy of `source` to `target`. Raises Refused and CheckFailed."""
    command = [sys.executable, "-I", "-c", BOOT, str(PACKAGE_FOLDER), str(source), str(target), *kinds]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            env={"PATH": os.defpath, "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:  # the machine is busy: the child ends by itself at its limit
        raise CheckFailed("the check took too long by the clock") from error
    if done.returncode in KILLED:
        raise Refused(Refusal.TOO_HEAVY)
    if done.returncode < 0:  # a parser fell over
        raise Refused(Refusal.BROKEN)
    if done.returncode:
        raise CheckFailed(f"the check ended with {done.returncode}")
    return _read(done.stdout)


def _read(output: bytes) -> Checked:
    try:
        said = json.loads(output)
    except ValueError as error:
        raise CheckFailed("the check said nothing") from error
    if (reason := said.get("refused")) is not None:
        raise Refused(Refusal(reason))
    return Checked(said["kind"], said["media_type"], said["seconds"])
