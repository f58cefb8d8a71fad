"""Phases by date: in order, each with what it allows."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.clock import utcnow
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import PANEL_ALLOWS, PANEL_STEPS, ApplicationStatus, PanelAct, PanelPhase
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.event import Event
from fundapp.models.panel import Panel
from fundapp.queries.agenda import Planned
from fundapp.queries.panel_phases import NotInThisPhase, allows, phase_of
from fundapp.queries.readings import is_open_for_scoring, sheet_of
from fundapp.services.assignments import assign_readers
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import seal
from fundapp.services.meetings import note_who_is_here, open_meeting
from fundapp.services.panels import NewSeat, SeatKind, add_seat, bring_to_panel, close_panel, start_review
from fundapp.services.readings import NewMark, ScoringClosed, save_mark
from fundapp.services.unlocks import unlock_review
from scoring.agenda import Tier
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MeetingFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    UserFactory,
    days,
)

REASON = "Two readers meant different years."


def panel_in(phase: PanelPhase) -> Panel:
    """Its round's dates lie so that this phase is now."""
    starts = {
        PanelPhase.PREPARING: -10,
        PanelPhase.PRACTICE: -10,
        PanelPhase.SCORING: -100,
        PanelPhase.MODERATION: -117,
        PanelPhase.MEETING: -121,
        PanelPhase.CLOSED: -140,
    }[phase]
    panel = PanelFactory(call=CallFactory(closed=True, opens_at=days(starts)))
    if phase is PanelPhase.PRACTICE:
        panel.practice_opens_at, panel.practice_closes_at = days(-1), days(1)
    return panel


@pytest.mark.parametrize("phase", list(PanelPhase))
def test_dates_say_the_phase(db_session, phase: PanelPhase):
    assert phase_of(panel_in(phase), utcnow()) is phase


@given(
    gaps=st.lists(st.integers(2, 500), min_size=5, max_size=5),
    closed=st.none() | st.integers(1, 500),
    practice=st.tuples(st.integers(1, 500), st.integers(1, 500)) | st.none(),
)
def test_phases_follow_each_other_by_their_steps_alone(gaps, closed, practice):
    start = utcnow()
    dates = [start + timedelta(hours=sum(gaps[: number + 1])) for number in range(5)]
    round_ = Round(
        scoring_opens_at=dates[1], scoring_closes_at=dates[2], panel_meets_at=dates[3], told_at=dates[4]
    )
    panel = Panel(round=round_, closed_at=dates[3] + timedelta(hours=closed) if closed is not None else None)
    if practice:
        panel.practice_opens_at = start + timedelta(hours=practice[0])
        panel.practice_closes_at = panel.practice_opens_at + timedelta(hours=practice[1])

    seen = [phase_of(panel, start + timedelta(hours=hour)) for hour in range(sum(gaps) + 2)]

    changes = {(before, after) for before, after in pairwise(seen) if before != after}
    allowed = {(before, after) for froms, after in PANEL_STEPS.values() for before in froms}
    assert changes <= allowed
    assert seen[-1] is PanelPhase.CLOSED


@pytest.mark.parametrize("act", list(PanelAct))
def test_every_act_has_a_phase_and_a_phase_without_it(act: PanelAct):
    assert PANEL_ALLOWS[act]
    assert PANEL_ALLOWS[act] != set(PanelPhase)


def _mark(panel: Panel) -> None:
    assignment = ReviewAssignmentFactory(
        seat=PanelSeatFactory(panel=panel), application=ApplicationFactory(call=panel.call, in_review=True)
    )
    save_mark(assignment, "C1", NewMark(3), rev="0", actor=assignment.seat.user, now=utcnow())


def _add(panel: Panel) -> None:
    new = NewSeat("new@example.org", "New", SeatKind.LIVED_EXPERIENCE, 10)
    add_seat(panel, new, actor=UserFactory(), now=utcnow())


def _bring(panel: Panel) -> None:
    application = ApplicationFactory(call=panel.call, in_review=True)
    for _ in range(3):
        assignment = ReviewAssignmentFactory(seat=PanelSeatFactory(panel=panel), application=application)
        ReviewFactory(assignment=assignment, locked_at=days(-1))
    bring_to_panel(application, actor=UserFactory(), now=utcnow())


def _unlock(panel: Panel) -> None:
    assignment = ReviewAssignmentFactory(
        seat=PanelSeatFactory(panel=panel), application=ApplicationFactory(call=panel.call, in_review=True)
    )
    ReviewFactory(assignment=assignment, locked_at=days(-1))
    unlock_review(assignment, REASON, actor=UserFactory(), now=utcnow())


