from decimal import Decimal

import pytest

from forms.answers import BudgetLine
from forms.builder import answers_to_keep, question_form, questions_form
from forms.definition import QuestionKind
from forms.fields import TextArea, TextField
from tests.forms.examples import choices, question, text


@pytest.mark.parametrize("kind", QuestionKind)
def test_empty_answer_can_always_be_saved(kind: QuestionKind):
    asked = question("Q1", kind, choices=choices("a", "b"))

    form = question_form(asked, "en")({})

    assert form.validate()
    assert answers_to_keep(form).get("Q1") is None


def test_question_speaks_the_language_of_the_reader_or_the_source():
    asked = question("Q1", QuestionKind.CHOICE, choices=choices("a"), help_text=text("Choose.", ar="اختر."))

    field = question_form(asked, "ar")()["Q1"]

    assert [str(field.label.text), field.help_text, field.why_we_ask] == [
        "What do you do?",
        "اختر.",
        "To know you.",
    ]
    assert [option.label.text for option in field] == ["جواب a"]
    assert field.question is asked


def test_two_requests_do_not_share_a_class():
    asked = question("Q1")

    assert question_form(asked, "en") is not question_form(asked, "en")


def test_short_texts_get_one_line_and_long_ones_several():
    form = questions_form(
        (question("a1", max_words=15), question("a2", max_words=60), question("a3")), "en"
    )()

    assert [type(field) for field in form] == [TextField, TextArea, TextArea]


def test_answers_of_a_page_are_ready_to_be_stored():
    asked = (
        question("Q1"),
        question("Q2", QuestionKind.MONEY),
        question("Q3", QuestionKind.BUDGET, max_rows=2),
        question("Q4", QuestionKind.CHOICES, choices=choices("a", "b")),
    )

    form = questions_form(asked, "en")(
        {"Q1": "We cook.", "Q2": "٢٥٠٠", "Q3-0-what": "Rent", "Q3-0-amount": "5", "Q4": ["b"]}
    )

    assert form.validate()
    assert answers_to_keep(form) == {
        "Q1": "We cook.",
        "Q2": "2500.00",
        "Q3": [{"what": "Rent", "amount": "5.00"}],
        "Q4": ["b"],
    }


def test_too_many_words_are_an_error_but_are_not_lost():
    form = question_form(question("Q1", max_words=10), "en")({"Q1": "word " * 50})

    assert not form.validate()
    assert answers_to_keep(form) == {"Q1": ("word " * 50).strip()}


def test_what_cannot_be_an_answer_is_not_kept():
    asked = (
        question("Q1", max_words=10),
        question("Q2", QuestionKind.MONEY),
        question("Q3", QuestionKind.CHOICE, choices=choices("a", "b")),
    )

    form = questions_form(asked, "en")({"Q1": "x" * 10_240, "Q2": "lots", "Q3": "stone"})

    assert not form.validate()
    assert answers_to_keep(form) == {}


def test_stored_answers_are_shown():
    form = question_form(question("Q1", QuestionKind.BUDGET, max_rows=3), "en")(
        data={"Q1": (BudgetLine("Rent", Decimal("1200.50")),)}
    )

    rows = [(row.what.data, row.amount._value()) for row in form["Q1"].rows]

    assert rows == [("Rent", "1,200.50"), ("", ""), ("", "")]
