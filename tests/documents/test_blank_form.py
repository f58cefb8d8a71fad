"""The empty form as values and as HTML: everything is on it, in one language and direction."""

from __future__ import annotations

import html
import re

import pytest

from forms.definition import Stage
from forms.i18n import activate
from fundapp.documents.blank_form import blank_form, form_to_write_in
from fundapp.documents.paper import Paper, Room
from fundapp.documents.pdf import paper_as_html
from tests.documents.conftest import reference_call

LANGUAGES = ("en", "es", "ar", "uk")


def paper(stage: Stage, language: str = "en") -> Paper:
    with activate(language):
        return blank_form(reference_call(), stage)


def words_of(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", Stage)
def test_blank_form_has_every_question_with_reason_help_and_choices(stage: Stage, language: str):
    call = reference_call()
    asked = [*call.form.questions(stage)]
    if stage is Stage.EOI:
        asked = [item.question for item in call.eligibility] + asked

    text = words_of(paper_as_html(paper(stage, language)))

    wanted = [
        each.in_language(language)
        for question in asked
        for each in (
            question.label,
            question.why_we_ask,
            question.help_text,
            *(c.label for c in question.choices),
        )
        if each is not None
    ]
    assert [each for each in wanted if " ".join(each.split()) not in text] == []


def test_blank_form_says_each_limit_in_words_and_minutes():
    text = words_of(paper_as_html(paper(Stage.FULL)))

    assert text.count("Up to 200 words, or 3 minutes of speech. Less is fine.") == 3
    assert "Up to 60 words. Less is fine." in text
    assert "Up to 8 lines." in text
    assert "Only if you answer “B: partnership” to “Which kind of grant do you want?”." in text


def test_blank_form_of_the_second_stage_has_criteria_with_weights_and_levels():
    criteria = reference_call().assessment.criteria

    written = paper(Stage.FULL).criteria

    assert [(each.weight, len(each.levels)) for each in written] == [
        ("30%", 4),
        ("20%", 4),
        ("20%", 4),
        ("15%", 4),
        ("15%", 4),
    ]
    assert [each.title.text for each in written] == [each.title.in_language("en") for each in criteria]
    assert paper(Stage.EOI).criteria == ()


def test_room_grows_with_the_limit():
    rooms = {entry.key: entry.room for part in paper(Stage.FULL).parts for entry in part.entries}

    assert (rooms["Q1"], rooms["Q9"], rooms["Q5"], rooms["Q8"]) == (Room.FEW, Room.SOME, Room.MANY, Room.LOW)


def test_file_to_write_in_leaves_the_check_to_the_page():
    with activate("en"):
        keys = [e.key for part in form_to_write_in(reference_call(), Stage.EOI).parts for e in part.entries]

    assert keys == ["S1", "S2", "S3", "S3_amount"]


def test_deadlines_are_in_the_language_of_the_form():
    facts = [words.text for _label, words in paper(Stage.EOI, "uk").facts]

    assert len(facts) == 2
    assert "15 квітня 2027" in facts[0]
    assert "12:00" in facts[0]


def test_no_text_of_a_translated_form_is_in_another_language():
    page = paper_as_html(paper(Stage.FULL, "ar"))

    assert re.findall(r'lang="(\w*)"', page) == ["ar"]
    assert page.startswith('<!doctype html>\n<html lang="ar" dir="rtl"')


def test_text_that_falls_back_is_marked_with_its_language_and_direction():
    page = paper_as_html(paper(Stage.EOI, "so"))

    assert '<bdi lang="en" dir="ltr">Do you work with people in London?</bdi>' in page
