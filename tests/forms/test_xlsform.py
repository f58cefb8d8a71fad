"""A form goes into a spreadsheet and comes back; what we cannot ask is refused by sheet and row."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from forms.base import clean_text
from forms.conditions import Condition, Operator, evaluate
from forms.definition import (
    Choice,
    EntryPart,
    FileType,
    FormDefinition,
    PartKind,
    Question,
    QuestionKind,
    Section,
    Stage,
    UsedFor,
)
from forms.eligibility import EligibilityFlag, EligibilityQuestion, EligibilityRule, Outcome
from forms.localized import LocalizedText
from forms.spreadsheet import LARGEST_FILE, WrongWorkbook, read_workbook, write_workbook
from forms.xlsform import SpreadsheetForm, read_xlsform, write_xlsform, xlsform_sheets
from forms.xlsform.xpath import NotOurXPath, from_xpath, to_xpath
from tests.reference import REFERENCE_FILE

LANGUAGES = ("en", "ar", "fa-AF")

short_texts = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
    .map(lambda each: clean_text(each)[0].strip()[:200].strip())
    .filter(bool)
)
texts = st.one_of(
    short_texts, short_texts.map(lambda each: f"={each}"), short_texts.map(lambda each: f"@{each}")
)
numbers = st.integers(min_value=1, max_value=10_000)


@st.composite
def localized(draw: st.DrawFn) -> LocalizedText:
    codes = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True))
    return LocalizedText.of({code: draw(texts) for code in LANGUAGES if code in codes})


@st.composite
def conditions(draw: st.DrawFn, facts: list[str], level: int = 1) -> Condition:
    fact = draw(st.sampled_from(facts))
    simple = [Operator.EQUALS, Operator.IN, Operator.BELOW, Operator.AT_LEAST, Operator.ANSWERED]
    groups = [] if level > 3 else [Operator.ALL, Operator.ANY, Operator.NOT]
    operator = draw(st.sampled_from([*simple, *groups]))
    inner = conditions(facts, level + 1)
    match operator:
        case Operator.ALL | Operator.ANY:
            return Condition(operator, tuple(draw(st.lists(inner, min_size=1, max_size=3))))
        case Operator.NOT:
            return Condition(operator, (draw(inner),))
        case Operator.ANSWERED:
            return Condition(operator, fact=fact)
        case Operator.BELOW | Operator.AT_LEAST:
            return Condition(operator, fact=fact, values=(str(draw(numbers)),))
        case Operator.EQUALS:
            return Condition(operator, fact=fact, values=(draw(short_texts),))
    return Condition(operator, fact=fact, values=tuple(draw(st.lists(short_texts, min_size=1, max_size=3))))


@st.composite
def parts(draw: st.DrawFn, number: int) -> EntryPart:
    kind = draw(st.sampled_from(PartKind))
    labels = draw(st.lists(localized(), min_size=2, max_size=3)) if kind is PartKind.CHOICE else []
    return EntryPart(
        key=draw(st.sampled_from([f"p{number}", f"what{number}", f"Q0_{number}"])),
        kind=kind,
        label=draw(localized()),
        choices=tuple(Choice(f"c{place}", label) for place, label in enumerate(labels)),
        max_words=draw(st.none() | numbers) if kind is PartKind.TEXT else None,
        optional=draw(st.booleans()),
    )


@st.composite
def questions(draw: st.DrawFn, key: str, earlier: list[str]) -> Question:
    kind = draw(st.sampled_from(QuestionKind))
    is_text, is_list = kind in (QuestionKind.TEXT, QuestionKind.VOICE), kind is QuestionKind.ENTRIES
    is_table = is_list or kind in (QuestionKind.BUDGET, QuestionKind.SHARES, QuestionKind.FILE)
    types = draw(st.lists(st.sampled_from(FileType), min_size=1, unique=True))
    most = draw(st.none() | numbers) if is_table else None
    has_choices = kind in (QuestionKind.CHOICE, QuestionKind.CHOICES)
    labels = draw(st.lists(localized(), min_size=2, max_size=3)) if has_choices else []
    return Question(
        key=key,
        kind=kind,
        label=draw(localized()),
        why_we_ask=draw(localized()),
        help_text=draw(st.none() | localized()),
        choices=tuple(Choice(f"c{number}", label) for number, label in enumerate(labels)),
        max_words=draw(st.none() | numbers) if is_text else None,
        max_minutes=draw(numbers if kind is QuestionKind.VOICE else st.none() | numbers) if is_text else None,
        max_rows=most,
        min_rows=draw(st.none() | st.integers(1, most or 10_000)) if is_list else None,
        parts=tuple(draw(parts(number)) for number in range(draw(st.integers(1, 4)))) if is_list else (),
        file_types=tuple(types) if kind is QuestionKind.FILE else (),
        required=draw(st.booleans()),
        ask_if=draw(st.none() | conditions(earlier)) if earlier else None,
        criteria=tuple(draw(st.lists(st.sampled_from(["C1", "C2"]), unique=True))),
        carries=draw(st.none() | st.just("amount_requested")),
        used_for=tuple(draw(st.lists(st.sampled_from(UsedFor), unique=True))),
    )


@st.composite
def sheet_forms(draw: st.DrawFn) -> SpreadsheetForm:
    keys: list[str] = []
    check = []
    for number in range(draw(st.integers(0, 2))):
        question = draw(questions(f"E{number}", keys))
        keys.append(question.key)
        rules = tuple(
            EligibilityRule(
                draw(conditions(keys)),
                draw(st.sampled_from(Outcome)),
                draw(localized()),
                draw(st.none() | localized()),
                tuple(draw(st.lists(st.sampled_from(EligibilityFlag), unique=True))),
            )
            for _rule in range(draw(st.integers(0, 2)))
        )
        check.append(EligibilityQuestion(question, rules))
    sections = []
    for place, stage in enumerate(draw(st.lists(st.sampled_from(Stage), min_size=1, max_size=3))):
        asked = []
        for number in range(draw(st.integers(0, 3))):
            question = draw(questions(f"Q{place}_{number}", keys))
            keys.append(question.key)
            asked.append(question)
        sections.append(Section(f"part-{place}", stage, draw(localized()), tuple(asked), draw(st.booleans())))
    return SpreadsheetForm("A-2027", draw(texts), LANGUAGES, tuple(check), FormDefinition(tuple(sections)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet_forms())
def test_export_import_export_is_identical(form: SpreadsheetForm) -> None:
    first = write_xlsform(form)

    again = read_xlsform(first)

    assert xlsform_sheets(again) == xlsform_sheets(form)
    assert read_workbook(write_xlsform(again)) == read_workbook(first)


def reference() -> SpreadsheetForm:
    from fundapp.call_file import read_call

    call = read_call(REFERENCE_FILE.read_text(encoding="utf-8"))
    return SpreadsheetForm(
        call.code, call.title.in_language("en"), call.languages, call.eligibility, call.form
    )


def test_the_reference_call_comes_back_as_it_was() -> None:
    form = reference()

    assert read_xlsform(write_xlsform(form)) == form


def test_every_part_of_a_question_and_of_an_outcome_has_a_place() -> None:
    """A new part of a question needs a column, or a spreadsheet would take it away."""
    parts = {each.name for each in dataclasses.fields(Question)}

    assert parts == {
        *(
            "key",
            "kind",
            "label",
            "why_we_ask",
            "help_text",
            "choices",
            "max_words",
            "max_minutes",
            "max_rows",
            "min_rows",
            "parts",
            "file_types",
        ),
        *("required", "ask_if", "criteria", "copied_from", "carries", "used_for"),
    }
    assert {each.name for each in dataclasses.fields(Section)} == {
        *("key", "stage", "title", "questions", "about_safety"),
    }
    assert {each.name for each in dataclasses.fields(EligibilityRule)} == {
        *("when", "outcome", "reason", "next_step", "flags"),
    }


@settings(max_examples=200, deadline=None)
@given(conditions(["a", "b"]), st.dictionaries(st.sampled_from(["a", "b"]), short_texts))
def test_a_condition_means_the_same_after_xpath(condition: Condition, facts: dict[str, str]) -> None:
    read = from_xpath(to_xpath(condition, several={"b"}))

    assert evaluate(read, facts) is evaluate(condition, facts)
    assert to_xpath(read, several={"b"}) == to_xpath(condition, several={"b"})


@settings(max_examples=200, deadline=None)
@given(conditions(["a", "b"]), st.dictionaries(st.sampled_from(["a", "b"]), st.integers(1, 30)))
def test_a_condition_on_a_list_counts_its_entries_in_xpath(
    condition: Condition, facts: dict[str, int]
) -> None:
    written = to_xpath(condition, counted={"a", "b"})

    assert "${" in written.replace("count(${", "count(") or "count(${" in written
    assert evaluate(from_xpath(written), facts) is evaluate(condition, facts)
    assert to_xpath(from_xpath(written), counted={"a", "b"}) == written


@pytest.mark.parametrize(
    "written",
    [
        "position(..) > 1",
        "${a} > 5",
        "${a} + 1 = 2",
        "count-selected(${a}) >= 1",
        "${a} = 'x' or",
        "(${a} = 'x'",
        "pulldata('x', 'y')",
        "${a} = ${b}",
        "selected(${a}, '')",
        "(" * 5000,
        "",
    ],
)
def test_other_xpath_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(NotOurXPath) as refused:
        from_xpath(written)

    assert "condition" in str(refused.value.message)


def workbook(survey: list[list[Any]], **others: list[list[Any]]) -> bytes:
    """A workbook as a spreadsheet program writes it."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in {"survey": survey, **others}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


