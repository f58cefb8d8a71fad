"""Whoever has a tie with a group gets the same pages, files and mails whatever the group wrote or was given.

Every page of tests/guards/route_matrix.csv that a member or the fund's people may open is compared: as it is,
with everything secret about the group changed, and with its application taken back. A new page is in the
matrix, so it is here. The number of queries is compared too: a page must not be slower for what it hides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.lifecycles import ApplicationStatus, AwardStatus, ClaimStatus, ItemStatus
from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.award import Award, Decision, Outcome, Ratification
from fundapp.models.meeting import MeetingItem
from fundapp.models.message import Message
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.panel import Panel, PanelSeat, Review, ReviewAssignment, Score
from fundapp.models.user import User
from fundapp.models.vote import BallotChoice
from fundapp.services.threads import write_to_fund
from tests.board import with_rules
from tests.database.web.test_canaries import readable
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    BallotFactory,
    ClaimOpinionFactory,
    ConflictFactory,
    DecidedPlaceFactory,
    DecisionFactory,
    FeedbackFactory,
    FundRoleFactory,
    InterestRegisterFactory,
    MeetingItemFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    PanelVoteFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    days,
)
from tests.guards.test_routes import ROWS, WITH_A_KEY, path_of
from tests.guards.world import World, build_world
from tests.sign_in import client_with_key, signed_in_client

A = ApplicationStatus
STATES = ("reading", "meeting", "voting", "counted", "signed")
BY_ADDRESS = ("calendar.feed",)  # open to whoever has the address of the member with the tie
CHANGING = (
    re.compile(r'(csrf_token|csrf-token|once|seen_at)"[^>]*>'),
    re.compile(r"nonce-[^' ]+|nonce=\"[^\"]+\""),
    re.compile(r"(Set-Cookie|Content-Length|Date|Expires): [^\n]+"),  # of tokens and the clock
)


@pytest.fixture(autouse=True)
def clock_at_rest() -> Iterator[None]:
    """A key notes the hour of its use, so a new hour between two looks would be a difference of its own."""
    with time_machine.travel(utcnow().replace(minute=30), tick=False):
        yield


class Tied:
    """A round in one state, with a group that a member in the chair and a manager have a tie with."""

    def __init__(self, session: Any, state: str) -> None:
        self.session, self.state = session, state
        self._tools: dict[UUID, FlaskClient] = {}
        self.world: World = build_world(session)
        self.secret_ids = ids = dict(self.world.ids)
        self.secret = session.get(Application, ids["application_id"])
        self.panel = session.get(Panel, ids["panel_id"])
        call = self.secret.call
        self.member: User = self.world.people["conflicted_panel"]
        self.manager: User = FundRoleFactory(fund=call.fund).user
        ConflictFactory(user=self.manager, call_id=call.id, organisation=self.secret.organisation)
        seats = {seat.user_id: seat for seat in session.query(PanelSeat).filter_by(panel_id=self.panel.id)}
        self.own_seat = seats[self.member.id]
        self.own_seat.is_chair = True
        InterestRegisterFactory(seat=self.own_seat)
        self.item = session.get(MeetingItem, ids["item_id"])
        self._set_state()
        self.seen_ids = ids | self._read_by_all(list(seats.values()))
        self._secret_marks()
        if self.state in ("voting", "counted"):
            self._vote(list(seats.values()))
        session.flush()

    def _set_state(self) -> None:
        award = self.session.get(Award, self.world.ids["award_id"])
        signed = self.session.query(Ratification).filter_by(round_id=self.secret.round_id).one()
        if self.state == "signed":
            self.secret.status, award.status, signed.released_at = A.IN_PRINCIPLE, AwardStatus.CHECKS, None
            DecisionFactory(application=self.secret, ratified_at=utcnow())
        else:
            award.status = AwardStatus.WITHDRAWN
            self.session.delete(signed)
            if self.state == "meeting":
                DecisionFactory(application=self.secret)
                self.item.status = ItemStatus.ON_THE_TABLE
        if self.state == "reading":
            self.secret.status = A.IN_REVIEW

    def _vote(self, seats: list[PanelSeat]) -> None:
        """About both groups; everybody said yes to both, whoever has a tie to one of them."""
        shares = {"way": "approvals", "count": "equal_shares", "left_over": "raise_shares"}
        with_rules(self.secret.call, "assessment", decides_by=shares)
        voted = [self.secret.id, self.seen_ids["application_id"]]
        counted = days(-1) if self.state == "counted" else None
        self.vote = PanelVoteFactory(
            panel=self.panel, candidates=[str(key) for key in voted], counted_at=counted
        )
        for seat in (*seats, self.spare):
            BallotFactory(vote=self.vote, seat=seat, yes_to=voted if seat is not self.own_seat else voted[1:])
        if counted:
            for place, key in enumerate(voted, start=1):
                DecidedPlaceFactory(round_id=self.panel.round_id, application_id=key, place=place)

    def _read_by_all(self, seats: list[PanelSeat]) -> dict[str, Any]:
        """A group nobody has a tie with, read by everybody; the ids of its pages."""
        seen = ApplicationFactory(call=self.secret.call, in_review=True)
        if self.state != "reading":
            seen.status = A.AT_PANEL
        AnswerFactory(application=seen, question_key="Q2")
        own, self.spare = None, PanelSeatFactory(panel=self.panel)
        for seat in (*seats, self.spare):
            assignment = ReviewAssignmentFactory(seat=seat, application=seen)
            own = assignment if seat is self.own_seat else own
            self.mark(assignment, 3)
        assert own is not None
        item = MeetingItemFactory(
            meeting=self.item.meeting, application=seen, status=ItemStatus.SETTLED, reason="Agreed."
        )
        item.took_part = {"in": [str(self.spare.id)], "out": []}
        return {
            "application_id": seen.id,
            "assignment_id": own.id,
            "organisation_id": seen.organisation_id,
            "item_id": item.id,
        }

    def _secret_marks(self) -> None:
        for assignment in self.session.query(ReviewAssignment).filter_by(application_id=self.secret.id):
            if assignment.seat_id == self.own_seat.id:
                assignment.voided_at = days(-1)
                self.secret_ids["assignment_id"] = assignment.id
            else:
                self.mark(assignment, 4)

    def mark(self, assignment: ReviewAssignment, level: int) -> None:
        begun = self.session.query(Review).filter_by(assignment_id=assignment.id).one_or_none()
        review = begun or ReviewFactory(assignment=assignment)
        review.locked_at = days(-1)
        given = {
            score.criterion_key: score for score in self.session.query(Score).filter_by(review_id=review.id)
        }
        for criterion in ("C1", "C2", "C3", "C4", "C5"):
            score = given.get(criterion) or ScoreFactory(review=review, criterion_key=criterion)
            score.value = level

    def change_everything(self) -> None:
        """Other words, other money, other marks, more readers, another status."""
        secret, session = self.secret, self.session
        secret.amount_requested, secret.strand_code, secret.language = Decimal(61_000), "B", "uk"
        secret.is_confidential = secret.needs_host = True
        secret.organisation.borough, secret.organisation.annual_income = "Brent", Decimal(9_000)
        if self.state != "signed":
            secret.status = A.CLARIFYING if self.state == "reading" else A.IN_REVIEW
        for decision in session.query(Decision).filter_by(application_id=secret.id, ratified_at=None):
            decision.outcome, decision.amount = Outcome.DECLINE, None
        for review in session.query(Review).join(ReviewAssignment).filter_by(application_id=secret.id):
            review.has_concern, review.locked_at = True, None
            for score in review.scores:
                score.value, score.sentence = 1, "No."
        for answer in session.query(Answer).filter_by(application_id=secret.id):
            answer.value = "Other words."
        for asked in session.query(Clarification).filter_by(application_id=secret.id):
            asked.question = "Other words?"
        for claim in session.query(ByAndForClaim).filter_by(organisation_id=secret.organisation_id):
            claim.status, claim.reason = ClaimStatus.NOT_MET, "Other words."
            ClaimOpinionFactory(claim=claim, application=secret, user=self.member)
        item = self.item
        item.status, item.reason, item.notes, item.votes = ItemStatus.SETTLED, "No.", "Other words.", 3
        item.took_part, item.position, item.tier = {"in": [], "out": []}, 99, "near_the_line"
        self.mark(ReviewAssignmentFactory(seat=self.spare, application=secret), 2)
        for choice in session.query(BallotChoice).filter_by(application_id=secret.id):
            session.delete(choice)
        FeedbackFactory(application=secret)
        writer = OrganisationMemberFactory(organisation=secret.organisation).user
        write_to_fund(secret, "We moved to another hall.", once="x", actor=writer, now=utcnow())
        session.flush()

    def tool_of(self, person: User, app: Flask) -> FlaskClient:
        """One for all comparisons, whose key was used within the hour."""
        if person.id not in self._tools:
            self._tools[person.id] = client_with_key(app, person)
            self._tools[person.id].get("/api/v1/fund/calls")
        return self._tools[person.id]

    def take_back(self) -> None:
        """As if the group had never sent anything."""
        self.secret.status = A.WITHDRAWN
        self.session.flush()


Seen = dict[str, tuple[int, str, int]]


def seen_by(app: Flask, tied: Tied, person: User, role: str, count_queries: Callable[[], Any]) -> Seen:
    """Status, whole answer and number of queries of every page, with the ids of either group."""
    browser, tool, found = signed_in_client(app, person), tied.tool_of(person, app), {}
    secret_ids = tied.secret_ids if person in (tied.member, tied.manager) else tied.world.ids
    for row in ROWS:
        is_for_all = row["anon"] == "ok" and row["endpoint"] not in BY_ADDRESS
        if row["method"] != "GET" or row[role] != "ok" or is_for_all:
            continue
        paths = {
            which: path_of(app, row["endpoint"], "GET", ids)
            for which, ids in (("secret", secret_ids), ("seen", tied.seen_ids))
        }
        for which, path in paths.items():
            if which == "seen" and path == paths["secret"]:
                continue
            with count_queries() as queries:
                page = (tool if row["endpoint"].startswith(WITH_A_KEY) else browser).get(path)
            answer = f"{page.headers}\n{readable(page.data)}"
            for changing in CHANGING:
                answer = changing.sub("", answer)
            found[f"{row['endpoint']} {which}"] = (page.status_code, answer, queries.number)
    return found


def mails_to(session: Any, person: User) -> list[str]:
    rows = session.query(Message).filter_by(recipient_id=person.id).order_by(Message.created_at, Message.id)
    return [f"{row.kind} {row.arguments}" for row in rows]


def differing(before: Seen, after: Seen) -> dict[str, tuple[str, str]]:
    """The pages that are not the same, each with the first place where they part."""
    return {
        name: _first_difference(before[name], after[name]) for name in before if before[name] != after[name]
    }


def _first_difference(one: tuple[int, str, int], other: tuple[int, str, int]) -> tuple[str, str]:
    if one[1] == other[1] or one[0] != other[0]:
        return f"{one[0]}, {one[2]} queries", f"{other[0]}, {other[2]} queries"
    at = next(at for at, (a, b) in enumerate(zip(one[1] + "\0", other[1] + "\0", strict=False)) if a != b)
    return one[1][max(0, at - 80) : at + 80], other[1][max(0, at - 80) : at + 80]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ["panel", "manager"])
def test_nothing_secret_changes_what_somebody_with_a_tie_gets(
    app: Flask, db_session: Any, count_queries: Callable[[], Any], state: str, role: str
) -> None:
    tied = Tied(db_session, state)
    person = tied.member if role == "panel" else tied.manager
    before, mails = seen_by(app, tied, person, role, count_queries), mails_to(db_session, person)

    tied.change_everything()
    changed = differing(before, seen_by(app, tied, person, role, count_queries))
    tied.take_back()
    gone = differing(before, seen_by(app, tied, person, role, count_queries))

    assert (changed, gone) == ({}, {})
    assert mails_to(db_session, person) == mails


@pytest.mark.parametrize("role", ["panel", "manager"])
def test_same_changes_are_seen_by_somebody_without_a_tie(
    app: Flask, db_session: Any, count_queries: Callable[[], Any], role: str
) -> None:
    tied = Tied(db_session, "meeting")
    person = tied.world.people[role]
    before = seen_by(app, tied, person, role, count_queries)

    tied.change_everything()
    changed = differing(before, seen_by(app, tied, person, role, count_queries))

    assert len(changed) > 2, "the comparison finds nothing, so it proves nothing"


@pytest.mark.parametrize("role", ["panel", "applicant"])
def test_marks_of_others_change_no_page_before_the_own_are_locked_or_anybody_is_told(
    app: Flask, db_session: Any, count_queries: Callable[[], Any], role: str
) -> None:
    tied = Tied(db_session, "reading")
    mine = db_session.get(ReviewAssignment, tied.world.ids["assignment_id"])
    others = ReviewAssignmentFactory(seat=tied.spare, application=tied.secret)
    tied.mark(others, 4)
    db_session.query(Review).filter_by(assignment_id=mine.id).one().locked_at = None
    before = seen_by(app, tied, tied.world.people[role], role, count_queries)

    review = db_session.query(Review).filter_by(assignment_id=others.id).one()
    review.private_note, review.has_concern = "Other words.", True
    for score in review.scores:
        score.value, score.sentence = 1, "Other words."
    db_session.flush()

    assert differing(before, seen_by(app, tied, tied.world.people[role], role, count_queries)) == {}
