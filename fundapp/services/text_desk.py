"""The translation desk: texts of a call in other languages are written, read by another person and opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from forms.words import word_count
from fundapp.call_file.texts import languages_of, source_digest, units_of, with_texts
from fundapp.db import Json, db
from fundapp.errors import FundError, StaleVersion
from fundapp.models.call import Call
from fundapp.models.text_translation import TextState, TextTranslation, TextWork, TextWorkKind
from fundapp.models.user import User
from fundapp.queries.call_drafts import digest_of_working
from fundapp.queries.text_desk import (
    Line,
    Standing,
    blocking_lines,
    draft_languages_of,
    lines_of,
    list_rows,
)
from fundapp.services.call_drafts import begin_change, change_content
from fundapp.services.clarifications import TextNeeded
from fundapp.services.events import record
from fundapp.services.translations import MakerNeeded

LONGEST_TEXT = 5_000


class UnknownText(FundError):
    """The call has no such text any more."""

    code = "unknown_text"
    status = 404


class OwnTranslation(FundError):
    """A text is read by somebody else than the person who wrote it."""

    code = "own_translation"


class NotByMachine(FundError):
    """Eligibility, safety and consent are written by people."""

    code = "not_by_machine"


class NothingToReview(FundError):
    """There is no text, or it was made from other words than the call says now."""

    code = "nothing_to_review"


class SourceLanguage(FundError):
    """The call is written in this language; there is nothing to translate."""

    code = "source_language"
    status = 404


class LanguageNotReady(FundError):
    """Texts are in the way of opening a language; `lines` says which."""

    code = "language_not_ready"

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__(", ".join(line.unit.id for line in lines[:20]))
        self.lines = tuple(lines)


@dataclass(frozen=True)
class NewText:
    text: str
    by: str  # the name of a person or an organisation; of the program for a machine
    from_machine: bool = False


class Desk:
    """One language of one call, with everybody else waiting. Raises VersionIsFrozen and SourceLanguage."""

    def __init__(self, call: Call, language: str) -> None:
        self.call, self.language = call, language
        self.content = begin_change(call)
        if language in languages_of(self.content)[:1]:
            raise SourceLanguage
        self.lines = {
            line.unit.id: line
            for line in lines_of(units_of(self.content), language, list_rows(call, language))
        }

    def line(self, unit_id: str, rev: str | None = None) -> Line:
        """Raises UnknownText, and StaleVersion when the text or its source is another one than was seen."""
        if unit_id not in self.lines:
            raise UnknownText(unit_id)
        line = self.lines[unit_id]
        if rev is not None and line.rev != rev:
            raise StaleVersion
        return line


def save_text(
    call: Call, language: str, unit_id: str, new: NewText, *, rev: str, actor: User, now: datetime
) -> None:
    """Write a translation by hand; it waits for a second person. Raises TextNeeded, MakerNeeded, UnknownText,
    StaleVersion, and VersionIsFrozen."""
    text, by = new.text.strip(), new.by.strip()
    if not text:
        raise TextNeeded
    if not by:
        raise MakerNeeded
    line = Desk(call, language).line(unit_id, rev)
    is_same = line.text == text and line.standing in (Standing.REVIEWED, Standing.DRAFT)
    if not is_same:
        write_text(call, line, NewText(text, by), actor=actor, now=now)


def write_text(
    call: Call,
    line: Line,
    new: NewText,
    *,
    actor: User | None,
    now: datetime,
    source: str | None = None,
) -> TextTranslation:
    """Keep a translation made from `source`, which is usually what the call says now. Raises NotByMachine."""
    if new.from_machine and line.unit.is_sensitive:
        raise NotByMachine(line.unit.id)
    row = line.row or TextTranslation(call_id=call.id, language=line.language)
    row.unit, row.source, row.text = line.unit.id, source or line.unit.source, new.text
    row.state = TextState.MACHINE if new.from_machine else TextState.DRAFT
    row.from_machine, row.made_by, row.made_at = new.from_machine, new.by, now
    row.made_by_id = actor.id if actor else None
    row.reviewed_by, row.reviewed_at, row.reviewed_by_id = "", None, None
    db.session.add(row)
    if not new.from_machine:
        _count_work(call, line, row.source, new.by, TextWorkKind.WROTE, now)
    _record(call, row, "translate_text", actor=actor, now=now)
    return row


def review_texts(
    call: Call, language: str, seen: Mapping[str, str], *, by: str, actor: User, now: datetime
) -> int:
    """A named speaker has read these texts (unit → rev); says how many are new.

    Raises MakerNeeded, NothingToReview, OwnTranslation, NotByMachine, StaleVersion, and VersionIsFrozen.
    """
    by = by.strip()
    if not by:
        raise MakerNeeded
    desk, done = Desk(call, language), 0
    for unit_id, rev in seen.items():
        line = desk.line(unit_id, rev)
        if line.standing is Standing.REVIEWED:
            continue
        if line.row is None or line.standing is Standing.OUT_OF_DATE:
            raise NothingToReview(unit_id)
        if line.row.from_machine and line.unit.is_sensitive:
            raise NotByMachine(unit_id)
        if line.row.made_by.casefold() == by.casefold():
            raise OwnTranslation(unit_id)
        review_line(call, line, line.row, by, actor=actor, now=now)
        done += 1
    return done


def review_line(
    call: Call, line: Line, row: TextTranslation, by: str, *, actor: User | None, now: datetime
) -> None:
    """Somebody else than the translator has read it; whoever calls this has checked that."""
    row.reviewed_by, row.reviewed_at = by, now
    row.reviewed_by_id = actor.id if actor else None
    row.state = TextState.REVIEWED
    _count_work(call, line, row.source, by, TextWorkKind.REVIEWED, now)
    _record(call, row, "review_text", actor=actor, now=now)


def keep_text(call: Call, language: str, unit_id: str, *, rev: str, actor: User, now: datetime) -> None:
    """The source has other words and the same meaning: the translation stays, and that is written down.
    Where it is about eligibility, safety or consent a second person reads it again.

    Raises NothingToReview, StaleVersion, and VersionIsFrozen.
    """
    line = Desk(call, language).line(unit_id, rev)
    if line.row is None or line.standing is not Standing.OUT_OF_DATE:
        raise NothingToReview(unit_id)
    line.row.unit, line.row.source = line.unit.id, line.unit.source
    if line.unit.is_sensitive and line.row.state is TextState.REVIEWED:
        line.row.state = TextState.DRAFT
        line.row.reviewed_by, line.row.reviewed_at, line.row.reviewed_by_id = "", None, None
    _record(call, line.row, "keep_text", actor=actor, now=now)


def open_language(call: Call, language: str, *, as_draft: bool, actor: User, now: datetime) -> int:
    """Bring the texts of a language into what the call says; says how many are new.

    Raises LanguageNotReady with the texts that are in the way, and VersionIsFrozen.
    """
    desk = Desk(call, language)
    if blocking := blocking_lines(desk.lines.values(), as_draft=as_draft):
        raise LanguageNotReady(blocking)
    texts = {unit_id: line.text for unit_id, line in desk.lines.items() if not line.is_in_call}
    content = with_texts(desk.content, language, texts)
    drafts = [code for code in draft_languages_of(content) if code != language]
    if as_draft:
        drafts.append(language)
    content["draft_languages"] = drafts
    if not drafts:
        del content["draft_languages"]
    seen = digest_of_working(desk.content)
    change_content(call, content, seen_digest=seen, actor=actor, now=now)
    details: Json = {"language": language, "texts": len(texts), "as_draft": as_draft}
    record(call, "open_language", actor=actor, now=now, details=details)
    return len(texts)


def _count_work(call: Call, line: Line, source: str, who: str, kind: TextWorkKind, now: datetime) -> None:
    """Once for the same words of the source, however often somebody saves."""
    digest, unit, language = source_digest(source), line.unit.id, line.language
    known = sa.select(TextWork.id).where(
        TextWork.call_id == call.id,
        TextWork.language == language,
        TextWork.unit == unit,
        TextWork.source_digest == digest,
        TextWork.who == who,
        TextWork.kind == kind,
    )
    if db.session.execute(known).first() is None:
        work = TextWork(call_id=call.id, language=language, unit=unit, source_digest=digest, who=who)
        work.kind, work.words, work.done_at = kind, word_count(source), now
        db.session.add(work)


def _record(call: Call, row: TextTranslation, step: str, *, actor: User | None, now: datetime) -> None:
    """Without names and texts: those can be erased, and the record cannot."""
    details: Json = {"unit": row.unit, "language": row.language, "state": row.state.value}
    record(row, step, actor=actor, now=now, call_id=call.id, details=details)
