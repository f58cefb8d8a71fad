"""Posting events to the addresses that asked for them (docs/api.md)."""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from flask import current_app

from fundapp.clock import utcnow
from fundapp.db import Json, unit_of_work
from fundapp.jobs.kinds import Store, job
from fundapp.outgoing import BadAddress, NoAnswer, post
from fundapp.services.webhook_deliveries import DELIVER_WEBHOOK, Letter, letter_for, note_outcome
from fundapp.settings import Settings

logger = logging.getLogger(__name__)


@job(DELIVER_WEBHOOK)
def deliver_webhook(arguments: Json) -> Store:
    """Killed between the post and its "done", it posts again, with the same id."""
    delivery_id = UUID(arguments["delivery_id"])
    settings: Settings = current_app.config["SETTINGS"]
    with unit_of_work():
        letter = letter_for(delivery_id, public_url=settings.public_url, now=utcnow())
    if letter is None:
        return _nothing
    status = _post(letter, settings)
    return partial(_remember, delivery_id, status)


def _post(letter: Letter, settings: Settings) -> int | None:
    try:
        return post(letter.url, letter.body, letter.headers, may_be_near=settings.may_write_near)
    except (BadAddress, NoAnswer) as error:
        logger.info("an address for events gave no answer", extra={"error": type(error).__name__})
        return None


def _remember(delivery_id: UUID, status: int | None) -> None:
    note_outcome(delivery_id, status, now=utcnow())


def _nothing() -> None:
    """Told before, put off, stopped meanwhile, or no longer for this person to hear."""
