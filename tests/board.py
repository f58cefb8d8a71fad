"""Rounds at the panel meeting: applications read by three people, and a manager to decide."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.call import Call, Round
from fundapp.models.fund import FundRoleKind
from fundapp.models.meeting import Meeting, MeetingPresence
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User
from fundapp.services.releases import HOLD, carry_out_release
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    FeedbackFactory,
    FundRoleFactory,
    MeetingFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    days,
)
from tests.ledger import group
from tests.published import published_with

CRITERIA = ("C1", "C2", "C3", "C4", "C5")
GOOD = (4, 4, 4, 4, 4)
FAIR = (3, 3, 3, 3, 3)
POOR = (2, 2, 2, 2, 2)
CONFIRMED = ClaimStatus.CONFIRMED


def call_at_panel(**traits: Any) -> Call:
    """A call whose first round is with the panel; `with_money` changes its money."""
    call: Call = CallFactory(deciding=True, **traits)
    return call


def with_money(call: Call, *, round_1: int) -> Call:
    """Another amount for the first round; the second one gets the rest of the grant pot."""
    first, second = (dict(each) for each in call.versions[-1].content["rounds"])
    whole = int(first["amount"]) + int(second["amount"])
    first["amount"], second["amount"] = str(round_1), str(whole - round_1)
    published_with(call, rounds=[first, second])
    return call


def with_rules(call: Call, part: str, **rules: Any) -> Call:
    """Other values in one part of the call's file, such as `awards` or `assessment`."""
    published_with(call, **{part: call.versions[-1].content[part] | rules})
    return call


def manager_of(call: Call, kind: FundRoleKind = FundRoleKind.MANAGER) -> User:
    return FundRoleFactory(fund=call.fund, kind=kind).user  # type: ignore[no-any-return]


def panel_of(call: Call, round_: Round | None = None, *, has_met: bool = True) -> Panel:
    """Three members who read everything and came to the meeting; of the first round unless one is named."""
    panel: Panel = PanelFactory(call=call, round=round_ or call.rounds[0], quorum=3)
    seats = [PanelSeatFactory(panel=panel) for _number in range(3)]
    if has_met:
        come_to_meeting(panel, seats)
    return panel


def come_to_meeting(panel: Panel, seats: Sequence[PanelSeat]) -> None:
    known = db.session.execute(sa.select(Meeting).where(Meeting.panel_id == panel.id)).scalar_one_or_none()
    meeting = known or MeetingFactory(panel=panel, opened_at=days(-1))
    db.session.add_all(MeetingPresence(meeting=meeting, seat=seat, came_at=days(-1)) for seat in seats)
    db.session.flush()


def read_application(
    panel: Panel,
    levels: Sequence[int | None] = FAIR,
    *,
    pounds: int = 40_000,
    by_and_for: ClaimStatus | None = CONFIRMED,
    migrant: ClaimStatus | None = CONFIRMED,
    strand: str = "A",
    borough: str = "Hackney",
    income: int = 40_000,
    has_letter: bool = True,
) -> Application:
    """An application that every seat of the panel has read and marked alike, with its letter written."""
    call = panel.call
    organisation = group(call, by_and_for, migrant=migrant, borough=borough, income=Decimal(income))
    OrganisationMemberFactory(organisation=organisation)
    application: Application = ApplicationFactory(
        call=call,
        round=panel.round,
        organisation=organisation,
        at_panel=True,
        strand_code=strand,
        amount_requested=Decimal(pounds),
    )
    if has_letter:
        FeedbackFactory(application=application)
    for seat in panel.seats:
        assignment = ReviewAssignmentFactory(seat=seat, application=application)
        review = ReviewFactory(assignment=assignment, locked_at=days(-1))
        for criterion, level in zip(CRITERIA, levels, strict=True):
            ScoreFactory(
                review=review,
                criterion_key=criterion,
                value=level,
                cant_tell=level is None,
                sentence=f"A sentence about {criterion}.",
            )
    return application


def ten_minutes_later(round_: Round) -> int:
    """What the job does when the hold is over. How many groups were told."""
    with unit_of_work():
        return carry_out_release(round_.id, now=utcnow() + HOLD)


def round_of(call: Call) -> Round:
    return call.rounds[0]
