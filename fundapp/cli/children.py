"""Child processes that never outlive the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

STOP_SECONDS = 15.0


def own_command(*arguments: str) -> list[str]:
    """The command line that runs us again."""
    return [sys.executable, "-m", "fundapp.cli", *arguments]


def start_child(*arguments: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        own_command(*arguments, "--with-parent"),
        env=dict(environment),
        stdin=subprocess.PIPE,  # closes when we die, even by SIGKILL; see `end_with_parent`
        start_new_session=True,  # a Ctrl-C is for us; we then stop our children in order
    )


def stop_children(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all, wait, then insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()


def end_with_parent() -> None:
    """Stop this process when the one that started it is gone, however it went: its pipe to us closes."""

    def wait() -> None:
        while os.read(0, 1024):  # not through sys.stdin: Python could not shut down while a thread reads it
            continue
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def on_stop_signal(stop: Callable[[], None]) -> None:
    """SIGTERM and Ctrl-C both mean: finish what you hold and go."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop())
