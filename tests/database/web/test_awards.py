"""The awards board through HTTP: moves, refusals that keep what was typed, signing, telling, the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Decision, Feedback, Outcome, Ratification
from fundapp.models.call import Call
from fundapp.models.fund import FundRoleKind
from fundapp.models.message import Message
from fundapp.models.user import User
from fundapp.services.decisions import take_over_proposal
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
from tests.factories import ConflictFactory

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]


def board_path(call: Call, *rest: str) -> str:
    return "/".join(("/en/fund/rounds", str(round_of(call).id), *(rest or ("awards",))))


def decision_path(application: Application) -> str:
    return f"/en/fund/applications/{application.id}/decision"


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def post_and_follow(client: FlaskClient, path: str, **fields: str) -> Any:
    answer = client.post(path, data=fields)
    assert answer.status_code == 303
    return client.get(answer.location)


def decisions() -> dict[Any, Outcome]:
    db.session.expire_all()
    return {each.application_id: each.outcome for each in db.session.execute(sa.select(Decision)).scalars()}


def test_board_shows_ranking_proposal_and_money(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    best, second = read_application(panel, GOOD), read_application(panel, FAIR)

    page = text_of(client_for(manager).get(board_path(call)))

    assert page.index(best.organisation.name) < page.index(second.organisation.name)
    assert "Better-ranked applications use up the money." in page
    assert "£50,000.00" in page
    assert "2 applications are not on the list yet." in page


def test_proposal_and_move_change_the_figures(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    best = read_application(panel, GOOD)
    client = client_for(manager)

    taken = post_and_follow(client, board_path(call, "awards", "proposal"))
    moved = post_and_follow(client, decision_path(best), version="1", outcome="award", amount="30,000")

    assert "£10,000.00" in text_of(taken)
    assert "The list can be signed" in text_of(taken)
    assert "£20,000.00" in text_of(moved)


def test_move_against_the_rule_asks_for_a_reason_and_keeps_the_choice(client_for: ClientFor) -> None:
    call = call_at_panel()
    application = read_application(panel_of(call), GOOD)
    client = client_for(manager_of(call))

    page = client.post(decision_path(application), data={"version": "0", "outcome": "decline"})

    assert page.status_code == 422
    assert "<title>Error: " in text_of(page)
    assert text_of(page).count("This is not what the rule proposes. Write in one sentence why.") == 2
    assert re.search(r'value="decline" id="outcome-2" checked', text_of(page))
    assert decisions() == {}


def test_no_for_lack_of_money_stays_one_when_moved_from_a_row(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    read_application(panel, GOOD)
    weak = read_application(panel, (1, 4, 4, 4, 4))

    page = text_of(client_for(manager).get(board_path(call)))

    fundable = page.count('name="is_fundable" value="yes"')
    assert (fundable, "is_fundable" in page[page.index(str(weak.id)) :]) == (1, False)


def test_stale_second_tab_keeps_what_was_typed(client_for: ClientFor) -> None:
    call = call_at_panel()
    application = read_application(panel_of(call), GOOD)
    client = client_for(manager_of(call))
    client.post(decision_path(application), data={"version": "0", "outcome": "award"})

    page = client.post(
        decision_path(application),
        data={"version": "0", "outcome": "decline", "reason": "They moved away."},
    )

    assert page.status_code == 409
    assert "Somebody else has moved this application." in text_of(page)
    assert "They moved away." in text_of(page)
    assert decisions() == {application.id: Outcome.AWARD}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "everything"),
        ("outcome", "aw\x00ard"),
        ("amount", "2" * 70),
        ("amount", str(2**70)),
        ("amount", "forty"),
        ("amount", "٤٠٠٠٠٠٠"),
        ("amount", "-1"),
        ("reason", "a\x00b"),
        ("reason", "x" * 10_240),
        ("version", "2e9"),
        ("version", str(2**70)),
    ],
)
def test_bad_input_changes_nothing_and_is_explained(client_for: ClientFor, field: str, value: str) -> None:
    call = call_at_panel()
    application = read_application(panel_of(call), GOOD)
    data = {"version": "0", "outcome": "award", field: value}

    page = client_for(manager_of(call)).post(decision_path(application), data=data)

    assert page.status_code in (409, 422)
    assert "Nothing was changed" in text_of(page) or "Something needs your attention" in text_of(page)
    assert decisions() == {}


def test_signing_needs_a_tick_then_makes_awards_once(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    read_application(panel, GOOD)
    client = client_for(manager)
    client.post(board_path(call, "awards", "proposal"))

    unticked = client.post(board_path(call, "ratification"))
    signed = [client.post(board_path(call, "ratification"), data={"is_checked": "yes"}) for _each in range(2)]

    assert unticked.status_code == 422
    assert [each.status_code for each in signed] == [303, 303]
    assert db.session.execute(sa.select(sa.func.count(Award.id))).scalar_one() == 1
    assert "The list is signed" in text_of(client.get(board_path(call, "ratification")))


def test_missed_ring_fence_blocks_the_manager_and_names_what_is_missing(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, GOOD, migrant=None)
    client = client_for(manager)
    client.post(
        decision_path(application), data={"version": "0", "outcome": "award", "reason": "The only one."}
    )

    page = client.post(board_path(call, "ratification"), data={"is_checked": "yes"})

    assert page.status_code == 409
    assert "MIGRANT is missed: \u2066£17,142.86\u2069 more is needed." in text_of(page)
    assert client.post(board_path(call, "ratification", "override")).status_code == 404
    assert db.session.execute(sa.select(sa.func.count(Award.id))).scalar_one() == 0


def test_administrator_goes_past_a_ring_fence_with_a_published_reason(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, GOOD, migrant=None)
    client_for(manager).post(
        decision_path(application), data={"version": "0", "outcome": "award", "reason": "The only one."}
    )
    client = client_for(manager_of(call, FundRoleKind.ADMIN))
    path = board_path(call, "ratification", "override")

    silent = client.post(path, data={"is_checked": "yes", "override_reason": " "})
    signed = client.post(path, data={"is_checked": "yes", "override_reason": "No other group works there."})

    assert silent.status_code == 422
    assert signed.status_code == 303
    reason = db.session.execute(sa.select(Ratification.override_reason)).scalar_one()
    assert reason == "No other group works there."


def test_everybody_is_told_after_feedback_and_only_then(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    levels = ((4, 4, 4, 2, 2), (3, 3, 3, 2, 2))
    groups = [read_application(panel, each, has_letter=False) for each in levels]
    client = client_for(manager)
    client.post(board_path(call, "awards", "proposal"))

    too_early = client.post(board_path(call, "ratification"), data={"is_checked": "yes"})
    client.post(board_path(call, "sentences", "accept"))
    client.post(board_path(call, "feedback"))
    signed = post_and_follow(client, board_path(call, "ratification"), is_checked="yes")
    path = f"/en/fund/applications/{groups[0].id}/feedback"
    text = {"strengths": "Led by its members.", "to_improve": "Say who pays the rent."}
    mended = client.post(path, data=text | {"rev": rev_in(client.get(path))})
    begun = post_and_follow(client, board_path(call, "release"))
    ten_minutes_later(round_of(call))
    released = client.get(board_path(call, "awards"))

    assert too_early.status_code == 409
    assert "The letters to 2 groups are not finished." in text_of(too_early)
    assert "The list is signed" in text_of(signed)
    assert mended.status_code == 303
    assert "Stop the letters" in text_of(begun)
    assert "Everybody was told" in text_of(released)
    told = sa.select(sa.func.count(Message.id)).where(Message.kind == "decision_ready")
    assert db.session.execute(told).scalar_one() == 2
    feedback = db.session.execute(
        sa.select(Feedback.strengths).where(Feedback.application_id == groups[0].id)
    ).scalar_one()
    assert feedback == "Led by its members."


def rev_in(page: Any) -> str:
    found = re.search(r'name="rev" value="([^"]+)"', text_of(page))
    assert found
    return found.group(1)


def test_feedback_from_a_second_tab_overwrites_nothing_unseen(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    group = read_application(panel_of(call), GOOD)
    first, second = client_for(manager_of(call)), client_for(manager_of(call))
    path = f"/en/fund/applications/{group.id}/feedback"
    seen_by_both = rev_in(first.get(path))

    saved = first.post(path, data={"strengths": "One.", "to_improve": "Two.", "rev": seen_by_both})
    refused = second.post(path, data={"strengths": "Mine.", "to_improve": "My own.", "rev": seen_by_both})

    assert (saved.status_code, refused.status_code) == (303, 409)
    assert all(words in text_of(refused) for words in ("One.", "Two.", "Mine.", "My own."))
    assert db.session.execute(sa.select(Feedback.strengths)).scalar_one() == "One."

    again = second.post(path, data={"strengths": "Both.", "to_improve": "Two.", "rev": rev_in(refused)})
    assert again.status_code == 303
    assert db.session.execute(sa.select(Feedback.strengths)).scalar_one() == "Both."


def test_award_from_reserve_without_money_says_so(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    read_application(panel, GOOD)
    waiting = read_application(panel, FAIR)
    client = client_for(manager)
    client.post(board_path(call, "awards", "proposal"))
    client.post(decision_path(waiting), data={"version": "1", "outcome": "reserve"})
    client.post(board_path(call, "ratification"), data={"is_checked": "yes"})

    shown = client.get(f"/en/fund/applications/{waiting.id}/award-from-reserve")
    refused = client.post(f"/en/fund/applications/{waiting.id}/award-from-reserve", data={"amount": ""})

    assert shown.status_code == 200
    assert refused.status_code == 409
    assert "The list is \u2066£30,000.00\u2069 above the money of this round." in text_of(refused)
    db.session.expire_all()
    assert waiting.status is ApplicationStatus.RESERVE


def test_conflicted_manager_finds_no_trace_of_the_group(client_for: ClientFor) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    hidden = read_application(panel, GOOD)
    hidden.organisation.name = "Rivers Together"
    ConflictFactory(user=manager, call_id=call.id, organisation=hidden.organisation)
    client = client_for(manager)

    pages = [client.get(board_path(call)), client.get(board_path(call, "ratification"))]

    assert all("Rivers Together" not in text_of(page) for page in pages)
    assert client.get(decision_path(hidden)).status_code == 404
    assert client.post(decision_path(hidden), data={"outcome": "award"}).status_code == 404


def queries_of(client: FlaskClient, path: str) -> int:
    seen = 0

    def note(*_arguments: Any) -> None:
        nonlocal seen
        seen += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return seen


def test_board_needs_the_same_queries_for_one_and_three_applications(client_for: ClientFor) -> None:
    counts = []
    for number in (1, 3):
        call = call_at_panel()
        panel, manager = panel_of(call), manager_of(call)
        for levels in (GOOD, FAIR, POOR)[:number]:
            read_application(panel, levels)
        take_over_proposal(round_of(call), actor=manager, now=utcnow())
        db.session.flush()
        client = client_for(manager)
        db.session.commit()
        db.session.expire_all()
        client.get(board_path(call))
        db.session.expire_all()
        counts.append(queries_of(client, board_path(call)))

    assert counts[0] == counts[1] <= 35


@pytest.mark.parametrize("language", ["ar", "es", "uk"])
def test_board_opens_in_every_language(client_for: ClientFor, language: str) -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    application = read_application(panel, GOOD)
    client = client_for(manager)

    pages = [
        client.get(path.replace("/en/", f"/{language}/"))
        for path in (
            board_path(call),
            board_path(call, "ratification"),
            decision_path(application),
            f"/en/fund/applications/{application.id}/feedback",
            f"/en/fund/calls/{call.id}/ring-fences",
        )
    ]

    assert [page.status_code for page in pages] == [200] * 5
    assert all(f'<html lang="{language}"' in text_of(page) for page in pages)


def test_group_reads_its_decision_only_after_the_day_everybody_is_told(client_for: ClientFor) -> None:
    call = with_money(call_at_panel(), round_1=50_000)
    panel, manager = panel_of(call), manager_of(call)
    levels = ((4, 4, 4, 2, 2), (3, 3, 3, 2, 2), (1, 3, 3, 2, 2))
    applications = [read_application(panel, each, has_letter=False) for each in levels]
    client = client_for(manager)
    members = [each.organisation.members[0].user for each in applications]

    def pages() -> list[str]:
        return [
            text_of(client_for(member).get(f"/en/applications/{application.id}"))
            for member, application in zip(members, applications, strict=True)
        ]

    client.post(board_path(call, "awards", "proposal"))
    client.post(board_path(call, "sentences", "accept"))
    client.post(board_path(call, "feedback"))
    client.post(board_path(call, "ratification"), data={"is_checked": "yes"})
    client.post(board_path(call, "release"))
    before = pages()  # nobody sees anything while it can still be stopped
    ten_minutes_later(round_of(call))
    after = pages()

    sentences = [
        "Yes in principle: the fund wants to give your group a grant.",
        "Your application was good enough to be funded, but there was not enough money.",
        "We cannot fund your application this time.",
    ]
    assert [sentence in page for sentence, page in zip(sentences, before, strict=True)] == [False] * 3
    assert [sentence in page for sentence, page in zip(sentences, after, strict=True)] == [True] * 3
    assert "A sentence about C2." not in before[0]
    assert all("A sentence about C2." in page for page in after)
