"""Votes of a panel: what stands on whose ballot, and what the ballots say together.

Nothing here shows a member what they have a tie with, nor what others chose before it is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.call_file.assessment import Count, LeftOver, PanelRules, Way
from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json, db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User
from fundapp.models.vote import Ballot, PanelVote
from fundapp.permissions import application_without_conflict
from fundapp.queries.awards import Board
from fundapp.queries.call_money import pence
from fundapp.queries.decided_places import list_places
from fundapp.queries.ledger import Setting
from fundapp.queries.meetings import TakingPart
from fundapp.queries.proposals import amount_limits, below_minimum
from fundapp.ties import people_tied
from scoring.ballot_secrecy import can_be_shown
from scoring.ballots import Ballot as ScoringBallot
from scoring.ballots import (
    Place,
    Protected,
    Support,
    by_equal_shares,
    by_pounds,
    by_two_steps,
    by_votes,
    shortlist,
    support_of,
)
from scoring.lottery import drawn_order
from scoring.records import Base, Enforcement, Kind, Measure, RingFence
from scoring.ringfences import figures, totals
from scoring.voting import Completion, Project

STEP_PENCE = 100_00  # so much more for every member at a time, when shares are raised
COMPLETIONS = {
    LeftOver.RAISE_SHARES: Completion.RAISE_SHARES,
    LeftOver.MOST_VOTES: Completion.MOST_VOTES,
}


@dataclass(frozen=True)
class BallotRow:
    application: Application
    asked: Decimal  # the most it can get
    is_chosen: bool
    amount: Decimal | None


@dataclass(frozen=True)
class Paper:
    """One member's ballot paper, in the order of names."""

    vote: PanelVote
    rows: tuple[BallotRow, ...]
    ballot: Ballot | None  # None: nothing given yet

    @property
    def divided(self) -> Decimal:
        return sum((row.amount or Decimal(0) for row in self.rows), Decimal(0))


@dataclass(frozen=True)
class Counted:
    """What those who may vote on one application gave it: votes, or pence."""

    application: Application
    given: int
    possible: int


@dataclass(frozen=True)
class ShownStep:
    """One step as anybody may count it again. By application: what it was given, and could have been given.

    `ballots`: None where they are not what was counted any more, or where they would say who has ties.
    """

    voters: int
    counts: Mapping[str, Sequence[int]]
    ballots: tuple[Mapping[str, int], ...] | None


def list_votes(panel: Panel) -> Sequence[PanelVote]:
    """In the order of their steps."""
    query = sa.select(PanelVote).where(PanelVote.panel_id == panel.id).order_by(PanelVote.step)
    return db.session.execute(query.execution_options(populate_existing=True)).scalars().all()


def may_vote(seat: PanelSeat, rules: PanelRules) -> bool:
    """Their kind of seat votes, and they have said where they have a tie."""
    voting = {one.key for one in rules.seats if one.votes}
    return seat.kind.value in voting and seat.conflicts_declared_at is not None


def list_candidates(vote: PanelVote, *, reader: User | None = None) -> Sequence[Application]:
    """Still at the panel, in the order of names. With a reader: without what they have a tie with."""
    ids = [UUID(each) for each in vote.candidates]
    wanted = [Application.id.in_(ids), Application.status == ApplicationStatus.AT_PANEL]
    if reader is not None:
        wanted.append(application_without_conflict(reader.id))
    query = (
        sa.select(Application)
        .where(*wanted)
        .options(joinedload(Application.organisation), selectinload(Application.shares))
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query).scalars()
    return sorted(found, key=lambda one: (one.organisation.name.casefold(), str(one.id)))


def paper_of(vote: PanelVote, seat: PanelSeat, definition: CallDefinition, *, reader: User) -> Paper:
    query = sa.select(Ballot).where(Ballot.vote_id == vote.id, Ballot.seat_id == seat.id)
    ballot = db.session.execute(query.options(selectinload(Ballot.choices))).scalar_one_or_none()
    chosen = {one.application_id: one.amount for one in ballot.choices} if ballot else {}
    rows = tuple(
        BallotRow(one, amount_limits(one, definition)[1], one.id in chosen, chosen.get(one.id))
        for one in list_candidates(vote, reader=reader)
    )
    return Paper(vote, rows, ballot)


