"""The vote or the draw of a round as the fund runs it: opening, who has voted, counting, the result."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.call import Round
from fundapp.models.panel import Panel
from fundapp.models.vote import PanelVote
from fundapp.permissions import Permission
from fundapp.queries.awards import find_ratification, get_board
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.decided_places import find_draw
from fundapp.queries.draws import zone_of
from fundapp.queries.meetings import list_seats
from fundapp.queries.panels import find_panel, get_round
from fundapp.queries.votes import list_given, list_votes, may_vote
from fundapp.services.votes import CannotDraw, count_ballots, draw_lots, open_vote
from fundapp.web.access import requires
from fundapp.web.sessions import signed_in_user
from fundapp.web.vote_words import place_sentence
from scoring.allocation import NoList
from scoring.engine import NotProved

bp = Blueprint("fund_votes", __name__)
bp.add_app_template_filter(place_sentence)

VOTE = "/fund/rounds/<uuid:round_id>/vote"


@bp.get(VOTE)
@requires(Permission.DECISION_MAKE, round=get_round)
def vote_page(round: Round) -> ResponseReturnValue:
    if find_panel(round) is None:
        return redirect(url_for("fund_panels.panel_page", round_id=round.id))
    return _vote_page(round)


@bp.post(f"{VOTE}/open")
@requires(Permission.DECISION_MAKE, round=get_round)
def open_(round: Round) -> ResponseReturnValue:
    return _take(round, lambda: open_vote(_panel(round), actor=signed_in_user(), now=utcnow()))


@bp.post(f"{VOTE}/count")
@requires(Permission.DECISION_MAKE, round=get_round)
def count(round: Round) -> ResponseReturnValue:
    return _take(round, lambda: count_ballots(_last(round), actor=signed_in_user(), now=utcnow()))


@bp.post(f"{VOTE}/draw")
@requires(Permission.DECISION_MAKE, round=get_round)
def draw(round: Round) -> ResponseReturnValue:
    """What is drawn is worked out before anything is locked: it may take seconds."""
    panel = _panel(round)
    try:
        zone = zone_of(get_board(round, reader=signed_in_user()))
    except (NoList, NotProved):
        return _vote_page(round, refused=CannotDraw(), status=409)
    return _take(round, lambda: draw_lots(round, zone, panel=panel, actor=signed_in_user(), now=utcnow()))


def _take(round: Round, step: Callable[[], object]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step()
    except FundError as refused:
        return _vote_page(get_round(round.id), refused=refused, status=refused.status)
    return redirect(url_for(".vote_page", round_id=round.id))


def _vote_page(round: Round, *, refused: FundError | None = None, status: int = 200) -> ResponseReturnValue:
    panel, definition = _panel(round), definition_of(current_version(round.call))
    votes = list_votes(panel)
    given = {ballot.seat_id for ballot in list_given(votes[-1])} if votes else set()
    board = get_board(round, reader=signed_in_user())
    page = render_template(
        "fund/votes/vote.html",
        round=round,
        panel=panel,
        definition=definition,
        votes=votes,
        is_open=bool(votes) and votes[-1].is_open,
        voters=[seat for seat in list_seats(panel) if may_vote(seat, definition.panel)],
        given=given,
        draw=find_draw(round.id),
        lines=[line for line in board.lines if line.decided],
        without_place=[line for line in board.lines if line.is_undecided and not line.ranked],
        signed=find_ratification(round.id),
        refused=refused,
    )
    return page, status


def _panel(round: Round) -> Panel:
    panel = find_panel(round)
    if panel is None:
        raise NotFound
    return panel


def _last(round: Round) -> PanelVote:
    votes = list_votes(_panel(round))
    if not votes:
        raise NotPossibleNow("there is no vote")
    return votes[-1]
