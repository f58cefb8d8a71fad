"""Sound and video: decoded for a look, then packed anew without what a phone notes of place and owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO

import av
from av.container import InputContainer
from av.stream import Disposition, Stream

from .packing import Copy, Recode, Track
from .results import Checked, Refusal, Refused

READ_AS = {  # never guessed: guessing finds formats that read other files
    "audio/webm": "matroska",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/mp4": "mov",
    "video/mp4": "mov",
}
# What browsers and phones play as it is; anything else that we can read becomes AAC or H.264.
IN_WEBM = frozenset({"opus", "libopus", "vorbis", "vp8", "vp9", "av1", "libdav1d"})
IN_MP4 = frozenset({"aac", "h264", "hevc", "opus", "libopus", "av1", "libdav1d"})
MP3 = frozenset({"mp3", "mp3float"})
OLD_AUDIO = frozenset(
    {*MP3, "vorbis", "amrnb", "amrwb", "amr_nb", "amr_wb", "libopencore_amrnb", "libopencore_amrwb"}
    | {"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_alaw", "pcm_mulaw"}
)
OLD_VIDEO = frozenset({"mpeg4", "h263"})
KNOWN = IN_WEBM | IN_MP4 | OLD_AUDIO | OLD_VIDEO
FRAMES_TO_SEE = 5
LONGEST = 3600  # seconds
MOST_PIXELS = 4096 * 2304
PACKED_AS = {
    "audio/webm": "webm",
    "video/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "mp4",
    "video/mp4": "mp4",
}
PLAIN = {"fflags": "+bitexact", "movflags": "+faststart"}


def check_media(source: Path, target: Path, media_type: str, kinds: Collection[str]) -> Checked:
    """A container that may hold both is video when it holds a moving picture. Raises Refused."""
    with source.open("rb") as file, _open(file, READ_AS[media_type]) as read:
        streams = _streams(read)
        kind = "video" if any(each.type == "video" for each in streams) else "audio"
        if kind not in kinds:
            raise Refused(Refusal.WRONG_KIND)
        _decode_some(read, streams)
        packed_type = _type_to_pack(media_type, kind, {_codec(each) for each in streams})
        read.seek(0)
        seconds = _pack(read, streams, target, packed_type)
    if seconds <= 0:
        raise Refused(Refusal.BROKEN)
    if seconds > LONGEST:
        raise Refused(Refusal.TOO_LARGE)
    return Checked(kind, packed_type, max(1, round(seconds)))


def _open(file: IO[bytes], read_as: str) -> InputContainer:
    return av.open(file, "r", format=read_as, metadata_errors="ignore")


def _streams(read: InputContainer) -> Sequence[Stream]:
    """The first sound and the first moving picture; nothing else that phones write beside them."""
    moving = [each for each in read.streams.video if not each.disposition & Disposition.attached_pic]
    chosen: list[Stream] = [*moving[:1], *read.streams.audio[:1]]
    if not chosen:
        raise Refused(Refusal.BROKEN)
    if any(_codec(each) not in KNOWN for each in chosen):
        raise Refused(Refusal.UNKNOWN)
    if any(each.width * each.height > MOST_PIXELS for each in moving[:1]):
        raise Refused(Refusal.TOO_HEAVY)
    return chosen


def _codec(stream: Stream) -> str:
    return stream.codec_context.name


def _decode_some(read: InputContainer, streams: Sequence[Stream]) -> None:
    """Raises what the decoder raises when there is no sound or picture in it."""
    wanted = {each.index: FRAMES_TO_SEE for each in streams}
    for packet in read.demux(*streams):
        for _frame in packet.decode():
            wanted[packet.stream.index] -= 1
        if all(left <= 0 for left in wanted.values()):
            return
    if any(left == FRAMES_TO_SEE for left in wanted.values()):
        raise Refused(Refusal.BROKEN)


def _type_to_pack(media_type: str, kind: str, codecs: set[str]) -> str:
    if media_type == "audio/ogg" and kind == "audio" and codecs <= IN_WEBM:
        return "audio/ogg"
    if codecs <= MP3 and kind == "audio":
        return "audio/mpeg"
    return f"{kind}/webm" if codecs <= IN_WEBM else f"{kind}/mp4"


def _pack(read: InputContainer, streams: Sequence[Stream], target: Path, packed_type: str) -> float:
    """Returns the length in seconds."""
    packed_as = PACKED_AS[packed_type]
    with av.open(str(target), "w", format=packed_as, container_options=PLAIN) as written:
        tracks: dict[int, Track] = {}
        for each in streams:
            must_change = packed_as == "mp4" and _codec(each) not in IN_MP4
            if must_change:
                tracks[each.index] = Recode(written, each)
            else:
                tracks[each.index] = Copy(written, each, proves=packed_as == "mp3")
        for packet in read.demux(*streams):
            tracks[packet.stream.index].take(packet)
        for track in tracks.values():
            track.end()
    return max(track.seconds for track in tracks.values())
