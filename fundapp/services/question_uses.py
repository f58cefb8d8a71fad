"""Saying which decision uses an answer, or publishing why a question is asked all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from forms.definition import UsedFor
from forms.localized import LocalizedText
from fundapp.call_file.definition import AskedAnyway
from fundapp.call_file.edit import Content, digest_of_data, fields_path_of, find, replaced
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.queries.call_drafts import digest_of_working
from fundapp.queries.calls import current_version, definition_of
from fundapp.services.call_drafts import PartIsGone, begin_change, change_content
from fundapp.services.events import record


@dataclass(frozen=True)
class StatedUses:
    """What stands there now, also in a call with something to mend in it."""

    used_for: tuple[str, ...]
    reason: Mapping[str, str]
    by: str

    @property
    def digest(self) -> str:
        return digest_of_data([*self.used_for, dict(self.reason), self.by])


def stated_uses(content: Content, key: str) -> StatedUses:
    path = fields_path_of(content, f"question:{key}")
    question = _group(find(content, path)) if path is not None else {}
    reasons = map(_group, content.get("asked_anyway", ()))
    anyway = next((each for each in reasons if each.get("question") == key), {})
    return StatedUses(
        tuple(question.get("used_for", ())), _group(anyway.get("reason")), str(anyway.get("by", ""))
    )


def say_uses(
    call: Call,
    key: str,
    used_for: Sequence[UsedFor],
    *,
    anyway: tuple[LocalizedText, str] | None,
    seen: str,
    actor: User,
    now: datetime,
) -> None:
    """`anyway`: a reason and the name of the person who publishes it; None takes an earlier one back.

    `seen`: the digest of what the page showed. Raises VersionIsFrozen, PartIsGone when there is no such
    question, and StaleVersion when somebody else said something else meanwhile.
    """
    content = begin_change(call)
    path = fields_path_of(content, f"question:{key}")
    if path is None:
        raise PartIsGone(key)
    if stated_uses(content, key).digest != seen:
        raise StaleVersion
    question = {name: value for name, value in _group(find(content, path)).items() if name != "used_for"}
    if used_for:
        question["used_for"] = [use.value for use in used_for]
    kept = [each for each in content.get("asked_anyway", ()) if _group(each).get("question") != key]
    if anyway is not None:
        kept.append(_written(AskedAnyway(key, *anyway, _today(call, now))))
    changed = {name: value for name, value in content.items() if name != "asked_anyway"}
    changed = replaced(changed, path, question) | ({"asked_anyway": kept} if kept else {})
    change_content(call, changed, seen_digest=digest_of_working(content), actor=actor, now=now)
    details = {"question": key, "used_for": [*used_for], "asked_anyway": anyway is not None}
    record(call, "say_uses", actor=actor, now=now, details=details)


def _written(each: AskedAnyway) -> dict[str, Any]:
    return {
        "question": each.question,
        "reason": each.reason.as_dict(),
        "by": each.by,
        "on": each.on.isoformat(),
    }


def _group(data: object) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def _today(call: Call, now: datetime) -> date:
    return now.astimezone(definition_of(current_version(call)).zone).date()