def list_given(vote: PanelVote) -> Sequence[Ballot]:
    query = (
        sa.select(Ballot)
        .where(Ballot.vote_id == vote.id)
        .options(joinedload(Ballot.seat).joinedload(PanelSeat.user), selectinload(Ballot.choices))
        .order_by(Ballot.created_at, Ballot.id)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalars().all()


def tally_of(vote: PanelVote, definition: CallDefinition) -> Json:
    """By application, of those who may vote on it now: what they gave, and what they could have given."""
    applications = list_candidates(vote)
    support = support_of(_ballots(vote, applications), _most(applications, definition))
    return {key: [one.given, one.possible] for key, one in support.items()}


def _most(applications: Sequence[Application], definition: CallDefinition) -> dict[str, int]:
    """What one voter can give to each: a vote, or pence."""
    in_pounds = definition.assessment.decides_by.in_pounds
    return {str(one.id): pence(amount_limits(one, definition)[1]) if in_pounds else 1 for one in applications}


def counted_for(vote: PanelVote, *, reader: User) -> tuple[Counted, ...]:
    """For a member, as it was counted: each application on its own, so that none tells about another.

    Never counted again: a tie that comes up later would take one ballot out, and so show it.
    """
    tally = vote.tally or {}
    applications = list_candidates(vote, reader=reader)
    return tuple(Counted(one, *tally[str(one.id)]) for one in applications if str(one.id) in tally)


def chosen_for_step_two(vote: PanelVote, definition: CallDefinition) -> tuple[str, ...]:
    """Ids of the shortlist, of a first step that is counted."""
    percent = definition.assessment.decides_by.shortlist_percent
    if percent is None:
        raise ValueError("this call has no second step")
    on_it = shortlist(_as_counted(vote), Fraction(percent, 100))
    return tuple(key for one in list_candidates(vote) if (key := str(one.id)) in on_it)


def places_by_vote(votes: Sequence[PanelVote], board: Board, seed: bytes) -> tuple[Place, ...]:
    """The order that the ballots give, equal ones as the seed draws them.

    Without what too few members may vote on: the panel talks about it. Minimum marks of the call hold.
    """
    definition, panel = board.definition, votes[0].panel
    too_low = below_minimum([line.application for line in board.undecided], board.reading)
    applications = [one for one in list_candidates(votes[0]) if one.id not in too_low]
    applications = _with_quorum(votes, panel, definition.panel, applications)
    costs = {str(one.id): pence(amount_limits(one, definition)[1]) for one in applications}
    applications = [one for one in applications if costs[str(one.id)]]  # no money can be given to the others
    by_receipt = {one.receipt or str(one.id): str(one.id) for one in applications}
    order = [by_receipt[receipt] for receipt in drawn_order(seed, by_receipt)]
    projects = [Project(each, costs[each]) for each in order]
    ballots = _ballots(votes[0], applications)
    rules = definition.assessment.decides_by
    match rules.way, rules.count:
        case Way.POUNDS, _:
            return by_pounds(ballots, projects, pence(definition.round(board.round.code).amount))
        case Way.TWO_STEPS, _:
            # The vote ends after one step when nobody reaches the shortlist.
            chosen = frozenset(votes[1].candidates) if len(votes) > 1 else frozenset()
            second = _ballots(votes[-1], [one for one in applications if str(one.id) in chosen])
            return by_two_steps(_as_counted(votes[0]), second, chosen, order)
        case _, Count.EQUAL_SHARES:
            completion = COMPLETIONS[rules.left_over or LeftOver.RAISE_SHARES]
            return by_equal_shares(
                ballots,
                projects,
                board.setting.pot.round_pence,
                completion,
                protected=_protected(board),
                step_pence=STEP_PENCE,
            )
    return by_votes(ballots, order)


def shown_steps(board: Board, seed: bytes) -> tuple[ShownStep, ...]:
    """Of the vote that gave the order, about what still stands in it."""
    query = (
        sa.select(PanelVote)
        .join(Panel)
        .where(Panel.round_id == board.round.id)
        .order_by(PanelVote.step)
        .options(joinedload(PanelVote.panel))
    )
    votes = db.session.execute(query).scalars().all()
    given = {str(one.application_id): dict(one.reason) for one in list_places(board.round.id)}
    is_same = bool(votes)
    if votes and board.definition.assessment.decides_by.count is Count.EQUAL_SHARES:
        again = {one.id: one.as_data() for one in places_by_vote(votes, board, seed)}
        is_same = list(again.items()) == list(given.items())
    return tuple(_shown_step(vote, board.definition, given.keys(), is_same=is_same) for vote in votes)


def _shown_step(
    vote: PanelVote, definition: CallDefinition, ids: Collection[str], *, is_same: bool
) -> ShownStep:
    """A tie that came up after the count takes votes out: then they are not the ballots that were counted."""
    applications = [one for one in list_candidates(vote) if str(one.id) in ids]
    counts = {key: counted for key, counted in (vote.tally or {}).items() if key in ids}
    ballots = _ballots(vote, applications)
    now = support_of(ballots, _most(applications, definition))
    is_same = is_same and {key: [one.given, one.possible] for key, one in now.items()} == counts
    shown = tuple(one.given for one in ballots) if is_same and can_be_shown(ballots) else None
    return ShownStep(len(list_given(vote)), counts, shown)


def _ballots(vote: PanelVote, applications: Sequence[Application]) -> list[ScoringBallot]:
    """What counts now: without what a member has come to have a tie with since."""
    if not applications:
        return []
    out = people_tied(vote.panel.call_id, applications)
    found = []
    for ballot in list_given(vote):
        may = frozenset(str(one.id) for one in applications if ballot.seat.user_id not in out[one.id])
        given = {
            str(one.application_id): 1 if one.amount is None else pence(one.amount) for one in ballot.choices
        }
        found.append(ScoringBallot(may, {key: given[key] for key in sorted(given.keys() & may)}))
    return found


def _as_counted(vote: PanelVote) -> dict[str, Support]:
    """Of what somebody could vote on; it stands whatever tie comes up later."""
    return {key: Support(*counted) for key, counted in (vote.tally or {}).items() if counted[1]}


def _with_quorum(
    votes: Sequence[PanelVote], panel: Panel, rules: PanelRules, applications: Sequence[Application]
) -> list[Application]:
    """In the step that decides about each."""
    out = people_tied(panel.call_id, applications)
    seats = {vote.id: [ballot.seat for ballot in list_given(vote)] for vote in votes}

    def is_enough(one: Application) -> bool:
        last = next(vote for vote in reversed(votes) if str(one.id) in vote.candidates)
        inside = [seat for seat in seats[last.id] if seat.user_id not in out[one.id]]
        return TakingPart.of(inside, rules, panel.quorum).may_decide

    return [one for one in applications if is_enough(one)]


def _protected(board: Board) -> tuple[Protected, ...]:
    """What this list must still give to each group with a floor, or what is kept apart for it."""
    found = []
    for rule in board.setting.rules:
        if (
            rule.kind is Kind.CAP
            or rule.measure is Measure.COUNT
            or rule.enforcement is not Enforcement.BLOCK
        ):
            continue
        tag = rule.counted_tag
        members = frozenset(str(line.application.id) for line in board.all_lines if tag in line.confirmed)
        found.append(Protected(rule.key, members, _needed_now(rule, board.setting)))
    return tuple(one for one in found if one.pence and one.members)


def _needed_now(rule: RingFence, setting: Setting) -> int:
    """Pence. While more rounds come, a floor has only to stay possible."""
    pot = setting.pot
    (figure,) = figures([rule], setting.ledger, pot)
    standing = figure.confirmed
    if rule.base is Base.AWARDS_TOTAL:
        after = totals(setting.ledger, pot).live_pence + pot.round_pence
        return max(0, rule.required(pot.fund_pence, after) - standing.reached)
    if pot.is_last or rule.of_round:
        return standing.needed
    return max(0, pot.round_pence - (standing.headroom or 0))
