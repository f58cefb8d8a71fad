"""No picture that was sent tells where, when or with what it was taken; and it stands upright."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from fundapp.file_checks.results import Checked, Refusal
from tests.file_checks.checking import Judge, outcome_of
from tests.file_checks.makers import CANARIES, PICTURE_FORMATS, canary, photo, red_corner

# What exiftool may say of a clean picture: facts of the file and of its pixels.
ABOUT_THE_FILE = {"ExifTool", "System", "File", "Composite", "JFIF", "PNG"}
OF_PNG = {"ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter", "Interlace"}


@pytest.mark.parametrize("kind", PICTURE_FORMATS)
def test_photo_to_be_sent_really_carries_what_must_go(kind: str):
    carried = {name for name in CANARIES if canary(name) in photo(kind)}

    expected = {
        "jpeg": set(CANARIES),
        "png": set(CANARIES),
        "webp": set(CANARIES) - {"IPTC", "COMMENT"},
        "tiff": set(CANARIES),
        "heic": set(CANARIES) - {"IPTC", "COMMENT"},
    }
    assert carried == expected[kind]


@pytest.mark.parametrize("kind", PICTURE_FORMATS)
def test_picture_keeps_nothing_but_its_pixels(judge: Judge, kind: str):
    outcome = judge(photo(kind))

    left = {name for name in CANARIES if canary(name) in outcome.content}
    assert (left, b"CANARY" in outcome.content, b"Exif" in outcome.content) == (set(), False, False)
    expected = "image/png" if kind == "png" else "image/jpeg"
    assert outcome.result == Checked("picture", expected)


@pytest.mark.parametrize("kind", PICTURE_FORMATS)
def test_picture_stands_upright_without_its_note_on_that(judge: Judge, kind: str):
    with Image.open(io.BytesIO(judge(photo(kind)).content)) as made:
        size, corner = made.size, made.convert("RGB").getpixel((35, 5))

    red, _green, blue = corner
    assert size == (40, 60)
    assert red > 200 > blue


@pytest.mark.program("exiftool")
def test_exiftool_finds_nothing_in_clean_pictures(tmp_path: Path):
    for kind in PICTURE_FORMATS:
        (tmp_path / kind).mkdir()
        outcome = outcome_of(tmp_path / kind, photo(kind))
        (tmp_path / f"{kind}.clean").write_bytes(outcome.content)

    command = ["exiftool", "-j", "-G1", "-a", "-ee", "-ext", "clean", str(tmp_path)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    tags = {tuple(tag.split(":")) for each in said for tag in each if ":" in tag}
    unexpected = {(group, name) for group, name in tags if group not in ABOUT_THE_FILE}
    unexpected |= {(group, name) for group, name in tags if group == "PNG" and name not in OF_PNG}
    assert len(said) == len(PICTURE_FORMATS)
    assert unexpected == set()


@pytest.mark.program("exiftool")
def test_exiftool_finds_the_place_in_pictures_as_sent(tmp_path: Path):
    for kind in PICTURE_FORMATS:
        (tmp_path / f"sent.{kind}").write_bytes(photo(kind))

    command = ["exiftool", "-j", "-GPSLatitude", *map(str, tmp_path.iterdir())]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)

    assert [each for each in said if "GPSLatitude" not in each] == []


def test_picture_of_a_phone_becomes_no_larger_than_a_page(judge: Judge):
    made = io.BytesIO()
    Image.new("RGB", (8000, 6000), (9, 99, 9)).save(made, "JPEG")

    outcome = judge(made.getvalue())

    with Image.open(io.BytesIO(outcome.content)) as picture:
        assert max(picture.size) <= 3508


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16"])
def test_picture_of_every_mode_is_taken(judge: Judge, mode: str):
    made = io.BytesIO()
    plain = Image.new("I;16", (8, 8), 30_000) if mode == "I;16" else red_corner().convert(mode)
    plain.save(made, "TIFF" if mode in ("CMYK", "LA", "PA") else "PNG")

    assert judge(made.getvalue()).refused is None


def test_see_through_parts_stay(judge: Judge):
    made = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 40)).save(made, "WEBP", lossless=True)

    outcome = judge(made.getvalue())

    with Image.open(io.BytesIO(outcome.content)) as picture:
        assert (picture.format, picture.mode, picture.getpixel((1, 1))) == ("PNG", "RGBA", (255, 0, 0, 40))


def test_scan_with_several_pages_loses_none_of_them(judge: Judge):
    made = io.BytesIO()
    pages = [Image.new("L", (1200, 1700)) for _number in range(2)]
    pages[0].save(made, "TIFF", save_all=True, append_images=pages[1:])

    assert judge(made.getvalue()).refused is Refusal.UNKNOWN


@pytest.mark.parametrize("kind", PICTURE_FORMATS)
def test_half_a_picture_is_refused(judge: Judge, kind: str):
    content = photo(kind)

    assert judge(content[: len(content) // 3]).refused is Refusal.BROKEN
