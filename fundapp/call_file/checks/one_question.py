"""One question: does everything in it go with its kind?"""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition import Question, QuestionKind
from forms.i18n import _
from fundapp.call_file.income_bands import are_bands
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read

WITH_CHOICES = (QuestionKind.CHOICE, QuestionKind.CHOICES)
WITH_ROWS = (QuestionKind.BUDGET, QuestionKind.SHARES)
CARRIED = ("amount_requested", "strand", "theme", "group_summary", "income_band")
MOST_WORDS = 5_000
MOST_MINUTES = 60
MOST_ROWS = 30


@as_far_as_read
def check_question(question: Question, path: Path) -> Iterator[Problem]:
    yield from _check_choices(question, path)
    yield from _check_rows(question, path)
    yield from _check_limit(question.max_words, MOST_WORDS, (*path, "max_words"))
    yield from _check_limit(question.max_minutes, MOST_MINUTES, (*path, "max_minutes"))
    yield from _check_limit(question.max_rows, MOST_ROWS, (*path, "max_rows"))
    yield from _check_carries(question, path)


@as_far_as_read
def _check_choices(question: Question, path: Path) -> Iterator[Problem]:
    if question.kind in WITH_CHOICES and len(question.choices) < 2:
        message = _("A question of kind “%(kind)s” needs two or more “choices”.", kind=question.kind)
        on_page = _("Write two or more answers to choose from.")
        yield Problem(path, str(message), str(on_page))
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
