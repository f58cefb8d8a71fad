"""One rule over several rows, which no constraint of the database can hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

Rows = sa.Select[UUID]


@dataclass(frozen=True)
class Invariant:
    """`broken_rows` asks for the ids of the rows for which the sentence does not hold."""

    name: str
    sentence: str
    broken_rows: Callable[[], Rows]


def same(name: str, sentence: str, child: Any, left: Any, right: Any, *joins: tuple[Any, Any]) -> Invariant:
    """Two ways from a row lead to the same thing: `left` equals `right` over these joins."""

    def rows() -> Rows:
        query = sa.select(child.id).select_from(child)
        for table, condition in joins:
            query = query.join(table, condition)
        return query.where(left != right)

    return Invariant(name, sentence, rows)