HEADING = ["type", "name", "label::English (en)", "guidance_hint::English (en)", "relevant", "stage"]
OPEN = ["begin_group", "one", "The first part", None, None, "eoi"]
CLOSE = ["end_group"]


def refused(data: bytes) -> list[str]:
    with pytest.raises(WrongWorkbook) as error:
        read_xlsform(data)
    return [problem.words for problem in error.value.problems]


def test_rows_that_cannot_be_asked_are_named_with_sheet_and_row() -> None:
    rows = [
        HEADING,
        OPEN,
        ["geopoint", "where", "Where are you?", "To know."],
        ["text", "Q1", "What do you do?", "To know.", "${Q1} > 3"],
        ["text", "Q 2", "What else?", None],
        ["select_one colours", "Q3", "Which colour?", "To know."],
        CLOSE,
    ]

    said = refused(workbook(rows))

    assert [each.partition(": ")[0] for each in said] == [
        "Sheet “survey”, row 3",
        "Sheet “survey”, row 4",
        "Sheet “survey”, row 5",
        "Sheet “survey”, row 5",
        "Sheet “survey”, row 6",
        "Sheet “survey”, row 6",
    ]
    assert "“geopoint” cannot be asked here." in said[0]
    assert "There is no list “colours”" in " ".join(said)


