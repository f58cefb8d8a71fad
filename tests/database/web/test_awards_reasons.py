"""Every code that a rule, a list or a reader's sheet can give has words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from fundapp.call_file.data import from_data
from fundapp.models.award import Decision, Outcome
from fundapp.queries.proposals import MINIMUM_MISSED
from fundapp.queries.sign_off import Gap, Missing
from fundapp.web.reasons import decision_sentence, gap_sentence, point_words, problem_sentence, rule_sentence
from scoring.moderation import AgendaCode, AgendaPoint
from scoring.reasons import Reason, ReasonCode
from tests.reference import reference_content

OF_A_LIST = (
    *(ReasonCode.BUDGET_PASSED, ReasonCode.POT_PASSED, ReasonCode.FLOOR_MISSED),
    *(ReasonCode.FLOOR_IMPOSSIBLE, ReasonCode.SET_ASIDE_USED, ReasonCode.CAP_PASSED),
)
OF_NO_LIST = (ReasonCode.RULES_TOGETHER, ReasonCode.NO_COMBINATION)
OF_A_LINE = tuple(code for code in ReasonCode if code not in OF_A_LIST)


def words(text: str) -> str:
    assert "%(" not in str(text)
    return str(text)


@pytest.mark.parametrize("code", [*OF_A_LINE, MINIMUM_MISSED])
def test_reason_of_a_line_is_a_sentence(code: str) -> None:
    sentence = words(rule_sentence({"code": code, "ring_fences": ["BYFOR"], "criteria": ["C1"]}))

    assert sentence.endswith(".")


@pytest.mark.parametrize("code", [*OF_A_LIST, *OF_NO_LIST])
def test_problem_of_a_list_is_a_sentence_with_its_numbers(code: ReasonCode) -> None:
    numbers = (("over", 100_000), ("needed", 100_000), ("headroom", -100_000))
    definition = from_data(reference_content("X"))

    sentence = words(problem_sentence(Reason(code, ("BYFOR",), numbers), definition))

    assert sentence.endswith(".")
    assert ("£1,000.00" in sentence) is (
        code not in (*OF_NO_LIST, ReasonCode.SET_ASIDE_USED, ReasonCode.CAP_PASSED)
    )


def test_floor_by_number_asks_for_awards_and_not_for_money() -> None:
    definition = from_data(reference_content("X"))
    reason = Reason(ReasonCode.FLOOR_MISSED, ("NEW",), (("needed", 2),))

    assert words(problem_sentence(reason, definition)) == "NEW is missed: 2 more awards are needed."


def test_one_borough_goes_by_its_name() -> None:
    reason = Reason(ReasonCode.CAP_PASSED, ("BOROUGH:Hackney",))

    assert words(problem_sentence(reason, from_data(reference_content("X")))) == "Hackney is above its limit."


@pytest.mark.parametrize("what", list(Missing))
def test_gap_is_a_sentence(what: Missing) -> None:
    assert words(gap_sentence(Gap(what, 2))).endswith(".")


@pytest.mark.parametrize("code", list(AgendaCode))
def test_flag_of_a_line_has_words(code: AgendaCode) -> None:
    assert words(point_words(AgendaPoint(code, "C1", 2)))


def test_four_outcomes_are_four_sentences() -> None:
    decisions = [
        Decision(outcome=Outcome.AWARD, is_fundable=False),
        Decision(outcome=Outcome.RESERVE, is_fundable=True),
        Decision(outcome=Outcome.DECLINE, is_fundable=True),
        Decision(outcome=Outcome.DECLINE, is_fundable=False),
    ]

    sentences = sorted(words(decision_sentence(decision)) for decision in decisions)

    assert all(one != other for one, other in pairwise(sentences))
