"""Changing a call as plain data, and finding where its parts are used."""

from __future__ import annotations

import copy

import pytest

from fundapp.call_file import edit, reference_call
from fundapp.call_file.uses import Use, UseKind, uses_of
from fundapp.queries.codesign import parts_of
from tests.reference import reference_content

CONTENT = reference_content("X")


def used(reference: str) -> set[tuple[UseKind, str]]:
    return {(use.kind, use.by) for use in uses_of(CONTENT, reference)}


def test_every_part_a_point_can_change_is_found_under_its_key():
    references = [part.reference for part in parts_of(reference_call())]

    found = [edit.at(CONTENT, edit.fields_path_of(CONTENT, each) or ())["key"] for each in references]

    assert found == [each.partition(":")[2] for each in references]
    assert set(references) <= set(edit.references_in(CONTENT))


def test_an_eligibility_question_is_found_with_its_outcomes():
    assert edit.path_of(CONTENT, "question:E2") == ("eligibility", 1)
    assert edit.fields_path_of(CONTENT, "question:E2") == ("eligibility", 1, "question")
    assert edit.path_of(CONTENT, "question:Q99") is None


def test_changing_leaves_the_given_content_as_it_was():
    before = copy.deepcopy(CONTENT)
    place = ("assessment", "criteria")

    weight = edit.replaced(CONTENT, (*place, 0, "weight"), 31)
    more = edit.added(CONTENT, place, {"key": "C6"})
    fewer = edit.removed(CONTENT, (*place, 1))
    later = edit.moved(CONTENT, (*place, 0), 9)

    def keys(content: object) -> list[str]:
        return [item["key"] for item in edit.at(content, place)]

    assert edit.at(weight, (*place, 0, "weight")) == 31
    assert keys(more) == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert keys(fewer) == ["C1", "C3", "C4", "C5"]
    assert keys(later) == ["C2", "C3", "C4", "C5", "C1"]
    assert before == CONTENT


@pytest.mark.parametrize("path", [("no", "such"), ("strands", 99), ("strands", "A"), ("code", "x")])
def test_a_part_that_is_not_there_is_said_so(path: tuple[str | int, ...]):
    with pytest.raises(LookupError):
        edit.at(CONTENT, path)
    assert edit.find(CONTENT, path) is None


def test_what_is_no_list_has_no_places():
    with pytest.raises(LookupError):
        edit.moved(CONTENT, ("title", 0), 1)
    with pytest.raises(LookupError):
        edit.added(CONTENT, ("title",), {"key": "T"})


def test_next_key_is_one_that_nothing_has():
    assert edit.next_key(CONTENT, "question", "Q") == "Q13"
    assert edit.next_key(CONTENT, "criterion", "C") == "C6"


def test_uses_of_a_question_are_its_conditions_copies_and_points():
    assert (UseKind.BY_AND_FOR, "") in used("question:E8")
    assert (UseKind.OUTCOME, "E8") in used("question:E8")
    assert (UseKind.COPIED_FROM, "Q2") in used("question:S1")
    assert used("question:Q1") == set()


def test_uses_of_other_parts():
    assert {kind for kind, _by in used("criterion:C1")} >= {UseKind.CRITERIA, UseKind.TIE_BREAK}
    assert used("strand:C") >= {(UseKind.RING_FENCE, "MICRO")}
    assert (UseKind.RING_FENCE, "MICRO") in used("ring_fence:SMALL")
    assert (UseKind.RING_FENCE, "MIGRANT") in used("ring_fence:BYFOR")
    assert (UseKind.READERS, "") in used("seat:umbrella")
    assert (UseKind.RING_FENCE, "MICRO") in used("round:2")


def test_a_use_says_where_it_stands():
    content = edit.replaced(
        CONTENT, ("form", "sections", 0, "questions", 0, "ask_if"), {"not": {"answered": "E1"}}
    )

    asked = [use for use in uses_of(content, "question:E1") if use.kind is UseKind.ASK_IF]

    assert asked == [Use(UseKind.ASK_IF, "S1", ("form", "sections", 0, "questions", 0, "ask_if"))]
    assert edit.at(content, asked[0].path) == {"not": {"answered": "E1"}}
