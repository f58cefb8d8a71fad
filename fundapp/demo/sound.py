"""Small real recordings, made of tones: Opus in WebM as Chromium makes them, AAC in an MP4 as iPhones do."""

from __future__ import annotations

import io
import math
from array import array
from functools import cache
from typing import cast

import av
from av.audio.stream import AudioStream

RATE = 48_000
SAMPLES = 960  # of one frame, 20 milliseconds
CODECS = {"webm": "libopus", "mp4": "aac", "ogg": "libopus"}


@cache
def sound(container: str = "webm", *, seconds: int = 1, pitch: int = 220) -> bytes:
    """A tone, mono."""
    written = io.BytesIO()
    with av.open(written, "w", format=container) as out:
        stream = cast(AudioStream, out.add_stream(CODECS[container], rate=RATE, layout="mono"))
        stream.bit_rate = 16_000
        for number in range(seconds * RATE // SAMPLES):
            frame = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES)
            tone = (_wave(number * SAMPLES + place, pitch) for place in range(SAMPLES))
            frame.planes[0].update(array("h", tone).tobytes())
            frame.sample_rate, frame.pts = RATE, number * SAMPLES
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return written.getvalue()


def _wave(place: int, pitch: int) -> int:
    return int(8_000 * math.sin(2 * math.pi * pitch * place / RATE))
