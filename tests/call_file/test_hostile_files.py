"""Nothing that somebody uploads may end in anything but a call or a list of errors."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundapp.call_file import CallFileErrors, from_data, read_call, reference_call_text, write_call
from fundapp.call_file.parse import LARGEST_FILE

REFERENCE_TEXT = reference_call_text()
LINES = REFERENCE_TEXT.split("\n")


def messages(text: str) -> list[str]:
    with pytest.raises(CallFileErrors) as raised:
        read_call(text)
    return [error.message for error in raised.value.errors]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("# only a remark\n", "The file is empty."),
        ("x" * (LARGEST_FILE + 1), "This file is too large. The most we read is 2000000 characters."),
        ("code: a\x00b", "There is a character here that we cannot store. Write this line again."),
        ("code: \ud800", "There is a character here that we cannot store. Write this line again."),
        ("[" * 100_000, "There are too many groups inside groups here."),
        ("a: " + "{a: " * 5_000, "There are too many groups inside groups here."),
        ("---\na: b\n---\nc: d\n", "A second document starts here. Put one call in one file."),
        ("? [a, b]\n: c\n", "Write a name here, then a colon."),
        ("- a\n- b\n", "This is not a call file. It starts with “format: 1”, then “code: …” and so on."),
    ],
    ids=lambda value: value[:20].encode("ascii", "backslashreplace").decode(),
)
def test_a_text_that_is_no_call_gets_one_clear_answer(text: str, message: str):
    assert message in messages(text)


def test_a_bomb_of_aliases_is_refused_at_once():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    began = time.perf_counter()

    with pytest.raises(CallFileErrors):
        read_call("\n".join(lines))

    assert time.perf_counter() - began < 2


def test_a_number_with_a_huge_exponent_is_refused():
    text = REFERENCE_TEXT.replace("lt: [income_pence, '10000000']", "lt: [income_pence, '1e999999999']")

    assert messages(text)[0] == "Write the number in at most 15 digits, for example 10000."


def test_a_text_of_ten_kilobytes_is_refused_with_its_limit():
    text = REFERENCE_TEXT.replace("  en: Greater London\n", f"  en: {'London ' * 1500}\n")

    assert messages(text)[0] == "This text is too long. The most is 5000 characters."


@pytest.mark.parametrize(
    "changes",
    [
        {"\n- key: C\n": "\n- x: y\n- key: C\n"},
        {"  - key: C2\n": "  - x: C2\n", "    criterion: C1\n": "    x: C1\n"},
    ],
    ids=["strand", "criterion"],
)
def test_key_that_cannot_be_read_is_never_named_among_the_known_ones(changes: dict[str, str]):
    text = REFERENCE_TEXT
    for line, instead in changes.items():
        assert text.count(line) == 1
        text = text.replace(line, instead)

    assert "“key” is missing. Add a line “key: …”." in messages(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_gives_errors_and_never_another_exception(text: str):
    with pytest.raises(CallFileErrors):
        read_call(text)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
TOP_NAMES = [line.split(":")[0] for line in LINES if line and line[0].isalpha()]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(TOP_NAMES), JUNK))
def test_any_data_gives_errors_and_never_another_exception(data: dict[str, object]):
    with pytest.raises(CallFileErrors):
        from_data(data)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.sampled_from(["", "x", "x: y", "- x", "  '", "  - [", "\t"]))
def test_one_changed_line_gives_a_call_or_errors(number: int, replacement: str):
    lines = [*LINES[:number], replacement, *LINES[number + 1 :]]
    told: tuple[str, ...] = ()
    try:
        text = write_call(read_call("\n".join(lines)))
    except CallFileErrors as wrong:
        text, told = "", tuple(error.message for error in wrong.errors)

    assert bool(text) != bool(told)
    assert all(told)
