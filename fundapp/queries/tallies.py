"""What groups have told us beside their applications, shown only where more than a handful answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import ApplicationStage
from fundapp.models.tally import MINUTES, PEOPLE, TOPICS, Sheet, SpentTicket, Tally

MANY_ENOUGH = 5  # more than so many groups must have answered a question; smaller counts are not shown


@dataclass(frozen=True)
class Middle:
    """Half of the groups are at or below `up_to`; None: above every band."""

    up_to: int | None


@dataclass(frozen=True)
class TopicCounts:
    """`counts`: by choice; None where fewer than five groups chose it."""

    topic: str
    counts: dict[str, int | None]


@dataclass(frozen=True)
class ToldUs:
    stage: ApplicationStage
    minutes: Middle | None
    people: Middle | None
    equality: tuple[TopicCounts, ...]


def is_spent(ticket_digest: str) -> bool:
    return db.session.get(SpentTicket, ticket_digest) is not None


def list_told(round_id: UUID) -> Sequence[ToldUs]:
    """For each stage of a round; nothing of a question that five groups or fewer answered."""
    rows = db.session.execute(
        sa.select(Tally.stage, Tally.topic, Tally.choice, Tally.number).where(Tally.round_id == round_id)
    )
    numbers: dict[tuple[ApplicationStage, str], dict[str, int]] = {}
    for stage, topic, choice, number in rows:
        numbers.setdefault((stage, topic), {})[choice] = number
    return [_told_in(stage, numbers) for stage in ApplicationStage]


def _told_in(stage: ApplicationStage, numbers: dict[tuple[ApplicationStage, str], dict[str, int]]) -> ToldUs:
    enough = {
        topic: counts
        for (its_stage, topic), counts in numbers.items()
        if its_stage is stage and sum(counts.values()) > MANY_ENOUGH
    }
    return ToldUs(
        stage,
        middle_of(enough.get("minutes"), MINUTES),
        middle_of(enough.get("people"), PEOPLE),
        tuple(
            TopicCounts(topic, _without_small(enough[topic], choices))
            for topic, choices in TOPICS[Sheet.EQUALITY].items()
            if topic in enough
        ),
    )


def middle_of(counts: dict[str, int] | None, upper_ends: tuple[int, ...]) -> Middle | None:
    if counts is None:
        return None
    half, so_far = sum(counts.values()) / 2, 0
    for end in upper_ends:
        so_far += counts.get(str(end), 0)
        if so_far >= half:
            return Middle(end)
    return Middle(None)


def _without_small(counts: dict[str, int], choices: Sequence[str]) -> dict[str, int | None]:
    """No total is shown beside them, so that a hidden count cannot be worked out."""
    return {choice: n if (n := counts.get(choice, 0)) >= MANY_ENOUGH else None for choice in choices}
