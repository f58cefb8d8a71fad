"""From a file to answers: what people do in word processors, and what cannot be read."""

from __future__ import annotations

import json

import pytest

from forms.definition import Choice, Question, QuestionKind
from forms.i18n import activate
from forms.localized import LocalizedText
from fundapp.documents.bringing_back import Brought, Questions, Unread, from_data, from_places
from fundapp.documents.codes import Code
from fundapp.documents.marks import chosen_in
from fundapp.documents.reading import AnswerPlace, UnreadableFile
from tests.documents.conftest import reference_call

FORM = reference_call().form
KNOWN = {question.key: question for question in FORM.questions()}
LABELS = {"a": "Only us", "b": "Only us and others", "c": "Nobody"}


def choice(kind: QuestionKind = QuestionKind.CHOICE) -> Question:
    words = LocalizedText.of({"en": "Who?"})
    choices = tuple(
        Choice(key, LocalizedText.of({"en": label, "ar": f"جواب {key}"})) for key, label in LABELS.items()
    )
    return Question("Q", kind, label=words, why_we_ask=words, choices=choices)


def read(key: str, *rows: tuple[str, ...]) -> Brought:
    place = AnswerPlace(Code(key, 0, "00000000"), rows)
    with activate("en"):
        return from_places([place], Questions(list(KNOWN.values()), KNOWN))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("☐ Only us\n☐ Only us and others\n☐ Nobody", []),
        ("☒ Only us\n☐ Only us and others\n☐ Nobody", ["a"]),
        ("☐ Only us\nX Only us and others\n☐ Nobody", ["b"]),
        ("☐ Only us\n☐ Only us and others ✓\n☐ Nobody", ["b"]),
        ("[ ] Only us\n[x] Only us and others\n[ ] Nobody", ["b"]),
        ("☐ ONLY US\n☐x ONLY US AND  OTHERS\n☐ Nobody", ["b"]),
        ("☐ جواب a\n☐ جواب b\n☒ جواب c", ["c"]),
        ("Nobody", ["c"]),
        ("☐ Nobody", ["c"]),
        ("", []),
        ("☒ Only us\n☒ Only us and others\n☐ Nobody", None),
        ("We do not know", None),
    ],
)
def test_marked_choice_is_found_however_it_was_marked(text: str, keys: list[str] | None):
    assert chosen_in(text, choice()) == keys


def test_several_marks_are_fine_where_several_may_be_chosen():
    text = "☒ Only us\n☒ Only us and others\n☐ Nobody"

    assert chosen_in(text, choice(QuestionKind.CHOICES)) == ["a", "b"]


def test_yes_and_no_are_known_in_the_language_of_the_page_and_in_english():
    question = choice(QuestionKind.YES_NO)

    with activate("uk"):
        assert [chosen_in(text, question) for text in ("☒ Так\n☐ Ні", "☐ Yes\n☒ No")] == [["yes"], ["no"]]


@pytest.mark.parametrize("typed", ["5000", "£5,000.00", "٥٠٠٠", " 5 000 "])
def test_sum_is_read_as_on_the_page(typed: str):
    (answer,) = read("S3_amount", (typed,)).answers

    assert answer.value == "5000.00"


def test_budget_is_read_by_rows_and_empty_ones_are_left_out():
    (answer,) = read("Q8", ("What for", "Amount"), ("Rent", "£1,200.00"), ("", ""), ("إيجار", "٣٠٠")).answers

    assert answer.value == [{"what": "Rent", "amount": "1200.00"}, {"what": "إيجار", "amount": "300.00"}]


def test_what_cannot_be_read_is_listed_with_its_text_and_the_reason_of_the_page():
    found = read("S3_amount", ("about five thousand",))

    (unread,) = found.unread
    assert found.answers == ()
    assert (unread.label, unread.text) == ("About how much money do you need?", "about five thousand")
    assert unread.reason == "Write an amount in pounds with digits only, for example 2500 or 2,500.50."


def test_text_over_the_limit_is_kept_and_its_words_are_told():
    (answer,) = read("Q1", ("word " * 100,)).answers

    assert (len(str(answer.value).split()), answer.words) == (100, 100)


def test_text_far_too_long_is_not_kept_but_shown():
    found = read("Q1", ("word " * 10_000,))

    assert (found.answers, len(found.unread)) == ((), 1)


def test_answer_to_a_question_of_another_stage_or_form_is_listed():
    asked = [question for question in KNOWN.values() if question.key.startswith("S")]
    places = [AnswerPlace(Code(key, 0, "00000000"), (("Text",),)) for key in ("Q2", "Z9")]

    with activate("en"):
        found = from_places(places, Questions(asked, KNOWN))

    label = KNOWN["Q2"].label.in_language("en")
    assert found.unread == (
        Unread(label, "Text", "This question is not asked at the moment."),
        Unread("Z9", "Text", "This form has no such question."),
    )


def data(*items: object) -> bytes:
    return json.dumps({"answers": items}).encode()


def items(content: bytes) -> Brought:
    with activate("en"):
        return from_data(content, Questions(list(KNOWN.values()), KNOWN))


def test_copy_as_data_is_read_with_its_languages():
    found = items(
        data(
            {"question": "Q1", "answer": "نحن مجموعة", "language": "ar"},
            {"question": "S3", "answer": "A", "language": None},
            {"question": "Q8", "answer": [{"what": "Rent", "amount": "100.00"}]},
        )
    )

    assert [(each.question.key, each.value, each.language) for each in found.answers] == [
        ("Q1", "نحن مجموعة", "ar"),
        ("S3", "A", None),
        ("Q8", [{"what": "Rent", "amount": "100.00"}], None),
    ]


@pytest.mark.parametrize(
    "item",
    [
        {"question": "S3", "answer": "Z"},
        {"question": "S3", "answer": 5},
        {"question": "Q8", "answer": "Rent"},
        {"question": "Q8", "answer": ["Rent"]},
        {"question": "Q8", "answer": [{"what": "Rent", "amount": "much"}]},
        {"question": "Q1", "answer": {"text": "x"}},
        {"question": "S3_amount", "answer": True},
        {"question": "Q1", "answer": "x" * 100_000},
    ],
)
def test_data_that_does_not_fit_its_question_is_listed(item: dict[str, object]):
    found = items(data(item))

    assert (found.answers, [each.label for each in found.unread]) == (
        (),
        [KNOWN[str(item["question"])].label.in_language("en")],
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b'{"answers": 5}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"answers": [' + b"1," * 2_000_000,
    ],
    ids=["empty", "cut", "list", "number", "no list", "deep", "no text", "large"],
)
def test_data_that_is_no_copy_of_ours_is_refused(content: bytes):
    with pytest.raises(UnreadableFile):
        items(content)


def test_strange_items_are_passed_over():
    found = items(data(5, None, {"answer": "x"}, {"question": 5}, {"question": "Q1", "answer": None}))

    assert [(each.question.key, each.value) for each in found.answers] == [("Q1", None)]
