"""Telling everybody, ten minutes after somebody asked for it."""

from __future__ import annotations

from uuid import UUID

from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.jobs.kinds import Store, job
from fundapp.services.releases import TELL_EVERYBODY, carry_out_release


@job(TELL_EVERYBODY)
def tell_everybody(arguments: Json) -> Store:
    """Everything happens in one transaction with "done": told together or not at all."""

    def store() -> None:
        carry_out_release(UUID(arguments["round_id"]), now=utcnow())

    return store
