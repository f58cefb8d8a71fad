"""What is stored and what must always be true of it."""

from fundapp.models import (
    answer_media,
    application,
    award,
    call,
    codesign,
    event,
    file,
    fund,
    message,
    monitoring,
    organisation,
    panel,
    unsaved_text,
    tally,
    user,
)

__all__ = [
    "answer_media",
    "application",
    "award",
    "call",
    "codesign",
    "event",
    "file",
    "fund",
    "message",
    "monitoring",
    "organisation",
    "panel",
    "unsaved_text",
    "tally",
    "user",
]
