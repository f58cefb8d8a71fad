"""What became of a ring-fence after the call was published."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.db import Money, Row
from fundapp.models.call import Call
from fundapp.models.user import User


class RingFenceRelease(Row):
    """The decision to keep no more money for a ring-fence; for good, and published with its reason.

    With `moved_to`, what was left goes to another ring-fence: it is kept until that one's groups have got
    `left_over` on top of what they had, `had_before`.
    """

    __tablename__ = "ring_fence_release"

    call_id: Mapped[UUID] = mapped_column(sa.ForeignKey("call.id"), index=True)
    ring_fence: Mapped[str] = mapped_column(sa.String(40))  # key in the call's file
    released_by_id: Mapped[UUID] = mapped_column(sa.ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(sa.Text())
    left_over: Mapped[Money]
    moved_to: Mapped[str | None] = mapped_column(sa.String(40))
    had_before: Mapped[Money | None]

    call: Mapped[Call] = relationship()
    released_by: Mapped[User] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("call_id", "ring_fence"),
        sa.CheckConstraint("left_over >= 0", name="left_over_not_negative"),
        sa.CheckConstraint("(moved_to IS NULL) = (had_before IS NULL)", name="moved_with_what_there_was"),
    )