def test_columns_that_we_do_not_know_are_refused_where_they_are_used() -> None:
    rows = [
        [*HEADING, "calculation", "appearance"],
        OPEN,
        ["text", "Q1", "What?", "Why.", None, None, "1+1"],
        CLOSE,
    ]

    assert refused(workbook(rows)) == [
        "Sheet “survey”, row 3: The column “calculation” has no place in our forms. Empty it or take it away."
    ]


def test_a_table_of_amounts_with_other_rows_is_refused() -> None:
    rows = [
        HEADING,
        OPEN,
        ["begin_repeat", "B", "Your budget", "Why."],
        ["text", "B_what", "x"],
        ["text", "B_other", "x"],
        ["end_repeat"],
        CLOSE,
    ]

    assert refused(workbook(rows)) == [
        "Sheet “survey”, row 3: A table of amounts is a repeat with exactly two rows: text “B_what” (or "
        "“B_partner”) and decimal “B_amount”, then end_repeat."
    ]


def test_a_repeat_is_a_list_of_entries() -> None:
    survey = [
        [*HEADING, "required", "max_words", "max_rows"],
        ["begin group", "one", "The first part", None, None, "eoi"],
        ["begin repeat", "Q1", "Who runs your group?", "To know you.", None, None, "yes", None, 5],
        ["text", "Q1.name", "First name", None, None, None, "yes", 4],
        ["select_one roles", "role", "What they do"],
        ["end repeat"],
        ["text", "Q2", "Who leads it?", "To know you.", "count(${Q1}) >= 2 and count(${Q1}) != 0"],
        ["end group"],
    ]
    choices = [["list_name", "name", "label::English (en)"], ["roles", "a", "Chair"], ["roles", "b", "Money"]]

    first, second = read_xlsform(workbook(survey, choices=choices)).form.questions()

    assert (first.kind, first.max_rows, first.required) == (QuestionKind.ENTRIES, 5, True)
    assert [(part.key, part.kind, part.max_words, part.optional) for part in first.parts] == [
        ("name", PartKind.TEXT, 4, False),
        ("role", PartKind.CHOICE, None, True),
    ]
    assert second.ask_if is not None
    assert second.ask_if.parts == (
        Condition(Operator.AT_LEAST, fact="Q1", values=("2",)),
        Condition(Operator.ANSWERED, fact="Q1"),
    )


def test_pictures_and_videos_of_other_programs_are_one_file() -> None:
    rows = [
        HEADING,
        OPEN,
        ["image", "Q1", "A photo of your place", "To see it."],
        ["video", "Q2", "A walk through it", "To see it."],
        CLOSE,
    ]

    found = [(q.kind, q.max_rows, q.file_types) for q in read_xlsform(workbook(rows)).form.questions()]

    assert found == [
        (QuestionKind.FILE, 1, (FileType.PICTURE,)),
        (QuestionKind.FILE, 1, (FileType.VIDEO,)),
    ]


