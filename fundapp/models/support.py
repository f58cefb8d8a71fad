"""Help besides money: what groups would like, who offers it, and who was brought together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Row, text_enum
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.support_steps import IntroductionStatus


class SupportTopic(StrEnum):
    """What help is about; the words stand in forms/pages/support.py."""

    MONEY = "money"
    FUNDRAISING = "fundraising"
    GOVERNANCE = "governance"
    SAFEGUARDING = "safeguarding"
    WELLBEING = "wellbeing"
    PREMISES = "premises"
    DIGITAL = "digital"
    LANGUAGES = "languages"
    EVIDENCE = "evidence"
    PARTNERSHIPS = "partnerships"
    LAW = "law"
    OTHER = "other"


class SupportNeed(Row):
    """The topics in which one group would like help, in one call. What the group says itself wins."""

    __tablename__ = "support_need"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    noted: Mapped[list[str]] = mapped_column(sa.JSON(), default=list)  # read out of its answers by the fund
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    own: Mapped[list[str]] = mapped_column(sa.JSON(), default=list)
    said_at: Mapped[datetime | None]  # from then on `own` is what counts
    wants_none: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    application: Mapped[Application] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("NOT wants_none OR said_at IS NOT NULL", name="only_the_group_says_no"),
    )

    @property
    def topics(self) -> Sequence[SupportTopic]:
        """None where the group wants no help."""
        if self.wants_none:
            return ()
        chosen = self.noted if self.said_at is None else self.own
        return [topic for topic in SupportTopic if topic in chosen]


class Payer(StrEnum):
    FREE = "free"
    FUND = "fund"
    GROUP = "group"


class SupportOffer(Row):
    """What an organisation offers to the groups of a call. `reach`: a role's address, never a person's."""

    __tablename__ = "support_offer"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(sa.String(200))
    topics: Mapped[list[str]] = mapped_column(sa.JSON())
    languages: Mapped[list[str]] = mapped_column(sa.JSON())
    boroughs: Mapped[list[str]] = mapped_column(sa.JSON())
    is_online: Mapped[bool]
    what: Mapped[str] = mapped_column(sa.Text())
    payer: Mapped[Payer] = mapped_column(text_enum(Payer))
    reach: Mapped[str] = mapped_column(sa.String(254))
    ended_at: Mapped[datetime | None]

    call: Mapped[Call] = relationship()

    __table_args__ = (sa.CheckConstraint("what <> '' AND reach <> ''", name="says_what_and_how"),)


class SupportPeer(Row):
    """A group that shares what it knows with other groups. `user`: whose address they get."""

    __tablename__ = "support_peer"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), unique=True)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    topics: Mapped[list[str]] = mapped_column(sa.JSON())
    ended_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()
    user: Mapped[User] = relationship()

    @property
    def call_id(self) -> UUID:
        return self.application.call_id


class SupportIntroduction(Row):
    """The fund brings a group together with an organisation, or with another group."""

    __tablename__ = "support_introduction"

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("application.id"), index=True)
    offer_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("support_offer.id"), index=True)
    peer_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("support_peer.id", ondelete="CASCADE"), index=True
    )
    status: Mapped[IntroductionStatus] = mapped_column(
        text_enum(IntroductionStatus), default=IntroductionStatus.SUGGESTED
    )
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column()

    application: Mapped[Application] = relationship()
    offer: Mapped[SupportOffer | None] = relationship()
    peer: Mapped[SupportPeer | None] = relationship()
    answered_by: Mapped[User | None] = relationship()  # whose address the other side gets

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("application_id", "offer_id"),
        sa.UniqueConstraint("application_id", "peer_id"),
        sa.CheckConstraint("(offer_id IS NULL) <> (peer_id IS NULL)", name="one_other_side"),
        sa.CheckConstraint(
            "status NOT IN ('wanted', 'not_wanted') OR answered_at IS NOT NULL", name="answered_once_decided"
        ),
    )

    @property
    def call_id(self) -> UUID:
        return self.application.call_id
