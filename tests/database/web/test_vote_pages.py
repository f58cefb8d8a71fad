"""The vote through HTTP: a member's ballot, what is refused, what the fund sees, what everybody can check."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.models.award import Must, Outcome
from fundapp.models.fund import FundRoleKind
from fundapp.models.panel import SeatKind
from fundapp.models.vote import Ballot, BallotChoice, Draw
from fundapp.services.decisions import Choice, decide
from fundapp.services.votes import prepare_draw
from tests.board import (
    FAIR,
    GOOD,
    call_at_panel,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_money,
    with_rules,
)
from tests.factories import ConflictFactory, MustMarkFactory, RatificationFactory

SHARES = {"way": "approvals", "count": "equal_shares", "left_over": "raise_shares"}
POUNDS = {"way": "pounds"}
TWO_STEPS = {"way": "two_steps", "shortlist_percent": 50}


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


class Round:
    """Two groups that ask for 40,000 each, three members, 60,000 pounds."""

    def __init__(self, client_for: Any, decides_by: dict[str, Any]) -> None:
        self.call = with_rules(
            with_money(call_at_panel(), round_1=60_000), "assessment", decides_by=decides_by
        )
        self.panel, self.manager = panel_of(self.call), manager_of(self.call)
        prepare_draw(round_of(self.call), actor=self.manager, now=utcnow())
        self.rosa, self.blue = (read_application(self.panel, levels) for levels in (FAIR, GOOD))
        self.rosa.organisation.name, self.blue.organisation.name = "Rosa Circle!", "Blue Door!"
        self.client_for, self.fund = client_for, client_for(self.manager)
        self.url = f"/en/fund/rounds/{self.panel.round_id}/vote"
        self.ballot = f"/en/panels/{self.panel.id}/vote"

    def member(self, number: int) -> FlaskClient:
        client: FlaskClient = self.client_for(self.panel.seats[number].user)
        return client

    def open(self) -> None:
        assert self.fund.post(f"{self.url}/open").status_code == 302

    def give(self, number: int, **typed: Any) -> TestResponse:
        return self.member(number).post(self.ballot, data=typed)

    def vote(self, *chosen: list[Any]) -> None:
        self.open()
        for number, each in enumerate(chosen):
            assert self.give(number, chosen=[str(one.id) for one in each]).status_code == 302
        assert self.fund.post(f"{self.url}/count").status_code == 302


def test_member_chooses_changes_and_finds_the_choice_again(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    assert "There is no vote now." in text(round_.member(0).get(round_.ballot))
    round_.open()

    page = text(round_.member(0).get(round_.ballot))
    assert ("Rosa Circle!" in page, "Blue Door!" in page, "£40,000.00" in page) == (True, True, True)
    round_.give(0, chosen=[str(round_.rosa.id)])
    round_.give(0, chosen=[str(round_.blue.id)])

    page = text(round_.member(0).get(round_.ballot))
    assert "Your ballot is saved" in page
    assert re.findall(r'value="([0-9a-f-]{36})" id="[^"]+" checked', page) == [str(round_.blue.id)]
    assert "Your ballot is saved" not in text(round_.member(1).get(round_.ballot))


def test_no_choice_is_a_ballot_too(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    round_.open()

    assert round_.give(0).status_code == 302

    assert "Your ballot is saved" in text(round_.member(0).get(round_.ballot))


def test_others_are_hidden_until_the_count_and_single_ballots_also_after_it(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    round_.open()
    for number in range(3):
        round_.give(number, chosen=[str(round_.rosa.id)])
    assert "of 3" not in text(round_.member(0).get(round_.ballot))
    assert "Rosa Circle!" not in text(round_.fund.get(round_.url))

    round_.fund.post(f"{round_.url}/count")

    page = text(round_.member(0).get(round_.ballot))
    assert ("3 of 3" in page, "0 of 3" in page) == (True, True)
    assert not any(seat.user.shown_name in page for seat in round_.panel.seats[1:])


def test_member_with_a_tie_votes_without_it(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    round_.panel.quorum = 2
    ConflictFactory(
        user=round_.panel.seats[0].user, call_id=round_.call.id, organisation=round_.rosa.organisation
    )
    round_.open()

    page = text(round_.member(0).get(round_.ballot))
    assert ("Rosa Circle!" in page, "Blue Door!" in page) == (False, True)
    refused = round_.give(0, chosen=[str(round_.rosa.id)])

    assert refused.status_code == 422
    assert db.session.query(BallotChoice).count() == 0


def test_pounds_beyond_the_pot_are_refused_and_nothing_typed_is_lost(client_for: Any) -> None:
    round_ = Round(client_for, POUNDS)
    round_.open()
    rosa, blue = f"pounds_{round_.rosa.id.hex}", f"pounds_{round_.blue.id.hex}"

    too_much = round_.give(0, **{rosa: "40000", blue: "20000.01"})
    above = round_.give(0, **{rosa: "40001"})
    good = round_.give(0, **{rosa: "40,000", blue: ""})

    assert [page.status_code for page in (too_much, above, good)] == [422, 422, 302]
    assert "more than the \u2066£60,000.00\u2069 of this round" in text(too_much)
    assert 'value="20000.01"' in text(too_much)
    given = db.session.query(BallotChoice).all()
    assert [(one.application_id, one.amount) for one in given] == [(round_.rosa.id, Decimal(40_000))]
    assert "So far you gave \u2066£40,000.00\u2069." in text(round_.member(0).get(round_.ballot))


def test_result_says_of_each_application_why_it_stands_there(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)

    round_.vote([round_.rosa], [round_.rosa], [])

    page = text(round_.fund.get(round_.url))
    assert "2 of 3 said yes, and their shares pay for it: at most \u2066£20,000.00\u2069 each." in page
    assert "0 of 3 said yes." in page
    board = text(round_.fund.get(f"/en/fund/rounds/{round_.panel.round_id}/awards"))
    assert board.index("Rosa Circle!") < board.index("Blue Door!")
    why = text(round_.fund.get(f"/en/fund/applications/{round_.rosa.id}/why"))
    assert "Place 1 in the order. 2 of 3 said yes" in why


def test_two_steps_come_one_after_the_other(client_for: Any) -> None:
    round_ = Round(client_for, TWO_STEPS)
    round_.vote([round_.rosa], [round_.rosa, round_.blue], [])
    assert "Step 1 of 2" in text(round_.member(0).get(round_.ballot))

    round_.open()

    page = text(round_.member(0).get(round_.ballot))
    assert ("Step 2 of 2" in page, "Rosa Circle!" in page, "Blue Door!" in page) == (True, True, False)
    for number in range(3):
        round_.give(number, chosen=[str(round_.rosa.id)])
    round_.fund.post(f"{round_.url}/count")
    assert "3 of 3 said yes in the second step, 2 of 3 in the first." in text(round_.fund.get(round_.url))


@pytest.mark.parametrize("step", ["open", "count", "draw"])
def test_steps_that_are_not_possible_say_so(client_for: Any, step: str) -> None:
    round_ = Round(client_for, {"way": "scores"})

    page = round_.fund.post(f"{round_.url}/{step}")

    assert page.status_code == 409
    assert "Nothing was changed" in text(page)
    assert "This call decides by scores." in text(page)


def test_count_with_too_few_ballots_changes_nothing(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    round_.open()
    round_.give(0, chosen=[str(round_.rosa.id)])

    page = round_.fund.post(f"{round_.url}/count")

    assert page.status_code == 409
    assert "Too few members have given their ballot" in text(page)
    assert "1 ballot has come. 3 are needed." in text(page)


def test_ballot_after_the_count_changes_nothing(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    round_.vote([round_.rosa], [round_.rosa], [])

    page = round_.give(2, chosen=[str(round_.blue.id)])

    assert page.status_code == 409
    assert "There is no vote now." in text(page)


def test_seat_without_a_vote_and_member_before_their_ties_have_no_ballot(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    seats = [dict(seat) for seat in round_.call.versions[-1].content["panel"]["seats"]]
    with_rules(
        round_.call,
        "panel",
        seats=[
            seat | ({"votes": "no"} if seat["key"] == "funder_officer" else {"readings_each": 40})
            for seat in seats
        ],
    )
    round_.panel.seats[0].kind = SeatKind.FUNDER_OFFICER
    round_.panel.seats[1].conflicts_declared_at = None
    round_.open()

    assert "Your seat has no vote." in text(round_.member(0).get(round_.ballot))
    assert round_.give(0).status_code == 409
    assert round_.member(1).get(round_.ballot).status_code == 404
    assert db.session.query(Ballot).count() == 0


def test_members_and_the_panel_page_lead_to_the_vote(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)

    own = text(round_.member(0).get(f"/en/panels/{round_.panel.id}"))
    panel = text(round_.fund.get(f"/en/fund/rounds/{round_.panel.round_id}/panel"))

    assert round_.ballot in own
    assert round_.url in panel


def test_everybody_sees_the_fingerprint_before_and_the_seed_after_all_are_told(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    draw = db.session.query(Draw).one()
    address = f"/en/calls/{round_.call.code}/draw"
    browser = round_.fund.application.test_client()
    round_.vote([], [], [])  # both are equal
    said = "0 of 3 said yes. Others had the same result; their order was drawn."
    assert text(round_.fund.get(round_.url)).count(said) == 2

    before = text(browser.get(address))
    RatificationFactory(round=round_of(round_.call), call=round_.call, released_at=utcnow())
    after = text(browser.get(address))

    assert draw.commitment in before
    assert draw.seed not in before
    assert round_.rosa.receipt not in before
    assert (draw.seed in after, round_.rosa.receipt in after, round_.blue.receipt in after) == (True,) * 3
    assert "Rosa" not in after


def test_page_of_a_lot_in_equal_shares_lists_who_was_drawn_together(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    both = [round_.rosa, round_.blue]
    round_.vote(both, both, [])  # money for one

    said = "Others had the same result; their order was drawn."
    assert text(round_.fund.get(round_.url)).count(said) == 2
    RatificationFactory(round=round_of(round_.call), call=round_.call, released_at=utcnow())
    page = text(round_.fund.application.test_client().get(f"/en/calls/{round_.call.code}/draw"))
    assert (round_.rosa.receipt in page, round_.blue.receipt in page) == (True, True)


def test_vote_that_gives_nobody_a_place_shows_what_the_panel_talks_about(client_for: Any) -> None:
    round_ = Round(client_for, SHARES)
    for one in (round_.rosa, round_.blue):
        user = round_.panel.seats[0].user
        ConflictFactory(user=user, call_id=round_.call.id, organisation=one.organisation)

    round_.vote([], [round_.rosa], [round_.rosa])

    page = text(round_.fund.get(round_.url))
    assert ("Without a place" in page, "Rosa Circle!" in page, "Close the vote" in page) == (
        True,
        True,
        False,
    )


def test_without_a_possible_list_the_sign_page_offers_to_sign_without_a_draw(client_for: Any) -> None:
    round_ = Round(client_for, {"way": "lottery"})
    for one in (round_.rosa, round_.blue):  # 80,000 of 60,000
        MustMarkFactory(application=one, must=Must.FUND)
        choice = Choice(Outcome.DECLINE, reason="No list keeps all the rules.")
        decide(one, choice, seen_version=0, actor=round_.manager, now=utcnow())
    url = f"/en/fund/rounds/{round_.panel.round_id}/ratification"
    admin = client_for(manager_of(round_.call, FundRoleKind.ADMIN))

    assert "only they can sign without a draw" in text(round_.fund.get(url))
    assert "Sign without a draw" in text(admin.get(url))
    typed = {"override_reason": "No list keeps all the rules.", "is_checked": "y"}
    assert admin.post(f"{url}/override", data=typed).status_code == 303
    assert "A rule of the call was passed." in text(admin.get(url))


@pytest.mark.parametrize("decides_by", [SHARES, POUNDS, TWO_STEPS, {"way": "lottery"}])
def test_call_page_says_how_it_decides(client_for: Any, decides_by: dict[str, Any]) -> None:
    round_ = Round(client_for, decides_by)
    page = text(round_.fund.application.test_client().get(f"/en/calls/{round_.call.code}"))

    assert "Money kept for some groups stays kept, whatever the panel votes or the draw says." in page
    assert f"/en/calls/{round_.call.code}/draw" in page


def test_call_that_scores_says_nothing_about_votes(client_for: Any) -> None:
    round_ = Round(client_for, {"way": "scores"})
    browser = round_.fund.application.test_client()

    assert f"/en/calls/{round_.call.code}/draw" not in text(browser.get(f"/en/calls/{round_.call.code}"))
    assert "Nothing is drawn in this call." in text(browser.get(f"/en/calls/{round_.call.code}/draw"))


def test_draw_at_the_meeting_shows_who_was_drawn_and_their_chance(client_for: Any) -> None:
    round_ = Round(client_for, {"way": "lottery"})
    again = read_application(round_.panel, GOOD)  # as good as "Blue Door!"; there is money for one

    assert round_.fund.post(f"{round_.url}/draw").status_code == 302

    page = text(round_.fund.get(round_.url))
    assert page.count("The scores cannot tell 2 applications apart.") == 2
    assert page.count("Its scores are clear: it stands below those that were drawn.") == 1
    assert again.organisation.name in page
    assert round_.fund.post(f"{round_.url}/draw").status_code == 409
