"""Marks that a reader gives by phone, on paper or in person, typed in by the secretary.

The reader is the author and the secretary the typist; both are named in the event and on the sheet. The
reader is told by mail and corrects what is wrong, until the sheet is locked. What readers wrote themselves is
neither shown to the secretary nor written over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fundapp.errors import FundError
from fundapp.models.panel import ReviewAssignment
from fundapp.models.user import User
from fundapp.permissions import is_conflicted
from fundapp.queries.readings import find_review, sheet_of
from fundapp.roles import reads_without_conflict
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify
from fundapp.services.readings import NewMark, ScoringClosed, lock_review, locked_sheet, save_mark


class OwnMark(FundError):
    """The reader has written here; their words are theirs."""

    code = "own_mark"


class OwnSheet(OwnMark):
    """The reader writes on this sheet; only they say when it is finished."""

    code = "own_sheet"


@dataclass(frozen=True)
class ToldMark:
    """A mark as the reader said it, and the rev that the typist saw."""

    mark: NewMark
    rev: str


def type_in(
    assignment: ReviewAssignment, told: Mapping[str, ToldMark], *, way: str, actor: User, now: datetime
) -> None:
    """Keep what changed. Raises OwnMark, ScoringClosed (also for a tie), StaleVersion and SheetIsLocked."""
    _check_ties(assignment, actor)
    sheet, changed = sheet_of(assignment), []
    for key, each in told.items():
        if sheet.is_own(key):
            raise OwnMark
        rev = save_mark(assignment, key, each.mark, rev=each.rev, actor=actor, now=now, is_typed_in=True)
        if rev != each.rev:
            changed.append(key)
    review = find_review(assignment)
    if review is None or not changed:
        return
    details = {"author": str(assignment.seat.user_id), "criteria": changed, "way": way}
    record(review, "type_in", actor=actor, now=now, call_id=assignment.application.call_id, details=details)
    _tell(assignment, now)


def lock_as_told(assignment: ReviewAssignment, *, actor: User, now: datetime) -> None:
    """The reader has said that the marks are final, and is told that they are locked.

    Raises OwnSheet, IncompleteSheet and what `type_in` raises.
    """
    _check_ties(assignment, actor)
    sheet = locked_sheet(assignment, now)
    if sheet.is_locked:
        return
    if any(sheet.is_own(each.key) for each in sheet.definition.assessment.criteria):
        raise OwnSheet
    lock_review(assignment, actor=actor, now=now)
    _tell(assignment, now)


def _tell(assignment: ReviewAssignment, now: datetime) -> None:
    notify(assignment.seat.user, MessageKind.MARKS_TYPED, now=now, panel_id=str(assignment.seat.panel_id))


def _check_ties(assignment: ReviewAssignment, actor: User) -> None:
    """They bind whoever reads and whoever types."""
    if not reads_without_conflict(assignment.seat.user, assignment) or is_conflicted(actor, assignment):
        raise ScoringClosed
