"""The budget of a call against what became of it, and what is still to be paid when."""

from __future__ import annotations

from babel.dates import format_skeleton
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from fundapp.clock import utcnow
from fundapp.models.call import Call
from fundapp.permissions import Permission
from fundapp.queries.budget import CASH_COLUMNS, COLUMNS, cash_rows, load_budget, rows
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.web.access import requires
from fundapp.web.sheet_file import sheet_file
from scoring.budget import CashLine, When

bp = Blueprint("fund_budget", __name__)


@bp.get("/fund/calls/<uuid:call_id>/budget")
@requires(Permission.ROUND_FIGURES, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return render_template(
        "fund/payments/budget.html",
        call=call,
        definition=definition_of(current_version(call)),
        budget=load_budget(call, now=utcnow()),
        say_when=_say_when,
    )


@bp.get("/fund/calls/<uuid:call_id>/budget.csv")
@requires(Permission.ROUND_FIGURES, call=get_call)
def sheet(call: Call) -> ResponseReturnValue:
    """All sums of the page, one line each."""
    return sheet_file(f"budget-{call.code}.csv", COLUMNS, rows(load_budget(call, now=utcnow())))


@bp.get("/fund/calls/<uuid:call_id>/payments-to-come.csv")
@requires(Permission.ROUND_FIGURES, call=get_call)
def cash_sheet(call: Call) -> ResponseReturnValue:
    """How much is needed in which month."""
    found = load_budget(call, now=utcnow())
    return sheet_file(f"payments-to-come-{call.code}.csv", CASH_COLUMNS, cash_rows(found))


def _say_when(line: CashLine) -> str:
    match line.when:
        case When.LATE:
            return _("Planned before today")
        case When.NO_DAY:
            return _("No day yet")
    return format_skeleton("yMMMM", line.month, locale=current_language().locale)
