"""What still stands between a call and its publication."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import CallStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint


class Matter(StrEnum):
    POINTS_WITHOUT_ANSWER = "points_without_answer"


@dataclass(frozen=True)
class OpenMatter:
    kind: Matter
    number: int


def open_matters(call: Call) -> list[OpenMatter]:
    """Empty once a call is published. What a call file must hold was checked when it came in."""
    if call.status not in (CallStatus.DRAFT, CallStatus.CO_DESIGN):
        return []
    unanswered = db.session.execute(
        sa.select(sa.func.count())
        .select_from(CodesignPoint)
        .where(CodesignPoint.call_id == call.id, CodesignPoint.response.is_(None))
    ).scalar_one()
    return [OpenMatter(Matter.POINTS_WITHOUT_ANSWER, unanswered)] if unanswered else []
