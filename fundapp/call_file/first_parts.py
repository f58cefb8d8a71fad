"""What a new part of a call begins with: enough to be shown, the rest is to be filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from fundapp.call_file.edit import Content, find, next_key
from fundapp.call_file.problems import Path

LETTERS = {
    "question": "Q",
    "criterion": "C",
    "strand": "K",
    "ring_fence": "R",
    "section": "part",
    "seat": "seat",
    "check": "check",
    "payment_plan": "plan",
    "clause": "clause",
    "check_in": "talk",
    "support": "help",
    "check_in_question": "K",
    "feedback_question": "FB",
    "round": "",
}
DAYS_TO_NEXT_ROUND = 210


def first_part(content: Content, kind: str, place: Path) -> Content:
    """A new item for the list at this place, under a key that no other has."""
    letters = "E" if place == ("eligibility",) else LETTERS[kind]
    key = next_key(content, kind, letters)
    if place == ("eligibility",):
        return {"question": {"key": key, "kind": "yes_no"}, "outcomes": []}
    return {"key": key, **(_BEGINNINGS[kind](content) if kind in _BEGINNINGS else {})}


def _criterion(content: Content) -> Content:
    lowest, highest = (
        _number(find(content, ("assessment", "scale", each))) for each in ("lowest", "highest")
    )
    return {
        "weight": 0,
        "anchors": [{"level": level} for level in range(lowest, min(highest, lowest + 10) + 1)],
    }


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else 1


def _round(content: Content) -> Content:
    """With the steps of the last round, so many days later."""
    rounds = find(content, ("rounds",))
    last = rounds[-1] if isinstance(rounds, list) and rounds else {}
    steps = [_later(step) for step in last.get("timetable", ())]
    return {"amount": 0, "timetable": steps, "grace_hours": last.get("grace_hours", 0)}


def _later(step: Content) -> Content:
    changed = dict(step)
    for name in ("starts", "ends"):
        try:
            day = date.fromisoformat(str(step.get(name, "")))
        except ValueError:
            continue
        changed[name] = (day + timedelta(days=DAYS_TO_NEXT_ROUND)).isoformat()
    return changed


_BEGINNINGS: Mapping[str, Callable[[Content], Content]] = {
    "question": lambda _content: {"kind": "text", "max_words": 100, "max_minutes": 2},
    "check_in_question": lambda _content: {"kind": "text", "max_words": 150},
    "feedback_question": lambda _content: {"kind": "text", "max_words": 150, "required": False},
    "section": lambda _content: {"stage": "full", "questions": []},
    "strand": lambda _content: {"months": 12},
    "ring_fence": lambda _content: {"kind": "floor", "measure": "value", "base": "awards_total"},
    "criterion": _criterion,
    "round": _round,
    "seat": lambda _content: {"number": 1},
    "payment_plan": lambda _content: {"strands": [], "payments": [{"month": 0, "percent": "100"}]},
    "check_in": lambda _content: {"kind": "story", "minutes": 30, "recorded_by": "either_side"},
}


def in_step(content: Content) -> Content:
    """Questions that ask for the kind of grant or the theme offer exactly those of the call."""
    for carries, name, text in (("strand", "strands", "title"), ("theme", "themes", "label")):
        parts = content.get(name)
        for section in find(content, ("form", "sections")) or ():
            for question in section.get("questions", ()):
                if question.get("carries") == carries and isinstance(parts, list):
                    known = {each.get("key"): each.get("label") for each in question.get("choices", ())}
                    question["choices"] = [
                        {"key": part.get("key"), "label": known.get(part.get("key")) or part.get(text)}
                        for part in parts
                    ]
    return content
