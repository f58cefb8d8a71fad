"""What every group will read when everybody is told, and in which languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.award import Outcome
from fundapp.models.organisation import MemberRight, OrganisationMember
from fundapp.models.user import User
from fundapp.queries.awards import Board, BoardLine


@dataclass(frozen=True)
class Letter:
    """`languages`: of the people who are told; () when the group has nobody to tell."""

    line: BoardLine
    languages: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return self.line.has_letter


def letters_of(board: Board) -> tuple[Letter, ...]:
    """For every decided group that the reader may see: awards, then the reserve list, then the others."""
    decided = [
        line
        for line in board.lines
        if line.decision is not None and line.application.status is not ApplicationStatus.WITHDRAWN
    ]
    languages = _languages(line.application.organisation_id for line in decided)
    order = list(Outcome)
    decided.sort(key=lambda line: order.index(line.decision.outcome) if line.decision else len(order))
    return tuple(Letter(line, languages.get(line.application.organisation_id, ())) for line in decided)


def _languages(organisation_ids: Iterable[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """Of those who write for each group. One query."""
    query = (
        sa.select(OrganisationMember.organisation_id, User.language)
        .join(User, User.id == OrganisationMember.user_id)
        .where(
            OrganisationMember.organisation_id.in_(list(organisation_ids)),
            OrganisationMember.right.in_((MemberRight.EDIT, MemberRight.SUBMIT)),
            User.is_disabled.is_(False),
        )
        .distinct()
        .order_by(User.language)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for organisation_id, language in db.session.execute(query):
        found[organisation_id].append(language)
    return {key: tuple(each) for key, each in found.items()}
