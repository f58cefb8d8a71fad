"""What must always be true of the data as a whole (security.md AC-44); a test breaks every rule."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from fundapp.db import db
from fundapp.queries.invariants.agreements import AGREEMENTS
from fundapp.queries.invariants.belonging import BELONGING
from fundapp.queries.invariants.money import MONEY
from fundapp.queries.invariants.rights import RIGHTS
from fundapp.queries.invariants.rule import Invariant
from fundapp.queries.invariants.states import STATES
from fundapp.queries.invariants.told import TOLD

__all__ = ["INVARIANTS", "Invariant", "broken_invariants"]

INVARIANTS: tuple[Invariant, ...] = (*AGREEMENTS, *BELONGING, *MONEY, *STATES, *RIGHTS, *TOLD)
MOST_NAMED = 20


def broken_invariants() -> Iterator[tuple[Invariant, list[UUID]]]:
    """Each rule that does not hold, with the first rows that break it."""
    for invariant in INVARIANTS:
        query = invariant.broken_rows().limit(MOST_NAMED)
        if found := list(db.session.execute(query).scalars()):
            yield invariant, found
