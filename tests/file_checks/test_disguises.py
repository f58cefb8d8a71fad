"""Files that claim to be what they are not, or are two in one: refused, or only the harmless half left."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from fundapp.file_checks.names import ENDINGS, ascii_name, clean_name, name_to_save
from fundapp.file_checks.results import Refusal
from tests.file_checks.checking import Judge
from tests.file_checks.makers import docx, odt, pdf, photo, red_corner, sound, zipped

MARK = b"EvilMark"
HTML = b"<!doctype html><script>alert('EvilMark')</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>EvilMark</script></svg>'


def png_with(name: bytes, data: bytes) -> bytes:
    """A chunk of our own before the end."""
    content = photo("png")
    end = content.index(b"IEND") - 4
    chunk = struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return content[:end] + chunk + content[end:]


def jpeg_with_comment(data: bytes) -> bytes:
    content = photo("jpeg")
    return content[:2] + b"\xff\xfe" + struct.pack(">H", len(data) + 2) + data + content[2:]


def saved(picture: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind)
    return made.getvalue()


# What is no file for us at all, whatever it is called.
STRANGERS = {
    "html": HTML,
    "html with space": b"\r\n\t " + HTML,
    "html with bom": b"\xef\xbb\xbf" + HTML,
    "svg": SVG,
    "svg with declaration": b'<?xml version="1.0"?>' + SVG,
    "svg with entities": b'<!DOCTYPE svg [<!ENTITY a "EvilMark"><!ENTITY b "&a;&a;">]>' + SVG,
    "packed svg": b"\x1f\x8b\x08\0" + SVG,
    "xml with stylesheet": b'<?xml-stylesheet href="evil.xsl"?><a/>',
    "mail archive": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nEvilMark",
    "script": b"alert('EvilMark')",
    "shell script": b"#!/bin/sh\necho EvilMark",
    "php": b"<?php system('EvilMark'); ?>",
    "windows program": b"MZ\x90\0\x03EvilMark",
    "linux program": b"\x7fELF\x02\x01EvilMark",
    "mac program": b"\xcf\xfa\xed\xfeEvilMark",
    "java class": b"\xca\xfe\xba\xbe\0\0EvilMark",
    "web assembly": b"\0asm\x01\0\0\0EvilMark",
    "flash": b"CWS\x09EvilMark",
    "windows shortcut": b"L\0\0\0\x01\x14\x02\0EvilMark",
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + MARK,
    "rich text": b"{\\rtf1 {\\object EvilMark}}",
    "help file": b"ITSF\x03EvilMark",
    "registry": b"Windows Registry Editor Version 5.00\r\nEvilMark",
    "7z": b"7z\xbc\xaf\x27\x1cEvilMark",
    "rar": b"Rar!\x1a\x07\x01\0EvilMark",
    "gzip": b"\x1f\x8b\x08\0EvilMark",
    "bzip2": b"BZh9EvilMark",
    "xz": b"\xfd7zXZ\0EvilMark",
    "tar": b"EvilMark".ljust(257, b"\0") + b"ustar\x0000",
    "cabinet": b"MSCF\0\0\0\0EvilMark",
    "disk image": b"\0" * 32769 + b"CD001EvilMark",
    "empty zip": b"PK\x05\x06" + b"\0" * 18,
    "gif": saved(red_corner(), "GIF"),
    "gif that is a script": b"GIF89a=1;alert('EvilMark')",
    "bitmap": saved(red_corner(), "BMP"),
    "bitmap that is a script": b"BM=1;alert('EvilMark')",
    "icon": b"\0\0\x01\0\x01\0EvilMark",
    "photoshop": b"8BPS\0\x01EvilMark",
    "postscript": b"%!PS-Adobe-3.0\n(EvilMark) show",
    "postscript with preview": b"\xc5\xd0\xd3\xc6EvilMark",
    "playlist": b"#EXTM3U\nfile:///etc/passwd",
    "concat list": b"ffconcat version 1.0\nfile /etc/passwd",
    "dash list": b'<?xml version="1.0"?><MPD><BaseURL>file:///etc/passwd</BaseURL></MPD>',
    "subtitles": b"1\n00:00:00,000 --> 00:00:01,000\n<script>EvilMark</script>",
    "windows media": b"\x30\x26\xb2\x75\x8e\x66\xcf\x11EvilMark",
    "flash video": b"FLV\x01EvilMark",
    "avi": b"RIFF\x10\0\0\0AVI EvilMark",
    "animated cursor": b"RIFF\x10\0\0\0ACONEvilMark",
    "midi": b"MThd\0\0\0\x06EvilMark",
    "font": b"\0\x01\0\0\0\x0aEvilMark",
    "woff": b"wOF2\0\x01\0\0EvilMark",
    "sqlite": b"SQLite format 3\0EvilMark",
    "pickle": b"\x80\x04\x95EvilMark",
    "key": b"-----BEGIN OPENSSH PRIVATE KEY-----EvilMark",
    "only zeros": b"\0" * 100,
    "one letter": b"x",
    "spaces before a pdf": b" " + pdf(),
    "html before a pdf": HTML + pdf(),
    "html before a jpeg": HTML + photo("jpeg"),
    "html before a png": HTML + photo("png"),
    "html before a docx": HTML + docx(),
    "program before a docx": b"MZ\x90\0" + docx(),
    "gif before a pdf": b"GIF89a" + pdf(),
    "script before an mp3": b"/*" + sound("mp3", "libmp3lame", rate=44_100),
}
# The right first letters, and then something else.
MASKS = {
    f"{kind} then {what}": start + content
    for kind, start in {
        "jpeg": b"\xff\xd8\xff\xe0",
        "png": b"\x89PNG\r\n\x1a\n",
        "webp": b"RIFF\x20\0\0\0WEBPVP8 ",
        "tiff": b"II*\0\x08\0\0\0",
        "heic": b"\0\0\0\x18ftypheic\0\0\0\0",
        "pdf": b"%PDF-1.4\n",
        "zip": b"PK\x03\x04",
        "webm": b"\x1aE\xdf\xa3",
        "mp4": b"\0\0\0\x18ftypisom\0\0\0\0",
        "mp3": b"ID3\x03\0\0\0\0\0\0",
        "ogg": b"OggS",
        "wav": b"RIFF\x20\0\0\0WAVE",
        "amr": b"#!AMR\n",
    }.items()
    for what, content in {"html": HTML, "a program": b"MZ\x90\0" + MARK}.items()
}
# Real files of ours with something else in or behind them.
DOUBLES = {
    "jpeg and html": photo("jpeg") + HTML,
    "jpeg and zip": photo("jpeg") + zipped({"EvilMark": MARK}),
    "jpeg and pdf": photo("jpeg") + pdf() + MARK,
    "jpeg and php in its comment": jpeg_with_comment(b"<?php EvilMark ?>"),
    "jpeg that is a script": jpeg_with_comment(b"=1;alert('EvilMark');//"),
    "png and html": photo("png") + HTML,
    "png and a program": photo("png") + b"MZ\x90\0EvilMark",
    "png with html in a note": png_with(b"tEXt", b"Comment\0" + HTML),
    "png with a note of its own": png_with(b"evIl", HTML),
    "png with a profile": png_with(b"iCCP", b"x\0\0" + zlib.compress(MARK)),
    "webp and html": photo("webp") + HTML,
    "tiff and html": photo("tiff") + HTML,
    "heic and html": photo("heic") + HTML,
    "pdf and html": pdf() + HTML,
    "pdf and zip": pdf() + zipped({"EvilMark": MARK}),
    "docx and html": docx() + HTML,
    "odt and a program": odt() + b"MZ\x90\0EvilMark",
    "webm and html": sound() + HTML,
    "ogg and html": sound("ogg") + HTML,
    "mp3 and html": sound("mp3", "libmp3lame", rate=44_100) + HTML,
    "m4a and html": sound("mp4", "aac", rate=44_100) + HTML,
    "wav and zip": sound("wav", "pcm_s16le", rate=16_000) + zipped({"EvilMark": MARK}),
    "amr and html": sound("amr", "libopencore_amrnb", rate=8_000) + HTML,
}


def test_there_are_at_least_a_hundred_disguises():
    assert len(STRANGERS) + len(MASKS) + len(DOUBLES) >= 100


@pytest.mark.parametrize("content", STRANGERS.values(), ids=STRANGERS.keys())
def test_stranger_is_refused(judge: Judge, content: bytes):
    assert judge(content).refused in (Refusal.UNKNOWN, Refusal.BROKEN)


@pytest.mark.parametrize("content", MASKS.values(), ids=MASKS.keys())
def test_mask_is_refused(judge: Judge, content: bytes):
    assert judge(content).refused is not None


@pytest.mark.parametrize("content", DOUBLES.values(), ids=DOUBLES.keys())
def test_of_two_files_in_one_only_ours_is_left(judge: Judge, content: bytes):
    outcome = judge(content)

    assert MARK not in outcome.content
    assert outcome.refused is not None or (outcome.result and outcome.result.media_type in ENDINGS)


@pytest.mark.parametrize("sent", ["photo.png", "photo.pdf", "photo.mp3", "photo", "photo.jpg.exe"])
def test_name_of_another_kind_is_put_right(judge: Judge, sent: str):
    result = judge(photo("jpeg")).result

    assert result is not None
    assert name_to_save(sent, result.media_type).endswith(".jpg")


NAMES = {
    "photo.jpg": "photo.jpg",
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "C:\\Users\\amal\\photo.jpg": "photo.jpg",
    "/var/www/shell.php": "shell.php",
    "photo\u202egpj.exe": "photogpj.exe",
    "photo\u2066\u2069.jpg": "photo.jpg",
    "photo.jpg\x00.exe": "photo.jpg.exe",
    "a\r\nSet-Cookie: x=1": "aSet-Cookie_ x=1",
    "\ud800.jpg": "jpg",
    'a"b;c<d>.pdf': "a_b_c_d_.pdf",
    "con": "_con",
    "CON.txt": "_CON.txt",
    "lpt1.pdf": "_lpt1.pdf",
    "..": "file",
    "": "file",
    "   ": "file",
    ".htaccess": "htaccess",
    "صورة المجموعة.jpg": "صورة المجموعة.jpg",
    "ፎቶ.png": "ፎቶ.png",
}


@pytest.mark.parametrize(("sent", "shown"), NAMES.items())
def test_name_is_shown_without_what_misleads(sent: str, shown: str):
    assert clean_name(sent) == shown


def test_very_long_name_keeps_its_ending():
    assert clean_name("x" * 300 + ".docx") == "x" * 115 + ".docx"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("صورة.jpg", "file.jpg"),
        ("relatório.pdf", "relatorio.pdf"),
        ('a"\\b.pdf', "a__b.pdf"),
        ("ፎቶ.png", "file.png"),
    ],
)
def test_old_browsers_get_a_plain_name(name: str, plain: str):
    assert ascii_name(name) == plain
