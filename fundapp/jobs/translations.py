"""Asking the machine for texts of a call, outside any transaction."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from forms.base import clean_text
from fundapp.call_file.texts import languages_of
from fundapp.clock import utcnow
from fundapp.db import Json, unit_of_work
from fundapp.jobs.kinds import Store, job
from fundapp.machine_translation import MachineRefused, machine_of
from fundapp.queries.call_drafts import working_content
from fundapp.queries.calls import current_version, get_call
from fundapp.queries.text_desk import TRANSLATE_TEXTS
from fundapp.services.machine_texts import AT_ONCE, keep_machine_texts, lines_for_machine
from fundapp.services.outbox import Hopeless
from fundapp.storage import settings_of_files


class MachineSaysNo(Hopeless):
    """The machine does not take this language, this key, or this way of asking."""


@job(TRANSLATE_TEXTS)
def translate_texts(arguments: Json) -> Store:
    """A few at a time. While the machine is away the job is put off, and tried again later."""
    call_id, language = UUID(arguments["call_id"]), str(arguments["language"])
    machine = machine_of(settings_of_files())
    with unit_of_work():
        source_language, sources = _read(call_id, language)
    if machine is None or not sources:
        return _nothing
    try:
        if not machine.can(source_language, language):
            raise MachineSaysNo(language)
        texts = machine.translate(list(sources.values()), source_language, language)
    except MachineRefused as error:
        raise MachineSaysNo(str(error)) from error
    made = {
        unit: (source, clean_text(text)[0])
        for (unit, source), text in zip(sources.items(), texts, strict=True)
    }
    return partial(_keep, call_id, language, made, machine.name)


def _read(call_id: UUID, language: str) -> tuple[str, dict[str, str]]:
    call = get_call(call_id)
    if current_version(call).frozen_at is not None:
        return "", {}
    lines = lines_for_machine(call, language)[:AT_ONCE]
    return languages_of(working_content(call))[0], {line.unit.id: line.unit.source for line in lines}


def _keep(call_id: UUID, language: str, made: dict[str, tuple[str, str]], by: str) -> None:
    call = get_call(call_id)
    if current_version(call).frozen_at is None:
        keep_machine_texts(call, language, made, by=by, now=utcnow())


def _nothing() -> None:
    """Done already, or nothing translates here any more."""
