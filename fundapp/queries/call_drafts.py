"""What a call says while it is being built: its working content, and what is still wrong with it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import sqlalchemy as sa

from fundapp.call_file.codesign import CodesignRecord
from fundapp.call_file.data import questions_in, read_data, to_data
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.edit import Content, digest_of_data
from fundapp.call_file.problems import Problem
from fundapp.db import db
from fundapp.models.call import Call
from fundapp.models.call_draft import CallDraft
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.codesign import record_of

RECORD = ("sessions", "points")  # of co-design: they are rows, and nobody types them into the content


@dataclass(frozen=True)
class Checked:
    """A content with what is wrong with it. The definition is there only without problems."""

    content: Content
    problems: tuple[Problem, ...]
    definition: CallDefinition | None


def find_draft(call: Call) -> CallDraft | None:
    """The row of a working content with problems; None when the content of the call is whole."""
    query = sa.select(CallDraft).where(CallDraft.call_id == call.id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def working_content(call: Call) -> Content:
    """What the builder shows and changes: the draft where there is one, otherwise the newest version."""
    draft = find_draft(call)
    return with_record(call, draft.content if draft else current_version(call).content)


def digest_of_working(content: Content) -> str:
    """Of everything that people type in the builder; co-design goes on meanwhile."""
    room = {name: value for name, value in content.get("codesign", {}).items() if name not in RECORD}
    return digest_of_data(content | {"codesign": room})


def check_working(content: Content) -> Checked:
    """Texts may be missing in all languages but the first; that is a matter of publishing."""
    definition, problems = read_data(content, needs_all_languages=False)
    unique = tuple(dict.fromkeys(problems))
    return Checked(content, unique, None if unique else definition)


def problems_of_draft(call: Call) -> tuple[Problem, ...]:
    """Everything that keeps the working content from becoming what the call says; in the reader's words."""
    draft = find_draft(call)
    return check_working(with_record(call, draft.content)).problems if draft else ()


def with_typed_questions(call: Call) -> CallDefinition | None:
    """What the call says, with the questions and languages of the builder; None while they cannot be read."""
    said, draft = definition_of(current_version(call)), find_draft(call)
    typed = questions_in(draft.content) if draft else {}
    return None if typed is None else dataclasses.replace(said, **typed)


def with_record(call: Call, content: Content, *, only_published: bool = False) -> Content:
    """The content with the sessions and points of today, whatever it says itself about them."""
    record = record_of(call, only_published=only_published)
    definition = definition_of(current_version(call))
    if definition.codesign != record:
        definition = dataclasses.replace(
            definition, codesign=CodesignRecord(definition.codesign.room, record.sessions, record.points)
        )
    written = to_data(definition)["codesign"]
    typed = content.get("codesign")
    room = {n: v for n, v in typed.items() if n not in RECORD} if isinstance(typed, dict) else {}
    rows = {n: v for n, v in written.items() if n in RECORD} if isinstance(written, dict) else {}
    return {**content, "codesign": room | rows}
