"""The panel's vote: opened, given by each member alone, counted once. And the draw of lots."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import sqlalchemy as sa

from fundapp.call_file.assessment import DecidesBy, Way
from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotAllowed, NotPossibleNow
from fundapp.lifecycles import PanelAct
from fundapp.models.call import Round
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User
from fundapp.models.vote import Ballot, BallotChoice, DecidedPlace, Draw, PanelVote
from fundapp.queries.awards import Board, get_board
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.decided_places import DrawCode, find_draw, is_drawn
from fundapp.queries.draws import Zone, order_after_draw, ranked_now
from fundapp.queries.meetings import TakingPart
from fundapp.queries.panel_phases import check_phase
from fundapp.queries.votes import (
    chosen_for_step_two,
    list_given,
    list_votes,
    may_vote,
    paper_of,
    places_by_vote,
    tally_of,
)
from fundapp.services.decisions import lock_open_round
from fundapp.services.events import record
from scoring.lottery import commitment
from scoring.stability import SAFE

SEED_BYTES = 32
Choices = Mapping[UUID, Decimal | None]  # by application: a yes, or so many pounds


class TooFewBallots(FundError):
    """The call's quorum holds for a vote as for a meeting."""

    code = "too_few_ballots"


class CannotDraw(FundError):
    """No list keeps all the rules, or none was proved in time: nobody knows what scores cannot tell apart."""

    code = "cannot_draw"


class MoreThanThereIs(FundError):
    """More pounds than the round has, or than a group asked for."""

    code = "more_than_there_is"


class StillRead(NotPossibleNow):
    """Whoever comes to the panel later would have no place."""

    code = "still_read"


class NothingToDraw(NotPossibleNow):
    """Nothing has a rank, and a seed is used once only."""

    code = "nothing_to_draw"


class OrderHasChanged(FundError):
    """What was worked out for the draw is not what the scores say now."""

    code = "order_has_changed"


def prepare_draw(round_: Round, *, actor: User, now: datetime) -> Draw | None:
    """Before anybody reads, so that nobody can choose the seed later. None: this call draws nothing."""
    if not _decides_by(round_).needs_draw or find_draw(round_.id) is not None:
        return None
    seed = secrets.token_bytes(SEED_BYTES)
    draw = Draw(round=round_, seed=seed.hex(), commitment=commitment(seed), created_at=now)
    db.session.add(draw)
    record(draw, "commit", actor=actor, now=now, details={"commitment": draw.commitment})
    return draw


def open_vote(panel: Panel, *, actor: User, now: datetime) -> PanelVote:
    """The next step, about everything at the panel or, in the second, about the shortlist.

    With nobody on the shortlist any more the vote ends with the order of its first step.
    Raises NotPossibleNow when there is no next step or nothing to vote on, StillRead and NotInThisPhase.
    """
    lock_open_round(panel.round)
    lock_row(Panel, panel.id)
    definition = definition_of(current_version(panel.call))
    rules, known = definition.assessment.decides_by, list_votes(panel)
    # A ballot names the groups, so where names are hidden it comes with the meeting.
    check_phase(panel, PanelAct.MEET if definition.assessment.hides_names else PanelAct.VOTE, now)
    is_over = len(known) >= rules.last_step or any(vote.is_open for vote in known)
    if not rules.is_vote or is_over or is_drawn(panel.round_id):
        raise NotPossibleNow("there is no further step of a vote")
    candidates = chosen_for_step_two(known[-1], definition) if known else _at_panel(panel, actor)
    if known and not candidates:
        details = _end(known, actor=actor, now=now)
        record(known[-1], "close", actor=actor, now=now, details=details)
        return known[-1]
    if not candidates:
        raise NotPossibleNow("there is nothing to vote on")
    vote = PanelVote(panel=panel, step=len(known) + 1, candidates=sorted(candidates), opened_at=now)
    vote.created_at = now
    db.session.add(vote)
    record(vote, "open", actor=actor, now=now, details={"step": vote.step, "candidates": len(candidates)})
    return vote


def _at_panel(panel: Panel, actor: User) -> tuple[str, ...]:
    board = get_board(panel.round, reader=actor)
    if board.still_read:
        raise StillRead
    return tuple(str(line.application.id) for line in board.undecided)


def give_ballot(vote: PanelVote, choices: Choices, *, actor: User, now: datetime) -> Ballot:
    """A member's own, in place of an earlier one. What was chosen stands in no record.

    Raises NotAllowed for whoever has no vote here and for what is not on their paper; MoreThanThereIs.
    """
    _lock(vote)
    seat = _own_seat(vote, actor)
    definition = definition_of(current_version(vote.panel.call))
    paper = paper_of(vote, seat, definition, reader=actor)
    asked = {row.application.id: row.asked for row in paper.rows}
    if not choices.keys() <= asked.keys() or not may_vote(seat, definition.panel):
        raise NotAllowed
    in_pounds = definition.assessment.decides_by.in_pounds
    if in_pounds:
        pot = definition.round(vote.panel.round.code).amount
        given = {key: amount or Decimal(0) for key, amount in choices.items()}
        if sum(given.values()) > pot or any(not 0 < given[key] <= asked[key] for key in given):
            raise MoreThanThereIs
    ballot = paper.ballot or Ballot(vote=vote, seat=seat, created_at=now)
    ballot.given_at = now
    db.session.add(ballot)
    ballot.choices.clear()
    db.session.flush()
    ballot.choices = [
        BallotChoice(application_id=key, amount=amount if in_pounds else None, created_at=now)
        for key, amount in choices.items()
    ]
    record(ballot, "give", actor=actor, now=now, call_id=vote.call_id)
    return ballot


