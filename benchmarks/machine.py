"""Where and when something was measured."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime


def describe() -> str:
    """A shared machine is faster in one hour than in the next: the same million sums tell by how much."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors ({platform.machine()}), "
        f"Python {platform.python_version()}, load average {load}, a million sums in {_sums():.0f} ms"
    )


def _sums() -> float:
    """Processor milliseconds, the lowest of five."""
    spent = []
    for _ in range(5):
        began = time.process_time()
        sum(each * each for each in range(1_000_000))
        spent.append(time.process_time() - began)
    return min(spent) * 1000


def percentile(times: list[float], share: float) -> float:
    """The nearest measured value."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
