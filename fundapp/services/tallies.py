"""Counting what groups tell us without their application: no actor, no time, no event, on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.models.application import ApplicationStage
from fundapp.models.call import Round
from fundapp.models.tally import QUESTION_MINUTES, TOPICS, QuestionTally, SpentTicket, Tally


class TicketSpent(FundError):
    """This ticket has been used before."""

    code = "ticket_spent"


def count_answers(
    round_id: UUID, stage: ApplicationStage, choices: Mapping[str, str], *, ticket_digest: str
) -> None:
    """Add one to each choice, by topic. Raises TicketSpent."""
    _spend(round_id, ticket_digest)
    cells = [
        {"round_id": round_id, "stage": stage, "topic": topic, "choice": choice, "number": 0}
        for topics in TOPICS.values()
        for topic, known in topics.items()
        for choice in known
    ]
    db.session.execute(_insert()(Tally).values(cells).on_conflict_do_nothing())
    chosen = [sa.and_(Tally.topic == topic, Tally.choice == choice) for topic, choice in choices.items()]
    plus = sa.case((sa.or_(sa.false(), *chosen), 1), else_=0)
    # every count is written again, so that none shows that it was the last to change
    db.session.execute(
        sa.update(Tally)
        .where(Tally.round_id == round_id, Tally.stage == stage)
        .values(number=Tally.number + plus)
        .execution_options(synchronize_session=False)
    )


def count_minutes(
    round_id: UUID, question_key: str, seconds: int, *, of_questions: Iterable[str], ticket_digest: str
) -> None:
    """Add one to a band of minutes of one question; half an hour is the most. Raises TicketSpent.

    `of_questions`: all keys of the stage, so that every count is written again, as above.
    """
    _spend(round_id, ticket_digest)
    keys = sorted({*of_questions, question_key})
    cells = [
        {"round_id": round_id, "question_key": key, "minutes": minutes, "number": 0}
        for key in keys
        for minutes in QUESTION_MINUTES
    ]
    db.session.execute(_insert()(QuestionTally).values(cells).on_conflict_do_nothing())
    band = next((end for end in QUESTION_MINUTES if seconds <= 60 * end), QUESTION_MINUTES[-1])
    is_chosen = sa.and_(QuestionTally.question_key == question_key, QuestionTally.minutes == band)
    db.session.execute(
        sa.update(QuestionTally)
        .where(QuestionTally.round_id == round_id, QuestionTally.question_key.in_(keys))
        .values(number=QuestionTally.number + sa.case((is_chosen, 1), else_=0))
        .execution_options(synchronize_session=False)
    )


def _spend(round_id: UUID, ticket_digest: str) -> None:
    lock_row(Round, round_id)
    spend_ticket(ticket_digest)


def spend_ticket(ticket_digest: str) -> None:
    """Raises TicketSpent."""
    spend = _insert()(SpentTicket).values(digest=ticket_digest).on_conflict_do_nothing()
    if db.session.execute(spend.returning(SpentTicket.digest)).first() is None:
        raise TicketSpent


def _insert() -> Any:
    """The engine's own, which can leave out what is there already."""
    return postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
