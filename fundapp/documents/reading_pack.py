"""Everything one member may read of a round, to take away: on paper, in large print, or with the recordings.

Values first, so that no file is made while the database is held.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.numbers import format_percent

from forms.i18n import activate, current_language, translate
from forms.money import format_money
from fundapp.call_file.assessment import Assessment
from fundapp.documents.lines import lines_of
from fundapp.documents.origins import origin_words, recording_words, transcript_words, translation_words
from fundapp.documents.paper import CriterionLevels, Line, Words, localized, own
from fundapp.documents.pdf import html_as_pdf, render
from fundapp.documents.reader_names import name_for_readers
from fundapp.file_checks.names import name_to_save
from fundapp.lifecycles import FileStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Application
from fundapp.models.panel import PanelSeat
from fundapp.moments import show_time
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.read_answers import ReadAnswer, all_answers
from fundapp.queries.read_copies import sheet_for_reader
from fundapp.queries.readings import Asked, Sheet, get_assignment, list_readings
from fundapp.queries.translations import is_outdated
from fundapp.storage import file_store


@dataclass(frozen=True)
class Said:
    """A text in its language, and one line on what it is; empty for the original alone."""

    about: str
    lines: tuple[Line, ...]
    language: str | None


@dataclass(frozen=True)
class Answered:
    """The original first, then what stands beside it. Without any text there is only what `notes` say."""

    label: Words
    beside: tuple[Said, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class AskedSince:
    """A question to the group and what it said, each with its translations."""

    question: tuple[Said, ...]
    answer: tuple[Said, ...]


@dataclass(frozen=True)
class Recording:
    """A clean file, by the name it gets inside the ZIP and its key in the store."""

    name: str
    key: str


@dataclass(frozen=True)
class ForReading:
    """One application: what is asked for, every answer, what was asked since, and its recordings."""

    name: Words
    facts: tuple[tuple[str, Words], ...]
    answers: tuple[Answered, ...]
    asked: tuple[AskedSince, ...]
    recordings: tuple[Recording, ...]
    is_confidential: bool


@dataclass(frozen=True)
class Pack:
    """`made_for` stands at the foot of every page: whose copy it is, and of when."""

    language: str
    about: Words
    made_for: str
    criteria: tuple[CriterionLevels, ...]
    boxes: tuple[str, ...]
    applications: tuple[ForReading, ...]


def pack_of(seat: PanelSeat, *, language: str, now: datetime, hides_names: bool) -> Pack:
    """Exactly what the member may read at this moment; a tie closes it here as on every page."""
    definition = definition_of(current_version(seat.panel.call))
    with activate(language):
        found = list_readings(seat, seat.panel)
        sheets = [sheet_for_reader(get_assignment(reading.assignment.id)) for reading in found]
        return Pack(
            language=language,
            about=localized(definition.title),
            made_for=translate(
                "For %(name)s alone, %(day)s", name=f"\u2068{seat.user.shown_name}\u2069", day=show_time(now)
            ),
            criteria=tuple(_levels(definition.assessment)),
            boxes=_boxes(definition.assessment),
            applications=tuple(_application(sheet, hides_names) for sheet in sheets),
        )


def pack_as_html(pack: Pack, *, is_large: bool = False, style: str = "") -> str:
    with activate(pack.language):
        return render("documents/reading_pack.html", pack.language, pack=pack, is_large=is_large, style=style)


def write_pack_pdf(pack: Pack, path: Path, *, is_large: bool) -> None:
    """Raises NoTextEngine."""
    path.write_bytes(html_as_pdf(pack_as_html(pack, is_large=is_large)))


def write_recordings(pack: Pack, path: Path, *, style: str) -> None:
    """All recorded answers, a folder for each application, with the whole pack as a page beside them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("read.html", pack_as_html(pack, style=style))
        for number, application in enumerate(pack.applications, start=1):
            for each in application.recordings:
                name = f"{number:02}/{each.name}"
                with file_store().open(each.key) as kept, archive.open(name, "w", force_zip64=True) as inside:
                    shutil.copyfileobj(kept, inside)


