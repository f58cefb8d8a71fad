"""Telling a group: everybody who may write for it gets the same neutral mail."""

from __future__ import annotations

from datetime import datetime

from fundapp.models.application import Application
from fundapp.queries.applications import list_members_to_tell
from fundapp.services.messages import MessageKind, notify


def tell_group(application: Application, kind: MessageKind, *, now: datetime, **arguments: str) -> None:
    for member in list_members_to_tell(application):
        notify(member, kind, now=now, **arguments)
