"""Which decision uses each answer."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from forms.definition import Question, QuestionKind, Section, UsedFor
from forms.localized import LocalizedText
from fundapp.call_file import from_data, to_data
from fundapp.call_file.definition import AskedAnyway
from fundapp.call_file.readers import Reader, SetBy, asked_questions, readers_of, without_reader
from fundapp.call_file.shipped import reference_call

CALL = reference_call()


def with_question(**parts):
    texts = LocalizedText.of(dict.fromkeys(CALL.languages, "What colour is your door?"))
    extra = Question("Q99", QuestionKind.TEXT, texts, texts, **parts)
    *before, last = CALL.form.sections
    section: Section = dataclasses.replace(last, questions=(*last.questions, extra))
    return dataclasses.replace(CALL, form=dataclasses.replace(CALL.form, sections=(*before, section)))


def keys(call):
    return [question.key for question in without_reader(call)]


def test_every_question_of_the_reference_call_has_a_reader():
    assert keys(CALL) == []
    assert readers_of(CALL, CALL.question("Q6")) == (Reader(SetBy.CRITERION, "C2"), Reader(UsedFor.MARKERS))
    assert readers_of(CALL, CALL.question("Q12")) == (Reader(UsedFor.NEXT_FORM),)
    assert readers_of(CALL, CALL.question("E9")) == (Reader(UsedFor.ELIGIBILITY), Reader(UsedFor.RING_FENCE))


def test_a_question_nobody_uses_is_found():
    assert keys(with_question()) == ["Q99"]


@pytest.mark.parametrize(
    "parts", [{"criteria": ("C1",)}, {"carries": "group_summary"}, *({"used_for": (use,)} for use in UsedFor)]
)
def test_any_one_use_is_enough(parts):
    assert keys(with_question(**parts)) == []


def test_a_published_reason_stands_in_for_a_use():
    reason = LocalizedText.of(dict.fromkeys(CALL.languages, "Groups asked for it."))
    anyway = AskedAnyway("Q99", reason, "Rosa Field", date(2027, 2, 1))

    call = dataclasses.replace(with_question(), asked_anyway=(anyway,))

    assert keys(call) == []
    assert from_data(to_data(call)) == call


def test_no_question_has_the_same_reader_twice():
    for question in asked_questions(CALL):
        found = readers_of(CALL, question)
        assert len(found) == len(set(found))
