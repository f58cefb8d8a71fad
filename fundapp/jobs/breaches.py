"""Reminders of the clock of a breach, at their minute."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.jobs.kinds import Store, job
from fundapp.services.breaches import REMIND_OF_BREACH, remind_of_breach


@job(REMIND_OF_BREACH)
def remind(arguments: Json) -> Store:
    return partial(remind_of_breach, UUID(arguments["breach_id"]), int(arguments["hours"]), now=utcnow())