def count_ballots(vote: PanelVote, *, actor: User, now: datetime) -> None:
    """Ends the step; the last one, or a first one with an empty shortlist, gives the order.

    Raises TooFewBallots, NotPossibleNow.
    """
    lock_open_round(vote.panel.round)
    _lock(vote)
    definition = definition_of(current_version(vote.panel.call))
    given = list_given(vote)
    seats = [one.seat for one in given]
    if not TakingPart.of(seats, definition.panel, vote.panel.quorum).may_decide:
        raise TooFewBallots
    vote.counted_at, vote.tally = now, tally_of(vote, definition)
    db.session.flush()
    details: Json = {"step": vote.step, "ballots": len(given)}
    is_last = vote.step == definition.assessment.decides_by.last_step
    if is_last or not chosen_for_step_two(vote, definition):
        details |= _end(list_votes(vote.panel), actor=actor, now=now)
    record(vote, "count", actor=actor, now=now, details=details)


def _end(votes: Sequence[PanelVote], *, actor: User, now: datetime) -> Json:
    """Gives the order of the steps that are counted, and returns it for the record."""
    panel = votes[-1].panel
    draw = _use_draw(panel.round_id, now)
    board = get_board(panel.round, reader=actor)
    places = places_by_vote(votes, board, bytes.fromhex(draw.seed))
    _keep(panel.round_id, [(UUID(one.id), one.as_data()) for one in places], now)
    return {"seed": draw.seed, "order": [one.id for one in places]}


def draw_lots(round_: Round, zone: Zone, *, panel: Panel, actor: User, now: datetime) -> None:
    """At the meeting, once. `zone` is worked out before anything is locked: it takes seconds.

    Raises NotPossibleNow when nothing is to be drawn or it was drawn already, StillRead, NothingToDraw, and
    OrderHasChanged when `zone` is about other scores.
    """
    lock_open_round(round_)
    check_phase(panel, PanelAct.MEET, now)
    if _decides_by(round_).way is not Way.LOTTERY or is_drawn(round_.id):
        raise NotPossibleNow("nothing is to be drawn")
    _check_zone(zone, get_board(round_, reader=actor))
    draw = _use_draw(round_.id, now)
    order = order_after_draw(zone, bytes.fromhex(draw.seed))
    _keep(round_.id, [(key, _place_in(zone, order, key)) for key in order], now)
    drawn = [str(key) for key in order if key in zone.grey]
    details: Json = {"seed": draw.seed, "zone": drawn, "order": [str(key) for key in order]}
    record(draw, "draw", actor=actor, now=now, details=details)


def _check_zone(zone: Zone, board: Board) -> None:
    if board.still_read:
        raise StillRead
    if zone.order != ranked_now(board):
        raise OrderHasChanged
    if not zone.order:
        raise NothingToDraw


def _place_in(zone: Zone, order: Sequence[UUID], key: UUID) -> Json:
    on_lists = zone.on_lists.get(key, Fraction(0))
    numbers = {"on_lists": int(100 * on_lists)}
    if key not in zone.grey:
        place: Json = {"code": DrawCode.ABOVE if on_lists >= SAFE else DrawCode.BELOW, "numbers": numbers}
        equal = next((group for group in zone.equal if key in group), ())
        return place | {"drawn_from": _first_of(order, equal)} if equal else place
    drawn = [each for each in order if each in zone.grey]
    drawn_from = _first_of(order, zone.grey)
    numbers |= {"number": drawn.index(key) + 1, "among": len(drawn), "chance": int(100 * zone.chances[key])}
    return {"code": DrawCode.DRAWN, "numbers": numbers, "drawn_from": drawn_from}


def _first_of(order: Sequence[UUID], group: Collection[UUID]) -> int:
    """Its place, from 1."""
    return 1 + min(order.index(key) for key in group)


def _use_draw(round_id: UUID, now: datetime) -> Draw:
    draw = find_draw(round_id)
    if draw is None or draw.drawn_at is not None:
        raise NotPossibleNow("there is no seed, or it was used already")
    draw.drawn_at = now
    return draw


def _keep(round_id: UUID, places: Sequence[tuple[UUID, Json]], now: datetime) -> None:
    for place, (key, reason) in enumerate(places, start=1):
        one = DecidedPlace(round_id=round_id, application_id=key, place=place, reason=reason, created_at=now)
        db.session.add(one)
    db.session.flush()


def _lock(vote: PanelVote) -> None:
    lock_row(PanelVote, vote.id)
    db.session.refresh(vote)
    if not vote.is_open:
        raise NotPossibleNow("the vote is counted")


def _own_seat(vote: PanelVote, actor: User) -> PanelSeat:
    query = sa.select(PanelSeat).where(PanelSeat.panel_id == vote.panel_id, PanelSeat.user_id == actor.id)
    seat = db.session.execute(query).scalar_one_or_none()
    if seat is None:
        raise NotAllowed
    return seat


def _decides_by(round_: Round) -> DecidesBy:
    return definition_of(current_version(round_.call)).assessment.decides_by
