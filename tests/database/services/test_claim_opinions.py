"""The fund asks an umbrella organisation about a claim; what it says is advice."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from fundapp.claim_steps import OpinionStatus
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotAllowed, NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.claim_opinion import ClaimOpinion, OpinionView
from fundapp.models.event import Event
from fundapp.models.panel import ConflictOfInterest, ConflictResponse, SeatKind
from fundapp.permissions import Permission, can
from fundapp.queries.claims import list_askable, list_opinions_asked_of
from fundapp.services.claim_opinions import (
    Asked,
    NobodyToAsk,
    ask_opinion,
    decline_opinion,
    give_opinion,
)
from fundapp.services.claims import OpinionReasonNeeded, SecondLookNeeded, decide_claim
from fundapp.services.promises import DayNotAhead
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ByAndForClaimFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    InterestRegisterFactory,
    PanelFactory,
    PanelSeatFactory,
    PartnerShareFactory,
)
from tests.grants import mails_to

pytestmark = pytest.mark.both_engines  # what the database itself refuses

QUESTION = "Do you know who sits on their committee?"


class Case:
    """After the deadline; one person has checked a claim, another may decide; somebody can be asked."""

    def __init__(self, **call: bool) -> None:
        with unit_of_work():
            self.set_up(CallFactory(**call or {"deciding": True}))

    def set_up(self, call) -> None:
        self.application = ApplicationFactory(call=call, at_panel=True)
        self.first, self.second = (FundRoleFactory(fund=call.fund).user for _each in range(2))
        self.claim = ByAndForClaimFactory(
            call_id=call.id,
            organisation=self.application.organisation,
            status=ClaimStatus.CHECKED,
            checked_by_id=self.first.id,
        )
        self.seat = PanelSeatFactory(panel=PanelFactory(call=call), kind=SeatKind.UMBRELLA)
        InterestRegisterFactory(seat=self.seat)
        self.user = self.seat.user

    def ask(self, user=None, **changes) -> ClaimOpinion:
        day = utcnow().date() + timedelta(days=9)
        asked = {"user": user or self.user, "question": QUESTION, "shown": (), "answer_by": day}
        with unit_of_work():
            return ask_opinion(
                self.claim, self.application, Asked(**asked | changes), actor=self.first, now=utcnow()
            )

    def give(self, opinion, view, reason="We have worked with them since 2019.") -> None:
        with unit_of_work():
            give_opinion(opinion, view, reason, actor=self.user, now=utcnow())

    def tie(self, response=ConflictResponse.NO_SCORING, organisation=None) -> None:
        with unit_of_work():
            ConflictFactory(
                user=self.user,
                call_id=self.claim.call_id,
                organisation=organisation or self.application.organisation,
                response=response,
            )

    def decide(self, status, reason="", actor=None) -> None:
        with unit_of_work():
            decide_claim(self.claim, status, reason=reason, actor=actor or self.second, now=utcnow())


@pytest.fixture
def case(db_session) -> Case:
    return Case()


def test_somebody_asked_hears_of_it_and_the_fund_of_the_answer(case):
    AnswerFactory(application=case.application, question_key="Q2")
    opinion = case.ask(shown=("Q2", "Q99"))

    case.give(opinion, OpinionView.AGREES)

    assert (opinion.status, opinion.view, opinion.shown) == (
        OpinionStatus.ANSWERED,
        OpinionView.AGREES,
        ["Q2"],
    )
    assert mails_to(case.user) == mails_to(case.first) == ["claim_opinion"]
    steps = sa.select(Event.step).where(Event.subject_id == opinion.id).order_by(Event.number)
    assert list(db.session.execute(steps).scalars()) == ["ask_opinion", "give_opinion"]
    assert case.claim.status is ClaimStatus.CHECKED


def test_only_who_sits_for_an_umbrella_organisation_and_wrote_down_ties_is_asked(case):
    with unit_of_work():
        other = PanelSeatFactory(panel=case.seat.panel, kind=SeatKind.LIVED_EXPERIENCE)
        InterestRegisterFactory(seat=other)
        silent = PanelSeatFactory(panel=case.seat.panel, kind=SeatKind.UMBRELLA)
        elsewhere = PanelSeatFactory(kind=SeatKind.UMBRELLA)
        InterestRegisterFactory(seat=elsewhere)

    assert list(list_askable(case.claim, case.application, now=utcnow())) == [case.seat]
    for seat in (other, silent, elsewhere):
        with pytest.raises(NobodyToAsk):
            case.ask(seat.user)


@pytest.mark.parametrize("response", list(ConflictResponse))
def test_nobody_with_more_than_a_note_is_asked(case, response):
    case.tie(response)

    if response is ConflictResponse.NOTE:
        assert case.ask().status is OpinionStatus.ASKED
    else:
        with pytest.raises(NobodyToAsk):
            case.ask()


def test_a_tie_with_a_partner_closes_it_too(case):
    with unit_of_work():
        share = PartnerShareFactory(application=case.application, amount=1_000)
    case.tie(organisation=share.organisation)

    with pytest.raises(NobodyToAsk):
        case.ask()


def test_nobody_is_asked_about_a_group_that_is_kept_confidential(case):
    opinion = case.ask()
    case.application.is_confidential = True
    db.session.flush()

    assert list_askable(case.claim, case.application, now=utcnow()) == ()
    assert not can(case.user, Permission.OPINION_GIVE, opinion)
    assert list_opinions_asked_of(case.user) == []


def test_nobody_says_anything_while_names_are_hidden(db_session):
    case = Case(closed=True)
    opinion = case.ask()
    with unit_of_work():
        case.seat.panel.names_are_hidden = True

    with pytest.raises(NotAllowed):
        case.give(opinion, OpinionView.AGREES)


def test_who_finds_a_tie_says_so_and_sees_it_no_more(case):
    opinion = case.ask()

    with unit_of_work():
        decline_opinion(opinion, "My sister works there.", has_tie=True, actor=case.user, now=utcnow())

    assert opinion.status is OpinionStatus.DECLINED
    tie = db.session.execute(sa.select(ConflictOfInterest)).scalar_one()
    assert (tie.user_id, tie.organisation_id, tie.response) == (
        case.user.id,
        case.application.organisation_id,
        ConflictResponse.NO_SCORING,
    )
    assert not can(case.user, Permission.OPINION_GIVE, opinion)
    with pytest.raises(NobodyToAsk):
        case.ask()


def test_one_question_at_a_time_and_a_day_ahead(case):
    with pytest.raises(DayNotAhead):
        case.ask(answer_by=utcnow().date() - timedelta(days=1))
    case.ask()

    with pytest.raises(NotPossibleNow):
        case.ask()


def test_it_holds_nothing_up(case):
    case.ask()

    case.decide(ClaimStatus.CONFIRMED)

    assert case.claim.status is ClaimStatus.CONFIRMED


@pytest.mark.parametrize("view", list(OpinionView))
def test_deciding_against_an_opinion_says_why(case, view):
    case.give(case.ask(), view)

    if view is OpinionView.DOES_NOT_AGREE:
        with pytest.raises(OpinionReasonNeeded):
            case.decide(ClaimStatus.CONFIRMED)
        assert case.claim.status is ClaimStatus.CHECKED
    case.decide(ClaimStatus.CONFIRMED, "They changed the committee in May.")

    assert case.claim.status is ClaimStatus.CONFIRMED


def test_an_opinion_replaces_no_second_person(case):
    case.give(case.ask(), OpinionView.AGREES)

    with pytest.raises(SecondLookNeeded):
        case.decide(ClaimStatus.CONFIRMED, "They say so too.", actor=case.first)


def test_an_answer_is_given_once(case):
    opinion = case.ask()
    case.give(opinion, OpinionView.CANNOT_SAY)

    with pytest.raises(NotPossibleNow):
        case.give(opinion, OpinionView.AGREES)


@pytest.mark.parametrize(
    "changes",
    [
        {"view": OpinionView.AGREES},
        {"status": OpinionStatus.ANSWERED, "view": OpinionView.AGREES, "answered_at": utcnow()},
        {"status": OpinionStatus.DECLINED},
    ],
)
def test_an_impossible_opinion_cannot_be_stored(case, changes):
    opinion = case.ask()
    for name, value in changes.items():
        setattr(opinion, name, value)

    with pytest.raises(IntegrityError):
        db.session.flush()


ACTS = st.lists(st.sampled_from(["ask", "tie", "give", "decline", "confirm", "not_met", "alone"]), max_size=8)


@given(ACTS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_tied_sees_or_answers_and_nobody_decides_alone(db_session, acts):
    case, opinion, is_tied = Case(), None, False

    for act in acts:
        before = case.claim.status
        with contextlib.suppress(NobodyToAsk, NotPossibleNow, NotAllowed, SecondLookNeeded):
            if act == "ask":
                opinion = case.ask()
                assert not is_tied
            elif act == "tie" and not is_tied:
                case.tie()
                is_tied = True
            elif act == "give" and opinion is not None:
                case.give(opinion, OpinionView.DOES_NOT_AGREE)
                assert not is_tied
            elif act == "decline" and opinion is not None:
                with unit_of_work():
                    decline_opinion(opinion, "", has_tie=False, actor=case.user, now=utcnow())
                assert not is_tied
            elif act in ("confirm", "not_met"):
                status = ClaimStatus.CONFIRMED if act == "confirm" else ClaimStatus.NOT_MET
                case.decide(status, "We looked.")
            elif act == "alone":
                case.decide(ClaimStatus.CONFIRMED, "They say so.", actor=case.first)
        if act not in ("confirm", "not_met"):
            assert case.claim.status is before
        if is_tied:
            assert opinion is None or not can(case.user, Permission.OPINION_GIVE, opinion)
            assert list_opinions_asked_of(case.user) == []
