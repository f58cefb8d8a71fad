"""The panel's meeting as each person may know it: agenda, item on the table, who may take part, minutes.

What the reader has a tie with is in no list, number or count here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from fundapp.call_file.assessment import PanelRules
from fundapp.call_file.edit import digest_of_data
from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus, ItemStatus
from fundapp.models.application import Application
from fundapp.models.meeting import Meeting, MeetingItem, MeetingPresence
from fundapp.models.panel import Panel, PanelSeat
from fundapp.models.user import User
from fundapp.permissions import application_without_conflict
from fundapp.ties import people_tied


def voting_kinds(rules: PanelRules) -> frozenset[str]:
    return frozenset(seat.key for seat in rules.seats if seat.votes)


@dataclass(frozen=True)
class TakingPart:
    """Who is there for one item: they decide, or have to be out of the room."""

    inside: tuple[PanelSeat, ...]
    outside: tuple[PanelSeat, ...]
    quorum: int
    majority_kinds: frozenset[str]  # together always more than half of those who decide

    @classmethod
    def of(
        cls, seats: Iterable[PanelSeat], rules: PanelRules, quorum: int, out: frozenset[UUID] = frozenset()
    ) -> TakingPart:
        """Who has a vote decides; `out`: people who have a tie leave, with a vote or without."""
        seats, kinds = tuple(seats), voting_kinds(rules)
        return cls(
            inside=tuple(seat for seat in seats if seat.kind.value in kinds and seat.user_id not in out),
            outside=tuple(seat for seat in seats if seat.user_id in out),
            quorum=quorum,
            majority_kinds=frozenset(seat.key for seat in rules.seats if seat.in_majority),
        )

    @property
    def missing(self) -> int:
        return max(0, self.quorum - len(self.inside))

    @property
    def of_the_majority(self) -> int:
        return sum(seat.kind.value in self.majority_kinds for seat in self.inside)

    @property
    def has_majority(self) -> bool:
        return not self.majority_kinds or 2 * self.of_the_majority > len(self.inside)

    @property
    def may_decide(self) -> bool:
        return not self.missing and self.has_majority


@dataclass(frozen=True)
class MeetingView:
    """`items` and everything counted from them leave out what the reader has a tie with."""

    meeting: Meeting
    items: tuple[MeetingItem, ...]
    present: tuple[PanelSeat, ...]  # voting members who are there now
    taking_part: Mapping[UUID, TakingPart]  # by item

    @property
    def on_the_table(self) -> MeetingItem | None:
        return next((item for item in self.items if item.status is ItemStatus.ON_THE_TABLE), None)

    @property
    def settled(self) -> int:
        return sum(item.status is ItemStatus.SETTLED for item in self.items)

    def number(self, item: MeetingItem) -> int:
        return self.items.index(item) + 1


def find_meeting(panel: Panel) -> Meeting | None:
    query = (
        sa.select(Meeting)
        .where(Meeting.panel_id == panel.id)
        .options(joinedload(Meeting.panel), selectinload(Meeting.presences))
        .execution_options(populate_existing=True)
    )
    return db.session.execute(query).unique().scalar_one_or_none()


def get_item(item_id: UUID) -> MeetingItem:
    """With its application, round and meeting. Raises NoResultFound."""
    query = (
        sa.select(MeetingItem)
        .join(MeetingItem.application)
        .where(MeetingItem.id == item_id)
        .options(
            joinedload(MeetingItem.meeting).joinedload(Meeting.panel),
            contains_eager(MeetingItem.application).options(
                joinedload(Application.organisation),
                joinedload(Application.round),
                joinedload(Application.call),
                selectinload(Application.shares),
            ),
        )
    )
    return db.session.execute(query).scalar_one()


def view_of(meeting: Meeting, rules: PanelRules, *, reader: User) -> MeetingView:
    """Four queries, whatever the number of items and members."""
    query = (
        sa.select(MeetingItem)
        .join(MeetingItem.application)
        .where(
            MeetingItem.meeting_id == meeting.id,
            Application.status != ApplicationStatus.WITHDRAWN,
            application_without_conflict(reader.id),
        )
        .options(
            contains_eager(MeetingItem.application).options(
                joinedload(Application.organisation),
                joinedload(Application.redacted_copy),
                selectinload(Application.shares),
            )
        )
        .order_by(MeetingItem.position, MeetingItem.id)
        .execution_options(populate_existing=True)
    )
    items = tuple(db.session.execute(query).scalars())
    there = _seats_there(meeting)
    out = people_tied(meeting.panel.call_id, [item.application for item in items])
    quorum = meeting.panel.quorum
    return MeetingView(
        meeting,
        items,
        tuple(seat for seat in there if seat.kind.value in voting_kinds(rules)),
        {item.id: TakingPart.of(there, rules, quorum, out[item.application_id]) for item in items},
    )


def taking_part_in(item: MeetingItem, rules: PanelRules) -> TakingPart:
    """As it is now."""
    there = _seats_there(item.meeting)
    out = people_tied(item.application.call_id, [item.application])
    return TakingPart.of(there, rules, item.meeting.panel.quorum, out[item.application_id])


def _seats_there(meeting: Meeting) -> tuple[PanelSeat, ...]:
    """Members who are there now."""
    there = {each.seat_id for each in meeting.presences if each.went_at is None}
    return tuple(seat for seat in list_seats(meeting.panel) if seat.id in there)


def list_items(meeting: Meeting) -> Sequence[MeetingItem]:
    """Every one as it is now, in the order of the agenda. For services: nobody's ties are looked at."""
    query = sa.select(MeetingItem).where(MeetingItem.meeting_id == meeting.id)
    query = query.order_by(MeetingItem.position, MeetingItem.id).execution_options(populate_existing=True)
    return db.session.execute(query).scalars().all()


