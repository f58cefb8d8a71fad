from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.conditions import load as load_condition
from forms.definition import FileType, FormDefinition, Question, QuestionKind, Section, Stage, UsedFor
from forms.definition_schema import dump_definition, dump_question, load_definition, load_question
from forms.localized import LocalizedText
from forms.wrong_data import WrongData, readable_path
from tests.forms.examples import PEOPLE, choices, definition, question, text

LABEL = {"en": "What do you do?", "ar": "ماذا تفعلون؟"}
WHY = {"en": "To know you."}

_texts = st.dictionaries(
    st.sampled_from(["en", "es", "ar", "uk", "fa-AF"]),
    st.text("абв آب abc.", min_size=1, max_size=10).filter(str.strip),
    min_size=1,
).map(LocalizedText.of)


@st.composite
def _questions(draw: st.DrawFn, key: str, stage: Stage) -> Question:
    kind = draw(st.sampled_from(list(QuestionKind)))
    is_text, is_voice = kind in (QuestionKind.TEXT, QuestionKind.VOICE), kind is QuestionKind.VOICE
    numbers = st.one_of(st.none(), st.integers(1, 10_000))
    return Question(
        key,
        kind,
        label=draw(_texts),
        why_we_ask=draw(_texts),
        help_text=draw(st.one_of(st.none(), _texts)),
        choices=choices("a", "b", "c") if kind in (QuestionKind.CHOICE, QuestionKind.CHOICES) else (),
        max_words=draw(numbers) if is_text else None,
        max_minutes=draw(st.integers(1, 10_000) if is_voice else numbers) if is_text else None,
        max_rows=draw(numbers)
        if kind in (QuestionKind.BUDGET, QuestionKind.SHARES, QuestionKind.ENTRIES, QuestionKind.FILE)
        else None,
        parts=PEOPLE if kind is QuestionKind.ENTRIES else (),
        file_types=(FileType.PICTURE,) if kind is QuestionKind.FILE else (),
        required=draw(st.booleans()),
        ask_if=draw(st.sampled_from([None, load_condition({"eq": ["strand", "B"]})])),
        criteria=draw(st.sampled_from([(), ("C1",), ("C1", "C2")])),
        used_for=tuple(draw(st.lists(st.sampled_from(UsedFor), unique=True))),
        copied_from=draw(st.sampled_from([None, "S0"])) if stage is Stage.FULL else None,
        carries=draw(st.sampled_from([None, "strand", "group_summary"])),
    )


@st.composite
def _definitions(draw: st.DrawFn) -> FormDefinition:
    def section(stage: Stage, letter: str) -> Section:
        keys = [f"{letter}{number}" for number in range(draw(st.integers(1, 3)))]
        return Section(stage.value, stage, draw(_texts), tuple(draw(_questions(key, stage)) for key in keys))

    return FormDefinition((section(Stage.EOI, "S"), section(Stage.FULL, "Q")))


def errors_in(data: object, *facts: str) -> list[tuple[str, str]]:
    with pytest.raises(WrongData) as caught:
        load_definition(data, facts)
    return [(readable_path(path), str(message)) for path, message in caught.value.errors]


def form_data(*questions: dict[str, Any]) -> dict[str, Any]:
    section = {"key": "start", "stage": "full", "title": LABEL, "questions": list(questions)}
    return {"sections": [section]}


def question_data(**parts: Any) -> dict[str, Any]:
    return {"key": "Q1", "kind": "text", "label": LABEL, "why_we_ask": WHY, **parts}


@given(_definitions())
def test_definition_survives_dump_and_load(form: FormDefinition):
    dumped = dump_definition(form)

    assert load_definition(dumped, ["strand"]) == form
    assert dump_definition(load_definition(dumped, ["strand"])) == dumped


def test_dumped_question_holds_only_what_was_written():
    data = question_data(max_words=200, required=False, ask_if={"answered": "Q0"}, criteria=["C1"])

    loaded = load_definition(form_data(data), ["Q0"]).question("Q1")

    assert dump_question(loaded) == data


def test_one_question_outside_a_form_is_read_alone():
    assert dump_question(load_question(question_data(kind="yes_no"))) == question_data(kind="yes_no")
    with pytest.raises(WrongData):
        load_question(question_data(max_rows=3))


