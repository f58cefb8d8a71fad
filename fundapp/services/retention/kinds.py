"""How long each kind of data is kept: one list, read by the morning's job, the command and the public page.

The words for each `key` stand in web/kept_words.py; docs/decisions/0033-kept-and-for-how-long.md says
where the times are from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.message import Message
from fundapp.models.user import SignInCode, TryCount, UserSession
from fundapp.models.webhook import WebhookDelivery
from fundapp.queries.retention import over
from fundapp.queries.retention.terms import Term, days, months, years
from fundapp.services.retention import taking

Find = Callable[[datetime], Sequence[Any]]
Forget = Callable[[Any, datetime], None]


@dataclass(frozen=True)
class Kept:
    """`find` gives the rows whose event was at the time in its argument or before; `forget` takes one."""

    key: str
    term: Term
    find: Find
    forget: Forget

    def rows_over(self, now: datetime) -> Sequence[Any]:
        return self.find(self.term.before(now))


def _aged(model: type[Any], since: Any, *where: sa.ColumnElement[bool]) -> Find:
    """Rows that are nothing but their age."""

    def find(cut: datetime) -> Sequence[Any]:
        return db.session.execute(sa.select(model).where(since <= cut, *where)).scalars().all()

    return find


def _delete(row: Any, _now: datetime) -> None:
    db.session.delete(row)


KEPT: Sequence[Kept] = (
    Kept("drafts", over.DRAFTS, over.old_drafts, taking.take_texts),
    Kept("not_funded", months(12), over.not_funded, taking.take_texts),
    Kept("recordings", months(6), over.old_recordings, taking.take_file),
    Kept("marks", months(24), over.sheets_with_words, taking.take_sheet),
    Kept("grants", years(7), over.ended_grants, taking.take_texts),
    Kept("bank_numbers", days(90), over.old_bank_numbers, taking.take_bank_numbers),
    Kept("documents", days(90), over.taken_away_documents, taking.take_file),
    Kept("worries", days(30), over.closed_worries, taking.take_worry),
    Kept("complaints", months(24), over.answered_complaints, taking.take_complaint),
    Kept("outside_requests", years(3), over.ended_requests, taking.take_register),
    Kept("breaches", years(3), over.closed_breaches, taking.take_register),
    Kept("holds", years(3), over.ended_holds, taking.take_register),
    Kept("invitations", days(90), over.old_invitations, taking.take_address),
    Kept("hand_overs", days(90), over.old_hand_overs, taking.take_address),
    Kept("panel_help", days(90), over.seats_with_help, taking.take_help),
    Kept("mails", months(12), _aged(Message, Message.created_at, Message.sent_at.is_not(None)), _delete),
    Kept("sign_ins", days(30), _aged(UserSession, UserSession.expires_at), _delete),
    Kept("codes", days(30), _aged(SignInCode, SignInCode.expires_at), _delete),
    Kept("events_told", days(30), _aged(WebhookDelivery, WebhookDelivery.done_at), _delete),
    Kept("tries", days(30), _aged(TryCount, TryCount.window_starts_at), _delete),
)
ELSEWHERE: Sequence[tuple[str, Term]] = (  # jobs of their own take these
    ("candidates", days(0)),  # services/recruitment.py
    ("said_aloud", days(30)),  # services/spoken.py
    ("copies", days(1)),  # services/papers.py
)
