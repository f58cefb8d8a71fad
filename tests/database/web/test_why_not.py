""" "Why not us?" in one sentence for every reason there is, and what would have to change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from fundapp.call_file.data import from_data
from fundapp.models.award import Decision, Outcome
from fundapp.models.user import User
from fundapp.queries.proposals import MINIMUM_MISSED, TOTAL_TOO_LOW
from fundapp.web.why_not import what_would_change, why_not_sentence
from scoring.reasons import ReasonCode
from tests.board import (
    FAIR,
    GOOD,
    POOR,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    ten_minutes_later,
    with_money,
)
from tests.reference import reference_content

ClientFor = Callable[[User], FlaskClient]
DEFINITION = from_data(reference_content("X"))
OF_A_NO = (
    *(ReasonCode.KEPT_OUT, ReasonCode.BUDGET_SPENT, ReasonCode.CAP_REACHED, ReasonCode.HEADROOM_USED),
    *(ReasonCode.FLOOR_NEEDS_THE_MONEY, ReasonCode.FLOOR_NEEDS_MORE_BELOW, ReasonCode.EXCLUDED_BY_OTHER),
    *(ReasonCode.RULES_TOGETHER, ReasonCode.NO_COMBINATION),
)


def no(**reason: Any) -> Decision:
    about = {"ring_fences": ["BYFOR"], "tags": ["BYFOR"], "criteria": ["C1"], "least": 60}
    return Decision(outcome=Outcome.DECLINE, is_by_hand=False, rule_reason=about | reason)


@pytest.mark.parametrize("code", [*OF_A_NO, MINIMUM_MISSED, TOTAL_TOO_LOW])
def test_every_reason_of_a_no_is_one_sentence_without_codes(code: str) -> None:
    sentence = str(why_not_sentence(no(code=code), DEFINITION))

    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert "BYFOR" not in sentence
    assert "C1" not in sentence


def test_rule_of_a_borough_names_the_borough() -> None:
    decision = no(code=ReasonCode.CAP_REACHED, ring_fences=["BOROUGH"], tags=["BOROUGH:Hackney"])

    assert "Hackney" in str(why_not_sentence(decision, DEFINITION))


def test_award_needs_no_explanation() -> None:
    award = Decision(outcome=Outcome.AWARD, is_by_hand=False, rule_reason=None)

    assert (why_not_sentence(award, DEFINITION), what_would_change(award, DEFINITION)) == ("", "")


def test_what_the_panel_decided_itself_is_said_to_be_so() -> None:
    decision = Decision(outcome=Outcome.DECLINE, is_by_hand=True, rule_reason=None)

    assert "decided this itself" in str(why_not_sentence(decision, DEFINITION))


def test_minimums_say_what_would_have_been_enough() -> None:
    marks, total = no(code=MINIMUM_MISSED), no(code=TOTAL_TOO_LOW)

    assert "2" in str(what_would_change(marks, DEFINITION))
    assert "60" in str(what_would_change(total, DEFINITION))


def test_place_that_would_have_been_enough_is_named() -> None:
    enough, never = no(code=ReasonCode.BUDGET_SPENT), no(code=ReasonCode.HEADROOM_USED)
    enough.places, never.places = {"place": 9, "needed": 7}, {"place": 9, "needed": None}

    assert "7" in str(what_would_change(enough, DEFINITION))
    assert "At no place" in str(what_would_change(never, DEFINITION))


def test_each_group_reads_why_not_on_its_own_page_in_its_language(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=80_000)
    panel, manager = panel_of(call), manager_of(call)
    groups = [read_application(panel, levels) for levels in (GOOD, FAIR, POOR)]
    member = groups[2].organisation.members[0].user
    member.language = "es"
    client, path = client_for(manager), f"/en/fund/rounds/{round_of(call).id}"
    for step in ("awards/proposal", "ratification"):
        client.post(f"{path}/{step}", data={"is_checked": "yes"})

    letters = client.get(f"{path}/letters").get_data(as_text=True)
    client.post(f"{path}/release")
    ten_minutes_later(round_of(call))
    page = client_for(member).get(f"/es/applications/{groups[2].id}").get_data(as_text=True)

    why = "Los grupos con más puntos agotaron el dinero antes de su turno."
    change = (
        "Por sus puntos, su solicitud está en el puesto 3. En el puesto 2 habría recibido una subvención."
    )
    assert [words in letters for words in (why, change)] == [True, True]
    assert [words in page for words in (why, change)] == [True, True]
