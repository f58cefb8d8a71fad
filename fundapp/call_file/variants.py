"""The same call at another time or under another name: for demonstrations, trials and next year's call."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import TypeVar

from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition

Value = TypeVar("Value")


def shift_dates(definition: CallDefinition, days: int) -> CallDefinition:
    """Every day in the call moves by so many days; times of day stay. Whole weeks keep the weekdays."""
    return _shifted(definition, timedelta(days=days))


def with_code(definition: CallDefinition, code: str, title: LocalizedText | None = None) -> CallDefinition:
    return dataclasses.replace(definition, code=code, title=title or definition.title)


def _shifted(value: Value, by: timedelta) -> Value:
    if isinstance(value, date):
        return value + by
    if isinstance(value, tuple):
        return tuple(_shifted(item, by) for item in value)  # type: ignore[return-value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: _shifted(getattr(value, each.name), by)
            for each in dataclasses.fields(value)
            if each.init
        }
        return dataclasses.replace(value, **changed)
    return value
