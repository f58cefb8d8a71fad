"""Building a call: every change is kept, and what is whole becomes what the call says at once."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from datetime import datetime

from fundapp.call_file.data import FORMAT
from fundapp.call_file.edit import (
    Content,
    added,
    digest_of_data,
    fields_path_of,
    find,
    key_of,
    moved,
    path_of,
    removed,
    replaced,
)
from fundapp.call_file.first_parts import first_part, in_step
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.uses import Use, uses_of
from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, StaleVersion
from fundapp.models.call import Call
from fundapp.models.call_draft import CallDraft
from fundapp.models.user import User
from fundapp.queries.call_drafts import (
    Checked,
    check_working,
    digest_of_working,
    find_draft,
    with_record,
    working_content,
)
from fundapp.queries.calls import current_version
from fundapp.queries.text_desk import newer_texts
from fundapp.services.call_content import VersionIsFrozen, set_checked
from fundapp.services.events import record
from fundapp.services.text_changes import note_changes


class PartIsGone(FundError):
    """There is no such part in the working content of the call any more."""

    code = "part_is_gone"
    status = 404


class PartInUse(FundError):
    """Other parts refer to it; `uses` says which."""

    code = "part_in_use"

    def __init__(self, uses: list[Use]) -> None:
        super().__init__(", ".join(f"{use.kind}:{use.by}" for use in uses))
        self.uses = uses


def change_content(
    call: Call, content: Content, *, seen_digest: str, actor: User | None, now: datetime
) -> tuple[Problem, ...]:
    """Keep a working content; without problems it is what the call says from now on.

    Returns the problems. Raises VersionIsFrozen, and StaleVersion when somebody changed the call since
    `seen_digest` (of `digest_of_working`).
    """
    if digest_of_working(begin_change(call)) != seen_digest:
        raise StaleVersion
    return _keep(call, content, actor=actor, now=now)


def replace_part(
    call: Call, path: Path, value: object, *, seen_digest: str, actor: User | None, now: datetime
) -> tuple[Problem, ...]:
    """The same for one part alone, so that two people can work on two parts.

    `seen_digest` is of that part (`digest_of_data`). Raises VersionIsFrozen, PartIsGone and StaleVersion.
    """
    content = begin_change(call)
    if digest_of_data(find(content, path)) != seen_digest:
        raise StaleVersion
    try:
        return _keep(call, replaced(content, path, value), actor=actor, now=now)
    except LookupError as error:
        raise PartIsGone from error


def replace_parts(
    call: Call, values: Mapping[Path, object], *, seen_digest: str, actor: User | None, now: datetime
) -> tuple[Problem, ...]:
    """Several parts at once; `seen_digest` is that of `digest_of_page`. Raises as `replace_part` does."""
    content = begin_change(call)
    if digest_of_page(call, content, values) != seen_digest:
        raise StaleVersion
    try:
        return _keep(call, with_parts(content, values), actor=actor, now=now)
    except LookupError as error:
        raise PartIsGone from error


def with_parts(content: Content, values: Mapping[Path, object]) -> Content:
    """Raises LookupError where the place is no longer there."""
    for path, value in values.items():
        if value is not None or find(content, path) is not None:
            content = replaced(content, path, value)
    return content


def digest_of_page(call: Call, content: Content, paths: Collection[Path]) -> str:
    """Of these places, and of what the translation desk has for them and the call does not say yet."""
    newer = [[line.unit.id, line.language, line.text] for line in newer_texts(call, content, paths)]
    return digest_of_data([[find(content, path) for path in sorted(paths, key=str)], newer])


def change_part(
    call: Call,
    reference: str,
    field: str,
    value: object,
    *,
    language: str | None = None,
    actor: User | None,
    now: datetime,
) -> tuple[Problem, ...]:
    """Change one field of the part that a reference such as "question:Q5" names: a text in one language, a
    weight, a threshold. `field` may lead further in ("anchors.2.text"). Returns the problems of the call.

    Raises VersionIsFrozen and PartIsGone.
    """
    content = begin_change(call)
    path = fields_path_of(content, reference)
    if path is None:
        raise PartIsGone(reference)
    path += tuple(int(step) if step.isdecimal() else step for step in field.split("."))
    if language is not None:
        texts = find(content, path)
        value = {**(texts if isinstance(texts, dict) else {}), language: value}
    try:
        return _keep(call, replaced(content, path, value), actor=actor, now=now)
    except LookupError as error:
        raise PartIsGone(reference) from error


def remove_part(call: Call, reference: str, *, actor: User | None, now: datetime) -> tuple[Problem, ...]:
    """Take a part away. Raises VersionIsFrozen, PartIsGone, and PartInUse with all that refers to it."""
    content = begin_change(call)
    path = path_of(content, reference)
    if path is None:
        raise PartIsGone(reference)
    if uses := uses_outside(content, reference):
        raise PartInUse(uses)
    return _keep(call, removed(content, path), actor=actor, now=now)


def uses_outside(content: Content, reference: str) -> list[Use]:
    """Where other parts refer to it; what it says about itself goes with it."""
    path = path_of(content, reference) or ()
    return [use for use in uses_of(content, reference) if use.path[: len(path)] != path]


def add_part(call: Call, kind: str, place: Path, *, actor: User | None, now: datetime) -> str:
    """One more part in the list at this place, for the most part empty; returns its key. Raises
    VersionIsFrozen and PartIsGone."""
    content = begin_change(call)
    part = first_part(content, kind, place)
    try:
        _keep(call, added(content, place, part), actor=actor, now=now)
    except LookupError as error:
        raise PartIsGone from error
    return key_of(part) or ""


def move_part(
    call: Call, reference: str, steps: int, *, actor: User | None, now: datetime
) -> tuple[Problem, ...]:
    """Put a part further up or down in its list. Raises VersionIsFrozen and PartIsGone."""
    content = begin_change(call)
    path = path_of(content, reference)
    if path is None:
        raise PartIsGone(reference)
    return _keep(call, moved(content, path, steps), actor=actor, now=now)


def begin_change(call: Call) -> Content:
    """The working content as it is now, with everybody else waiting. Raises VersionIsFrozen."""
    lock_row(Call, call.id)
    version = current_version(call)
    db.session.refresh(version)
    if version.frozen_at is not None:
        raise VersionIsFrozen
    return working_content(call)


def _keep(call: Call, content: Content, *, actor: User | None, now: datetime) -> tuple[Problem, ...]:
    current = working_content(call)
    before = digest_of_working(current)
    content = in_step(copy.deepcopy(content)) | {"format": FORMAT, "code": call.code}
    checked = check_working(with_record(call, content))
    after = digest_of_working(checked.content)
    note_changes(call, current, checked.content, actor=actor, now=now)
    if checked.definition is None:
        _keep_draft(call, checked, actor=actor, now=now)
    else:
        set_checked(call, checked)
    details: Json = {"before": before, "after": after, "problems": len(checked.problems)}
    if after != before:
        record(call, "change_content", actor=actor, now=now, details=details)
    return checked.problems


def _keep_draft(call: Call, checked: Checked, *, actor: User | None, now: datetime) -> None:
    draft = find_draft(call)
    if draft is None:
        db.session.add(draft := CallDraft(call_id=call.id))
    draft.content, draft.digest = checked.content, digest_of_working(checked.content)
    draft.changed_by_id, draft.changed_at = actor.id if actor else None, now
