from typing import Any

import pytest

from forms.conditions import load
from forms.definition import QuestionKind
from forms.eligibility import (
    ByAndForRule,
    ByAndForStanding,
    EligibilityFlag,
    EligibilityQuestion,
    EligibilityReason,
    EligibilityRule,
    Outcome,
    assess,
)
from forms.eligibility_schema import dump_by_and_for, dump_eligibility, load_by_and_for, load_eligibility
from forms.wrong_data import WrongData, readable_path
from tests.forms.examples import question, text

NOT_LONDON = text("The money is for London.")
NEEDS_HOST = text("You can apply with a host.", ar="يمكنكم التقديم مع جهة حاضنة.")
CALL_US = text("Call us.")


def yes_no(key: str, *outcomes: EligibilityRule, **parts: Any) -> EligibilityQuestion:
    return EligibilityQuestion(question(key, QuestionKind.YES_NO, **parts), outcomes)


LONDON = yes_no("E1", EligibilityRule(load({"eq": ["E1", "no"]}), Outcome.NOT_THIS_FUND, NOT_LONDON))
RULES = yes_no(
    "E4",
    EligibilityRule(
        load({"eq": ["E4", "no"]}), Outcome.PASS, NEEDS_HOST, flags=(EligibilityFlag.HOST_ROUTE,)
    ),
)
OVERRULED = yes_no(
    "E11", EligibilityRule(load({"eq": ["E11", "yes"]}), Outcome.TALK_TO_US, text("Who decides?"), CALL_US)
)
CHECK = (LONDON, RULES, OVERRULED)

CHECK_DATA: list[dict[str, Any]] = [
    {
        "key": "E4",
        "kind": "yes_no",
        "label": {"en": "Do you have written rules?"},
        "why_we_ask": {"en": "So we know who decides."},
        "outcomes": [
            {
                "if": {"eq": ["E4", "no"]},
                "outcome": "pass",
                "reason": {"en": "You can apply with a host."},
                "next_step": {"en": "Call us."},
                "flags": ["host_route"],
            }
        ],
    },
    {
        "key": "E7",
        "kind": "yes_no",
        "label": {"en": "Is it big?"},
        "why_we_ask": {"en": "To know."},
        "required": False,
    },
]


def test_all_good_answers_pass_without_reasons():
    result = assess(CHECK, {"E1": True, "E4": True, "E11": False})

    assert (result.outcome, result.reasons, result.flags, result.unanswered) == (
        Outcome.PASS,
        (),
        frozenset(),
        (),
    )


def test_gravest_outcome_counts_and_every_reason_is_told():
    result = assess(CHECK, {"E1": False, "E4": False, "E11": True})

    assert result.outcome is Outcome.NOT_THIS_FUND
    assert result.reasons == (
        EligibilityReason("E1", Outcome.NOT_THIS_FUND, NOT_LONDON, None),
        EligibilityReason("E4", Outcome.PASS, NEEDS_HOST, None),
        EligibilityReason("E11", Outcome.TALK_TO_US, text("Who decides?"), CALL_US),
    )
    assert result.flags == {EligibilityFlag.HOST_ROUTE}


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"E1": True, "E4": False, "E11": False}, Outcome.PASS),
        ({"E1": True, "E4": True, "E11": True}, Outcome.TALK_TO_US),
        ({"E1": False, "E4": True, "E11": True}, Outcome.NOT_THIS_FUND),
    ],
)
def test_outcome_of_the_check(answers: dict[str, bool], outcome: Outcome):
    assert assess(CHECK, answers).outcome is outcome


def test_unanswered_questions_are_named():
    assert assess(CHECK, {"E1": True}).unanswered == ("E4", "E11")


def test_question_that_is_not_asked_is_neither_missing_nor_counted():
    only_hosted = yes_no(
        "E5",
        EligibilityRule(load({"eq": ["E5", "no"]}), Outcome.NOT_THIS_FUND, CALL_US),
        ask_if=load({"eq": ["E4", "no"]}),
    )

    result = assess((RULES, only_hosted), {"E4": True, "E5": False})

    assert (result.outcome, result.unanswered) == (Outcome.PASS, ())


def test_first_fitting_outcome_of_a_question_counts():
    income = yes_no(
        "E7",
        EligibilityRule(load({"answered": "E7"}), Outcome.TALK_TO_US, CALL_US),
        EligibilityRule(load({"answered": "E7"}), Outcome.NOT_THIS_FUND, CALL_US),
    )

    assert assess((income,), {"E7": True}).outcome is Outcome.TALK_TO_US


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({"E8": "all", "E9": "half"}, ByAndForStanding.MET),
        ({"E8": "three_quarters", "E9": "less"}, ByAndForStanding.NOT_MET),
        ({"E8": "more_than_half", "E9": "less"}, ByAndForStanding.TALK_TO_US),
        ({}, ByAndForStanding.NOT_MET),
    ],
)
def test_by_and_for_rule(facts: dict[str, object], standing: ByAndForStanding):
    rule = ByAndForRule(
        confirmable_if=load(
            {"all": [{"in": ["E8", "all", "three_quarters"]}, {"in": ["E9", "all", "half"]}]}
        ),
        talk_if=load({"eq": ["E8", "more_than_half"]}),
    )

    assert rule.standing(facts) is standing
    assert load_by_and_for(dump_by_and_for(rule)) == rule


def test_check_is_the_same_after_load_and_dump():
    assert dump_eligibility(load_eligibility(CHECK_DATA)) == CHECK_DATA
    assert load_eligibility(dump_eligibility(CHECK)) == CHECK


def test_every_error_of_a_check_is_reported_at_once():
    data = [
        {**CHECK_DATA[0], "kind": "choice", "outcomes": [{"if": {"eq": ["E7", "no"]}, "outcome": "maybe"}]},
        {**CHECK_DATA[1], "key": "E4", "ask_if": {"eq": ["E9", "no"]}},
        7,
    ]

    with pytest.raises(WrongData) as caught:
        load_eligibility(data)

    assert [(readable_path(path), str(message)) for path, message in caught.value.errors] == [
        ("1 → outcomes → 1 → outcome", "Write one of these words: pass, talk_to_us, not_this_fund."),
        ("1 → outcomes → 1 → reason", "Write this text in at least one language, for example {en: …}."),
        ("3", "Write the parts of this one by one, as “name: value”."),
        ("2 → key", "The key “E4” is used twice. Write another one."),
        ("1 → choices", "Write at least two choices for this kind of question."),
        ("2 → ask_if", "“E9” is not a question asked before this one. Use an earlier question."),
        ("1 → outcomes → 1 → if", "“E7” is not this question or one before it. Use one of those."),
    ]


def test_by_and_for_rule_without_its_condition_is_refused():
    with pytest.raises(WrongData) as caught:
        load_by_and_for({})

    assert [(path, str(message)) for path, message in caught.value.errors] == [
        (("confirmable_if",), "Write one condition here, for example {eq: [E8, all]}.")
    ]
