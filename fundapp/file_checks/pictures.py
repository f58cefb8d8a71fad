"""Pictures become new pictures, made of nothing but pixels: no place, no time, no camera, no thumbnail."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import IO

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from .results import Checked, Refusal, Refused

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 3508  # a page of A4, sharp in print
MOST_FOR_PNG = 4_000_000  # pixels; larger pictures become JPEG, or they would grow
THUMBNAIL = 512
JPEG_QUALITY = 85
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/heic": "HEIF",
}
REDUCED = 254  # TIFF's tag that says "this is a smaller copy"

pillow_heif.register_heif_opener(thumbnails=False)
warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # counted below, before decoding


def check_picture(source: Path, target: Path, media_type: str, kinds: Collection[str]) -> Checked:
    with source.open("rb") as file:
        picture = open_picture(file, FORMATS[media_type])
        made = only_pixels(picture)
        is_png = made.mode == "RGBA" or (
            media_type == "image/png" and made.width * made.height <= MOST_FOR_PNG
        )
    if is_png:
        made.save(target, "PNG")
        return Checked("picture", "image/png")
    made.save(target, "JPEG", quality=JPEG_QUALITY)
    return Checked("picture", "image/jpeg")


def open_picture(file: IO[bytes], format_name: str) -> Image.Image:
    """Nothing is decoded yet. Raises Refused for what is too large or holds several pages."""
    try:
        picture = Image.open(file, formats=[format_name])
    except Image.DecompressionBombError as error:
        raise Refused(Refusal.TOO_HEAVY) from error
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(Refusal.TOO_HEAVY)
    if format_name == "TIFF" and _pages(picture) > 1:
        raise Refused(Refusal.UNKNOWN)  # pages would get lost; a PDF keeps them
    if format_name == "JPEG":
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # very large photos are read at a half or quarter
    return picture


def _pages(picture: Image.Image) -> int:
    """Smaller copies of the first picture are not counted."""
    pages = 0
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        is_copy = picture.tag_v2.get(REDUCED, 0) & 1 or max(picture.size) <= THUMBNAIL  # type: ignore[attr-defined]
        pages += number == 0 or not is_copy
    picture.seek(0)
    return pages


def only_pixels(picture: Image.Image) -> Image.Image:
    """A new picture of the same look: the right way up, in ordinary colours, at most a page large."""
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    plain = _in_ordinary_mode(picture)
    if profile and plain.mode == "RGB":
        plain = _in_ordinary_colours(plain, profile)
    made = Image.new(plain.mode, plain.size)
    made.paste(plain)
    return made


def _in_ordinary_mode(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        return picture.convert("F").point(lambda value: value / 257).convert("L")
    if "A" in picture.mode or "a" in picture.mode or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        darkest, _lightest = with_alpha.getchannel("A").getextrema()
        return with_alpha if darkest != 255 else with_alpha.convert("RGB")
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")


def _in_ordinary_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """Phones have colours of their own; a profile that cannot be read changes nothing."""
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
        return changed or picture
    return picture
