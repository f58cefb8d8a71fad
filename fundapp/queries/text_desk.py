"""Reading the translations of a call: every text with where it stands, and how far each language is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from forms.languages import LANGUAGES
from fundapp.call_file.problems import Path
from fundapp.call_file.texts import Content, Unit, attached, languages_of, source_digest, units_of
from fundapp.db import db
from fundapp.models.call import Call
from fundapp.models.message import OutboxJob
from fundapp.models.text_translation import TextState, TextTranslation, TextWork, TextWorkKind
from fundapp.queries.call_drafts import working_content

TRANSLATE_TEXTS = "translate_texts"  # the job that asks the machine
CALL_FILE = "call_file"  # as the name of a reader: the text came with the file and counts as read


class Standing(StrEnum):
    """Where one text stands in one language. OUT_OF_DATE is found by comparing, whatever its state."""

    REVIEWED = "reviewed"
    OUT_OF_DATE = "out_of_date"
    DRAFT = "draft"
    MACHINE = "machine"
    MISSING = "missing"


@dataclass(frozen=True)
class Line:
    """One text beside its translation. `row` is what the desk has; without one, `text` came with the file."""

    unit: Unit
    language: str
    row: TextTranslation | None
    text: str
    standing: Standing

    @property
    def rev(self) -> str:
        """Changes with every save of the translation and every change of its source."""
        return f"{self.row.version if self.row else 0}-{source_digest(self.unit.source)}"

    @property
    def is_in_call(self) -> bool:
        """Whether the call says this text now."""
        return bool(self.text) and self.unit.texts.get(self.language) == self.text

    @property
    def is_safe(self) -> bool:
        """Good for eligibility, safety and consent: read by a second person, and not a machine's words."""
        return self.standing is Standing.REVIEWED and not (self.row and self.row.from_machine)

    @property
    def source_before(self) -> str | None:
        """The words it was made from, where they are others now."""
        return self.row.source if self.row and self.standing is Standing.OUT_OF_DATE else None


def standing_of(unit: Unit, language: str, row: TextTranslation | None) -> Standing:
    if row is None:
        return Standing.REVIEWED if unit.texts.get(language) else Standing.MISSING
    if row.source != unit.source:
        return Standing.OUT_OF_DATE
    return Standing(row.state.value)


def lines_of(units: Sequence[Unit], language: str, rows: Iterable[TextTranslation]) -> list[Line]:
    """`rows` of this language. In the order of the call."""
    found = attached(units, rows)
    return [
        Line(
            unit,
            language,
            row := found.get(unit.id),
            row.text if row else unit.texts.get(language, ""),
            standing_of(unit, language, row),
        )
        for unit in units
    ]


def list_lines(call: Call, language: str) -> list[Line]:
    return lines_of(units_of(working_content(call)), language, list_rows(call, language))


def list_rows(call: Call, language: str | None = None) -> Sequence[TextTranslation]:
    query = sa.select(TextTranslation).where(TextTranslation.call_id == call.id)
    if language is not None:
        query = query.where(TextTranslation.language == language)
    return db.session.execute(query.order_by(TextTranslation.language, TextTranslation.unit)).scalars().all()


def newer_texts(call: Call, content: Content, paths: Collection[Path]) -> list[Line]:
    """Below these places of the content: what the desk has in other words than the call."""
    units = [unit for unit in units_of(content) if any(unit.path[: len(path)] == path for path in paths)]
    rows = list_rows(call) if units else ()
    return [
        line
        for language in languages_of(content)[1:]
        for line in lines_of(units, language, [row for row in rows if row.language == language])
        if line.text and not line.is_in_call
    ]


@dataclass(frozen=True)
class Progress:
    """How far one language is. The texts of eligibility, safety and consent are counted apart as well."""

    language: str
    counts: Mapping[Standing, int]
    total: int
    sensitive_ready: int
    sensitive_total: int
    not_in_call: int
    is_open: bool
    is_draft: bool

    @property
    def percent(self) -> int:
        """Rounded down: 100 only when everything is done."""
        return self.counts[Standing.REVIEWED] * 100 // self.total if self.total else 100


