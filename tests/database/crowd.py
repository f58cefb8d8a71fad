"""Thousands of other groups that apply, quickly: what must not slow down anybody's page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Answer, Application
from fundapp.models.organisation import Organisation
from tests.factories import now

MANY_AT_ONCE = 1_000


def add_crowd(like: Application, number: int, *, first: int = 0, answers: int = 2) -> None:
    """So many applications like this one in the same round, each of a group of its own, with answers."""
    group, application = _values(like.organisation), _values(like)
    for start in range(first, first + number, MANY_AT_ONCE):
        these = range(start, min(start + MANY_AT_ONCE, first + number))
        groups = [group | {"id": uuid4(), "name": f"Group {n}", "public_id": f"crowd-{n}"} for n in these]
        applications = [
            application | {"id": uuid4(), "organisation_id": each["id"], "receipt": f"C{n:07d}"}
            for n, each in zip(these, groups, strict=True)
        ]
        texts = [
            {
                "application_id": each["id"],
                "question_key": f"Q{n + 1}",
                "value": "We meet every week.",
                "language": "en",
                "saved_at": now(),
            }
            for each in applications
            for n in range(answers)
        ]
        db.session.execute(sa.insert(Organisation), groups)
        db.session.execute(sa.insert(Application), applications)
        if texts:
            db.session.execute(sa.insert(Answer), texts)


def _values(row: Any) -> dict[str, Any]:
    return {each.key: getattr(row, each.key) for each in sa.inspect(type(row)).column_attrs}
