"""Sound and video: every phone's own kind, playable everywhere, with its length, without place and title."""

from __future__ import annotations

import io

import av
import pytest

from fundapp.file_checks.results import Checked, Refusal
from tests.file_checks.checking import Judge
from tests.file_checks.makers import sound

AUDIO = {
    "webm": ("webm", "libopus", 48_000, "audio/webm"),
    "ogg": ("ogg", "libopus", 48_000, "audio/ogg"),
    "mp3": ("mp3", "libmp3lame", 44_100, "audio/mpeg"),
    "m4a": ("mp4", "aac", 44_100, "audio/mp4"),
    "aac": ("adts", "aac", 44_100, "audio/mp4"),
    "wav": ("wav", "pcm_s16le", 16_000, "audio/mp4"),
    "amr": ("amr", "libopencore_amrnb", 8_000, "audio/mp4"),
}
VIDEO = {
    "webm": ("webm", "libopus", 48_000, "libvpx", "video/webm"),
    "webm with h264": ("matroska", "libopus", 48_000, "libx264", "video/mp4"),
    "mp4": ("mp4", "aac", 44_100, "libx264", "video/mp4"),
    "mov": ("mov", "aac", 44_100, "libx264", "video/mp4"),
    "3gp": ("3gp", "libopencore_amrnb", 8_000, "h263", "video/mp4"),
}


def play(content: bytes) -> tuple[set[str], int]:
    """Which kinds of track it has, and how many frames can be decoded."""
    with av.open(io.BytesIO(content)) as opened:
        return {each.type for each in opened.streams}, sum(1 for _frame in opened.decode())


@pytest.mark.parametrize(("kind", "codec", "rate", "becomes"), AUDIO.values(), ids=AUDIO.keys())
def test_recording_is_taken_and_tells_no_place(judge: Judge, kind: str, codec: str, rate: int, becomes: str):
    sent = sound(kind, codec, seconds=2, rate=rate)

    outcome = judge(sent, "audio")

    tracks, frames = play(outcome.content)
    assert outcome.result == Checked("audio", becomes, 2)
    assert (b"CANARY" in outcome.content, b"+51.5265" in outcome.content) == (False, False)
    assert tracks == {"audio"}
    assert frames > 10


@pytest.mark.parametrize(("kind", "codec", "rate", "moving", "becomes"), VIDEO.values(), ids=VIDEO.keys())
def test_video_is_taken_and_tells_no_place(
    judge: Judge, kind: str, codec: str, rate: int, moving: str, becomes: str
):
    sent = sound(kind, codec, seconds=1, rate=rate, video=moving)

    outcome = judge(sent, "audio", "video")

    assert outcome.result == Checked("video", becomes, 1)
    assert (b"CANARY" in sent, b"CANARY" in outcome.content, b"+51.5265" in outcome.content) == (
        True,
        False,
        False,
    )
    assert play(outcome.content)[0] == {"audio", "video"}


def test_video_is_not_taken_where_only_sound_is_asked(judge: Judge):
    assert judge(sound(video="libvpx"), "audio").refused is Refusal.WRONG_KIND


def test_turned_video_stays_turned(judge: Judge):
    """A phone held upright films sideways and says so; without that note the film would lie down."""
    sent = sound("mp4", "aac", rate=44_100, video="libx264")
    upright = bytes.fromhex("00010000" + "0" * 24 + "00010000" + "0" * 24 + "40000000")
    turned = bytes.fromhex("000000000001000000000000ffff0000" + "0" * 32 + "40000000")
    assert upright in sent
    at = sent.rindex(b"vide")
    place = sent.rfind(upright, 0, at)

    outcome = judge(sent[:place] + turned + sent[place + 36 :], "video")

    assert turned[:16] in outcome.content


@pytest.mark.parametrize("kind", ["webm", "ogg", "m4a"])
def test_cut_off_recording_is_no_fault_of_ours(judge: Judge, kind: str):
    """A phone that died leaves the beginning: what can be played is taken, anything else refused."""
    form, codec, rate, _becomes = AUDIO[kind]
    content = sound(form, codec, seconds=2, rate=rate)

    outcome = judge(content[: len(content) * 2 // 3], "audio")

    assert outcome.refused is Refusal.BROKEN or outcome.result is not None


@pytest.mark.parametrize(
    "content",
    [
        b"OggS" + b"\0" * 500,
        b"\x1aE\xdf\xa3" + b"<script>alert(1)</script>",
        b"ID3" + b"\0" * 500,
        b"RIFF\0\0\0\0WAVEfmt ",
        b"#!AMR\n",
        b"\0\0\0\x18ftypmp42\0\0\0\0" + b"mdat" * 30,
        b"\xff\xf1" + b"\0" * 100,
    ],
)
def test_beginning_of_a_recording_alone_is_refused(judge: Judge, content: bytes):
    assert judge(content).refused is Refusal.BROKEN
