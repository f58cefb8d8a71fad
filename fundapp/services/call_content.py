"""Writing what a call says: its newest version and its rounds, while it is being built."""

from __future__ import annotations

from contextlib import suppress

from forms.definition import Stage
from fundapp.call_file import digest, to_data
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.timetable import Round as PlannedRound
from fundapp.call_file.timetable import StepKind
from fundapp.db import db
from fundapp.errors import FundError
from fundapp.models.call import Call, Round
from fundapp.queries.call_drafts import Checked, check_working, find_draft, with_record
from fundapp.queries.calls import current_version, is_round_used


class VersionIsFrozen(FundError):
    """What a published call says cannot be changed; only a dated notice can be added."""

    code = "version_is_frozen"


class RoundInUse(FundError):
    """A round with a panel, a list or applications cannot be taken away."""

    code = "round_in_use"


def round_row(planned: PlannedRound, definition: CallDefinition) -> Round:
    round_ = Round(code=planned.key)
    _set_dates(round_, planned, definition)
    return round_


def _set_dates(round_: Round, planned: PlannedRound, definition: CallDefinition) -> None:
    zone = definition.zone
    scoring = planned.step(StepKind.SCORING)
    round_.opens_at = planned.opens_at(zone)
    round_.eoi_closes_at = planned.closes_at(Stage.EOI, zone)
    round_.full_closes_at = planned.closes_at(Stage.FULL, zone)
    round_.scoring_opens_at = scoring.begins_at(zone)
    round_.scoring_closes_at = scoring.closes_at(zone)
    round_.panel_meets_at = planned.step(StepKind.PANEL_MEETING).begins_at(zone)
    round_.told_at = planned.step(StepKind.EVERYBODY_TOLD).begins_at(zone)
    round_.grace_minutes = planned.grace_hours * 60


def set_content(call: Call, definition: CallDefinition) -> None:
    """The version and the rounds say what the definition says; co-design stays. Raises VersionIsFrozen and
    RoundInUse."""
    version = current_version(call)
    if version.frozen_at is not None:
        raise VersionIsFrozen
    version.content, version.digest = to_data(definition), digest(definition)
    rows = {row.code: row for row in call.rounds}
    for planned in definition.rounds:
        row = rows.pop(planned.key, None)
        if row is None:
            call.rounds.append(round_row(planned, definition))
        else:
            _set_dates(row, planned, definition)
    for left in rows.values():
        if is_round_used(left):
            raise RoundInUse
        call.rounds.remove(left)
        db.session.delete(left)
    db.session.flush()


def set_checked(call: Call, checked: Checked) -> None:
    """What is whole becomes what the call says, and no draft is left. Raises as `set_content` does."""
    if checked.definition is None:
        raise ValueError("a content with problems")
    published = check_working(with_record(call, checked.content, only_published=True))
    set_content(call, published.definition or checked.definition)
    if (draft := find_draft(call)) is not None:
        db.session.delete(draft)
        db.session.flush()


def take_up_draft(call: Call) -> None:
    """A session or an answer may have mended the last problem of the draft: then the call says it.

    The caller has locked the call. Raises RoundInUse.
    """
    if (draft := find_draft(call)) is None:
        return
    db.session.refresh(current_version(call))
    if current_version(call).frozen_at is not None:
        return
    checked = check_working(with_record(call, draft.content))
    if checked.definition is not None:
        set_checked(call, checked)


def take_up_if_possible(call: Call) -> None:
    """The same for those who did not ask for it: a round in use stays a matter of the builder."""
    with suppress(RoundInUse):
        take_up_draft(call)
