"""What stands against signing a round's list: open lines, missing reasons, money, ring-fences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fundapp.lifecycles import BEING_BUILT, CallStatus
from fundapp.models.application import Application
from fundapp.queries.awards import Board
from fundapp.queries.decided_places import is_drawn
from fundapp.queries.meetings import TakingPart
from scoring.reasons import Reason, ReasonCode

MONEY_IS_GONE = frozenset({ReasonCode.BUDGET_PASSED, ReasonCode.POT_PASSED})
BEFORE_CLOSING = frozenset({*BEING_BUILT, CallStatus.PUBLISHED, CallStatus.OPEN})


class Missing(StrEnum):
    """What has to be settled before a list can be signed, beside money and ring-fences."""

    CALL_NOT_CLOSED = "call_not_closed"
    NOTHING_TO_SIGN = "nothing_to_sign"
    STILL_READ = "still_read"
    VOTE_OR_DRAW = "vote_or_draw"
    CANNOT_DRAW = "cannot_draw"
    WITHOUT_DECISION = "without_decision"
    WITHOUT_REASON = "without_reason"
    CONFLICT = "conflict"
    EXCLUDED = "excluded"
    QUORUM = "quorum"
    MAJORITY = "majority"
    LETTERS = "letters"


CAN_BE_PASSED = frozenset({Missing.CANNOT_DRAW})  # by a named person, with a published reason


@dataclass(frozen=True)
class Gap:
    """How many, of how many, and which applications where there are single ones."""

    what: Missing
    number: int = 0
    applications: tuple[Application, ...] = ()
    of: int = 0


@dataclass(frozen=True)
class Readiness:
    gaps: tuple[Gap, ...]
    money: tuple[Reason, ...]  # nobody can go past these
    ring_fences: tuple[Reason, ...]  # a named person can, with a published reason

    @property
    def is_ready(self) -> bool:
        return not (self.gaps or self.money or self.ring_fences)

    @property
    def needs_override_only(self) -> bool:
        return not (self.is_ready or self.money or any(gap.what not in CAN_BE_PASSED for gap in self.gaps))


def readiness_of(board: Board) -> Readiness:
    """Everything that stands against signing the list, at once."""
    unexplained = [
        line.application
        for line in board.all_lines
        if line.departs and line.decision is not None and not line.decision.reason
    ]
    found = {
        Missing.CALL_NOT_CLOSED: Gap(Missing.CALL_NOT_CLOSED, int(board.round.call.status in BEFORE_CLOSING)),
        Missing.NOTHING_TO_SIGN: Gap(Missing.NOTHING_TO_SIGN, int(not board.undecided)),
        Missing.STILL_READ: Gap(Missing.STILL_READ, board.still_read),
        Missing.WITHOUT_DECISION: _gap(
            Missing.WITHOUT_DECISION, [line.application for line in board.without_decision]
        ),
        Missing.WITHOUT_REASON: _gap(Missing.WITHOUT_REASON, unexplained),
        Missing.CONFLICT: Gap(Missing.CONFLICT, len(board.hidden)),
        Missing.EXCLUDED: Gap(
            Missing.EXCLUDED,
            len(board.excluded),
            tuple(line.application for lines in board.excluded for line in lines),
        ),
    }
    without_letter = [line.application for line in board.undecided if line.decision and not line.has_letter]
    found[Missing.LETTERS] = _gap(Missing.LETTERS, without_letter)
    return Readiness(
        gaps=(*(gap for gap in found.values() if gap.number), *_vote_gaps(board), *_meeting_gaps(board)),
        money=tuple(reason for reason in board.problems if reason.code in MONEY_IS_GONE),
        ring_fences=tuple(reason for reason in board.problems if reason.code not in MONEY_IS_GONE),
    )


def _vote_gaps(board: Board) -> tuple[Gap, ...]:
    """What the co-design chose is not left out in silence; what cannot happen is said with a name under it.

    A vote that gave nobody a place was held all the same, and where nothing has a rank nothing is drawn.
    """
    rules = board.definition.assessment.decides_by
    if not (rules.needs_draw and board.undecided) or is_drawn(board.round.id):
        return ()
    if rules.is_vote:
        return (Gap(Missing.VOTE_OR_DRAW, 1),)
    if not board.reading.ranking.ranked:
        return ()
    can_draw = not board.no_list and board.is_proved
    return (Gap(Missing.VOTE_OR_DRAW if can_draw else Missing.CANNOT_DRAW, 1),)


def _meeting_gaps(board: Board) -> tuple[Gap, ...]:
    """A list is signed only after a meeting with its quorum, most of it from the seats of the community."""
    if not board.undecided:
        return ()
    rules = board.definition.panel
    there = TakingPart.of(board.came, rules, board.came[0].panel.quorum if board.came else rules.quorum)
    if there.missing:
        return (Gap(Missing.QUORUM, len(there.inside), of=there.quorum),)
    if not there.has_majority:
        return (Gap(Missing.MAJORITY, there.of_the_majority, of=len(there.inside)),)
    return ()


def _gap(what: Missing, applications: Sequence[Application]) -> Gap:
    return Gap(what, len(applications), tuple(applications))
