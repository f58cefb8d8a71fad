"""The awards board of a round: ranking, proposal, the panel's list and what it does to the money."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.call_file.definition import CallDefinition
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, ApplicationStage, PartnerShare
from fundapp.models.award import Decision, Feedback, Outcome, Ratification
from fundapp.models.call import Round
from fundapp.models.panel import PanelSeat
from fundapp.models.user import User
from fundapp.models.vote import DecidedPlace
from fundapp.permissions import conflicted_organisations
from fundapp.queries.call_money import DECIDED, ON_THE_BOARD, CallMoney, load_call_money, purpose_of
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.decided_places import list_places
from fundapp.queries.exclusions import pairs_of
from fundapp.queries.ledger import Setting, listed_lines, tags_of
from fundapp.queries.marks import Mark, list_marks
from fundapp.queries.meetings import list_came, vote_places
from fundapp.queries.must_marks import must_marks_of
from fundapp.queries.proposals import Proposals, Proposed, exclusions_of, propose
from fundapp.queries.rankings import Reading, read_round
from scoring.aggregate import ApplicationResult
from scoring.moderation import AgendaPoint
from scoring.reasons import Reason
from scoring.records import LedgerLine, Ranked, RingFenceFigures, Totals
from scoring.ringfences import figures, totals, would_block

A = ApplicationStatus
STILL_READ = (A.SUBMITTED, A.ELIGIBLE, A.IN_REVIEW, A.CLARIFYING)


@dataclass(frozen=True)
class BoardLine:
    application: Application
    result: ApplicationResult | None  # None: nobody has read it
    ranked: Ranked | None  # None: no total
    points: tuple[AgendaPoint, ...]
    proposed: Proposed | None  # by the rule alone; None: to be talked about, or the list is signed
    decision: Decision | None
    feedback: Feedback | None
    is_too_low: bool  # below a minimum of the call
    confirmed: frozenset[str]  # ring-fences that somebody in it counts for
    claimed: frozenset[str]  # only if claims are confirmed
    decided: DecidedPlace | None = None  # why it stands there, when ballots or a draw said so

    @property
    def total(self) -> Fraction | None:
        return self.result.total if self.result else None

    @property
    def has_letter(self) -> bool:
        """What the group hears is settled."""
        return bool(self.feedback and self.feedback.strengths.strip() and self.feedback.to_improve.strip())

    @property
    def is_undecided(self) -> bool:
        """The list can still change for it."""
        return self.application.status is ApplicationStatus.AT_PANEL

    @property
    def is_fundable(self) -> bool:
        """Good enough by the readers' marks or the ballots; a "no" is then about money."""
        return self.ranked is not None and not self.is_too_low

    @property
    def departs(self) -> bool:
        """On the list otherwise than the rule proposes."""
        if self.decision is None or not self.is_undecided:
            return False
        rule_awards = self.proposed is not None and self.proposed.outcome is Outcome.AWARD
        return rule_awards != (self.decision.outcome is Outcome.AWARD)


@dataclass(frozen=True)
class Board:
    """Figures and problems are as if the list were signed now."""

    round: Round
    setting: Setting
    marks: tuple[Mark, ...]
    reading: Reading
    all_lines: tuple[BoardLine, ...]  # in the order of the ranking; those without a total come last
    hidden: frozenset[UUID]  # applications the reader must not see
    still_read: int
    totals: Totals
    listed: tuple[LedgerLine, ...]
    figures: tuple[RingFenceFigures, ...]
    problems: tuple[Reason, ...]
    excluded: tuple[tuple[BoardLine, ...], ...]  # on the list together, though only one of them can be
    no_list: tuple[Reason, ...]  # why the rule proposes nothing
    is_proved: bool  # else the rule's list could not be worked out in time
    ratification: Ratification | None
    came: tuple[PanelSeat, ...]  # to the meeting

    @property
    def definition(self) -> CallDefinition:
        return self.setting.definition

    @property
    def lines(self) -> tuple[BoardLine, ...]:
        """What the reader may see."""
        return tuple(line for line in self.all_lines if line.application.id not in self.hidden)

    @property
    def listed_pence(self) -> int:
        return sum(line.pence for line in self.listed)

    @property
    def round_awarded_pence(self) -> int:
        """What awards of this round take out of the pot already."""
        return self.setting.money.counted_pence(self.round.id)

    @property
    def round_money_pence(self) -> int:
        return self.setting.pot.round_pence + self.round_awarded_pence

    @property
    def round_left_pence(self) -> int:
        return self.setting.pot.round_pence - self.listed_pence

    @property
    def broken_ring_fences(self) -> frozenset[str]:
        """Keys, or tags of one borough, that keep the list from being signed."""
        if self.ratification is not None:
            return frozenset()
        return frozenset(tag for problem in self.problems for tag in problem.ring_fences)

    @property
    def undecided(self) -> tuple[BoardLine, ...]:
        """What the list decides about."""
        return tuple(line for line in self.all_lines if line.is_undecided)

    @property
    def without_decision(self) -> tuple[BoardLine, ...]:
        return tuple(line for line in self.undecided if line.decision is None)

    def line_of(self, application_id: UUID) -> BoardLine | None:
        return next((line for line in self.all_lines if line.application.id == application_id), None)


