"""Export, import and export again: the same call, the same bytes."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.localized import LocalizedText
from fundapp.call_file import (
    CallDefinition,
    CallFileErrors,
    canonical_json,
    digest,
    from_data,
    read_call,
    reference_call,
    reference_call_text,
    shift_dates,
    to_data,
    with_code,
    write_call,
)
from fundapp.call_file.timetable import StepKind

CALL = reference_call()

# Texts that YAML likes to take for something else, and everything a person can type.
TRAPS = [
    "no",
    "yes",
    "null",
    "~",
    "12:00",
    "1e3",
    "0x1F",
    "2027-01-01",
    "a: b",
    "# x",
    "- x",
    "'",
    '"',
    "%",
    "@",
]
TRAPS += [
    "a #b",
    "[a]",
    "{a: b}",
    "& x",
    "* x",
    "! x",
    "|",
    ">",
    "a\nb",
    "a \n b",
    "\\",
    "\\n",
    "🌻",
    "…",
    "=",
    "<<",
]
SIGNS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters="\n")
TEXTS = (
    st.one_of(st.sampled_from(TRAPS), st.text(SIGNS, min_size=1, max_size=200)).map(str.strip).filter(bool)
)
LOCALIZED = st.tuples(TEXTS, TEXTS, TEXTS, TEXTS).map(
    lambda texts: LocalizedText(tuple(zip(CALL.languages, texts, strict=True)))
)


@st.composite
def calls(draw: st.DrawFn) -> CallDefinition:
    """The reference call with other words, numbers and days that still fit together."""
    pence = draw(st.integers(1, 10**6))
    first, *others = CALL.money.lines
    lines = (*others[:-1], dataclasses.replace(others[-1], amount=others[-1].amount + Decimal(pence) / 100))
    money = dataclasses.replace(
        CALL.money, total=CALL.money.total + Decimal(pence) / 100, lines=(first, *lines)
    )
    weight = draw(st.integers(1, 49))
    criteria = list(CALL.assessment.criteria)
    criteria[0] = dataclasses.replace(
        criteria[0], weight=weight, minimum_mean=draw(st.none() | st.just(Decimal("2.5")))
    )
    criteria[1] = dataclasses.replace(criteria[1], weight=50 - weight, title=draw(LOCALIZED))
    varied = dataclasses.replace(
        CALL,
        title=draw(LOCALIZED),
        purpose=draw(LOCALIZED),
        money=money,
        is_open_call=draw(st.booleans()),
        boroughs=(*CALL.boroughs, draw(TEXTS)),
        assessment=dataclasses.replace(CALL.assessment, criteria=tuple(criteria)),
        panel=dataclasses.replace(CALL.panel, quorum=draw(st.integers(1, 9))),
    )
    return shift_dates(varied, draw(st.integers(-2000, 2000)))


@settings(max_examples=20, deadline=None)
@given(calls())
def test_export_import_export_is_identical(call: CallDefinition):
    text = write_call(call)

    again = read_call(text)

    assert again == call
    assert write_call(again) == text


@settings(max_examples=40, deadline=None)
@given(calls())
def test_a_call_survives_storage_as_json(call: CallDefinition):
    stored = json.loads(json.dumps(to_data(call)))

    again = from_data(stored)

    assert again == call
    assert digest(again) == digest(call)


def test_every_kind_of_part_survives_when_all_its_values_are_unusual():
    fence = CALL.ring_fence("BOROUGH")
    rounds = (dataclasses.replace(CALL.rounds[0], grace_hours=7), CALL.rounds[1])
    steps = list(rounds[0].timetable)
    steps[2] = dataclasses.replace(steps[2], at=time(9, 30), is_latest_day=True)
    rounds = (dataclasses.replace(rounds[0], timetable=tuple(steps)), rounds[1])
    call = dataclasses.replace(
        CALL,
        rounds=rounds,
        ring_fences=(dataclasses.replace(fence, percent=Decimal("15.5"), note=CALL.area),),
    )
    call = dataclasses.replace(
        call,
        codesign=dataclasses.replace(
            call.codesign, points=tuple(point for point in call.codesign.points if point.key != "P5")
        ),
    )

    assert read_call(write_call(call)) == call


def test_the_digest_depends_on_content_only():
    remarks = "# a remark of the fund manager\n\n" + reference_call_text()

    assert digest(read_call(remarks)) == digest(CALL)
    assert digest(with_code(CALL, "OTHER")) != digest(CALL)
    assert json.loads(canonical_json(CALL)) == json.loads(json.dumps(to_data(CALL)))


def test_shifted_dates_move_everything_and_keep_times_of_day():
    later = shift_dates(CALL, 364)

    opens = later.round("1").step(StepKind.OPENS)
    assert opens.starts == date(2028, 3, 14)
    assert later.round("1").step(StepKind.EOI_CLOSES).at == time(12)
    assert later.codesign.sessions[0].day == date(2028, 1, 11)
    assert later.codesign.points[3].next_review == date(2028, 9, 13)
    assert shift_dates(later, -364) == CALL


def test_with_code_changes_code_and_title_only():
    title = LocalizedText.of(dict.fromkeys(CALL.languages, "Another fund"))

    other = with_code(CALL, "DGF-2028", title)

    assert (other.code, other.title) == ("DGF-2028", title)
    assert dataclasses.replace(other, code=CALL.code, title=CALL.title) == CALL


def test_a_call_with_errors_is_not_handed_out():
    data = to_data(CALL) | {"code": "no spaces please"}

    with pytest.raises(CallFileErrors) as raised:
        from_data(data)

    assert [str(error) for error in raised.value.errors] == [
        "code: Use letters a–z, digits, - and _ only, at most 40, for example DGF-2027."
    ]
