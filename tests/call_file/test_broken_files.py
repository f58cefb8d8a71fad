"""Files as fund managers get them wrong, each with everything that they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundapp.call_file import CallFileErrors, read_call

HERE = Path(__file__).parent
BROKEN_FILES = sorted((HERE / "broken").glob("*.yaml"))


def errors_in(text: str) -> list[str]:
    with pytest.raises(CallFileErrors) as raised:
        read_call(text)
    return [str(error) for error in raised.value.errors]


def test_the_small_call_that_the_broken_files_vary_is_good():
    call = read_call((HERE / "small-call.yaml").read_text(encoding="utf-8"))

    assert call.code == "SMALL-2027"


def test_there_are_more_than_twenty_broken_files():
    assert len(BROKEN_FILES) > 20


@pytest.mark.parametrize("path", BROKEN_FILES, ids=lambda path: path.stem)
def test_a_broken_file_gives_every_error_with_its_place(path: Path):
    expected = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()

    assert errors_in(path.read_text(encoding="utf-8")) == expected


def test_a_repeated_name_does_not_hide_what_is_wrong_elsewhere():
    text = (HERE / "small-call.yaml").read_text(encoding="utf-8")
    text = text.replace("code: SMALL-2027", "code: SMALL-2027\ncode: OTHER")
    text = text.replace("    weight: 60", "    weight: 50")

    assert errors_in(text) == [
        "line 3, column 1: “code” is written twice in this group; first in line 2. Remove one.",
        "line 269, column 3: assessment → criteria: The weights add up to 90. They must add up to 100. "
        "Change one or more.",
    ]


def test_two_wrong_parts_of_one_list_do_not_hide_each_other():
    text = (HERE / "small-call.yaml").read_text(encoding="utf-8")
    text = text.replace("  months: 12\n", "  months: a year\n")
    text = text.replace("  maximum: 40000\n", "  maximum: 4000\n")
    text = text.replace("    eq: [by_and_for, 'yes']", "    eq: [by_and_for, often]")

    assert errors_in(text) == [
        "line 52, column 3: strands → A → minimum: "
        "The smallest grant must be more than zero and not more than the largest.",
        "line 56, column 3: strands → A → maximum_a_year: This does not fit the whole grant: "
        "£4,000.00 over 24 months is £2,000.00 a year.",
        "line 65, column 3: strands → C → months: Write a whole number in digits, for example 24.",
        "line 121, column 22: ring_fences → BYFOR → who → eq → number 2: "
        "“often” is never the value of by_and_for. Use one of: no, yes.",
    ]
