from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.conditions import Condition, Operator, dump, evaluate, facts_used, load
from forms.wrong_data import WrongData

BY_AND_FOR = {
    "all": [
        {"in": ["E8", "all", "three_quarters"]},
        {"in": ["E9", "all", "three_quarters", "half"]},
        {"not": {"eq": ["E11", "yes"]}},
    ]
}

_words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(str.strip)
_leaves = st.one_of(
    st.builds(lambda fact: Condition(Operator.ANSWERED, fact=fact), _words),
    st.builds(lambda fact, value: Condition(Operator.EQUALS, fact=fact, values=(value,)), _words, _words),
    st.builds(
        lambda fact, values: Condition(Operator.IN, fact=fact, values=tuple(values)),
        _words,
        st.lists(_words, min_size=1, max_size=3),
    ),
    st.builds(
        lambda operator, fact, number: Condition(operator, fact=fact, values=(str(number),)),
        st.sampled_from([Operator.BELOW, Operator.AT_LEAST]),
        _words,
        st.integers(),
    ),
)
_conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(
            lambda operator, parts: Condition(operator, parts=tuple(parts)),
            st.sampled_from([Operator.ALL, Operator.ANY]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(lambda part: Condition(Operator.NOT, parts=(part,)), inner),
    ),
    max_leaves=5,
)
_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(), st.sampled_from(list(Operator))), inner, max_size=2),
    ),
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"E8": "all", "E9": "half", "E11": False}, True),
        ({"E8": "three_quarters", "E9": "all"}, True),
        ({"E8": "more_than_half", "E9": "all", "E11": False}, False),
        ({"E8": "all", "E9": "half", "E11": True}, False),
        ({}, False),
    ],
)
def test_by_and_for_rule_of_the_reference_call(facts: dict[str, object], expected: bool):
    assert evaluate(load(BY_AND_FOR), facts) is expected


@pytest.mark.parametrize(
    ("data", "facts", "expected"),
    [
        ({"lt": ["income_pence", "10000000"]}, {"income_pence": 9_999_999}, True),
        ({"lt": ["income_pence", 10000000]}, {"income_pence": 10_000_000}, False),
        ({"gte": ["amount", 30000]}, {"amount": Decimal("30000.00")}, True),
        ({"gte": ["amount", 30000]}, {"amount": "not a number"}, False),
        ({"gte": ["agreed", 1]}, {"agreed": True}, False),
        ({"eq": ["amount", 30000]}, {"amount": Decimal("30000.00")}, True),
        ({"eq": ["kinds", "rent"]}, {"kinds": ("pay", "rent")}, True),
        ({"in": ["kinds", "a", "b"]}, {"kinds": ("pay", "rent")}, False),
        ({"eq": ["E4", False]}, {"E4": False}, True),
        ({"answered": "Q1"}, {"Q1": "  "}, False),
        ({"answered": "Q1"}, {"Q1": ()}, False),
        ({"answered": "Q1"}, {"Q1": False}, True),
        ({"not": {"answered": "Q1"}}, {}, True),
        ({"any": [{"answered": "Q1"}, {"answered": "Q2"}]}, {"Q2": "x"}, True),
    ],
)
def test_condition_on_facts(data: object, facts: dict[str, object], expected: bool):
    assert evaluate(load(data), facts) is expected


@given(_leaves)
def test_every_comparison_with_an_unknown_fact_is_false(condition: Condition):
    assert evaluate(condition, {}) is False


def test_facts_used_are_found_at_every_level():
    assert facts_used(load(BY_AND_FOR)) == {"E8", "E9", "E11"}


@given(_conditions)
def test_condition_survives_dump_and_load(condition: Condition):
    assert load(dump(condition)) == condition


@given(_json)
def test_any_data_is_a_condition_or_wrong_data(data: object):
    try:
        loaded = load(data)
    except WrongData:
        return
    assert load(dump(loaded)) == loaded


def test_every_error_is_reported_at_once_with_its_place():
    wrong = {"all": [{"eq": ["E8"]}, {"equals": ["E8", "all"]}, {"lt": ["income", "much"]}, []]}

    with pytest.raises(WrongData) as caught:
        load(wrong, ("ask_if",))

    assert [(path, str(message)) for path, message in caught.value.errors] == [
        (
            ("ask_if", "all", 0, "eq"),
            "Write a list: first the question or fact, then what to compare it with.",
        ),
        (
            ("ask_if", "all", 1),
            "“equals” is not a condition. Use one of: all, any, not, eq, in, lt, gte, answered.",
        ),
        (("ask_if", "all", 2, "lt", 1), "Write a number here, for example 10000."),
        (("ask_if", "all", 3), "Write one condition here, for example {eq: [E8, all]}."),
    ]


def test_condition_with_too_many_levels_is_refused():
    data: object = {"answered": "Q1"}
    for _level in range(5_000):
        data = {"not": data}

    with pytest.raises(WrongData) as caught:
        load(data)

    assert str(caught.value.errors[0][1]) == "This condition has too many levels. Use at most 8."
