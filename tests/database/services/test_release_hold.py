"""Ten minutes between "tell everybody" and the letters, and what a list needs before it is signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.award import Feedback, Outcome, Ratification
from fundapp.models.event import Event
from fundapp.models.message import Message, OutboxJob
from fundapp.models.panel import SeatKind
from fundapp.queries.awards import find_ratification, get_board
from fundapp.queries.letters import letters_of
from fundapp.queries.sign_off import Missing, readiness_of
from fundapp.services.decisions import Choice, decide, take_over_proposal
from fundapp.services.feedback import write_feedback
from fundapp.services.ratification import ratify
from fundapp.services.releases import (
    HOLD,
    TELL_EVERYBODY,
    FeedbackMissing,
    begin_release,
    carry_out_release,
    release_decisions,
    stop_release,
)
from fundapp.services.reserves import award_from_reserve
from tests.board import (
    FAIR,
    GOOD,
    POOR,
    call_at_panel,
    come_to_meeting,
    manager_of,
    panel_of,
    read_application,
    round_of,
    with_money,
)
from tests.factories import PanelSeatFactory

pytestmark = pytest.mark.usefixtures("db_session")
NOW = datetime.fromisoformat("2027-07-26T09:00:00+00:00")
SECOND = timedelta(seconds=1)


class Signed:
    """One award, one group on the reserve list, one "no"; nobody knows yet."""

    def __init__(self) -> None:
        self.call = with_money(call_at_panel(), round_1=80_000)
        self.panel, self.manager = panel_of(self.call), manager_of(self.call)
        self.round = round_of(self.call)
        self.groups = [read_application(self.panel, levels) for levels in (GOOD, FAIR, POOR)]
        take_over_proposal(self.round, actor=self.manager, now=utcnow())
        line = get_board(self.round, reader=self.manager).line_of(self.groups[1].id)
        assert line is not None
        assert line.decision is not None
        reserve = Choice(Outcome.RESERVE, reason="It waits for its host.")
        decide(self.groups[1], reserve, seen_version=line.decision.version, actor=self.manager, now=utcnow())
        with unit_of_work():
            ratify(self.round, actor=self.manager, now=utcnow())

    def begin(self, at: datetime = NOW) -> Any:
        with unit_of_work():
            return begin_release(self.round, actor=self.manager, now=at)

    def stop(self, at: datetime = NOW + SECOND) -> bool:
        with unit_of_work():
            return stop_release(self.round, actor=self.manager, now=at)

    def carry_out(self, at: datetime = NOW + HOLD) -> int:
        with unit_of_work():
            return carry_out_release(self.round.id, now=at)

    @property
    def ratification(self) -> Ratification:
        found = find_ratification(self.round.id)
        assert found is not None
        return found

    @property
    def told(self) -> int:
        return sum(group.group_told_at is not None for group in self.groups)


def mails() -> int:
    query = sa.select(sa.func.count(Message.id)).where(Message.kind == "decision_ready")
    return db.session.execute(query).scalar_one()


def steps_of(ratification: Ratification) -> list[str]:
    query = sa.select(Event.step).where(Event.subject_id == ratification.id).order_by(Event.number)
    return list(db.session.execute(query).scalars())


def test_nobody_is_told_before_the_ten_minutes_are_over() -> None:
    signed = Signed()

    due = signed.begin()
    early = signed.carry_out(NOW + HOLD - SECOND)

    assert (due, early, signed.told, mails()) == (NOW + HOLD, 0, 0, 0)
    assert signed.ratification.released_at is None
    job = db.session.execute(sa.select(OutboxJob).where(OutboxJob.kind == TELL_EVERYBODY)).scalar_one()
    assert (job.due_at, job.arguments) == (NOW + HOLD, {"round_id": str(signed.round.id)})


def test_after_ten_minutes_everybody_is_told_once_however_often_the_job_runs() -> None:
    signed = Signed()
    signed.begin()

    told = [signed.carry_out() for _number in range(3)]

    assert (told, signed.told, mails()) == ([3, 0, 0], 3, 3)
    assert steps_of(signed.ratification) == ["ratify", "begin_release", "release"]


def test_second_press_keeps_the_first_time() -> None:
    signed = Signed()

    assert [signed.begin(), signed.begin(NOW + SECOND)] == [NOW + HOLD, NOW + HOLD]


def test_letters_that_did_not_go_out_in_time_begin_anew() -> None:
    signed = Signed()
    signed.begin()
    late = NOW + HOLD + SECOND

    again = signed.begin(late)

    assert (again, signed.carry_out(late), signed.carry_out(late + HOLD)) == (late + HOLD, 0, 3)


def test_stopped_letters_do_not_go_out_and_the_stop_is_on_record() -> None:
    signed = Signed()
    signed.begin()

    stopped = [signed.stop() for _number in range(2)]
    told = signed.carry_out()

    assert (stopped, told, signed.told, mails()) == ([True, False], 0, 0, 0)
    assert steps_of(signed.ratification) == ["ratify", "begin_release", "stop_release"]


def test_after_a_stop_the_ten_minutes_begin_again() -> None:
    signed = Signed()
    signed.begin()
    signed.stop()

    later = signed.begin(NOW + timedelta(minutes=5))
    first_job = signed.carry_out()
    second_job = signed.carry_out(NOW + timedelta(minutes=15))

    assert (later, first_job, second_job) == (NOW + timedelta(minutes=15), 0, 3)


def test_what_was_told_cannot_be_stopped() -> None:
    signed = Signed()
    signed.begin()
    signed.carry_out()

    with pytest.raises(NotPossibleNow):
        signed.stop(NOW + HOLD)
    assert signed.begin(NOW + HOLD) is None


def test_letters_without_feedback_do_not_begin() -> None:
    signed = Signed()
    feedback = db.session.execute(
        sa.select(Feedback).where(Feedback.application_id == signed.groups[2].id)
    ).scalar_one()
    feedback.to_improve = ""
    db.session.flush()

    with pytest.raises(FeedbackMissing) as refused:
        signed.begin()

    assert [each.id for each in refused.value.applications] == [signed.groups[2].id]
    assert signed.ratification.release_due_at is None


def test_award_from_the_reserve_list_during_the_hold_is_told_with_the_others() -> None:
    signed = Signed()
    signed.begin()

    award_from_reserve(signed.groups[1], amount=None, actor=signed.manager, now=NOW + SECOND)
    during = mails()
    signed.carry_out()

    assert (during, mails()) == (0, 3)


def test_nothing_is_released_without_a_signed_list() -> None:
    call = call_at_panel()

    with pytest.raises(NotPossibleNow):
        begin_release(round_of(call), actor=manager_of(call), now=NOW)
    with pytest.raises(NotPossibleNow):
        release_decisions(round_of(call), actor=manager_of(call), now=NOW)


def gaps(call: Any, manager: Any) -> dict[Missing, int]:
    return {gap.what: gap.number for gap in readiness_of(get_board(round_of(call), reader=manager)).gaps}


def test_list_is_not_signed_without_quorum_majority_and_letters() -> None:
    call = call_at_panel()
    panel, manager = panel_of(call), manager_of(call)
    panel.quorum = 5
    officers = [PanelSeatFactory(panel=panel, kind=SeatKind.FUNDER_OFFICER) for _number in range(3)]
    application = read_application(panel, GOOD, has_letter=False)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())

    first = gaps(call, manager)
    come_to_meeting(panel, officers[:3])
    second = gaps(call, manager)
    come_to_meeting(panel, [PanelSeatFactory(panel=panel, kind=SeatKind.UMBRELLA)])
    write_feedback(application, strengths="Strong.", to_improve="Costs.", actor=manager, now=utcnow())

    assert first == {Missing.QUORUM: 3, Missing.LETTERS: 1}
    assert second == {Missing.MAJORITY: 3, Missing.LETTERS: 1}
    assert gaps(call, manager) == {}


def test_every_letter_is_shown_in_the_languages_of_its_people() -> None:
    signed = Signed()

    letters = letters_of(get_board(signed.round, reader=signed.manager))

    assert [letter.line.application.id for letter in letters] == [group.id for group in signed.groups]
    assert all(letter.is_complete and letter.languages for letter in letters)


def test_signing_keeps_for_each_no_its_reason_and_the_place_that_would_have_been_enough() -> None:
    call = with_money(call_at_panel(), round_1=80_000)
    panel, manager = panel_of(call), manager_of(call)
    groups = [read_application(panel, levels) for levels in (GOOD, FAIR, POOR)]
    weak = read_application(panel, (1, 4, 4, 4, 4), by_and_for=ClaimStatus.CONFIRMED)
    take_over_proposal(round_of(call), actor=manager, now=utcnow())

    ratify(round_of(call), actor=manager, now=utcnow())

    board = get_board(round_of(call), reader=manager)
    refused, below = board.line_of(groups[2].id), board.line_of(weak.id)
    assert refused is not None
    assert below is not None
    assert refused.decision is not None
    assert below.decision is not None
    assert refused.decision.places == {"place": 3, "needed": 2}
    assert (below.decision.places, below.decision.rule_reason) == (
        None,
        {"code": "minimum_missed", "criteria": ["C1"]},
    )
