"""Every way of answering the reference call's check has an outcome, a reason and a next step."""

from __future__ import annotations

import pytest

from forms.eligibility import ByAndForStanding, EligibilityFlag, Outcome, assess
from fundapp.call_file import read_call
from tests.database.services.test_apply_applications import PASSING
from tests.reference import REFERENCE_FILE

CALL = read_call(REFERENCE_FILE.read_text(encoding="utf-8"))
LANGUAGES = ("en", "es", "ar", "uk")
PASS, TALK, NO = Outcome.PASS, Outcome.TALK_TO_US, Outcome.NOT_THIS_FUND
HOST, HELP, QUIET = EligibilityFlag.HOST_ROUTE, EligibilityFlag.HELP_OFFERED, EligibilityFlag.CONFIDENTIAL
PATHS = [
    ("E1", False, NO, None),
    ("E2", False, TALK, None),
    ("E3", False, NO, None),
    ("E4", False, PASS, HOST),  # no written rules
    ("E5", False, TALK, None),
    ("E6", False, PASS, HOST),  # no bank account
    ("E7", "from_500000", TALK, None),
    ("E8", "not_sure", TALK, None),
    ("E9", "not_sure", TALK, None),
    ("E10", "not_sure", TALK, None),
    ("E11", True, TALK, None),
    ("E12", "not_yet", PASS, HELP),  # no policy yet
    ("E13", True, PASS, QUIET),
]


@pytest.mark.parametrize(("key", "answer", "outcome", "flag"), PATHS, ids=[path[0] for path in PATHS])
def test_path_has_an_outcome_a_reason_and_a_next_step_in_every_language(key, answer, outcome, flag):
    result = assess(CALL.eligibility, PASSING | {key: answer})

    assert (result.outcome, set(result.flags)) == (outcome, {flag} if flag else set())
    (reason,) = result.reasons
    assert reason.key == key
    for text in (reason.text, reason.next_step):
        assert text is not None
        assert all(text.as_dict().get(language) for language in LANGUAGES)


def test_group_with_nothing_yet_can_apply():
    """No written rules, no account, no policy, and nobody has asked for a number."""
    result = assess(CALL.eligibility, PASSING | {"E4": False, "E6": False, "E12": "not_yet", "E7": "from_0"})

    assert (result.outcome, result.flags) == (PASS, {HOST, HELP})
    asked = [item.question.label.in_language("en").lower() for item in CALL.eligibility]
    assert [text for text in asked if "number" in text and "charity" in text] == []


@pytest.mark.parametrize(
    ("bands", "standing"),
    [
        (("all", "half", "more_than_half"), ByAndForStanding.MET),
        (("three_quarters", "half", "all"), ByAndForStanding.MET),
        (("more_than_half", "all", "all"), ByAndForStanding.TALK_TO_US),
        (("not_sure", "all", "all"), ByAndForStanding.TALK_TO_US),
        (("all", "not_sure", "all"), ByAndForStanding.TALK_TO_US),
        (("all", "less", "all"), ByAndForStanding.NOT_MET),
        (("less", "all", "all"), ByAndForStanding.NOT_MET),
    ],
)
def test_bands_decide_the_standing(bands, standing):
    facts = dict(zip(("E8", "E9", "E10"), bands, strict=True))

    assert CALL.by_and_for.standing(facts) is standing


def test_gravest_outcome_counts_and_every_reason_is_named():
    result = assess(CALL.eligibility, PASSING | {"E1": False, "E2": False, "E12": "not_yet"})

    assert result.outcome is NO
    assert [reason.key for reason in result.reasons] == ["E1", "E2", "E12"]