def get_board(round_: Round, *, reader: User) -> Board:
    """Everything about a round's list, in the same number of queries whatever its length."""
    definition = definition_of(current_version(round_.call))
    money = load_call_money(round_.call)
    setting = Setting.of(definition, money, round_, pairs_of(round_.id), must_marks_of(round_.id))
    applications = list_panel_applications(round_)
    marks, votes = list_marks(round_.id), vote_places(round_.id)
    given = list_places(round_.id)
    order = [one.application_id for one in given]
    reading = read_round(applications, marks, definition.assessment, votes, order)
    decided = {one.application_id: one for one in given}
    ratification = find_ratification(round_.id)
    decisions = {decision.application_id: decision for decision in _list_decisions(round_.id)}
    feedback = list_feedback([application.id for application in applications])
    open_ones = [each for each in applications if each.status is A.AT_PANEL]
    proposals = Proposals() if ratification else propose(open_ones, reading, setting)

    def line(application: Application) -> BoardLine:
        key = application.id
        confirmed, claimed = _tags(application, money, definition)
        return BoardLine(
            application=application,
            result=reading.results.get(key),
            ranked=reading.places.get(key),
            points=reading.points(key),
            proposed=proposals.lines.get(key),
            decision=decisions.get(key),
            feedback=feedback.get(key),
            is_too_low=reading.is_too_low(key),
            confirmed=confirmed,
            claimed=claimed - confirmed,
            decided=decided.get(key),
        )

    lines = tuple(line(each) for each in sorted(applications, key=lambda a: reading.order(a.id)))
    listed = listed_lines(money, definition, round_.id)
    after = (*setting.ledger, *listed)
    return Board(
        round=round_,
        setting=setting,
        marks=marks,
        reading=reading,
        all_lines=lines,
        hidden=_list_hidden(reader, round_),
        still_read=_count_still_read(round_.id),
        totals=totals(after, setting.pot),
        listed=listed,
        figures=figures(setting.rules, after, setting.pot),
        problems=would_block(listed, setting.rules, setting.ledger, setting.pot),
        excluded=_excluded(lines, setting),
        no_list=proposals.no_list,
        is_proved=proposals.is_proved,
        ratification=ratification,
        came=tuple(list_came(round_.id)),
    )


def _excluded(lines: tuple[BoardLine, ...], setting: Setting) -> tuple[tuple[BoardLine, ...], ...]:
    """What is on the list, or an award already, and cannot be so together."""
    counted = setting.money.counted_applications
    funded = [
        line
        for line in lines
        if line.application.id in counted
        or (line.is_undecided and line.decision is not None and line.decision.outcome is Outcome.AWARD)
    ]
    sets = exclusions_of([line.application for line in funded], setting)
    return tuple(tuple(line for line in funded if line.application.id in each) for each in sets)


def propose_beside(board: Board) -> Proposals:
    """What the rule proposes for the others when everything moved by hand stays as it is."""
    applications = [line.application for line in board.undecided]
    return propose(applications, board.reading, board.setting, kept_by_hand(board))


def kept_by_hand(board: Board) -> dict[UUID, Decision]:
    """What the panel put on the list or left off, whatever the rule says. By application."""
    return {
        line.application.id: line.decision
        for line in board.undecided
        if line.decision is not None and line.decision.is_by_hand
    }


def list_panel_applications(round_: Round) -> Sequence[Application]:
    """What the panel decides about or has decided, with the groups in it."""
    query = (
        sa.select(Application)
        .where(
            Application.round_id == round_.id,
            Application.stage == ApplicationStage.FULL,
            Application.status.in_(ON_THE_BOARD),
        )
        .options(
            joinedload(Application.organisation),
            selectinload(Application.shares).joinedload(PartnerShare.organisation),
        )
        .order_by(Application.id)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).scalars().all()


