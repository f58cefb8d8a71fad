"""One question: does everything in it go with its kind?"""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import EntryPart, PartKind, Question, QuestionKind
from forms.i18n import _
from fundapp.call_file.income_bands import are_bands
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read

WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.CHOICES)
WITH_ROWS = (QuestionKind.BUDGET, QuestionKind.SHARES, QuestionKind.ENTRIES, QuestionKind.FILE)
ONLY_IN_THE_FORM = (QuestionKind.ENTRIES, QuestionKind.FILE, QuestionKind.VOICE)
CARRIED = ("amount_requested", "strand", "theme", "group_summary", "income_band")
MOST_WORDS = 5_000
MOST_MINUTES = 60
MOST_ROWS = 30
MOST_PARTS = 8
MOST_FILES = 10


@as_far_as_read
def check_question(question: Question, path: Path) -> Iterator[Problem]:
    yield from _check_choices(question, path, too_few_at=path)
    yield from _check_rows(question, path)
    yield from _check_limit(question.max_words, MOST_WORDS, (*path, "max_words"))
    yield from _check_limit(question.max_minutes, MOST_MINUTES, (*path, "max_minutes"))
    most = MOST_FILES if question.kind is QuestionKind.FILE else MOST_ROWS
    yield from _check_limit(question.max_rows, most, (*path, "max_rows"))
    yield from _check_carries(question, path)
    yield from _check_parts(question, path)
    yield from _check_file_types(question, path)


@as_far_as_read
def check_simple(question: Question, path: Path) -> Iterator[Problem]:
    """Outside the form nobody is asked for a list, files or a recording: those pages ask one short thing."""
    if question.kind in ONLY_IN_THE_FORM:
        message = _("Only the application form can ask this kind. Choose another one.")
        yield Problem((*path, "kind"), str(message))


@as_far_as_read
def _check_choices(question: Question, path: Path, *, too_few_at: Path) -> Iterator[Problem]:
    if question.kind in WITH_CHOICES and len(question.choices) < 2:
        message = _("A question of kind “%(kind)s” needs two or more “choices”.", kind=question.kind)
        on_page = _("Write two or more answers to choose from.")
        yield Problem(too_few_at, str(message), str(on_page))
    if question.kind not in WITH_CHOICES and question.choices:
        message = _(
            "A question of kind “%(kind)s” has no “choices”. Take them away or change the kind.",
            kind=question.kind,
        )
        on_page = _("Only questions with answers to choose from have these lines. Take them away.")
        yield Problem((*path, "choices"), str(message), str(on_page))


@as_far_as_read
def _check_rows(question: Question, path: Path) -> Iterator[Problem]:
    if question.kind in WITH_ROWS and question.max_rows is None:
        message = _("A question of kind “%(kind)s” needs “max_rows”, for example 8.", kind=question.kind)
        yield Problem(path, str(message), str(_("Write how many lines there are at most, for example 8.")))
    if question.kind is QuestionKind.VOICE and question.max_minutes is None:
        message = _("A question of kind “voice” needs “max_minutes”, for example 3.")
        on_page = _("Write how many minutes a recording can take, for example 3.")
        yield Problem((*path, "max_minutes"), str(message), str(on_page))


@as_far_as_read
def _check_parts(question: Question, path: Path) -> Iterator[Problem]:
    if question.kind is not QuestionKind.ENTRIES:
        for name, value in (("parts", question.parts), ("min_rows", question.min_rows)):
            if value:
                message = _(
                    "A question of kind “%(kind)s” has no “%(name)s”. Take it away or change the kind.",
                    kind=question.kind,
                    name=name,
                )
                on_page = _("Only a list of entries has this. Take it away, or choose the other kind.")
                yield Problem((*path, name), str(message), str(on_page))
        return
    if not 1 <= len(question.parts) <= MOST_PARTS:
        message = _("Write what each entry says: from 1 to %(most)s “parts”.", most=MOST_PARTS)
        on_page = _("Write what each entry says: from 1 to %(most)s lines.", most=MOST_PARTS)
        yield Problem((*path, "parts"), str(message), str(on_page))
    for number, part in enumerate(question.parts):
        yield from _check_part(part, (*path, "parts", number))
    most = question.max_rows or MOST_ROWS
    yield from _check_limit(question.min_rows, most, (*path, "min_rows"))


@as_far_as_read
def _check_file_types(question: Question, path: Path) -> Iterator[Problem]:
    if question.kind is QuestionKind.FILE and not question.file_types:
        message = _("Write in “file_types” which files can be sent, for example [document, picture].")
        yield Problem((*path, "file_types"), str(message), str(_("Choose which files can be sent.")))
    if question.kind is not QuestionKind.FILE and question.file_types:
        message = _(
            "A question of kind “%(kind)s” has no “%(name)s”. Take it away or change the kind.",
            kind=question.kind,
            name="file_types",
        )
        on_page = _("Only a question for files has this. Take it away, or choose the other kind.")
        yield Problem((*path, "file_types"), str(message), str(on_page))


@as_far_as_read
def _check_part(part: EntryPart, path: Path) -> Iterator[Problem]:
    if part.kind is not PartKind.TEXT and part.max_words is not None:
        yield Problem((*path, "max_words"), str(_("Only a text has a limit of words. Take it away.")))
    yield from _check_choices(part.as_question(), path, too_few_at=(*path, "choices"))
    yield from _check_limit(part.max_words, MOST_WORDS, (*path, "max_words"))


@as_far_as_read
def _check_limit(limit: int | None, most: int, path: Path) -> Iterator[Problem]:
    if limit is not None and not 1 <= limit <= most:
        yield Problem(path, str(_("Write a number from 1 to %(most)s.", most=most)))


@as_far_as_read
def _check_carries(question: Question, path: Path) -> Iterator[Problem]:
    if question.carries == "income_band" and not are_bands(question):
        message = _("Name the choices by the lowest income of each, upwards: from_0, from_10000 …")
        yield Problem((*path, "choices"), str(message))
    if question.carries is not None and question.carries not in CARRIED:
        message = _(
            "“%(name)s” is nothing that an answer can set. Use one of: %(known)s.",
            name=question.carries[:60],
            known=", ".join(CARRIED),
        )
        yield Problem((*path, "carries"), str(message))
