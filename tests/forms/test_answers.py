from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.answers import (
    AnswerEntry,
    AnswerValue,
    BudgetLine,
    JsonAnswer,
    NotAnAnswer,
    PartnerAmount,
    answer_facts,
    asked_questions,
    budget_total,
    carried_over,
    from_json,
    is_complete,
    missing_answers,
    stored_values,
    to_json,
    too_long_answers,
)
from forms.conditions import load
from forms.definition import QuestionKind, Stage
from tests.forms.examples import PEOPLE, definition, people, question

_amounts = st.decimals(0, 10**9, places=2)
_words = st.text(min_size=1)
_values: dict[QuestionKind, st.SearchStrategy[AnswerValue]] = {
    QuestionKind.TEXT: _words,
    QuestionKind.VOICE: _words,
    QuestionKind.CHOICE: _words,
    QuestionKind.CHOICES: st.lists(_words, min_size=1).map(tuple),
    QuestionKind.YES_NO: st.booleans(),
    QuestionKind.NUMBER: st.integers(),
    QuestionKind.MONEY: _amounts,
    QuestionKind.DATE: st.dates(),
    QuestionKind.BUDGET: st.lists(
        st.builds(BudgetLine, _words, st.one_of(st.none(), _amounts)), min_size=1
    ).map(tuple),
    QuestionKind.SHARES: st.lists(st.builds(PartnerAmount, _words, _amounts), min_size=1).map(tuple),
    QuestionKind.FILE: st.none(),  # its files are kept beside it
    QuestionKind.ENTRIES: st.lists(
        st.fixed_dictionaries(
            {"name": _words.filter(str.strip)},
            optional={
                "role": st.sampled_from(["chair", "money"]),
                "since": st.dates(),
                "paid": st.booleans(),
                "hours": st.integers(),
                "gets": _amounts,
            },
        ).map(AnswerEntry),
        min_size=1,
    ).map(tuple),
}
TABLE = question(kind=QuestionKind.BUDGET)


@given(st.sampled_from(list(QuestionKind)).flatmap(lambda kind: st.tuples(st.just(kind), _values[kind])))
def test_answer_of_every_kind_survives_json(answer: tuple[QuestionKind, AnswerValue]):
    kind, value = answer

    asked = people() if kind is QuestionKind.ENTRIES else question(kind=kind)

    assert from_json(asked, to_json(value)) == value


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("", None),
        (None, None),
        ((), None),
        (False, False),
        (0, 0),
        (Decimal("2500"), "2500.00"),
        (date(2027, 3, 16), "2027-03-16"),
        (("rent", "pay"), ["rent", "pay"]),
        ((BudgetLine("Rent", Decimal(5)),), [{"what": "Rent", "amount": "5.00"}]),
        ((PartnerAmount("Casa", None),), [{"partner": "Casa", "amount": ""}]),
    ],
)
def test_answer_as_json(value: AnswerValue, stored: JsonAnswer):
    assert to_json(value) == stored


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (QuestionKind.TEXT, 5),
        (QuestionKind.YES_NO, "yes"),
        (QuestionKind.NUMBER, True),
        (QuestionKind.NUMBER, "5"),
        (QuestionKind.MONEY, 2500),
        (QuestionKind.MONEY, "NaN"),
        (QuestionKind.MONEY, "much"),
        (QuestionKind.DATE, "16 March"),
        (QuestionKind.CHOICES, [1]),
        (QuestionKind.BUDGET, ["Rent"]),
        (QuestionKind.BUDGET, [{"what": "Rent"}]),
        (QuestionKind.SHARES, {"partner": "Casa"}),
        (QuestionKind.FILE, "plan.pdf"),
        (QuestionKind.ENTRIES, ["Amina"]),
        (QuestionKind.ENTRIES, [{"name": 5}]),
        (QuestionKind.ENTRIES, [{"name": "Amina", "since": "long"}]),
        (QuestionKind.ENTRIES, {"name": "Amina"}),
    ],
)
def test_json_of_another_kind_is_refused(kind: QuestionKind, data: object):
    with pytest.raises(NotAnAnswer):
        from_json(question(kind=kind, parts=PEOPLE if kind is QuestionKind.ENTRIES else ()), data)


def test_entries_are_kept_by_the_keys_of_their_parts():
    value = (AnswerEntry({"name": "Amina", "since": date(2020, 1, 5), "paid": False, "gets": Decimal(5)}),)

    stored = [{"name": "Amina", "since": "2020-01-05", "paid": False, "gets": "5.00"}]
    assert to_json(value) == stored
    assert from_json(people(), [{**stored[0], "gone": "x", "role": ""}]) == value


def test_list_is_complete_with_enough_whole_entries():
    whole, half = {"name": "Amina", "role": "chair"}, {"name": "Amina"}
    asked = people(min_rows=2)
    form = definition(full=(asked,))

    def missing(*entries: dict[str, str | int | bool]) -> bool:
        return bool(missing_answers(form, Stage.FULL, {"Q1": list(entries)}))

    assert missing()
    assert missing(whole)
    assert missing(whole, half)
    assert not missing(whole, whole)


