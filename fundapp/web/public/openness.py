"""How a call went, in figures: who asked, who got money, what was promised and kept, what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.localized import LocalizedText
from fundapp.call_file.definition import CallDefinition
from fundapp.db import Json
from fundapp.models.award import Outcome
from fundapp.models.organisation import Community
from fundapp.models.thread import PromiseKind
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.openness import find_published_figures
from fundapp.queries.openness_tables import NOT_KNOWN, TOGETHER
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained
from fundapp.web.templating import show_text

ROWS = {
    TOGETHER: _("All others together"),
    NOT_KNOWN: _("Not known"),
    Outcome.AWARD.value: _("A grant"),
    Outcome.RESERVE.value: _("Reserve list"),
    "short_of_money": _("Good enough, but there was not enough money"),
    Outcome.DECLINE.value: _("No award"),
    Community.MIGRANT.value: _("Led by and for migrants"),
    Community.BY_AND_FOR.value: _("Led by and for racially minoritised communities"),
    "other": _("Other groups, and claims that are not confirmed"),
}
PROMISES = {
    PromiseKind.EOI_ANSWERED.value: _("Answer to the expression of interest"),
    PromiseKind.EVERYBODY_TOLD.value: _("Everybody is told"),
    PromiseKind.FEEDBACK.value: _("Written feedback"),
    PromiseKind.REPLY.value: _("Answers to messages"),
}


@bp.get("/calls/<code>/openness")
@public("how a call went is for everybody")
@exit_explained
def openness_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    found = find_published_figures(call)
    if found is None:
        raise NotFound
    definition = definition_of(current_version(call))
    figures = found.content
    tables = (
        (_("By income of the group last year"), with_words(figures["incomes"], _bands(definition))),
        (_("By who leads the group"), with_words(figures["communities"])),
    )
    return render_template(
        "public/openness.html",
        call=call,
        definition=definition,
        day=found.on_day,
        figures=figures,
        tables=tables,
        boroughs=with_words(figures["boroughs"]),
        answers=with_words(figures["answers"]),
        promises=[row | {"day": _day(row), "words": PROMISES[row["kind"]]} for row in figures["promises"]],
        sum_of=Decimal,
    )


def with_words(rows: Sequence[Json], words: dict[str, LocalizedText] | None = None) -> list[Json]:
    """A borough is its own name."""
    known = ROWS | {key: show_text(text) for key, text in (words or {}).items()}
    return [row | {"words": known.get(row["key"], row["key"])} for row in rows]


def _bands(definition: CallDefinition) -> dict[str, LocalizedText]:
    choices = (choice for item in definition.eligibility for choice in item.question.choices)
    return {choice.key: choice.label for choice in choices}


def _day(row: Json) -> date | None:
    day = row.get("promised_for")
    return date.fromisoformat(day) if day else None
