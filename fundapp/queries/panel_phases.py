"""Which phase a panel is in, by its dates, and what the phase allows."""

from __future__ import annotations

from datetime import datetime

from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import PANEL_ALLOWS, PanelAct, PanelPhase
from fundapp.models.panel import Panel


class NotInThisPhase(NotPossibleNow):
    """The panel's dates do not allow this now; `code` picks the sentence that says when they do."""

    def __init__(self, act: PanelAct) -> None:
        super().__init__(f"not in this phase: {act}")
        self.code = f"not_in_phase_{act}"


def phase_of(panel: Panel, now: datetime) -> PanelPhase:
    """The last moment of scoring still belongs to scoring."""
    round_ = panel.round
    if now >= round_.told_at or (panel.closed_at is not None and panel.closed_at <= now):
        return PanelPhase.CLOSED
    if now >= round_.panel_meets_at:
        return PanelPhase.MEETING
    if now > round_.scoring_closes_at:
        return PanelPhase.MODERATION
    if now >= round_.scoring_opens_at:
        return PanelPhase.SCORING
    opens, closes = panel.practice_opens_at, panel.practice_closes_at
    if opens is not None and closes is not None and opens <= now < closes:
        return PanelPhase.PRACTICE
    return PanelPhase.PREPARING


def allows(panel: Panel, act: PanelAct, now: datetime) -> bool:
    return phase_of(panel, now) in PANEL_ALLOWS[act]


def check_phase(panel: Panel, act: PanelAct, now: datetime) -> None:
    """Raises NotInThisPhase."""
    if not allows(panel, act, now):
        raise NotInThisPhase(act)
