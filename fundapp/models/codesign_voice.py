"""People who take part in co-design by a link, without an account.

Nothing here leads to a person: no user, no address, no time of day. `voice` is made of a secret of the
browser and of what it speaks about, so that not even two words of one person can be joined. Tables without
`rowid` keep no order.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.call_file.codesign import DecisionRule
from fundapp.db import Base, Json, Row, text_enum
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from scoring.consent import Voice


class CodesignLink(Row):
    """An address for the people of one session. Only the digest of its token is stored."""

    __tablename__ = "codesign_link"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    session_key: Mapped[str] = mapped_column(sa.String(40))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    people: Mapped[int]  # so many voices count at most
    ends_on: Mapped[date]
    stopped_at: Mapped[datetime | None]
    made_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    call: Mapped[Call] = relationship()

    __table_args__ = (sa.CheckConstraint("people >= 1", name="for_somebody"),)


class ReplyKind(StrEnum):
    SUPPORT = "support"
    DOUBT = "doubt"
    COMMENT = "comment"


class CodesignProposal(Base):
    """Other words, another weight or another amount, as part of a point.

    `before` and `value` hold one value each, under "is". `digest` is of what stood there when it was written.
    """

    __tablename__ = "codesign_proposal"

    point_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("codesign_point.id", ondelete="CASCADE"), primary_key=True
    )
    reference: Mapped[str] = mapped_column(sa.String(60))
    field: Mapped[str] = mapped_column(sa.String(60))
    language: Mapped[str | None] = mapped_column(sa.String(12))
    before: Mapped[Json]
    value: Mapped[Json]
    digest: Mapped[str] = mapped_column(sa.String(64))

    point: Mapped[CodesignPoint] = relationship()


class CodesignReply(Base):
    """Somebody supports or doubts a point, once a voice, or comments on it."""

    __tablename__ = "codesign_reply"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    point_id: Mapped[UUID] = mapped_column(sa.ForeignKey("codesign_point.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[UUID] = mapped_column(sa.ForeignKey("codesign_link.id"), index=True)
    kind: Mapped[ReplyKind] = mapped_column(text_enum(ReplyKind))
    voice: Mapped[str | None] = mapped_column(
        sa.String(64)
    )  # not of a comment: one may say more than one thing
    text: Mapped[str] = mapped_column(sa.Text())
    language: Mapped[str] = mapped_column(sa.String(12))
    on_day: Mapped[date]
    hidden_why: Mapped[str | None] = mapped_column(sa.Text())

    __table_args__ = (
        sa.UniqueConstraint("point_id", "voice"),
        sa.CheckConstraint("(kind = 'comment') = (voice IS NULL)", name="support_and_doubt_have_a_voice"),
        sa.CheckConstraint("kind <> 'comment' OR text <> ''", name="a_comment_says_something"),
        {"sqlite_with_rowid": False},
    )


class CodesignDecision(Row):
    """A point that those who take part decide about. The rule is the session's, chosen before."""

    __tablename__ = "codesign_decision"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    point_id: Mapped[UUID] = mapped_column(sa.ForeignKey("codesign_point.id", ondelete="CASCADE"), index=True)
    rule: Mapped[DecisionRule] = mapped_column(text_enum(DecisionRule))
    at_least: Mapped[int]
    closes_at: Mapped[datetime]
    opened_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    point: Mapped[CodesignPoint] = relationship()

    __table_args__ = (sa.CheckConstraint("at_least >= 1", name="by_somebody"),)

    def is_open(self, now: datetime) -> bool:
        return now < self.closes_at


class CodesignBallot(Base):
    """What one voice says in a decision; it can change until the decision closes."""

    __tablename__ = "codesign_ballot"

    decision_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("codesign_decision.id", ondelete="CASCADE"), primary_key=True
    )
    voice: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    link_id: Mapped[UUID] = mapped_column(sa.ForeignKey("codesign_link.id"), index=True)
    choice: Mapped[Voice] = mapped_column(text_enum(Voice))
    reason: Mapped[str] = mapped_column(sa.Text())
    language: Mapped[str] = mapped_column(sa.String(12))

    __table_args__ = (
        sa.CheckConstraint("choice <> 'object' OR reason <> ''", name="an_objection_says_why"),
        {"sqlite_with_rowid": False},
    )


class CodesignLeftOpen(Row):
    """Why a call is published although these points have no answer yet; everybody reads it.

    `role` is the named person's, in words, by language.
    """

    __tablename__ = "codesign_left_open"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), unique=True)
    points: Mapped[list[str]] = mapped_column(sa.JSON())
    reason: Mapped[Json]
    role: Mapped[Json]
    on_day: Mapped[date]
    named_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))

    call: Mapped[Call] = relationship()
