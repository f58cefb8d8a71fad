"""Files of translators come in: what is right is kept, what is not is named, and nothing gets lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from forms.text_file import FileText
from fundapp.call_file.texts import attached
from fundapp.models.call import Call
from fundapp.models.text_translation import TextState
from fundapp.models.user import User
from fundapp.queries.text_desk import Line, Standing
from fundapp.services.text_desk import LONGEST_TEXT, Desk, NewText, review_line, write_text

LONGEST_NAME = 120


class RowProblem(StrEnum):
    UNKNOWN_TEXT = "unknown_text"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    CHANGED_MEANWHILE = "changed_meanwhile"
    OWN_TRANSLATION = "own_translation"


@dataclass(frozen=True)
class WrongRow:
    row: FileText
    problem: RowProblem


@dataclass
class Taken:
    """What became of a file. `stale`: made from other words than the call has now."""

    written: int = 0
    read: int = 0
    stale: int = 0
    unchanged: int = 0
    wrong: list[WrongRow] = field(default_factory=list)


def take_texts(
    call: Call, language: str, rows: Sequence[FileText], *, by: str, actor: User, now: datetime
) -> Taken:
    """`by` translated where a row names nobody. Raises VersionIsFrozen and SourceLanguage."""
    desk, taken = Desk(call, language), Taken()
    for row, line in _placed(desk, rows):
        if line is None:
            taken.wrong.append(WrongRow(row, RowProblem.UNKNOWN_TEXT))
            continue
        problem = _take(call, row, line, taken, by=by.strip(), actor=actor, now=now)
        if problem is not None:
            taken.wrong.append(WrongRow(row, problem))
    return taken


def _placed(desk: Desk, rows: Sequence[FileText]) -> Iterator[tuple[FileText, Line | None]]:
    """Rows of one unit more than once: the first counts, the others belong nowhere."""
    first = {row.unit: row for row in reversed(rows)}
    found = attached([line.unit for line in desk.lines.values()], first.values())
    line_of = {row.unit: desk.lines[unit_id] for unit_id, row in found.items()}
    for row in rows:
        yield row, line_of.get(row.unit) if first[row.unit] is row else None


def _take(
    call: Call, row: FileText, line: Line, taken: Taken, *, by: str, actor: User, now: datetime
) -> RowProblem | None:
    if not _is_same(row, line):
        if problem := _why_not(row, line):
            return problem
        new = NewText(row.text, _name(_maker(row, line, by)))
        if not new.by:
            return RowProblem.NO_NAME
        kept = write_text(call, line, new, actor=actor, now=now, source=row.source)
        taken.written += 1
        taken.stale += kept.source != line.unit.source
        line = Line(line.unit, line.language, kept, kept.text, _standing(line, kept.source))
        return _read(call, row, line, taken, actor=actor, now=now)
    problem = _read(call, row, line, taken, actor=actor, now=now)
    taken.unchanged += problem is None and not _was_read_now(line, now)
    return problem


def _is_same(row: FileText, line: Line) -> bool:
    """The same text, and not a person's word that it is right for what the call says now."""
    is_checked = row.is_confirmed and row.source == line.unit.source
    return row.text == line.text and not (is_checked and line.standing is Standing.OUT_OF_DATE)


def _was_read_now(line: Line, now: datetime) -> bool:
    return line.row is not None and line.row.reviewed_at == now


def _maker(row: FileText, line: Line, by: str) -> str:
    """The name in the row, but never a program's for words that a person has changed."""
    is_program = line.row is not None and line.row.from_machine and row.translated_by == line.row.made_by
    return by if is_program or not row.translated_by else row.translated_by


def _name(written: str) -> str:
    """As it is kept."""
    return written[:LONGEST_NAME].strip()


def _why_not(row: FileText, line: Line) -> RowProblem | None:
    if len(row.text) > LONGEST_TEXT:
        return RowProblem.TOO_LONG
    version = line.rev.partition("-")[0]
    if row.rev and row.rev.partition("-")[0] != version:
        return RowProblem.CHANGED_MEANWHILE
    return None


def _standing(line: Line, source: str) -> Standing:
    return Standing.DRAFT if source == line.unit.source else Standing.OUT_OF_DATE


def _read(
    call: Call, row: FileText, line: Line, taken: Taken, *, actor: User, now: datetime
) -> RowProblem | None:
    """A second name in the row says that this person has read the text, beside the source in that row."""
    kept, reader = line.row, _name(row.read_by)
    if not reader or row.source != line.unit.source or kept is None or kept.state is TextState.REVIEWED:
        return None
    if line.standing is Standing.OUT_OF_DATE or (kept.from_machine and line.unit.is_sensitive):
        return None
    if reader.casefold() == kept.made_by.casefold():
        return RowProblem.OWN_TRANSLATION
    review_line(call, line, kept, reader, actor=actor, now=now)
    taken.read += 1
    return None
