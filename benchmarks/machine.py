"""Where and when something was measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime


def describe() -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors ({platform.machine()}), "
        f"Python {platform.python_version()}, load average {load}"
    )


def percentile(times: list[float], share: float) -> float:
    """The nearest measured value."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
