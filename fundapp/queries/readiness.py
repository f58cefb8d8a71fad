"""What still stands between a call and its publication. Each matter says what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from fundapp.call_file.edit import find
from fundapp.call_file.missing_texts import missing_texts
from fundapp.call_file.problems import Path
from fundapp.call_file.readers import without_reader
from fundapp.db import db
from fundapp.lifecycles import BEING_BUILT, SpokenStatus
from fundapp.models.call import Call
from fundapp.models.codesign import CodesignPoint
from fundapp.queries.call_drafts import find_draft, problems_of_draft
from fundapp.queries.calls import current_version, definition_of, is_round_used
from fundapp.queries.spoken import count_spoken
from fundapp.queries.text_desk import list_unready
from fundapp.queries.voices import find_left_open


class Matter(StrEnum):
    """Words for each stand in templates/fund/calls/matters.html."""

    POINTS_WITHOUT_ANSWER = "points_without_answer"
    RECORDINGS_NOT_WRITTEN = "recordings_not_written"
    CONTENT_PROBLEM = "content_problem"
    MISSING_LANGUAGE = "missing_language"
    TEXTS_NOT_READ = "texts_not_read"
    DRAFT_NOT_SAFE = "draft_not_safe"
    QUESTION_WITHOUT_READER = "question_without_reader"
    ROUND_IN_USE = "round_in_use"


@dataclass(frozen=True)
class OpenMatter:
    """`words` where a check found them; `path` leads to the part to mend; `language`: which is missing.

    `key`: of the question that no decision uses, or of the round that is used.
    """

    kind: Matter
    number: int = 1
    words: str = ""
    path: Path = ()
    language: str = ""
    key: str = ""


def open_matters(call: Call) -> list[OpenMatter]:
    """In the order in which to see to them. Empty once a call is published."""
    if call.status not in BEING_BUILT:
        return []
    return [matter for matters_of in FINDERS for matter in matters_of(call)]


def _content_problems(call: Call) -> Iterator[OpenMatter]:
    for problem in problems_of_draft(call):
        yield OpenMatter(Matter.CONTENT_PROBLEM, words=problem.words, path=problem.path)


def _rounds_in_use(call: Call) -> Iterator[OpenMatter]:
    """What is typed leaves out a round that has a panel, a list or applications; so it cannot count yet."""
    draft = find_draft(call)
    if draft is None:
        return
    typed = {find(draft.content, ("rounds", n, "key")) for n in range(len(draft.content.get("rounds") or ()))}
    for row in call.rounds:
        if row.code not in typed and is_round_used(row):
            yield OpenMatter(Matter.ROUND_IN_USE, path=("rounds",), key=row.code)


def _missing_languages(call: Call) -> Iterator[OpenMatter]:
    """One for each language, with the number of texts and the place of the first."""
    missing = list(missing_texts(definition_of(current_version(call))))
    for language, number in Counter(each.language for each in missing).items():
        first = next(each.path for each in missing if each.language == language)
        yield OpenMatter(Matter.MISSING_LANGUAGE, number, path=first, language=language)


def _languages_not_read(call: Call) -> Iterator[OpenMatter]:
    """Texts that stand in the call and nobody has read against the source; a matter for each language."""
    for unready in list_unready(call):
        there = [line for line in unready.lines if line.unit.texts.get(unready.language)]
        if there:
            kind = Matter.DRAFT_NOT_SAFE if unready.only_sensitive else Matter.TEXTS_NOT_READ
            yield OpenMatter(kind, len(there), path=there[0].unit.path, language=unready.language)


def _points_without_answer(call: Call) -> Iterator[OpenMatter]:
    """But for those that somebody, named by role, leaves open with a published reason."""
    left = find_left_open(call)
    keys = sa.select(CodesignPoint.key).where(
        CodesignPoint.call_id == call.id, CodesignPoint.response.is_(None)
    )
    unanswered = set(db.session.execute(keys).scalars()) - set(left.points if left else ())
    if unanswered:
        yield OpenMatter(Matter.POINTS_WITHOUT_ANSWER, len(unanswered))


def _recordings_not_written(call: Call) -> Iterator[OpenMatter]:
    """What was said aloud and is no point yet, so nobody can answer it."""
    if waiting := count_spoken(call)[SpokenStatus.WAITING]:
        yield OpenMatter(Matter.RECORDINGS_NOT_WRITTEN, waiting)


def _questions_without_reader(call: Call) -> Iterator[OpenMatter]:
    for question in without_reader(definition_of(current_version(call))):
        yield OpenMatter(Matter.QUESTION_WITHOUT_READER, key=question.key)


FINDERS = (
    _content_problems,
    _rounds_in_use,
    _missing_languages,
    _languages_not_read,
    _questions_without_reader,
    _recordings_not_written,
    _points_without_answer,
)
