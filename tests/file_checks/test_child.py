"""The process that does the check: small, short, and alone in its misfortune."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from fundapp.file_checks import run
from fundapp.file_checks.results import Checked, Refusal, Refused
from fundapp.file_checks.run import CheckFailed, check_file
from tests.file_checks.makers import docx, pdf, photo, sound

MUTANTS_OF_EACH = 8
ORIGINALS = {
    "jpeg": photo("jpeg"),
    "heic": photo("heic"),
    "tiff": photo("tiff"),
    "webp": photo("webp"),
    "webm": sound(video="libvpx"),
    "mp4": sound("mp4", "aac", rate=44_100),
    "pdf": pdf(),
    "docx": docx(),
}


def checked(folder: Path, content: bytes, *kinds: str) -> Checked:
    (folder / "in").write_bytes(content)
    return check_file(folder / "in", folder / "out", kinds or ("picture", "audio", "video", "document"))


def test_check_writes_the_harmless_copy(tmp_path: Path):
    result = checked(tmp_path, photo("jpeg"))

    assert result == Checked("picture", "image/jpeg")
    assert b"CANARY" not in (tmp_path / "out").read_bytes()


@pytest.mark.parametrize(("kind", "expected"), [("audio", 2), ("document", None)])
def test_length_is_told_for_sound_alone(tmp_path: Path, kind: str, expected: int | None):
    content = sound("ogg", seconds=2) if kind == "audio" else pdf()

    assert checked(tmp_path, content, kind).seconds == expected


def test_refusal_comes_with_its_reason(tmp_path: Path):
    with pytest.raises(Refused) as refused:
        checked(tmp_path, pdf(), "picture")

    assert refused.value.reason is Refusal.WRONG_KIND


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("bytearray(900 * 1024 * 1024)", Refusal.TOO_HEAVY),
        ("[0] * 10**12", Refusal.TOO_HEAVY),
        ("__import__('os').kill(__import__('os').getpid(), 11)", Refusal.BROKEN),
        ("__import__('os').kill(__import__('os').getpid(), 24)", Refusal.TOO_HEAVY),
        ("1 / 0", Refusal.BROKEN),
    ],
)
def test_parser_that_misbehaves_hurts_only_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, expected: Refusal
):
    parser = (
        f"import file_checks.child as child; child.load_check = lambda _kind: lambda *_what: {what}; main()"
    )
    monkeypatch.setattr(run, "BOOT", run.BOOT.replace("main()", parser))

    with pytest.raises(Refused) as refused:
        checked(tmp_path, photo("jpeg"))

    assert refused.value.reason is expected


def test_check_that_cannot_begin_says_nothing_about_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "PACKAGE_FOLDER", tmp_path)

    with pytest.raises(CheckFailed):
        checked(tmp_path, photo("jpeg"))


def test_check_loads_nothing_of_the_app(tmp_path: Path):
    """The app would take most of the memory that is meant for the file."""
    parsers = "import file_checks.documents, file_checks.media"
    boot = run.BOOT.replace("main()", f"{parsers}; print(sorted(sys.modules))")
    command = [sys.executable, "-I", "-c", boot, str(run.PACKAGE_FOLDER)]
    modules = subprocess.run(command, capture_output=True, check=True, text=True).stdout

    assert "file_checks.pictures" in modules
    assert [name for name in ("'flask'", "'sqlalchemy'", "'fundapp'") if name in modules] == []


def mutants(content: bytes, number: int, seed: int) -> list[bytes]:
    """Bytes changed, cut out, doubled, and the end missing; the same ones in every run."""
    chance, made = random.Random(seed), []
    for _each in range(number):
        changed = bytearray(content)
        for _times in range(chance.randint(1, 12)):
            at = chance.randrange(16, len(changed))
            match chance.randrange(4):
                case 0:
                    changed[at] = chance.randrange(256)
                case 1:
                    del changed[at : at + chance.randint(1, 40)]
                case 2:
                    changed[at:at] = changed[at - 16 : at] * chance.randint(1, 8)
                case _:
                    changed[at : at + 4] = b"\xff\xff\xff\xff"
        made.append(bytes(changed))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("kind", ORIGINALS)
def test_damaged_file_is_taken_or_refused_and_never_stuck(tmp_path: Path, kind: str):
    answers = []
    for mutant in mutants(ORIGINALS[kind], MUTANTS_OF_EACH, seed=len(kind)):
        try:
            answers.append(checked(tmp_path, mutant).kind)
        except Refused as refused:
            answers.append(refused.reason.value)

    assert len(answers) == MUTANTS_OF_EACH