def progress_of(lines: Sequence[Line], language: str, content: Content) -> Progress:
    sensitive = [line for line in lines if line.unit.is_sensitive]
    is_open = language in languages_of(content)
    return Progress(
        language=language,
        counts={each: sum(line.standing is each for line in lines) for each in Standing},
        total=len(lines),
        sensitive_ready=sum(line.is_safe for line in sensitive),
        sensitive_total=len(sensitive),
        not_in_call=sum(bool(line.text) and not line.is_in_call for line in lines) if is_open else 0,
        is_open=is_open,
        is_draft=language in draft_languages_of(content),
    )


def list_progress(call: Call) -> list[Progress]:
    """The languages of the call, without the source, and those that are being prepared."""
    content = working_content(call)
    units, rows = units_of(content), list_rows(call)
    open_now = languages_of(content)
    prepared = sorted({row.language for row in rows} - set(open_now))
    return [
        progress_of(
            lines_of(units, language, [row for row in rows if row.language == language]), language, content
        )
        for language in (*open_now[1:], *prepared)
    ]


def draft_languages_of(content: Content) -> tuple[str, ...]:
    named = content.get("draft_languages")
    return tuple(each for each in named if isinstance(each, str)) if isinstance(named, list) else ()


def languages_to_prepare(content: Content) -> list[str]:
    """All others that the service knows."""
    return [code for code in LANGUAGES if code not in languages_of(content)]


@dataclass(frozen=True)
class Unready:
    """A language in which the call cannot be published, and the texts in the way."""

    language: str
    lines: tuple[Line, ...]
    only_sensitive: bool  # it is opened as a draft


def blocking_lines(lines: Iterable[Line], *, as_draft: bool) -> list[Line]:
    """What has to be done before a language opens: everything read and up to date; as a draft everything
    there, and eligibility, safety and consent read."""
    return [
        line
        for line in lines
        if not (line.is_safe if line.unit.is_sensitive else _will_do(line, as_draft=as_draft))
    ]


def _will_do(line: Line, *, as_draft: bool) -> bool:
    return bool(line.text) if as_draft else line.standing is Standing.REVIEWED


def list_unready(call: Call) -> list[Unready]:
    """Of the languages of the call. What is done at the desk counts once the call says it."""
    content = working_content(call)
    units, rows, drafts = units_of(content), list_rows(call), draft_languages_of(content)
    found = []
    for language in languages_of(content)[1:]:
        lines = lines_of(units, language, [row for row in rows if row.language == language])
        is_draft = language in drafts
        blocking = blocking_lines(lines, as_draft=is_draft)
        known = {line.unit.id for line in blocking}
        waiting = [line for line in lines if line.unit.id not in known and not line.is_in_call]
        if not is_draft:
            blocking += waiting
        else:
            blocking += [line for line in waiting if line.unit.is_sensitive]
        if blocking:
            found.append(Unready(language, tuple(blocking), is_draft))
    return found


@dataclass(frozen=True)
class WorkDone:
    """What one person did in one language."""

    who: str
    language: str
    kind: TextWorkKind
    texts: int
    words: int


def list_work(call: Call) -> list[WorkDone]:
    query = (
        sa.select(
            TextWork.who, TextWork.language, TextWork.kind, sa.func.count(), sa.func.sum(TextWork.words)
        )
        .where(TextWork.call_id == call.id)
        .group_by(TextWork.who, TextWork.language, TextWork.kind)
        .order_by(TextWork.who, TextWork.language, TextWork.kind)
    )
    return [WorkDone(*row) for row in db.session.execute(query)]


def last_maker(call: Call, language: str, user_id: object) -> str:
    """The name that this person of the fund wrote last for a translator of this language."""
    query = (
        sa.select(TextTranslation.made_by)
        .where(
            TextTranslation.call_id == call.id,
            TextTranslation.language == language,
            TextTranslation.made_by_id == user_id,
            TextTranslation.state != TextState.MACHINE,
        )
        .order_by(TextTranslation.made_at.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none() or ""


def find_machine_job(call: Call, language: str) -> OutboxJob | None:
    """The newest question to the machine for this language."""
    query = (
        sa.select(OutboxJob).where(OutboxJob.kind == TRANSLATE_TEXTS).order_by(OutboxJob.created_at.desc())
    )
    wanted = {"call_id": str(call.id), "language": language}
    return next(
        (job for job in db.session.execute(query.limit(200)).scalars() if job.arguments == wanted), None
    )
