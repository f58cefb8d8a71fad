"""The questions of a call come back from a spreadsheet."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import datetime

from forms.xlsform import SpreadsheetForm
from fundapp.call_file import to_data
from fundapp.call_file.problems import Problem
from fundapp.call_file.sheet_form import with_sheet_form
from fundapp.call_file.texts import Content, languages_of, units_of, with_texts
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.models.user import User
from fundapp.queries.call_drafts import with_typed_questions, working_content
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.text_desk import lines_of, list_rows
from fundapp.services.call_drafts import change_content
from fundapp.services.text_desk import NewText, write_text


def take_form_sheet(
    call: Call, sheet: SpreadsheetForm, *, by: str, seen_digest: str, actor: User, now: datetime
) -> tuple[Problem, ...]:
    """The questions of the sheet are those of the working content; texts in languages that the call does not
    have are drafts at the translation desk. Returns what is wrong with the call then.

    Raises VersionIsFrozen, and StaleVersion when the call was changed since `seen_digest`, or questions were
    typed that cannot be read yet.
    """
    if (definition := with_typed_questions(call)) is None:
        raise StaleVersion
    written = to_data(with_sheet_form(definition, sheet))
    parts = {name: written[name] for name in ("eligibility", "form")}
    content = _with_other_languages(working_content(call), parts, sheet.languages)
    problems = change_content(call, content, seen_digest=seen_digest, actor=actor, now=now)
    known = languages_of(content)
    for language in sheet.languages:
        if language not in known:
            _keep_texts(call, sheet, language, by=by, actor=actor, now=now)
    return problems


def _with_other_languages(
    content: Content, parts: dict[str, object], languages: Collection[str]
) -> dict[str, object]:
    """Texts in languages for which the sheet has no column stay as they are."""
    changed: dict[str, object] = {**content, **parts}
    for language in languages_of(content):
        if language not in languages:
            texts = {unit.id: text for unit in units_of(content) if (text := unit.texts.get(language))}
            changed = with_texts(changed, language, texts)
    return changed


def _keep_texts(
    call: Call, sheet: SpreadsheetForm, language: str, *, by: str, actor: User, now: datetime
) -> None:
    units = units_of(working_content(call))
    said = _texts_in(call, sheet, language)
    for line in lines_of(units, language, list_rows(call, language)):
        text = said.get(line.unit.id, "")
        if text and text != line.text:
            write_text(call, line, NewText(text, by), actor=actor, now=now)


def _texts_in(call: Call, sheet: SpreadsheetForm, language: str) -> dict[str, str]:
    """By unit: the sheet as a call that has every language."""
    definition = definition_of(current_version(call))
    wider = dataclasses.replace(definition, languages=(*definition.languages, language))
    whole = to_data(with_sheet_form(wider, sheet))
    return {unit.id: unit.texts[language] for unit in units_of(whole) if language in unit.texts}
