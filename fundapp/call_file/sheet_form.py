"""The questions of a call as a spreadsheet form, and back into the call."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import TypeVar

from forms.localized import LocalizedText
from forms.xlsform import SpreadsheetForm
from fundapp.call_file.definition import CallDefinition

Value = TypeVar("Value")


def sheet_form_of(call: CallDefinition) -> SpreadsheetForm:
    """The check before applying and the form, with a column for each language of the call."""
    title = call.title.in_language(call.languages[0])
    return SpreadsheetForm(call.code, title, call.languages, call.eligibility, call.form)


def with_sheet_form(call: CallDefinition, sheet: SpreadsheetForm) -> CallDefinition:
    """The call with the questions of the sheet, not checked yet; other languages are left out."""
    return dataclasses.replace(
        call,
        eligibility=only_languages(sheet.eligibility, call.languages),
        form=only_languages(sheet.form, call.languages),
    )


def only_languages(value: Value, languages: Collection[str]) -> Value:
    """Every text of these values in these languages alone."""
    if isinstance(value, LocalizedText):
        kept = {code: text for code, text in value if code in languages}
        return LocalizedText.of(kept)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(only_languages(item, languages) for item in value)  # type: ignore[return-value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {
            each.name: only_languages(getattr(value, each.name), languages)
            for each in dataclasses.fields(value)
            if each.init
        }
        return dataclasses.replace(value, **changed)
    return value
