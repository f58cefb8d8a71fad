"""Small real recordings: Opus in WebM as Chromium makes them, AAC in an MP4 as iPhones do, and a video."""

from __future__ import annotations

import io
import math
from array import array
from functools import cache

import av

RATE = 48_000
CODECS = {"webm": "libopus", "mp4": "aac", "ogg": "libopus"}


@cache
def sound(container: str = "webm", *, seconds: int = 1, pitch: int = 220) -> bytes:
    """A tone."""
    written = io.BytesIO()
    with av.open(written, "w", format=container) as out:
        stream = out.add_stream(CODECS[container], rate=RATE, layout="mono")
        for number in range(seconds * RATE // 960):
            frame = av.AudioFrame(format="s16", layout="mono", samples=960)
            tone = (int(8000 * math.sin(2 * math.pi * pitch * (number * 960 + n) / RATE)) for n in range(960))
            frame.planes[0].update(array("h", tone).tobytes())
            frame.sample_rate, frame.pts = RATE, number * 960
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return written.getvalue()