def test_condition_looks_at_the_number_of_entries():
    several = question("Q2", ask_if=load({"gte": ["Q1", 2]}))
    any_ = question("Q3", ask_if=load({"answered": "Q1"}))
    form = definition(full=(people(required=False), several, any_))

    def asked(number: int) -> list[str]:
        rows: JsonAnswer = [{"name": "A"} for _each in range(number)]
        return [each.key for each in asked_questions(form, Stage.FULL, {"Q1": rows})]

    assert [asked(0), asked(1), asked(2)] == [["Q1"], ["Q1", "Q3"], ["Q1", "Q2", "Q3"]]


def test_text_of_an_entry_over_its_limit_is_named():
    form = definition(full=(people(),))

    assert too_long_answers(form, Stage.FULL, {"Q1": [{"name": "word " * 22}]}) == []
    assert too_long_answers(form, Stage.FULL, {"Q1": [{"name": "x"}, {"name": "word " * 23}]}) == [people()]


def test_budget_is_added_up_exactly():
    lines = [BudgetLine("Rent", Decimal("0.10")), BudgetLine("Pay", Decimal("0.20")), BudgetLine("?", None)]

    assert budget_total(lines) == Decimal("0.30")


def test_missing_answers_are_the_required_ones_of_the_stage():
    form = definition(
        eoi=(question("S1"),),
        full=(question("Q1"), question("Q2"), question("Q3", required=False), question("Q4")),
    )

    missing = missing_answers(form, Stage.FULL, {"Q1": "We cook.", "Q2": "  "})

    assert [each.key for each in missing] == ["Q2", "Q4"]
    assert [each.key for each in missing_answers(form, Stage.EOI, {})] == ["S1"]


def test_no_to_a_yes_or_no_question_is_not_missing():
    form = definition(full=(question("Q1", QuestionKind.YES_NO),))

    assert missing_answers(form, Stage.FULL, {"Q1": False}) == []


def test_question_whose_condition_does_not_hold_is_not_missing():
    partners = question("Q2", QuestionKind.SHARES, ask_if=load({"eq": ["strand", "B"]}))
    form = definition(full=(question("Q1"), partners))

    assert missing_answers(form, Stage.FULL, {"Q1": "x"}, {"strand": "A"}) == []
    assert missing_answers(form, Stage.FULL, {"Q1": "x"}, {"strand": "B"}) == [partners]


def test_answer_to_a_hidden_question_counts_as_not_given():
    form = definition(
        full=(
            question("Q1", QuestionKind.YES_NO),
            question("Q2", QuestionKind.YES_NO, ask_if=load({"eq": ["Q1", "yes"]})),
            question("Q3", ask_if=load({"eq": ["Q2", "yes"]})),
        )
    )
    answers: dict[str, JsonAnswer] = {"Q1": False, "Q2": True, "Q3": "old words"}

    assert [each.key for each in asked_questions(form, Stage.FULL, answers)] == ["Q1"]
    assert answer_facts(form, answers, {"strand": "A"}) == {"strand": "A", "Q1": False}


def test_first_stage_answers_decide_about_second_stage_questions():
    form = definition(
        eoi=(question("S3", QuestionKind.CHOICE),),
        full=(question("Q1", ask_if=load({"eq": ["S3", "B"]})),),
    )

    assert [each.key for each in asked_questions(form, Stage.FULL, {"S3": "B"})] == ["Q1"]


def test_table_with_half_a_row_is_not_complete():
    assert not is_complete(TABLE, (BudgetLine("Rent", None),))
    assert not is_complete(TABLE, (PartnerAmount(" ", Decimal(5)),))
    assert is_complete(TABLE, (BudgetLine("Rent", Decimal(5)),))
    assert not is_complete(TABLE, ())


def test_texts_more_than_a_tenth_over_their_limit_are_named():
    form = definition(full=(question("Q1", max_words=10), question("Q2", max_words=10), question("Q3")))

    too_long = too_long_answers(
        form, Stage.FULL, {"Q1": "word " * 11, "Q2": "word " * 12, "Q3": "word " * 5_000}
    )

    assert [each.key for each in too_long] == ["Q2"]


def test_first_stage_answers_are_copied_only_where_nothing_was_written():
    form = definition(
        eoi=(question("S1"), question("S2")),
        full=(question("Q1", copied_from="S1"), question("Q2", copied_from="S2")),
    )

    carried = carried_over(form, {"S1": "first", "S2": "second", "Q2": "rewritten"})

    assert carried == {"S1": "first", "S2": "second", "Q1": "first", "Q2": "rewritten"}


def test_stored_answers_become_what_a_form_starts_with():
    questions = [question("Q1"), question("Q2", QuestionKind.MONEY), question("Q3", QuestionKind.DATE)]

    assert stored_values(questions, {"Q1": "x", "Q2": "5.00"}) == {
        "Q1": "x",
        "Q2": Decimal("5.00"),
        "Q3": None,
    }