def test_what_cannot_stand_in_a_repeat_is_refused_with_its_row() -> None:
    rows = [
        [*HEADING, "criteria"],
        OPEN,
        ["begin_repeat", "Q1", "Who?", "Why."],
        ["select_multiple x", "Q1.a", "Label"],
        ["text", "Q1.b", "Label", "Why.", "${Q0} != ''", None, "C1"],
        ["end_repeat"],
        ["text", "Q2", "More?", "Why.", "count(${Q2}) >= 2"],
        CLOSE,
        ["begin_repeat", "Q3", "Who?", "Why."],
    ]

    assert refused(workbook(rows)) == [
        "Sheet “survey”, row 4: “select_multiple x” cannot stand in a repeat.",
        "Sheet “survey”, row 5: What stands in a repeat has no “relevant”. Empty it here.",
        "Sheet “survey”, row 5: What stands in a repeat has no “criteria”. Empty it here.",
        "Sheet “survey”, row 5: What stands in a repeat has no hints. Write them at the question itself.",
        "Sheet “survey”, row 7: “Q2” is not a list whose entries can be counted.",
        "Sheet “survey”, row 7: “Q2” is not a question asked before this one. Use an earlier question.",
        "Sheet “survey”, row 9: This repeat has no row “end_repeat”.",
    ]


def test_a_form_made_in_a_spreadsheet_program_is_read() -> None:
    survey = [
        [*HEADING, "required", "max_words"],
        ["begin group", "one", "The first part", None, None, "eoi"],
        ["text", "Q1", "What do you do?", "To know you.", None, None, True, 100.0],
        ["select_one sizes", "Q2", "How many are you?", "To plan.", '${Q1} != "" and not(${Q1}="x")'],
        ["end group"],
    ]
    choices = [["list_name", "name", "label::English (en)"], ["sizes", 1, "Few"], ["sizes", 2, "Many"]]

    form = read_xlsform(workbook(survey, choices=choices)).form

    first, second = form.questions()
    assert (first.required, first.max_words, second.required) == (True, 100, False)
    assert [choice.key for choice in second.choices] == ["1", "2"]
    assert second.ask_if == Condition(
        Operator.ALL,
        (
            Condition(Operator.ANSWERED, fact="Q1"),
            Condition(Operator.NOT, (Condition(Operator.EQUALS, fact="Q1", values=("x",)),)),
        ),
    )


def test_a_cell_that_looks_like_a_formula_is_a_text_and_stays_as_it_is() -> None:
    written = write_workbook(
        {"one": [["word"], ["=1+1"], ["+44"], ["-5"], ["@me"], ['=HYPERLINK("x")'], ["_x0041_"]]}
    )

    cells = [row[0] for row in load_workbook(io.BytesIO(written))["one"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * 6
    assert [cell.quotePrefix for cell in cells] == [True] * 5 + [False]
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(written)).read("xl/worksheets/sheet1.xml")
    assert [row[0] for row in read_workbook(written)["one"][1:]] == [
        *("=1+1", "+44", "-5", "@me", '=HYPERLINK("x")', "_x0041_"),
    ]


def test_a_formula_is_never_taken_for_an_answer() -> None:
    rows = [HEADING, OPEN, ["text", "Q1", "=1+1", "Why."], CLOSE]

    assert refused(workbook(rows)) == [
        "Sheet “survey”, row 3: There is a formula in this row. Write the text or the number itself."
    ]


def _with_part(name: str, content: bytes) -> bytes:
    packed = io.BytesIO(workbook([HEADING, OPEN, CLOSE]))
    with zipfile.ZipFile(packed, "a") as opened:
        opened.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "say"),
    [
        (b"", "not a spreadsheet"),
        (b"code,label\n", "not a spreadsheet"),
        (b"x" * (LARGEST_FILE + 1), "too large"),
        (_with_part("xl/vbaProject.bin", b"x"), "macros"),
        (_with_part("xl/extra.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "cannot be read"),
        (workbook([]), "The sheet “survey” is missing"),
        (b"PK\x03\x04" + b"\x00" * 50, "not a spreadsheet"),
    ],
)
def test_other_files_are_refused_in_plain_words(data: bytes, say: str) -> None:
    assert any(say in each for each in refused(data))


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for number in range(5):
            opened.writestr(f"xl/{number}.xml", b" " * 9_000_000)

    assert refused(packed.getvalue()) == [
        "This file holds more than a form can. Take away what does not belong to it."
    ]


def test_a_file_that_is_not_complete_is_no_error_of_ours(tmp_path: Path) -> None:
    whole = workbook([HEADING, OPEN, CLOSE])

    for cut in range(0, len(whole), 997):
        assert refused(whole[:cut])
