"""References of co-design points: does the part that changed exist?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from forms.i18n import _
from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.unread import as_far_as_read, is_read

KEYS: Mapping[ReferenceKind, Callable[[CallDefinition], list[str]]] = {
    ReferenceKind.QUESTION: lambda call: [
        *(item.key for item in call.eligibility),
        *(question.key for question in call.form.questions()),
    ],
    ReferenceKind.RING_FENCE: lambda call: [each.key for each in call.ring_fences],
    ReferenceKind.CRITERION: lambda call: [each.key for each in call.assessment.criteria],
    ReferenceKind.STRAND: lambda call: [each.key for each in call.strands],
    ReferenceKind.ROUND: lambda call: [each.key for each in call.rounds],
    ReferenceKind.CHECK: lambda call: [each.key for each in call.awards.checks],
    ReferenceKind.PAYMENT_PLAN: lambda call: [each.key for each in call.awards.payment_plans],
    ReferenceKind.SEAT: lambda call: [each.key for each in call.panel.seats],
    ReferenceKind.CHECK_IN: lambda call: [each.key for each in call.monitoring.check_ins],
    ReferenceKind.SUPPORT: lambda call: [each.key for each in call.support],
}


@as_far_as_read
def check_references(call: CallDefinition) -> Iterator[Problem]:
    for index, point in enumerate(call.codesign.points):
        if is_read(point) and is_read(point.changed):
            for place, reference in enumerate(point.changed):
                yield from _check_reference(reference, call, ("codesign", "points", index, "changed", place))


@as_far_as_read
def _check_reference(reference: str, call: CallDefinition, path: Path) -> Iterator[Problem]:
    message = _wrong_reference(reference, call)
    if message is not None:
        yield Problem(path, str(message))


def _wrong_reference(reference: str, call: CallDefinition) -> str | None:
    kind_name, colon, key = reference.partition(":")
    if not colon or kind_name not in list(ReferenceKind):
        return _(
            "Write what changed as kind and key, for example question:Q5. Kinds: %(known)s.",
            known=", ".join(ReferenceKind),
        )
    keys = KEYS[ReferenceKind(kind_name)](call)
    if key in keys:
        return None
    if not keys:
        return _("There is no %(kind)s “%(key)s” in this call.", kind=kind_name, key=key[:60])
    similar = get_close_matches(key, keys, n=1)
    known = similar[0] if similar else ", ".join(keys)
    return _(
        "There is no %(kind)s “%(key)s”. Use for example: %(known)s.",
        kind=kind_name,
        key=key[:60],
        known=known,
    )
