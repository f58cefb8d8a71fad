"""Two small calls from the panel's meeting to awards and a public result: one by ballots, one by lottery."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fundapp.clock import utcnow
from fundapp.decision_pack.verify import problems_of
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Ratification
from fundapp.models.call import Call
from fundapp.models.vote import Draw
from fundapp.services.panels import set_up_panel
from tests.board import (
    CONFIRMED,
    FAIR,
    GOOD,
    call_at_panel,
    come_to_meeting,
    manager_of,
    read_application,
    round_of,
    ten_minutes_later,
    with_money,
    with_rules,
)
from tests.factories import ConflictFactory, PanelSeatFactory


class Story:
    """Five groups ask for 40,000 each; there are 140,000, and MIGRANT keeps 30 % of what is awarded."""

    def __init__(self, client_for: Any, decides_by: dict[str, Any]) -> None:
        self.call: Call = with_rules(
            with_money(call_at_panel(), round_1=140_000), "assessment", decides_by=decides_by
        )
        manager = manager_of(self.call)
        self.client_for, self.fund = client_for, client_for(manager)
        self.panel = set_up_panel(round_of(self.call), actor=manager, now=utcnow())
        self.panel.quorum = 3
        self.seats = [PanelSeatFactory(panel=self.panel) for _number in range(4)]
        come_to_meeting(self.panel, self.seats)
        marks = {"Amal": GOOD, "Bridge": FAIR, "Calm": FAIR, "Dawn": FAIR, "Elm": FAIR}
        self.groups = {name: self._read(name, levels) for name, levels in marks.items()}
        self.round = f"/en/fund/rounds/{self.panel.round_id}"

    def _read(self, name: str, levels: Any) -> Application:
        one = read_application(self.panel, levels, migrant=CONFIRMED if name == "Elm" else None)
        one.organisation.name = name
        return one

    def press(self, path: str, **typed: Any) -> None:
        page = self.fund.post(f"{self.round}/{path}", data=typed)
        assert page.status_code in (302, 303), text(page)

    def member(self, number: int) -> FlaskClient:
        client: FlaskClient = self.client_for(self.seats[number].user)
        return client

    def signs_and_tells(self) -> set[str]:
        """Names of the groups with an award, after everybody was told."""
        self.press("awards/proposal")
        self.press("ratification", is_checked="yes")
        self.press("release")
        ten_minutes_later(round_of(self.call))
        return {name for name, one in self.groups.items() if one.status is ApplicationStatus.IN_PRINCIPLE}


def text(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def test_small_call_decides_by_approvals_with_equal_shares(client_for: Any, db_session: Any) -> None:
    story = Story(client_for, {"way": "approvals", "count": "equal_shares", "left_over": "raise_shares"})
    ConflictFactory(
        user=story.seats[3].user, call_id=story.call.id, organisation=story.groups["Amal"].organisation
    )
    ballot = f"/en/panels/{story.panel.id}/vote"
    story.press("vote/open")
    for number, names in enumerate(("Amal Bridge Calm", "Amal Bridge Calm", "Bridge Dawn", "Dawn Elm")):
        member = story.member(number)
        shown = text(member.get(ballot))
        assert ("Amal" in shown) is (number != 3)
        chosen = [str(story.groups[name].id) for name in names.split()]
        assert member.post(ballot, data={"chosen": chosen}).status_code == 302
    assert story.member(0).post(ballot, data={"chosen": []}).status_code == 302
    again = [str(story.groups[name].id) for name in ("Amal", "Bridge", "Calm")]
    assert story.member(0).post(ballot, data={"chosen": again}).status_code == 302

    story.press("vote/count")
    result = text(story.fund.get(f"{story.round}/vote"))
    funded = story.signs_and_tells()

    # Elm from the money kept for MIGRANT; Bridge by three, and Dawn by the two whom the others would outvote.
    assert funded == {"Bridge", "Dawn", "Elm"}
    assert result.count("said yes") == 5
    assert "of the money kept for MIGRANT pay for it" in result
    assert "3 of 4 said yes" in result
    assert "3 of 3" not in result
    assert db_session.query(Award).count() == 3
    assert problems_of(db_session.query(Ratification).one().decision_pack) == []


def test_small_call_draws_what_scores_cannot_tell_apart(client_for: Any, db_session: Any) -> None:
    story = Story(client_for, {"way": "lottery"})
    everybody = story.fund.application.test_client()
    public = f"/en/calls/{story.call.code}/draw"
    draw = db_session.query(Draw).one()
    assert draw.commitment in text(everybody.get(public))  # before a single mark counts

    story.press("vote/draw")
    funded = story.signs_and_tells()

    # Amal is clear; of the four equal ones Elm keeps the promise, and of the others the first drawn is in.
    receipts = {story.groups[name].receipt: name for name in ("Bridge", "Calm", "Dawn", "Elm")}
    shown = text(everybody.get(public))
    seed = bytes.fromhex(re.search(r"Seed</dt><dd><code dir=\"ltr\">([0-9a-f]{64})", shown)[1])  # type: ignore[index]
    assert hashlib.sha256(seed).hexdigest() == draw.commitment
    drawn = sorted(receipts, key=lambda each: hmac.new(seed, each.encode(), "sha256").hexdigest())
    first = next(receipts[each] for each in drawn if receipts[each] != "Elm")
    assert funded == {"Amal", "Elm", first}
    assert re.findall(r"<li><bdi dir=\"ltr\">(\w+)</bdi>", shown) == drawn
    assert problems_of(db_session.query(Ratification).one().decision_pack) == []


@pytest.mark.parametrize("way", ["approvals", "lottery"])
def test_nothing_is_signed_before_the_panel_has_decided(client_for: Any, way: str) -> None:
    count = {"count": "most_votes"} if way == "approvals" else {}
    story = Story(client_for, {"way": way, **count})

    story.press("awards/proposal")
    refused = story.fund.post(f"{story.round}/ratification", data={"is_checked": "yes"})

    assert refused.status_code == 409
    assert "The vote is not counted yet, or nothing is drawn yet." in text(refused)
