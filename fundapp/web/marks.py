"""A reader's mark in a form: the levels one can choose, what was chosen, and what is still missing."""

from __future__ import annotations

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.localized import LocalizedText
from forms.pages.panel import CANT_TELL
from fundapp.call_file.assessment import Scale
from fundapp.services.readings import Gap, NewMark

# What a sheet still lacks: the field, and what to do about it.
GAPS = {
    Gap.MARK: ("level", _("Choose a level.")),
    Gap.SENTENCE: ("sentence", _("Write one sentence on why you chose this level.")),
    Gap.QUESTION: ("question", _("Write what we should ask the group.")),
}


def gap_error(gap: Gap, title: LocalizedText) -> str:
    """Where several criteria stand on one page: which one is meant."""
    criterion = title.in_language(current_language().code)
    match gap:
        case Gap.MARK:
            return _("Choose a level for “%(criterion)s”.", criterion=criterion)
        case Gap.SENTENCE:
            return _("Write one sentence for “%(criterion)s”.", criterion=criterion)
        case Gap.QUESTION:
            return _("Write what we should ask the group about “%(criterion)s”.", criterion=criterion)


def levels_to_choose(scale: Scale) -> list[tuple[str, str]]:
    """By their numbers (the page adds the anchors), and "can't tell"."""
    levels = [(str(level), str(level)) for level in scale.levels]
    return [*levels, (CANT_TELL, scale.cant_tell.in_language(current_language().code))]


def chosen_level(value: int | None, *, cant_tell: bool) -> str | None:
    """As the form has it."""
    if cant_tell:
        return CANT_TELL
    return None if value is None else str(value)


def mark_in(form: BaseForm, suffix: str = "") -> NewMark:
    """What the form says; its fields end with `suffix`. Not every form asks for a question to the group."""
    level, question = form[f"level{suffix}"].data, f"question{suffix}"
    return NewMark(
        value=None if level in (None, CANT_TELL) else int(level),
        cant_tell=level == CANT_TELL,
        sentence=form[f"sentence{suffix}"].data,
        question=form[question].data if question in form else "",
    )
