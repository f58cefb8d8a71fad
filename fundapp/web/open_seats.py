"""The form of somebody who offers themselves for a drawn seat, on the public page and for the fund."""

from __future__ import annotations

from forms.base import BaseForm
from forms.i18n import current_language
from forms.languages import choices_of
from forms.pages.recruitment import RATHER_NOT, offer_form
from fundapp.call_file.definition import CallDefinition
from fundapp.models.panel import SeatKind
from fundapp.services.recruitment import NewCandidate
from fundapp.web.binding import bind


def offer_form_of(definition: CallDefinition) -> BaseForm:
    """Bound to what was sent."""
    language, recruitment = current_language().code, definition.panel.recruitment
    kinds = [(seat.key, seat.who.in_language(language)) for seat in definition.panel.drawn_seats]
    languages = choices_of(definition.languages)
    groups = [
        (
            group.key,
            group.label.in_language(language),
            [(choice.key, choice.label.in_language(language)) for choice in group.choices],
        )
        for group in (recruitment.groups if recruitment else ())
    ]
    first = {"kind": kinds[0][0]} if len(kinds) == 1 else {}
    return bind(offer_form(kinds, languages, groups), data=first)


def new_candidate(form: BaseForm, definition: CallDefinition, *, language: str) -> NewCandidate:
    recruitment = definition.panel.recruitment
    chosen = {
        group.key: form[f"group_{group.key}"].data for group in (recruitment.groups if recruitment else ())
    }
    return NewCandidate(
        kind=SeatKind(form["kind"].data),
        name=form["name"].data,
        email=form["email"].data or "",
        phone=form["phone"].data or "",
        language=language,
        reads_in=tuple(form["reads_in"].data),
        groups={key: "" if value == RATHER_NOT else value for key, value in chosen.items()},
    )
