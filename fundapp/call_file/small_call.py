"""A small whole call to begin with: everything a call needs, once, to be changed from there.

Its standard texts are those of the call that ships with the app, in the languages that were chosen.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fundapp.call_file.data import to_data
from fundapp.call_file.edit import Content
from fundapp.call_file.shipped import reference_call
from fundapp.call_file.timetable import StepKind
from fundapp.call_file.values import plain_number

QUESTIONS = ("E3", "E4", "E7", "E8", "E9", "E10", "E13")
CHECKS = ("governing_document", "safeguarding_policy", "bank_details")
BEFORE_OPENING = (StepKind.CODESIGN, StepKind.CODESIGN_ANSWERS)


@dataclass(frozen=True)
class FirstWords:
    """What has to be known to begin. The first language is the one in which the texts are written."""

    code: str
    title: str
    purpose: str
    area: str
    funder: str
    total: Decimal
    languages: tuple[str, ...]
    opens: date
    boroughs: tuple[str, ...] = ()


def languages_to_begin_in() -> tuple[str, ...]:
    """Those that have the standard texts."""
    return reference_call().languages


def small_call(first: FirstWords) -> Content:
    """One strand, one round, one criterion; valid as it stands. `languages` begins with one of
    `languages_to_begin_in()`; texts in others are still to be written."""
    source: Content = copy.deepcopy(to_data(reference_call()))

    def said(text: str) -> dict[str, str]:
        return {first.languages[0]: text}

    content: Content = {
        "format": source["format"],
        "code": first.code,
        "title": said(first.title),
        "purpose": said(first.purpose),
        "public_rule": said(first.purpose),
        "area": said(first.area),
        "funder": said(first.funder),
        "fund_manager": said(first.funder),
        "learning_partner": said(first.funder),
        "languages": list(first.languages),
        "time_zone": source["time_zone"],
        "is_open_call": True,
        "is_sensitive": False,
        "boroughs": list(first.boroughs) or [first.area],
        "costs": source["costs"],
        **_money(first, source),
        "ring_fences": [],
        **_form(source),
        "assessment": _assessment(source["assessment"]),
        "panel": _panel(source["panel"]),
        "awards": _awards(source),
        "monitoring": _monitoring(source["monitoring"]),
        "burden": source["burden"] | {"expected": {"eois": 30, "full_applications": 20, "awards": 10}},
        "codesign": {"room": {"fixed": [], "open": []}},
    }
    spoken: Content = in_languages(content, first.languages)
    return spoken


def in_languages(part: Any, languages: Sequence[str]) -> Any:
    """A part of a call without its texts in any other language."""
    if isinstance(part, Mapping):
        known = reference_call().languages
        if part and all(name in known or name in languages for name in part):
            return {code: part[code] for code in languages if code in part}
        return {name: in_languages(value, languages) for name, value in part.items()}
    if isinstance(part, list):
        return [in_languages(item, languages) for item in part]
    return part


def _by_key(items: list[Any], key: str) -> Any:
    return next(item for item in items if item.get("question", item).get("key") == key)


def _money(first: FirstWords, source: Content) -> Content:
    total = plain_number(first.total)
    largest = max(Decimal(1), (first.total / 10).quantize(Decimal(1)))
    smallest = max(Decimal(1), (largest / 5).quantize(Decimal(1)))
    grants = next(line for line in source["money"]["lines"] if line.get("is_for_grants"))
    strand = {
        "key": "A",
        "title": _by_key(source["strands"], "A")["title"],
        "who": _by_key(source["strands"], "A")["who"],
        "minimum": plain_number(smallest),
        "maximum": plain_number(min(largest, first.total)),
        "months": 12,
        "may_be_unregistered": True,
        "may_use_host": True,
    }
    round_ = source["rounds"][0]
    opens = next(step["starts"] for step in round_["timetable"] if step["kind"] == StepKind.OPENS)
    later = first.opens - date.fromisoformat(opens)
    steps = [step for step in round_["timetable"] if step["kind"] not in BEFORE_OPENING]
    return {
        "money": {"total": total, "lines": [grants | {"amount": total}]},
        "strands": [strand],
        "rounds": [
            {
                "key": "1",
                "title": round_["title"],
                "amount": total,
                "timetable": [_shifted(step, later) for step in steps],
                "grace_hours": round_["grace_hours"],
            }
        ],
    }


def _shifted(step: Content, later: timedelta) -> Content:
    days = {
        name: (date.fromisoformat(step[name]) + later).isoformat()
        for name in ("starts", "ends")
        if name in step
    }
    return step | days


def _form(source: Content) -> Content:
    eligibility = [_by_key(source["eligibility"], key) for key in QUESTIONS]
    why = _by_key(source["eligibility"], "E11")["question"]["why_we_ask"]
    for key in ("E8", "E9", "E10"):
        _by_key(eligibility, key)["question"]["why_we_ask"] = why
    income = _by_key(eligibility, "E7")
    income.pop("outcomes")
    sections = source["form"]["sections"]
    questions = {question["key"]: question for section in sections for question in section["questions"]}
    income["question"]["why_we_ask"] = questions["S3_amount"]["why_we_ask"]
    first = [questions["S1"], questions["S2"], questions["S3_amount"]]
    second = [questions["Q5"] | {"criteria": ["C1"]}, questions["Q8"] | {"criteria": []}]
    return {
        "eligibility": eligibility,
        "by_and_for": source["by_and_for"],
        "form": {
            "sections": [
                _by_key(sections, "eoi") | {"questions": first},
                _by_key(sections, "work") | {"questions": second},
            ]
        },
    }


def _assessment(source: Content) -> Content:
    criterion = _by_key(source["criteria"], "C2") | {"key": "C1", "weight": 100}
    return source | {
        "criteria": [criterion],
        "tie_breaks": [{"kind": "lower_income"}, {"kind": "vote"}],
        "minimum_readers": 2,
        "readers_from": [],
        "eoi_readers": 1,
    }


def _panel(source: Content) -> Content:
    seats = [
        _by_key(source["seats"], "lived_experience") | {"number": 3, "readings_each": 10},
        _by_key(source["seats"], "umbrella") | {"number": 2, "readings_each": 10},
    ]
    return source | {"seats": seats, "quorum": 3, "load": source["load"] | {"applications": 20}}


def _awards(source: Content) -> Content:
    steps = source["rounds"][0]["timetable"]
    plan = {
        "key": "all",
        "label": next(step["label"] for step in steps if step["kind"] == StepKind.FIRST_PAYMENT),
        "strands": ["A"],
        "payments": [{"month": 0, "percent": "100"}],
    }
    checks = [_by_key(source["awards"]["checks"], key) for key in CHECKS]
    changed: Content = source["awards"] | {"checks": checks, "payment_plans": [plan]}
    return changed


def _monitoring(source: Content) -> Content:
    check_ins = [
        _by_key(source["check_ins"], "welcome"),
        _by_key(source["check_ins"], "month_6"),
        _by_key(source["check_ins"], "month_23") | {"key": "month_11", "month": 11},
    ]
    return source | {"check_ins": check_ins}
