"""Keeping and dropping what-ifs. They change nothing about the list."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db, lock_row
from fundapp.errors import FundError
from fundapp.models.call import Round
from fundapp.models.scenario import Scenario
from fundapp.models.user import User
from fundapp.queries.what_if import Changes
from fundapp.services.events import record

MOST_SCENARIOS = 4  # side by side with the rule on one screen


class TooManyScenarios(FundError):
    code = "too_many_scenarios"


class NameTaken(FundError):
    code = "name_taken"


def keep_scenario(round_: Round, name: str, changes: Changes, *, actor: User, now: datetime) -> Scenario:
    """Raises TooManyScenarios, and NameTaken for a name that says something else already."""
    lock_row(Round, round_.id)
    query = sa.select(Scenario).where(Scenario.round_id == round_.id)
    kept = {one.name: one for one in db.session.execute(query).scalars()}
    if (same := kept.get(name)) is not None:
        if same.changes == changes.as_data():
            return same
        raise NameTaken
    if len(kept) >= MOST_SCENARIOS:
        raise TooManyScenarios
    scenario = Scenario(round_id=round_.id, name=name, changes=changes.as_data(), made_by_id=actor.id)
    db.session.add(scenario)
    db.session.flush()
    record(round_, "keep_scenario", actor=actor, now=now, details={"scenario": str(scenario.id)})
    return scenario


def drop_scenario(scenario: Scenario, *, actor: User, now: datetime) -> None:
    record(scenario.round, "drop_scenario", actor=actor, now=now, details={"scenario": str(scenario.id)})
    db.session.delete(scenario)
