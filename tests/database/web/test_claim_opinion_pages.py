"""Pages on which an umbrella organisation is asked about a claim, and answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.claim_steps import OpinionStatus
from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import ClaimStatus
from fundapp.models.claim_opinion import ClaimOpinion
from fundapp.models.panel import ConflictOfInterest, SeatKind
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ByAndForClaimFactory,
    CallFactory,
    ClaimOpinionFactory,
    ConflictFactory,
    FundRoleFactory,
    InterestRegisterFactory,
    PanelFactory,
    PanelSeatFactory,
)

SHOWN, HIDDEN = "Twelve women decide together.", "We would rent a hall."
SAID = {"view": "does_not_agree", "reason": "The committee was replaced last year."}
DAY = utcnow().date() + timedelta(days=20)
ANSWER_BY = {"answer_by-day": DAY.day, "answer_by-month": DAY.month, "answer_by-year": DAY.year}


class World:
    def __init__(self, client_for) -> None:
        call = CallFactory(deciding=True)
        self.application = ApplicationFactory(call=call, at_panel=True)
        AnswerFactory(application=self.application, question_key="Q2", value=SHOWN)
        AnswerFactory(application=self.application, question_key="Q3", value=HIDDEN)
        self.claim = ByAndForClaimFactory(
            call_id=call.id,
            organisation=self.application.organisation,
            status=ClaimStatus.CHECKED,
            answers={"E8": "all"},
        )
        seat = PanelSeatFactory(panel=PanelFactory(call=call), kind=SeatKind.UMBRELLA)
        InterestRegisterFactory(seat=seat)
        self.user = seat.user
        self.manager = client_for(FundRoleFactory(fund=call.fund).user)
        self.member = client_for(seat.user)
        self.page = f"/en/fund/applications/{self.application.id}/claims/1/opinion"
        db.session.flush()

    def opinion(self) -> ClaimOpinion:
        db.session.expire_all()
        return db.session.execute(sa.select(ClaimOpinion)).scalar_one()


@pytest.fixture
def world(db_session, client_for) -> World:
    return World(client_for)


def test_fund_asks_and_somebody_answers_from_their_work(world):
    asked = {"person": str(world.user.id), "question": "Do you know them?", "shown": ["Q2"]} | ANSWER_BY
    assert world.manager.post(world.page, data=asked).status_code == 302

    url = f"/en/opinions/{world.opinion().id}"
    assert url in world.member.get("/en/home").text
    shown = world.member.get(url).text
    assert all(words in shown for words in (SHOWN, "Do you know them?", world.application.organisation.name))
    assert HIDDEN not in shown
    assert world.member.post(url, data=SAID | {"reason": " "}).status_code == 422
    assert world.member.post(url, data=SAID).status_code == 302

    assert world.opinion().status is OpinionStatus.ANSWERED
    assert SAID["reason"] in world.member.get(url).text
    assert url not in world.member.get("/en/home").text
    history = world.manager.get(f"/en/fund/applications/{world.application.id}").text
    assert all(words in history for words in (SAID["reason"], "Second opinion came"))


def test_deciding_against_it_asks_for_a_reason_and_keeps_the_choice(world):
    opinion = ClaimOpinionFactory(claim=world.claim, application=world.application, user=world.user)
    world.member.post(f"/en/opinions/{opinion.id}", data=SAID)
    world.claim.checked_by_id = FundRoleFactory(fund=world.application.call.fund).user_id
    db.session.flush()

    answer = world.manager.post(
        f"/en/fund/applications/{world.application.id}/claims/1",
        data={"c1-status": "confirmed", "c1-evidence": "umbrella"},
    )

    assert answer.status_code == 422
    assert "Write why you decide differently." in answer.text


def test_who_has_a_tie_says_so_on_the_page_and_it_is_gone(world):
    opinion = ClaimOpinionFactory(claim=world.claim, application=world.application, user=world.user)
    url = f"/en/opinions/{opinion.id}"

    said = world.member.post(f"{url}/decline", data={"has_tie": "yes", "why": "My sister works there."})

    assert said.status_code == 302
    assert world.opinion().status is OpinionStatus.DECLINED
    assert db.session.execute(sa.select(ConflictOfInterest)).scalar_one().user_id == world.user.id
    assert world.member.get(url).status_code == 404
    assert "Prefers not to answer." in world.manager.get(f"/en/fund/applications/{world.application.id}").text


def test_nobody_with_a_tie_and_nobody_else_opens_it(world, client_for):
    opinion = ClaimOpinionFactory(claim=world.claim, application=world.application, user=world.user)
    url = f"/en/opinions/{opinion.id}"
    other = PanelSeatFactory(panel=PanelFactory(call=CallFactory()), kind=SeatKind.UMBRELLA).user
    assert client_for(other).get(url).status_code == 404

    ConflictFactory(user=world.user, call_id=world.claim.call_id, organisation=world.application.organisation)
    db.session.flush()

    assert world.member.get(url).status_code == 404
    assert world.member.post(url, data=SAID).status_code == 404
    assert world.member.post(f"{url}/decline", data={}).status_code == 404
    assert url not in world.member.get("/en/home").text


def test_asking_nobody_or_nothing_keeps_the_page(world):
    answer = world.manager.post(world.page, data={"question": "Do you know them?"})

    assert answer.status_code == 422
    assert "Choose a person." in answer.text
    assert "Do you know them?" in answer.text


def test_page_says_when_there_is_nobody_to_ask(world):
    world.application.is_confidential = True
    db.session.flush()

    assert "There is nobody to ask." in world.manager.get(world.page).text
    assert world.manager.get(world.page.replace("/claims/1/", "/claims/9/")).status_code == 404
