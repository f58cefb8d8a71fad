"""Whether the ring-fences of a call are kept, at every stage from the first draft to the last payment."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.models.call import Call, Round
from fundapp.permissions import Permission
from fundapp.queries.boroughs import borough_lines, list_hidden_boroughs
from fundapp.queries.call_money import pounds
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.outlooks import outlook_of
from fundapp.queries.ring_fences import ReportLine, Stage, percent_text, report
from fundapp.web.access import requires
from fundapp.web.ring_fence_words import outlook_sentence
from fundapp.web.sheet_file import sheet_file
from scoring.records import Measure

bp = Blueprint("fund_ring_fences", __name__)
STANDING = ("reached", "percent_of_awards", "percent_of_required", "needed", "headroom", "met", "possible")
COLUMNS = (
    *("ring_fence", "value", "kind", "measure", "base", "enforcement", "required"),
    *(f"{which}_{name}" for which in ("confirmed", "if_confirmed") for name in STANDING),
    *(f"{stage}_{name}" for stage in Stage for name in ("confirmed", "if_confirmed", "all")),
)


@bp.get("/fund/calls/<uuid:call_id>/ring-fences")
@requires(Permission.ROUND_FIGURES, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    round_ = _wanted_round(call)
    found, definition = report(call, stages_of=round_), definition_of(current_version(call))
    return render_template(
        "fund/ring_fences/page.html",
        call=call,
        definition=definition,
        report=found,
        outlook=outlook_of(call, found, utcnow()),
        say_outlook=outlook_sentence,
        stages=list(Stage),
        shown_round=round_,
        boroughs=borough_lines(found, definition),
    )


@bp.get("/fund/calls/<uuid:call_id>/ring-fences.csv")
@requires(Permission.ROUND_FIGURES, call=get_call)
def sheet(call: Call) -> ResponseReturnValue:
    """The figures of the page. Boroughs that would show where a confidential group is are left out."""
    round_ = _wanted_round(call)
    found, hidden = report(call, stages_of=round_), list_hidden_boroughs(call)
    rows = [_row(line) for line in found.lines if line.value not in hidden]
    name = f"ring-fences-{call.code}{f'-{round_.code}' if round_ else ''}.csv"
    return sheet_file(name, COLUMNS, rows)


def _row(line: ReportLine) -> list[object]:
    one = line.figures

    def amount(number: int | None) -> object:
        return number if number is None or one.measure is Measure.COUNT else pounds(number)

    row: list[object] = [one.key, line.value, one.kind.value, one.measure.value, one.base.value]
    row += [one.enforcement.value, amount(one.required)]
    for standing in (one.confirmed, one.if_confirmed):
        row += [amount(standing.reached), percent_text(standing.share_per_mille)]
        row += [percent_text(standing.filled_per_mille), amount(standing.needed)]
        row += [amount(standing.headroom), standing.is_met, standing.is_possible]
    for figure in line.stages:
        row += [amount(figure.confirmed), amount(figure.if_confirmed), amount(figure.total)]
    return row


def _wanted_round(call: Call) -> Round | None:
    """The round the address asks for; anything unknown in it counts as not asked."""
    code = request.args.get("round", "")
    return next((each for each in call.rounds if each.code == code), None)
