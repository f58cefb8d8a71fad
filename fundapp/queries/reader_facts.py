"""What an assignment of readers has to know: who may read what, who brings what, what is given."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from fundapp.call_file.assessment import Assessment
from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.panel import (
    Panel,
    PanelSeat,
    Review,
    ReviewAssignment,
)
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.readings import TO_BE_READ, without_conflict
from fundapp.ties import people_tied

EXPERIENCED = "experienced"
Pair = tuple[str, str]  # application, seat


@dataclass(frozen=True)
class ReaderFacts:
    """Of one panel: whole for the plan of readers, and for a page what its reader may know of."""

    assessment: Assessment
    applications: Mapping[str, Application]  # those that are being read
    seats: Mapping[str, PanelSeat]
    can: Mapping[str, frozenset[str]]  # by seat: languages, and experience
    given: frozenset[Pair]
    forbidden: frozenset[Pair]  # voided, or a tie

    @property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """By application: a reader of its language and an experienced one, where the panel has such."""
        offered = frozenset[str]().union(*self.can.values())
        return {
            key: tuple(each for each in (language_key(one.language), EXPERIENCED) if each in offered)
            for key, one in self.applications.items()
        }


def reader_facts(panel: Panel, *, viewer: User | None = None) -> ReaderFacts:
    """Six queries, whatever the number of applications and members."""
    definition = definition_of(current_version(panel.call))
    query = sa.select(PanelSeat).where(PanelSeat.panel_id == panel.id).options(joinedload(PanelSeat.user))
    seats = db.session.execute(query.order_by(PanelSeat.created_at, PanelSeat.id)).scalars().all()
    applications = _list_to_be_read(panel, viewer)
    given, voided = ({pair for pair in found if pair[0] in applications} for found in _pairs(panel))
    by_key = {str(seat.id): seat for seat in seats}
    return ReaderFacts(
        assessment=definition.assessment,
        applications=applications,
        seats=by_key,
        can=brought_by(seats, first_language=definition.languages[0]),
        given=frozenset(given),
        forbidden=frozenset(voided | _conflicted_pairs(panel, applications, by_key)),
    )


def missed_wishes(facts: ReaderFacts) -> list[tuple[Application, str | None]]:
    """Applications whose readers together do not bring the language it is written in, which is named, or no
    experience: None."""
    missed = []
    for key, application in facts.applications.items():
        have = [seat for each, seat in sorted(facts.given) if each == key]
        brought = frozenset[str]().union(*(facts.can.get(seat, frozenset()) for seat in have))
        wishes = ((language_key(application.language), application.language), (EXPERIENCED, None))
        missed += [(application, named) for wish, named in wishes if have and wish not in brought]
    return missed


def language_key(code: str) -> str:
    return f"language:{code}"


def languages_of(seat: PanelSeat, first_language: str) -> frozenset[str]:
    return frozenset(seat.languages or [seat.user.language, first_language])


def brought_by(seats: Sequence[PanelSeat], *, first_language: str) -> dict[str, frozenset[str]]:
    """By seat: languages, and whether the person has locked sheets on an earlier panel."""
    experienced = _experienced(seats)
    return {
        str(seat.id): frozenset(map(language_key, languages_of(seat, first_language)))
        | ({EXPERIENCED} if seat.user_id in experienced else set())
        for seat in seats
    }


def _experienced(seats: Collection[PanelSeat]) -> frozenset[UUID]:
    query = (
        sa.select(PanelSeat.user_id)
        .join(ReviewAssignment, ReviewAssignment.seat_id == PanelSeat.id)
        .join(Review, Review.assignment_id == ReviewAssignment.id)
        .where(
            PanelSeat.user_id.in_([seat.user_id for seat in seats]),
            PanelSeat.panel_id.not_in([seat.panel_id for seat in seats]),
            Review.locked_at.is_not(None),
        )
    )
    return frozenset(db.session.execute(query.distinct()).scalars())


def _list_to_be_read(panel: Panel, viewer: User | None) -> dict[str, Application]:
    query = (
        sa.select(Application)
        .where(Application.round_id == panel.round_id, Application.status.in_(TO_BE_READ))
        .options(joinedload(Application.organisation), selectinload(Application.shares))
        .order_by(Application.submitted_at, Application.id)
    )
    if viewer is not None:
        query = query.where(without_conflict(viewer.id, panel.call_id))
    return {str(each.id): each for each in db.session.execute(query).scalars()}


def _pairs(panel: Panel) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Assignments that stand, and those that were voided and never come back."""
    query = (
        sa.select(ReviewAssignment.application_id, ReviewAssignment.seat_id, ReviewAssignment.voided_at)
        .join(PanelSeat, PanelSeat.id == ReviewAssignment.seat_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .where(PanelSeat.panel_id == panel.id, Application.status.in_(TO_BE_READ))
    )
    rows = db.session.execute(query).all()
    given = {(str(application), str(seat)) for application, seat, voided in rows if voided is None}
    voided = {(str(application), str(seat)) for application, seat, voided in rows if voided is not None}
    return given, voided


def _conflicted_pairs(
    panel: Panel, applications: dict[str, Application], seats: dict[str, PanelSeat]
) -> set[tuple[str, str]]:
    tied = people_tied(panel.call_id, applications.values())
    return {
        (key, seat_key)
        for key, application in applications.items()
        for seat_key, seat in seats.items()
        if seat.user_id in tied[application.id]
    }
