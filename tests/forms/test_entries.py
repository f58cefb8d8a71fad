"""A list of entries on a page: entry by entry, without a script, and nothing typed is lost."""

from __future__ import annotations

from datetime import date

import pytest

from forms.answers import AnswerEntry
from forms.builder import answers_to_keep, question_form
from forms.burden import minutes_for_question
from forms.definition import EntryPart, PartKind, Question, QuestionKind
from forms.definition_schema import dump_question, load_question
from forms.fields import EntriesField
from forms.plain_language import Part, Warns, advice_for
from forms.wrong_data import WrongData
from tests.forms.examples import PEOPLE, choices, people, question, text

AMINA, OMAR = {"name": "Amina", "role": "chair"}, {"name": "Omar", "role": "money"}


def posted(*entries: dict[str, str], **buttons: str) -> dict[str, str | list[str]]:
    """As the page sends them: the number of each entry, and the inputs of each part."""
    inputs = {f"Q1-{n}-{name}": value for n, entry in enumerate(entries) for name, value in entry.items()}
    pressed = {f"Q1-{name}": value for name, value in buttons.items()}
    return {"Q1-row": [str(number) for number in range(len(entries))], **inputs, **pressed}


def field(data: dict[str, str | list[str]] | None = None, asked: Question | None = None) -> EntriesField:
    found = question_form(asked or people(), "en")(data)["Q1"]
    assert isinstance(found, EntriesField)
    return found


def values(found: EntriesField) -> list[dict[str, object]]:
    return [dict(entry.values) for entry in found.data]


def test_page_draws_one_empty_entry_or_as_many_as_are_needed():
    assert [row.number for row in field().rows] == [0]
    assert len(field(asked=people(min_rows=3)).rows) == 3
    assert not field().data


def test_entries_are_read_and_empty_ones_left_out():
    since = {"since-day": "5", "since-month": "1", "since-year": "2020"}
    found = field(posted({**AMINA, **since, "paid": "no", "hours": "٣"}, {"name": " "}, OMAR))

    amina = {**AMINA, "since": date(2020, 1, 5), "paid": False, "hours": 3}
    assert values(found) == [amina, OMAR]
    assert len(found.rows) == 3


def test_one_more_entry_is_drawn_and_nothing_typed_is_lost():
    found = field(posted(AMINA, {"name": "Omar", "hours": "many"}, add="yes"))

    assert found.is_rearranged
    assert [row.form["name"].data for row in found.rows] == ["Amina", "Omar", ""]
    assert found.rows[1].form["hours"]._value() == "many"
    assert found.last_input_id == "Q1-2-name"


def test_entry_is_taken_away_and_the_others_keep_their_place_on_the_page():
    found = field(posted(AMINA, OMAR, {"name": "Sara", "role": "chair"}, remove="1"))

    assert [row.number for row in found.rows] == [0, 2]
    assert [entry["name"] for entry in values(found)] == ["Amina", "Sara"]


def test_there_is_never_more_than_the_most():
    full = field(posted(*[AMINA] * 6, add="yes"))

    assert len(full.rows) == 4
    assert full.is_full
    assert len(full.data) == 4


@pytest.mark.parametrize("number", ["-1", "x", "99999", "", "٣"])
def test_numbers_that_no_page_sends_are_no_entries(number: str):
    assert values(field({"Q1-row": [number], f"Q1-{number}-name": "Amina"})) == []


def test_half_an_entry_is_kept_and_its_empty_part_is_told():
    form = question_form(people(), "en")(posted({"name": "Amina"}))

    assert not form.validate()
    assert form.error_list() == [("Q1-0-role", "Answer this too, or take the whole entry away.")]
    assert answers_to_keep(form) == {"Q1": [{"name": "Amina"}]}


def test_what_cannot_be_read_is_told_at_its_place_and_the_rest_is_kept():
    form = question_form(people(), "en")(posted({**AMINA, "hours": "many", "gets": "-"}, OMAR))

    assert not form.validate()
    assert [place for place, _message in form.error_list()] == ["Q1-0-hours", "Q1-0-gets"]
    assert answers_to_keep(form) == {"Q1": [AMINA, OMAR]}


def test_choice_that_the_page_did_not_offer_is_not_kept():
    form = question_form(people(), "en")(posted({**AMINA, "role": "king", "paid": "perhaps"}))

    assert not form.validate()
    assert answers_to_keep(form) == {"Q1": [{"name": "Amina"}]}


def test_flood_of_text_is_not_kept():
    form = question_form(people(), "en")(posted({**AMINA, "name": "x" * 5_000}))

    assert not form.validate()
    assert answers_to_keep(form) == {}


def test_stored_entries_are_drawn():
    data = {"Q1": (AnswerEntry({**AMINA, "since": date(2020, 1, 5)}), AnswerEntry({"name": "Omar"}))}
    form = question_form(people(), "en")(data=data)

    first = form["Q1"].rows[0].form
    assert [first["name"].data, first["role"].data, first["since"].parts["year"].data] == [
        *("Amina", "chair", "2020")
    ]
    assert len(form["Q1"].rows) == 2


def test_definition_comes_back_as_it_was():
    asked = people(min_rows=2)

    assert load_question(dump_question(asked)) == asked


NAME = EntryPart("name", PartKind.TEXT, text("Name"))


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (people(parts=()), "parts"),
        (people(parts=(NAME, NAME)), "parts"),
        (people(parts=(EntryPart("data", PartKind.TEXT, text("Name")),)), "parts"),
        (people(parts=(EntryPart("role", PartKind.CHOICE, text("Role"), choices("one")),)), "parts"),
        (people(parts=(EntryPart("n", PartKind.NUMBER, text("How many"), max_words=5),)), "parts"),
        (people(min_rows=5), "min_rows"),
        (question(parts=PEOPLE), "parts"),
        (question(min_rows=2), "min_rows"),
    ],
)
def test_what_does_not_fit_a_list_is_refused_at_its_place(asked: Question, place: str):
    with pytest.raises(WrongData) as refused:
        load_question(dump_question(asked))

    assert [path[0] for path, _message in refused.value.errors] == [place]


def test_kinds_that_cannot_stand_in_an_entry_are_named():
    data = dump_question(people())
    data["parts"][0]["kind"] = "budget"

    with pytest.raises(WrongData) as refused:
        load_question(data)

    ((path, message),) = refused.value.errors
    assert path == ("parts", 0, "kind")
    assert "text, choice, yes_no, number, money, date" in str(message)


def test_every_kind_of_part_is_a_kind_of_question():
    assert {kind.value for kind in PartKind} < {kind.value for kind in QuestionKind}


def test_list_costs_minutes_for_half_of_its_entries():
    one, four, twenty = (minutes_for_question(people(max_rows=most), "en") for most in (1, 4, 20))

    assert one < four < twenty
    assert minutes_for_question(people(max_rows=20, min_rows=20), "en") > twenty


def test_labels_of_parts_are_read_for_plain_words():
    long = EntryPart("name", PartKind.TEXT, text("Who " + "really " * 30 + "runs it?"))

    advice = advice_for(people(parts=(long,)), "en")

    assert (Warns.LONG_SENTENCE, Part.PARTS) in [(each.code, each.part) for each in advice]
