"""What happens to translations when a call is changed beside the translation desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fundapp.call_file.texts import Content, Unit, attached, languages_of, units_of
from fundapp.db import db
from fundapp.models.call import Call
from fundapp.models.text_translation import TextState, TextTranslation
from fundapp.models.user import User
from fundapp.queries.text_desk import CALL_FILE, draft_languages_of, list_rows


def note_changes(
    call: Call,
    before: Content,
    after: Content,
    *,
    actor: User | None,
    now: datetime,
    from_file: bool = False,
) -> None:
    """What the call says was changed beside the desk. Translations whose source has changed keep the words
    they were made from; a translation that was written there is a draft, or counts as read from a file, but
    for the drafts of that file."""
    units, units_before = units_of(after), {unit.id: unit for unit in units_of(before)}
    known_as = attached(units, [_Known(unit) for unit in units_before.values()])
    drafts = draft_languages_of(after)
    for language in languages_of(after)[1:]:
        rows = attached(units, list_rows(call, language))
        for unit in units:
            text = unit.texts.get(language, "")
            old = known_as[unit.id].as_unit if unit.id in known_as else None
            was = old.texts.get(language) if old else None
            row = rows.get(unit.id)
            if not text or (row is not None and row.text == text):
                continue
            if text != was:
                is_read = from_file and (unit.is_sensitive or language not in drafts)
                written = _Written(unit.id, unit.source, language, text, from_file, is_read)
                _take(call, written, row, actor=actor, now=now)
            elif row is None and old is not None and old.source != unit.source:
                written = _Written(unit.id, old.source, language, text, from_file=True, is_read=True)
                _take(call, written, None, actor=actor, now=now)


def note_drafts(call: Call, content: Content, *, now: datetime) -> None:
    """A new call came with a file: a draft language is read where it is about eligibility and safety only."""
    for language in draft_languages_of(content):
        for unit in units_of(content):
            text = unit.texts.get(language)
            if text and not unit.is_sensitive:
                written = _Written(unit.id, unit.source, language, text, from_file=True, is_read=False)
                _take(call, written, None, actor=None, now=now)


@dataclass(frozen=True)
class _Written:
    unit: str
    source: str
    language: str
    text: str
    from_file: bool
    is_read: bool


@dataclass(frozen=True)
class _Known:
    as_unit: Unit

    @property
    def unit(self) -> str:
        return self.as_unit.id

    @property
    def source(self) -> str:
        return self.as_unit.source


def _take(
    call: Call, written: _Written, row: TextTranslation | None, *, actor: User | None, now: datetime
) -> None:
    row = row or TextTranslation(call_id=call.id, language=written.language)
    row.unit, row.source, row.text = written.unit, written.source, written.text
    row.from_machine, row.made_at = False, now
    row.made_by = "" if written.from_file else _name_of(actor)
    row.made_by_id = actor.id if actor and not written.from_file else None
    row.state = TextState.REVIEWED if written.is_read else TextState.DRAFT
    row.reviewed_by = CALL_FILE if written.is_read else ""
    row.reviewed_at, row.reviewed_by_id = (now if written.is_read else None), None
    db.session.add(row)


def _name_of(actor: User | None) -> str:
    return actor.shown_name[:120] if actor else ""
