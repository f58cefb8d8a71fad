"""Telling a group: everybody who may write for it gets the same neutral mail."""

from __future__ import annotations

from datetime import datetime

from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.queries.applications import list_members_to_tell
from fundapp.services.messages import MessageKind, notify


def tell_about_grant(award: Award, *, now: datetime) -> None:
    """There is something new to read about it; the mail does not say what."""
    tell_group(award.application, MessageKind.AWARD_UPDATE, now=now, award_id=str(award.id))


def tell_group(application: Application, kind: MessageKind, *, now: datetime, **arguments: str) -> None:
    for member in list_members_to_tell(application):
        notify(member, kind, now=now, **arguments)
