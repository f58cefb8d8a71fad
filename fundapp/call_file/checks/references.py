"""References of co-design points: does the part that changed exist?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from forms.i18n import _
from fundapp.call_file.codesign import ReferenceKind
from fundapp.call_file.problems import Problem

Parts = Mapping[str, Any]

# For each kind: the parts of the call to look into, and the keys found there.
KEYS: Mapping[ReferenceKind, tuple[tuple[str, ...], Callable[[Parts], list[str]]]] = {
    ReferenceKind.QUESTION: (
        ("eligibility", "form"),
        lambda parts: [each.key for each in (*parts["eligibility"], *parts["form"].questions())],
    ),
    ReferenceKind.RING_FENCE: (("ring_fences",), lambda parts: [each.key for each in parts["ring_fences"]]),
    ReferenceKind.CRITERION: (
        ("assessment",),
        lambda parts: [each.key for each in parts["assessment"].criteria],
    ),
    ReferenceKind.STRAND: (("strands",), lambda parts: [each.key for each in parts["strands"]]),
    ReferenceKind.ROUND: (("rounds",), lambda parts: [each.key for each in parts["rounds"]]),
    ReferenceKind.CHECK: (("awards",), lambda parts: [each.key for each in parts["awards"].checks]),
    ReferenceKind.PAYMENT_PLAN: (
        ("awards",),
        lambda parts: [each.key for each in parts["awards"].payment_plans],
    ),
    ReferenceKind.SEAT: (("panel",), lambda parts: [each.key for each in parts["panel"].seats]),
    ReferenceKind.CHECK_IN: (
        ("monitoring",),
        lambda parts: [each.key for each in parts["monitoring"].check_ins],
    ),
}


def check_references(parts: Parts) -> Iterator[Problem]:
    """Looks only into parts that could be read, so a mistake elsewhere is not reported twice."""
    if "codesign" not in parts:
        return
    for index, point in enumerate(parts["codesign"].points):
        for place, reference in enumerate(point.changed):
            message = _wrong_reference(reference, parts)
            if message is not None:
                yield Problem(("codesign", "points", index, "changed", place), str(message))


def _wrong_reference(reference: str, parts: Parts) -> str | None:
    kind_name, colon, key = reference.partition(":")
    if not colon or kind_name not in list(ReferenceKind):
        return _(
            "Write what changed as kind and key, for example question:Q5. Kinds: %(known)s.",
            known=", ".join(ReferenceKind),
        )
    needed, keys_of = KEYS[ReferenceKind(kind_name)]
    if any(name not in parts for name in needed):
        return None
    keys = keys_of(parts)
    if key in keys:
        return None
    similar = get_close_matches(key, keys, n=1)
    known = similar[0] if similar else ", ".join(keys)
    return _(
        "There is no %(kind)s “%(key)s”. Use for example: %(known)s.",
        kind=kind_name,
        key=key[:60],
        known=known,
    )
