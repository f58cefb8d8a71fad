"""One track of sound or picture on its way into a new file."""

from __future__ import annotations

from fractions import Fraction

from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

SPEECH_BITS = 48_000
OLD_PHONE_RATE = 30


class Track:
    """Measures the length on the way."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._last = 0.0

    @property
    def seconds(self) -> float:
        return self._last - (self._first or 0.0)

    def take(self, packet: Packet[Stream]) -> None:
        raise NotImplementedError

    def end(self) -> None:
        """Nothing more comes."""

    def _measure(self, packet: Packet[Stream]) -> None:
        if packet.pts is None or packet.time_base is None:
            return
        start = float(packet.pts * packet.time_base)
        length = float((packet.duration or 0) * packet.time_base)
        self._first = start if self._first is None else min(self._first, start)
        self._last = max(self._last, start + length)


class Copy(Track):
    """The same bits, in a new wrapping. `proves`: only what decodes, where anything could stand between."""

    def __init__(self, written: OutputContainer, stream: Stream, *, proves: bool = False) -> None:
        super().__init__()
        self._proves = proves
        self._written = written
        self._out = written.add_stream_from_template(stream)

    def take(self, packet: Packet[Stream]) -> None:
        if packet.dts is None and packet.pts is None:
            return  # the mark of the end
        if self._proves and not _decodes(packet):
            return
        self._measure(packet)
        packet.stream = self._out
        self._written.mux_one(packet)


def _decodes(packet: Packet[Stream]) -> bool:
    try:
        return bool(packet.decode())
    except FFmpegError:
        return False


class Recode(Track):
    """What today's browsers do not play becomes AAC or H.264."""

    def __init__(self, written: OutputContainer, stream: Stream) -> None:
        super().__init__()
        self._written = written
        self._out: AudioStream | VideoStream
        if isinstance(stream, AudioStream):
            self._out = written.add_stream("aac", rate=stream.rate or 8000)
            self._out.layout = "mono" if stream.channels == 1 else "stereo"
            self._out.bit_rate = SPEECH_BITS
        elif isinstance(stream, VideoStream):
            rate = stream.average_rate or Fraction(OLD_PHONE_RATE)
            self._out = written.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "26"})
            self._out.width, self._out.height = stream.width & ~1, stream.height & ~1
            self._out.pix_fmt = "yuv420p"

    def take(self, packet: Packet[Stream]) -> None:
        self._measure(packet)
        for frame in packet.decode():
            self._written.mux(self._out.encode(frame))  # type: ignore[arg-type]

    def end(self) -> None:
        self._written.mux(self._out.encode(None))