def _levels(assessment: Assessment) -> Iterator[CriterionLevels]:
    for criterion in assessment.criteria:
        yield CriterionLevels(
            title=localized(criterion.title),
            weight=format_percent(criterion.weight / 100, locale=current_language().locale),
            levels=tuple((str(anchor.level), localized(anchor.text)) for anchor in criterion.anchors),
        )


def _boxes(assessment: Assessment) -> tuple[str, ...]:
    """What can be ticked on a mark sheet."""
    levels = [str(level) for level in assessment.scale.levels]
    return (*levels, assessment.scale.cant_tell.in_language(current_language().code))


def _application(sheet: Sheet, hides_names: bool) -> ForReading:
    application, answers = sheet.application, all_answers(sheet)
    return ForReading(
        name=name_for_readers(application, hides_names=hides_names),
        facts=tuple(_facts(application, hides_names)),
        answers=tuple(_answered(each) for each in answers if each.is_given),
        asked=tuple(map(_asked, sheet.clarifications)),
        recordings=tuple(_recordings(answers)),
        is_confidential=application.keeps_confidential and not hides_names,
    )


def _facts(application: Application, hides_names: bool) -> Iterator[tuple[str, Words]]:
    if application.amount_requested is not None:
        yield translate("Asks for"), own(format_money(application.amount_requested))
    yield translate("Strand"), own(application.strand_code or "–")
    for share in application.shares if not hides_names else ():
        if not share.is_lead:
            yield translate("Partner"), Words(share.organisation.name)


def _answered(answer: ReadAnswer) -> Answered:
    return Answered(localized(answer.question.label), tuple(_beside(answer)), tuple(_notes(answer)))


def _beside(answer: ReadAnswer) -> Iterator[Said]:
    """The text and its translations, then what is said in each recording and its translations."""
    lines, kept = lines_of(answer.question, answer.value), answer.kept
    if answer.copy is not None:
        if lines:
            yield Said("", lines, answer.copy.language)
        if answer.copy.has_files:
            words = translate("The group answered with files. A copy without names does not show them.")
            yield Said("", (Line(words),), None)
        for passage in answer.copy.said:
            yield Said(translate("Said in a recording"), (Line(passage.text),), passage.language)
        for each in answer.copy.translations:
            yield from _translated(each)
        return
    if lines:
        yield Said("", lines, kept.language if kept else None)
    for media in (None, *(kept.recordings if kept else ())):
        if media is not None and media.transcript:
            yield Said(recording_words(media), (Line(media.transcript),), media.transcript_language)
        for translation in answer.translations.get(media.id if media else None, ()):
            yield from _translated(translation, is_outdated(translation, kept, media) if kept else False)


def _translated(each: Any, is_old: bool = False) -> Iterator[Said]:
    """A translation or its copy without names, and what the group says to it if it did not mean that."""
    about = translation_words(each, is_old) if each.made_by else translate("A translation")
    yield Said(about, (Line(each.text),), each.language)
    if each.objected_at:
        yield Said(
            translate("The group says: this is not what we meant"), (Line(each.objection or "–"),), None
        )


def _notes(answer: ReadAnswer) -> Iterator[str]:
    if answer.kept is not None:
        if words := origin_words(answer.kept):
            yield words
        for each in answer.kept.recordings:
            heard = transcript_words(each)
            yield f"{recording_words(each)}: {heard}" if heard else recording_words(each)


def _asked(asked: Asked) -> AskedSince:
    return AskedSince(
        tuple(_said_since(asked, "question", asked.question)),
        tuple(_said_since(asked, "answer", asked.answer or translate("The group has not answered yet."))),
    )


def _said_since(asked: Asked, part: str, text: str) -> Iterator[Said]:
    yield Said("", (Line(text),), None)
    for each in asked.translations:
        if each.part == part:
            yield from _translated(each)


def _recordings(answers: Sequence[ReadAnswer]) -> Iterator[Recording]:
    """Where names are hidden there is no stored answer here, and so no voice either."""
    for answer in answers:
        kept: Sequence[AnswerMedia] = answer.kept.recordings if answer.kept else ()
        for number, media in enumerate(kept, start=1):
            file = media.file
            if file.status is FileStatus.CLEAN and file.storage_key:
                name = name_to_save(f"{answer.question.key} {number}", file.media_type)
                yield Recording(name, file.storage_key)
