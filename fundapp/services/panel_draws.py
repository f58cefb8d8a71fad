"""The draw of a panel: a seed with a public fingerprint, a fixed pool, the draw, and who comes next."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from fundapp.call_file.assessment import Seat, SeatQuota
from fundapp.db import db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import CandidateStatus
from fundapp.models.call import Round
from fundapp.models.panel import Panel, PanelSeat, SeatKind
from fundapp.models.recruitment import PanelCandidate, PanelDraw
from fundapp.models.user import User
from fundapp.panel_draw_file.parts import (
    Fixed,
    digest_of,
    fixed_as_data,
    fixed_from_data,
    leaving_as_data,
    leavings_from_data,
)
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.recruitment import (
    all_hold_their_seats,
    find_panel_draw,
    list_candidates,
    pool_of,
    quotas_for,
    scoring_quotas,
    takes_offers,
)
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import move, record
from fundapp.services.panels import NewSeat, add_seat
from fundapp.services.recruitment import lock_candidate, tell_drawn
from scoring.engine import NotProved
from scoring.lottery import commitment
from scoring.panel_draw import Leaving, NobodyLeft, next_drawn, panel_after, seed_of, widened
from scoring.sortition import Quota, QuotasImpossible, panel_lottery

SEED_BYTES = 32


class StillTakesOffers(FundError):
    """People can still offer themselves."""

    code = "still_takes_offers"


class QuotasCannotHold(FundError):
    """No panel keeps all quotas. `changes`: by how many seats which of them would have to give way."""

    code = "quotas_cannot_hold"

    def __init__(self, changes: Sequence[tuple[Quota, int]]) -> None:
        super().__init__(f"{len(changes)} quotas")
        self.changes = tuple(changes)


class CallNotPublished(NotPossibleNow):
    """Seats and quotas can still change."""

    code = "call_not_published"


class TooFewCandidates(FundError):
    """Fewer people than seats."""

    code = "too_few_candidates"


class NobodyComesNext(FundError):
    """Everybody in the pool was drawn or has left."""

    code = "nobody_comes_next"


class SeatIsHeld(NotPossibleNow):
    """This person has a seat on the panel, which has to be taken back first."""

    code = "seat_is_held"


class QuotasWrong(FundError):
    """A quota that means nothing."""

    code = "quotas_wrong"


class CannotProveChances(FundError):
    """The solver did not end in time."""

    code = "cannot_prove_chances"


def announce_draw(round_: Round, kind: SeatKind, *, mixed_with: str, actor: User, now: datetime) -> PanelDraw:
    """Make the seed and publish its fingerprint; a second press gives the first one back.

    Raises CallNotPublished, and NotPossibleNow where the seats are not drawn.
    """
    lock_row(Round, round_.id)
    if (known := find_panel_draw(round_.id, kind)) is not None:
        return known
    if current_version(round_.call).frozen_at is None:
        raise CallNotPublished
    seat = _rule(round_, kind)
    if not seat.drawn:
        raise NotPossibleNow("these seats are not drawn")
    seed = secrets.token_bytes(SEED_BYTES)
    draw = PanelDraw(
        round=round_,
        kind=kind,
        seed=seed.hex(),
        commitment=commitment(seed),
        mixed_with=mixed_with.strip(),
        quotas=[vars(quota) for quota in seat.quotas],
        created_at=now,
    )
    db.session.add(draw)
    record(draw, "commit", actor=actor, now=now, details={"commitment": draw.commitment})
    return draw


def change_quotas(
    draw: PanelDraw, quotas: Sequence[SeatQuota], *, reason: str, actor: User, now: datetime
) -> None:
    """Until the pool is fixed; the reason is published. Raises NotPossibleNow, TextNeeded and QuotasWrong."""
    _lock(draw)
    if draw.fixed_at is not None:
        raise NotPossibleNow("what is drawn from is fixed")
    if not reason.strip():
        raise TextNeeded
    if any(not 0 <= one.least <= one.most for one in quotas):
        raise QuotasWrong
    draw.quotas, draw.quotas_reason = [vars(one) for one in quotas], reason.strip()
    record(draw, "change_quotas", actor=actor, now=now, reason=reason, details={"quotas": draw.quotas})


def fix_pool(draw: PanelDraw, *, actor: User, now: datetime) -> None:
    """From here on who can be drawn, the quotas and everybody's chance are public and stay.

    Who offered twice is in the pool once. Raises StillTakesOffers, TooFewCandidates, QuotasCannotHold,
    CannotProveChances and NotPossibleNow.
    """
    _lock(draw)
    definition = definition_of(current_version(draw.round.call))
    if draw.fixed_at is not None:
        return
    if takes_offers(definition, now):
        raise StillTakesOffers
    pool, seats = pool_of(list_candidates(draw.round, draw.kind)), _rule(draw.round, draw.kind).number
    if len(pool) < seats:
        raise TooFewCandidates
    quotas = scoring_quotas(quotas_for(draw))
    try:
        lottery = panel_lottery(pool, quotas, seats)
    except QuotasImpossible as error:
        raise QuotasCannotHold(error.changes) from error
    except NotProved as error:
        raise CannotProveChances from error
    fixed = fixed_as_data(Fixed(seats, pool, quotas, lottery, draw.commitment, draw.mixed_with))
    draw.fixed, draw.digest, draw.fixed_at = fixed, digest_of(fixed), now
    record(draw, "fix_pool", actor=actor, now=now, details={"digest": draw.digest, "people": len(pool)})


def draw_panel(draw: PanelDraw, *, announced_value: str, actor: User, now: datetime) -> None:
    """A second press changes nothing. Raises NotPossibleNow, and TextNeeded without the announced value."""
    _lock(draw)
    if draw.drawn_at is not None:
        return
    if draw.fixed is None:
        raise NotPossibleNow("what is drawn from is not fixed yet")
    if draw.mixed_with and not announced_value.strip():
        raise TextNeeded
    draw.announced_value = announced_value.strip() if draw.mixed_with else ""
    draw.drawn = list(fixed_from_data(draw.fixed).lottery.draw(_seed(draw)))
    draw.panel, draw.drawn_at = list(draw.drawn), now
    record(draw, "draw", actor=actor, now=now, details={"drawn": draw.drawn})
    _move_drawn(draw, draw.drawn, actor=actor, now=now)


def leave_seat(
    draw: PanelDraw,
    number: str,
    *,
    gives_way: bool = False,
    reason: str = "",
    actor: User | None,
    now: datetime,
) -> str:
    """Somebody drawn says no, or cannot be found: the next one is drawn by the same rule. Gives the number.

    The fund gives a reason, which is published, unless the person has said no themselves. Where nobody else
    keeps the quotas, `gives_way` lets the fewest seats give way, always with a reason. Raises
    NotPossibleNow, SeatIsHeld, NobodyComesNext, QuotasCannotHold and TextNeeded.
    """
    _lock(draw)
    if draw.fixed is None or draw.forgotten_at is not None or number not in draw.panel:
        raise NotPossibleNow("this number is not on the panel, or nobody can be asked any more")
    _check_leaving(draw, number, needs_reason=actor is not None and not reason.strip())
    leaving = _leaving(draw, number, gives_way=gives_way, reason=reason)
    before, fixed = list(draw.replacements), fixed_from_data(draw.fixed)
    leavings = (*leavings_from_data(before), leaving)
    draw.panel = list(panel_after(fixed.pool, fixed.quotas, draw.drawn, leavings, _seed(draw)))
    draw.replacements = [*before, leaving_as_data(leaving) | {"came": draw.panel[-1], "why": reason.strip()}]
    details = {"left": number, "drawn": draw.panel[-1]}
    record(draw, "draw_next", actor=actor, now=now, reason=reason.strip() or None, details=details)
    for candidate in _people(draw, [number]):
        move(candidate, "leave", actor=actor, now=now)
    _move_drawn(draw, [draw.panel[-1]], actor=actor, now=now)
    return draw.panel[-1]


def _check_leaving(draw: PanelDraw, number: str, *, needs_reason: bool) -> None:
    person = next(iter(_people(draw, [number])), None)
    if person is not None and person.status is CandidateStatus.SEATED and all_hold_their_seats(draw):
        raise SeatIsHeld
    if needs_reason and (person is None or person.said_no_at is None):
        raise TextNeeded


def _leaving(draw: PanelDraw, number: str, *, gives_way: bool, reason: str) -> Leaving:
    """With the quotas that give way, if they must."""
    fixed, leavings = fixed_from_data(draw.fixed or {}), leavings_from_data(draw.replacements)
    quotas = fixed.quotas
    for each in leavings:
        quotas = widened(quotas, each.gave_way)
    staying = [one for one in draw.panel if one != number]
    gone = [*(each.left for each in leavings), number]
    try:
        next_drawn(fixed.pool, quotas, staying=staying, gone=gone, seed=_seed(draw))
    except NobodyLeft as error:
        raise NobodyComesNext from error
    except QuotasImpossible as error:
        if not gives_way:
            raise QuotasCannotHold(error.changes) from error
        if not reason.strip():
            raise TextNeeded from error
        return Leaving(number, error.changes)
    return Leaving(number)


def refuse_seat(candidate: PanelCandidate, *, now: datetime) -> None:
    """Somebody who was drawn says no themselves. Where nobody can come next, the fund has to act."""
    lock_candidate(candidate)
    draw = find_panel_draw(candidate.round_id, candidate.kind)
    if draw is None or candidate.status is not CandidateStatus.DRAWN:
        raise NotPossibleNow("this person was not drawn")
    candidate.said_yes_at, candidate.said_no_at = None, now
    record(candidate, "say_no", actor=None, now=now)
    try:
        leave_seat(draw, candidate.number, actor=None, now=now)
    except (QuotasCannotHold, NobodyComesNext):
        return


def give_seat(
    candidate: PanelCandidate, panel: Panel, *, email: str, capacity: int, actor: User, now: datetime
) -> PanelSeat:
    """Somebody who was drawn said yes. Raises what `add_seat` raises, and NotPossibleNow."""
    lock_candidate(candidate)
    is_waiting = candidate.status is CandidateStatus.DRAWN and candidate.said_no_at is None
    if not is_waiting or panel.round_id != candidate.round_id:
        raise NotPossibleNow("this person is not waiting for a seat")
    new = NewSeat(
        email=email,
        name=candidate.name,
        kind=candidate.kind,
        capacity=capacity,
        language=candidate.language,
        reads_in=tuple(candidate.reads_in),
    )
    seat = add_seat(panel, new, actor=actor, now=now)
    move(candidate, "seat", actor=actor, now=now)
    return seat


def _move_drawn(draw: PanelDraw, numbers: Sequence[str], *, actor: User | None, now: datetime) -> None:
    for candidate in _people(draw, numbers):
        move(candidate, "draw", actor=actor, now=now)
        tell_drawn(candidate)


def _people(draw: PanelDraw, numbers: Sequence[str]) -> list[PanelCandidate]:
    return [each for each in list_candidates(draw.round, draw.kind) if each.number in numbers]


def _rule(round_: Round, kind: SeatKind) -> Seat:
    return definition_of(current_version(round_.call)).panel.seat(kind.value)


def _seed(draw: PanelDraw) -> bytes:
    return seed_of(bytes.fromhex(draw.seed), draw.announced_value)


def _lock(draw: PanelDraw) -> None:
    lock_row(Round, draw.round_id)
    db.session.refresh(draw)