def digest_of_votes(items: Iterable[MeetingItem]) -> str:
    """The same as long as nobody has counted the votes for them again."""
    return digest_of_data({str(item.id): item.votes for item in items})


def list_presences(meeting: Meeting) -> Sequence[MeetingPresence]:
    """As they are in the database now."""
    query = sa.select(MeetingPresence).where(MeetingPresence.meeting_id == meeting.id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalars().all()


def list_came(round_id: UUID) -> Sequence[PanelSeat]:
    """Members who were at the meeting of the round's panel, also if they went before its end."""
    query = (
        sa.select(PanelSeat)
        .join(MeetingPresence, MeetingPresence.seat_id == PanelSeat.id)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(Panel.round_id == round_id)
        .options(contains_eager(PanelSeat.panel))
    )
    return db.session.execute(query.order_by(PanelSeat.created_at, PanelSeat.id)).scalars().all()


def list_seats(panel: Panel) -> Sequence[PanelSeat]:
    query = sa.select(PanelSeat).where(PanelSeat.panel_id == panel.id).options(joinedload(PanelSeat.user))
    return db.session.execute(query.order_by(PanelSeat.created_at, PanelSeat.id)).scalars().all()


def vote_places(round_id: UUID) -> Mapping[UUID, int]:
    """Places that votes between equal applications gave: more votes, better place."""
    query = (
        sa.select(MeetingItem.application_id, MeetingItem.votes)
        .join(Application, Application.id == MeetingItem.application_id)
        .where(Application.round_id == round_id, MeetingItem.votes.is_not(None))
    )
    votes = {application_id: number or 0 for application_id, number in db.session.execute(query)}
    order = sorted(set(votes.values()), reverse=True)
    return {application_id: order.index(number) + 1 for application_id, number in votes.items()}


def names_of(panel: Panel) -> Mapping[str, str]:
    """Members' names by the id of their seat, as `took_part` keeps it."""
    return {str(seat.id): seat.user.shown_name for seat in list_seats(panel)}
