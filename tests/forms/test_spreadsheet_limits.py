"""Spreadsheets that are damaged, too many or written too long are refused in a sentence."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest

from forms.spreadsheet import SheetProblem, WrongWorkbook, read_workbook, write_workbook
from forms.xlsform.tables import SheetRow
from forms.xlsform.values import RowValues


def refused(data: bytes) -> list[str]:
    with pytest.raises(WrongWorkbook) as found:
        read_workbook(data)
    return [problem.words for problem in found.value.problems]


def damaged(kind: int) -> bytes:
    """The bytes of its only part are not what the directory says they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", kind) as opened:
        opened.writestr("a.xml", bytes(range(256)) * 20)
    data = bytearray(packed.getvalue())
    data[36:90] = b"\xff" * 54  # after its local header and name
    if kind == zipfile.ZIP_LZMA:
        data[35:44] = b"\x09\x04\x05\x00\xff\xff\xff\xff\xff"
    return bytes(data)


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_part_is_no_error_of_ours(kind: int) -> None:
    assert refused(damaged(kind)) == ["This is not a spreadsheet. Save it as .xlsx and send it again."]


def test_every_damaged_byte_is_no_error_of_ours() -> None:
    whole = write_workbook({"texts": [["unit", "source", "text"], ["a", "b", "c"]]})
    for place in range(0, len(whole), 61):
        data = bytearray(whole)
        data[place] ^= 0xFF
        with contextlib.suppress(WrongWorkbook):
            read_workbook(bytes(data))


def test_a_file_with_too_many_sheets_is_refused() -> None:
    rows = [["unit"]]
    assert len(read_workbook(write_workbook({f"s{number}": rows for number in range(20)}))) == 20
    assert refused(write_workbook({f"s{number}": rows for number in range(21)})) == [
        "There are too many sheets in this file. The most is 20."
    ]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1", 1),
        ("10000", 10_000),
        ("00300", 300),
        ("10001", None),
        ("0", None),
        ("000000300", None),
        ("0000000010", None),
        ("1000000000000", None),
        ("00000001" + "0" * 5000, None),
        ("9" * 5000, None),
        ("²", None),
    ],
)
def test_a_number_is_taken_as_it_is_meant_or_refused(written: str, number: int | None) -> None:
    problems: list[SheetProblem] = []
    values = RowValues(("en",), problems)
    row = SheetRow("survey", 2, {"max_words": written}, {})

    assert values.number(row, "max_words") == number
    assert [each.words.endswith("from 1 to 10,000 in “max_words”.") for each in problems] == [True] * (
        number is None
    )
