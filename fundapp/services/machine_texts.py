"""Texts from a machine: only where nothing is written yet, and never about eligibility, safety or consent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fundapp.db import lock_row
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.queries.text_desk import TRANSLATE_TEXTS, Line, Standing, list_lines
from fundapp.services.call_drafts import begin_change
from fundapp.services.events import record
from fundapp.services.outbox import enqueue
from fundapp.services.text_desk import Desk, NewText, write_text

AT_ONCE = 20


def ask_machine(call: Call, language: str, *, actor: User, now: datetime) -> None:
    """Somebody of the fund wants texts from the machine; the worker asks for them. Raises VersionIsFrozen."""
    begin_change(call)
    record(call, "ask_machine", actor=actor, now=now, details={"language": language})
    enqueue(TRANSLATE_TEXTS, call_id=str(call.id), language=language)


def lines_for_machine(call: Call, language: str) -> list[Line]:
    """What it may write."""
    return [
        line
        for line in list_lines(call, language)
        if line.standing is Standing.MISSING and not line.unit.is_sensitive
    ]


def keep_machine_texts(
    call: Call, language: str, texts: Mapping[str, tuple[str, str]], *, by: str, now: datetime
) -> int:
    """Unit → what it was made from, and the text. A text that somebody wrote meanwhile stays. Asks for more
    where there is more to do. Raises VersionIsFrozen."""
    lock_row(Call, call.id)
    desk, kept = Desk(call, language), 0
    for unit_id, (source, text) in texts.items():
        line = desk.lines.get(unit_id)
        is_wanted = line is not None and line.standing is Standing.MISSING and line.unit.source == source
        if line is not None and is_wanted and text.strip():
            write_text(call, line, NewText(text.strip(), by, from_machine=True), actor=None, now=now)
            kept += 1
    if kept and lines_for_machine(call, language):
        enqueue(TRANSLATE_TEXTS, call_id=str(call.id), language=language)
    return kept