def test_every_error_is_reported_at_once_with_its_place_and_what_to_write():
    data = form_data(
        {
            "key": "1 st",
            "kind": "txt",
            "label": {"en": " ", "xx": "?"},
            "max_words": "many",
            "required": "no",
            "hlep_text": LABEL,
        },
        "Q2",  # type: ignore[arg-type]
        question_data(key="Q3", kind="choice", choices=[{"key": "a", "label": LABEL}], max_words=5),
        question_data(key="Q3", ask_if={"eq": ["Q9", "yes"]}, copied_from="S9", carries="name"),
    )

    assert errors_in(data) == [
        (
            "sections → 1 → questions → 1 → key",
            "Write a key of latin letters, digits and _ that starts with a letter, for example Q1.",
        ),
        (
            "sections → 1 → questions → 1 → kind",
            "Write one of these words: text, choice, choices, yes_no, number, money, date, budget, shares, "
            "entries, voice, file.",
        ),
        (
            "sections → 1 → questions → 1 → label → en",
            "Write the text in this language, or leave the language out.",
        ),
        (
            "sections → 1 → questions → 1 → label → xx",
            "“xx” is not a language we know. Use its code, for example en or fa-AF.",
        ),
        (
            "sections → 1 → questions → 1 → why_we_ask",
            "Write this text in at least one language, for example {en: …}.",
        ),
        ("sections → 1 → questions → 1 → max_words", "Write a whole number, for example 200."),
        ("sections → 1 → questions → 1 → required", "Write true or false."),
        (
            "sections → 1 → questions → 1 → hlep_text",
            "“hlep_text” is not known here. Did you mean “help_text”?",
        ),
        ("sections → 1 → questions → 2", "Write the parts of this one by one, as “name: value”."),
        ("sections → 1 → questions → 4 → key", "The key “Q3” is used twice. Write another one."),
        (
            "sections → 1 → questions → 3 → max_words",
            "Only questions of the kind text or voice have a word limit. Leave this out.",
        ),
        ("sections → 1 → questions → 3 → choices", "Write at least two choices for this kind of question."),
        (
            "sections → 1 → questions → 4 → carries",
            "Write one of these words: amount_requested, strand, theme, group_summary.",
        ),
        (
            "sections → 1 → questions → 4 → ask_if",
            "“Q9” is not a question asked before this one. Use an earlier question.",
        ),
        (
            "sections → 1 → questions → 4 → copied_from",
            "Write the key of a question of the first stage, and only in the second stage.",
        ),
    ]


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (None, [("·", "Write the parts of this one by one, as “name: value”.")]),
        ([], [("·", "Write the parts of this one by one, as “name: value”.")]),
        ({}, [("sections", "Write a list with one or more items here.")]),
        ({"sections": []}, [("sections", "Write a list with one or more items here.")]),
        ({"sections": {"a": 1}}, [("sections", "Write a list with one or more items here.")]),
        ({"sections": [{}] * 301}, [("sections", "Write at most 300 items here.")]),
        (form_data(), [("sections → 1 → questions", "Write a list with one or more items here.")]),
    ],
)
def test_data_of_another_shape_is_refused(data: object, errors: list[tuple[str, str]]):
    assert errors_in(data) == errors


@pytest.mark.parametrize(
    ("parts", "place", "message"),
    [
        ({"key": "data"}, "key", "“data” cannot be used as a key. Write another one."),
        ({"key": "Q" * 41}, "key", "Write a key with at most 40 characters."),
        ({"max_words": 0}, "max_words", "Write a whole number from 1 to 10,000."),
        ({"max_words": 2**70}, "max_words", "Write a whole number from 1 to 10,000."),
        ({"max_words": True}, "max_words", "Write a whole number, for example 200."),
        ({"help_text": {"en": "x" * 5_001}}, "help_text → en", "Write at most 5,000 characters here."),
        (
            {"help_text": {"en": "a\x00b"}},
            "help_text → en",
            "This text contains a character we cannot store. Type it again without it.",
        ),
        ({"help_text": "x"}, "help_text", "Write this text by language, for example {en: …, ar: …}."),
        (
            {"choices": [{"key": "a", "label": LABEL}]},
            "choices",
            "Only questions of the kind choice or choices have choices. Leave this out.",
        ),
        (
            {"kind": "choice", "choices": [{"key": "a", "label": LABEL}, {"key": "a", "label": LABEL}]},
            "choices → 2 → key",
            "The key “a” is used twice. Write another one.",
        ),
        (
            {"kind": "date", "max_minutes": 3},
            "max_minutes",
            "Only questions of the kind text or voice have a limit in minutes. Leave this out.",
        ),
        (
            {"ask_if": {"eq": ["Q1", "yes"]}},
            "ask_if",
            "“Q1” is not a question asked before this one. Use an earlier question.",
        ),
        (
            {"ask_if": {"all": [{"eq": ["Q0"]}]}},
            "ask_if → all → 1 → eq",
            "Write a list: first the question or fact, then what to compare it with.",
        ),
    ],
)
def test_part_that_does_not_fit_is_named(parts: dict[str, Any], place: str, message: str):
    assert errors_in(form_data(question_data(**parts))) == [
        (f"sections → 1 → questions → 1 → {place}", message)
    ]


def test_section_key_used_twice_is_refused():
    data = form_data(question_data())
    data["sections"].append({**data["sections"][0], "questions": [question_data(key="Q2")]})

    assert errors_in(data) == [("sections → 2 → key", "The key “start” is used twice. Write another one.")]


def test_question_is_found_by_key_and_stage():
    form = definition(eoi=(question("S1"),), full=(question("Q1"),))

    assert [each.key for each in form.questions()] == ["S1", "Q1"]
    assert form.question("Q1").label == text("What do you do?")
    with pytest.raises(KeyError):
        form.question("Q9")