def get_panel_application(application_id: UUID) -> Application:
    """With its round and call, for one decision. Raises NoResultFound."""
    query = (
        sa.select(Application)
        .where(Application.id == application_id, Application.stage == ApplicationStage.FULL)
        .options(
            joinedload(Application.organisation),
            joinedload(Application.round),
            joinedload(Application.call),
            selectinload(Application.shares).joinedload(PartnerShare.organisation),
        )
    )
    return db.session.execute(query).scalar_one()


def find_ratification(round_id: UUID) -> Ratification | None:
    query = sa.select(Ratification).where(Ratification.round_id == round_id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def list_feedback(application_ids: Collection[UUID]) -> Mapping[UUID, Feedback]:
    """By application."""
    query = sa.select(Feedback).where(Feedback.application_id.in_(application_ids))
    found = db.session.execute(query.execution_options(populate_existing=True)).scalars()
    return {each.application_id: each for each in found}


def feedback_rev(feedback: Feedback | None) -> str:
    """Changes whenever the text for a group does."""
    if feedback is None:
        return "0"
    written = json.dumps([feedback.strengths, feedback.to_improve])
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def list_reserves(round_id: UUID) -> Sequence[Decision]:
    """In the order of their places. Who has withdrawn has none."""
    query = (
        sa.select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Decision.round_id == round_id,
            Decision.outcome == Outcome.RESERVE,
            Application.status.in_((A.AT_PANEL, A.RESERVE)),
        )
    )
    return db.session.execute(query.order_by(Decision.reserve_position, Decision.id)).scalars().all()


def list_without_feedback(round_id: UUID) -> Sequence[Application]:
    """Decided groups for which nobody has settled what they will hear."""
    with_feedback = sa.select(Feedback.application_id).where(
        Feedback.strengths != "", Feedback.to_improve != ""
    )
    query = (
        sa.select(Application)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Decision.round_id == round_id,
            Application.status.in_(DECIDED),
            Application.id.not_in(with_feedback),
        )
        .options(joinedload(Application.organisation))
        .order_by(Application.id)
    )
    return db.session.execute(query).scalars().all()


def list_decided(round_id: UUID) -> Sequence[Application]:
    """Groups that are to hear of a decision: signed, and not withdrawn since."""
    query = (
        sa.select(Application)
        .join(Decision, Decision.application_id == Application.id)
        .where(Decision.round_id == round_id, Application.status.in_(DECIDED))
        .order_by(Application.id)
    )
    return db.session.execute(query).scalars().all()


def visible_to(user: User, round_: Round) -> sa.ColumnElement[bool]:
    """Applications in which this person has no conflict of interest, with the lead or with a partner."""
    conflicted = conflicted_organisations(user.id, round_.call_id)
    with_partner = sa.select(PartnerShare.application_id).where(PartnerShare.organisation_id.in_(conflicted))
    return sa.and_(Application.organisation_id.not_in(conflicted), Application.id.not_in(with_partner))


def _list_hidden(user: User, round_: Round) -> frozenset[UUID]:
    query = sa.select(Application.id).where(
        Application.round_id == round_.id, sa.not_(visible_to(user, round_))
    )
    return frozenset(db.session.execute(query).scalars())


def _list_decisions(round_id: UUID) -> Sequence[Decision]:
    query = sa.select(Decision).where(Decision.round_id == round_id).order_by(Decision.id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalars().all()


def _count_still_read(round_id: UUID) -> int:
    query = sa.select(sa.func.count(Application.id)).where(
        Application.round_id == round_id,
        Application.stage == ApplicationStage.FULL,
        Application.status.in_(STILL_READ),
    )
    return db.session.execute(query).scalar_one()


def _tags(
    application: Application, money: CallMoney, definition: CallDefinition
) -> tuple[frozenset[str], frozenset[str]]:
    organisation_ids = {application.organisation_id} | {each.organisation_id for each in application.shares}
    pairs = [
        tags_of(definition, money.groups.get(each), purpose_of(application)) for each in organisation_ids
    ]
    return (
        frozenset().union(*(confirmed for confirmed, _claimed in pairs)),
        frozenset().union(*(claimed for _confirmed, claimed in pairs)),
    )