def _meet(panel: Panel) -> None:
    application = ApplicationFactory(call=panel.call, at_panel=True)
    open_meeting(panel, [Planned(application.id, Tier.CLEAR)], actor=UserFactory(), now=utcnow())


ACTS = {
    PanelAct.MARK: _mark,
    PanelAct.CHANGE_SEATS: _add,
    PanelAct.BRING: _bring,
    PanelAct.UNLOCK: _unlock,
    PanelAct.ASSIGN: lambda panel: assign_readers(panel, actor=UserFactory(), now=utcnow()),
    PanelAct.MEET: _meet,
    PanelAct.START_REVIEW: lambda panel: start_review(panel.round, actor=UserFactory(), now=utcnow()),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("phase", list(PanelPhase))
def test_service_refuses_what_the_phase_does_not_allow(db_session, act: PanelAct, phase: PanelPhase):
    panel = panel_in(phase)

    if allows(panel, act, utcnow()):
        ACTS[act](panel)
    else:
        with pytest.raises((NotInThisPhase, ScoringClosed)):
            ACTS[act](panel)


def test_sheet_of_what_somebody_has_just_brought_to_the_panel_is_not_opened_again(db_session):
    assignment = locked_sheet(panel_in(PanelPhase.MODERATION))
    db_session.flush()
    rows = Application.__table__
    brought = rows.update().values(status=ApplicationStatus.AT_PANEL)
    db_session.connection().execute(brought.where(rows.c.id == assignment.application_id))

    with pytest.raises(NotPossibleNow):
        unlock_review(assignment, REASON, actor=UserFactory(), now=utcnow())


def locked_sheet(panel: Panel):
    assignment = ReviewAssignmentFactory(
        seat=PanelSeatFactory(panel=panel), application=ApplicationFactory(call=panel.call, in_review=True)
    )
    ScoreFactory(review=ReviewFactory(assignment=assignment, locked_at=days(-1)))
    return assignment


def test_sheet_that_is_opened_again_hides_the_others_and_keeps_the_reason(db_session):
    panel = panel_in(PanelPhase.SCORING)
    own, manager = locked_sheet(panel), UserFactory()
    other = ReviewAssignmentFactory(seat=PanelSeatFactory(panel=panel), application=own.application)
    ScoreFactory(review=ReviewFactory(assignment=other, locked_at=days(-1)))
    before = len(sheet_of(own).others)

    unlock_review(own, f" {REASON} ", actor=manager, now=utcnow())
    seal()

    event = db_session.query(Event).filter_by(step="unlock").one()
    assert (before, len(sheet_of(own).others), sheet_of(own).is_locked) == (1, 0, False)
    assert (event.actor_id, event.reason) == (manager.id, REASON)


def test_sheet_is_opened_again_only_with_a_reason_and_only_when_it_is_locked(db_session):
    assignment = locked_sheet(panel_in(PanelPhase.SCORING))

    with pytest.raises(TextNeeded):
        unlock_review(assignment, " ", actor=UserFactory(), now=utcnow())
    unlock_review(assignment, REASON, actor=UserFactory(), now=utcnow())
    with pytest.raises(NotPossibleNow):
        unlock_review(assignment, REASON, actor=UserFactory(), now=utcnow())


def test_in_moderation_only_a_sheet_that_was_opened_again_is_written_on(db_session):
    panel = panel_in(PanelPhase.MODERATION)
    first, second = locked_sheet(panel), locked_sheet(panel)

    unlock_review(first, REASON, actor=UserFactory(), now=utcnow())

    assert [is_open_for_scoring(each, utcnow()) for each in (first, second)] == [True, False]


def test_panel_is_closed_after_the_meeting_and_only_then(db_session):
    meeting, scoring = panel_in(PanelPhase.MEETING), panel_in(PanelPhase.SCORING)

    close_panel(meeting, actor=UserFactory(), now=utcnow())
    close_panel(meeting, actor=UserFactory(), now=utcnow())
    with pytest.raises(NotPossibleNow):
        close_panel(scoring, actor=UserFactory(), now=utcnow())

    assert (phase_of(meeting, utcnow()), scoring.closed_at) == (PanelPhase.CLOSED, None)


def test_nobody_is_noted_as_there_before_the_panel_meets(db_session):
    panel = panel_in(PanelPhase.MODERATION)
    meeting = MeetingFactory(panel=panel)

    with pytest.raises(NotInThisPhase):
        note_who_is_here(meeting, {PanelSeatFactory(panel=panel).id}, actor=UserFactory(), now=utcnow())
