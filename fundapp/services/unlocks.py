"""Opening a locked sheet again: by the fund, with a reason that stays in the record."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db, lock_row
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import PanelAct
from fundapp.models.panel import Review, ReviewAssignment
from fundapp.models.user import User
from fundapp.queries.panel_phases import check_phase
from fundapp.queries.readings import TO_BE_READ, find_review
from fundapp.services.answers import lock_application
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record


def unlock_review(assignment: ReviewAssignment, reason: str, *, actor: User, now: datetime) -> Review:
    """The reader may change the marks, and does not see the others' until they are locked again.

    Raises NotInThisPhase, NotPossibleNow for a sheet that is not locked or was voided, and TextNeeded.
    """
    lock_application(assignment.application)  # whoever brings it to the panel counts locked sheets
    lock_row(ReviewAssignment, assignment.id)
    db.session.refresh(assignment, ["voided_at"])
    check_phase(assignment.seat.panel, PanelAct.UNLOCK, now)
    review = find_review(assignment)
    is_read = assignment.voided_at is None and assignment.application.status in TO_BE_READ
    if review is None or review.locked_at is None or not is_read:
        raise NotPossibleNow("only a locked sheet of what is being read can be opened again")
    if not reason.strip():
        raise TextNeeded
    review.locked_at, review.unlocked_at = None, now
    call_id = assignment.application.call_id
    record(review, "unlock", actor=actor, now=now, call_id=call_id, reason=reason.strip())
    return review
