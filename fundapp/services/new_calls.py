"""Starting a call: a small whole one, or a copy of an earlier one."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime

from fundapp.call_file import shift_dates, with_code
from fundapp.call_file.codesign import CodesignRecord
from fundapp.call_file.data import from_data
from fundapp.call_file.small_call import FirstWords, small_call
from fundapp.call_file.timetable import StepKind
from fundapp.db import db
from fundapp.models.call import Call
from fundapp.models.fund import Fund
from fundapp.models.text_translation import TextTranslation
from fundapp.models.user import User
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.text_desk import list_rows
from fundapp.services.calls import import_call, make_call


def start_call(fund: Fund, first: FirstWords, *, actor: User, now: datetime) -> Call:
    """A draft call with one of everything, to be changed from there. Raises CodeTaken."""
    definition = from_data(small_call(first), needs_all_languages=False)
    return import_call(definition, fund=fund, actor=actor, now=now)


def copy_call(source: Call, code: str, opens: date, *, actor: User, now: datetime) -> Call:
    """A draft that says what an earlier call says, with all days moved so that its first round opens then.

    Its co-design record is not copied: what was said was said about the other call. What stands at the
    translation desk is: who wrote a text and whether somebody has read it. Raises CodeTaken.
    """
    definition = definition_of(current_version(source))
    first = definition.rounds[0].step(StepKind.OPENS).starts
    record = CodesignRecord(definition.codesign.room)
    moved = shift_dates(dataclasses.replace(definition, codesign=record), (opens - first).days)
    call = make_call(with_code(moved, code), fund=source.fund, actor=actor, now=now)
    call.made_from_id = source.id
    db.session.flush()
    db.session.add_all(_copied(row, call) for row in list_rows(source))
    return call


def _copied(row: TextTranslation, call: Call) -> TextTranslation:
    return TextTranslation(
        call_id=call.id,
        unit=row.unit,
        language=row.language,
        source=row.source,
        text=row.text,
        state=row.state,
        from_machine=row.from_machine,
        made_by=row.made_by,
        made_at=row.made_at,
        made_by_id=row.made_by_id,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        reviewed_by_id=row.reviewed_by_id,
    )
