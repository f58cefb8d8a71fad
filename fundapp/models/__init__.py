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
    paper,
    tally,
    unsaved_text,
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
    "paper",
    "tally",
    "unsaved_text",
    "user",
]
