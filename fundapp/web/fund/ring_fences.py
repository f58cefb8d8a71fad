"""Whether the ring-fences of a call are kept, at every stage from the first draft to the last payment."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.pages.awards import ReleaseForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, NotPossibleNow
from fundapp.models.call import Call, Round
from fundapp.permissions import Permission, can
from fundapp.queries.boroughs import borough_lines, list_hidden_boroughs
from fundapp.queries.call_money import pounds
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.outlooks import outlook_of
from fundapp.queries.releasable import list_releases, may_be_released
from fundapp.queries.ring_fences import ReportLine, Stage, percent_text, report
from fundapp.services.ring_fence_releases import release_ring_fence
from fundapp.web.access import requires
from fundapp.web.binding import bind
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
    return _page(call)


def _page(
    call: Call,
    *,
    form: tuple[str, ReleaseForm] | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    round_ = _wanted_round(call)
    found, definition = report(call, stages_of=round_), definition_of(current_version(call))
    forms = {key: ReleaseForm(None, prefix=f"{key}-") for key in may_be_released(call)}
    if form is not None:
        forms[form[0]] = form[1]
    page = render_template(
        "fund/ring_fences/page.html",
        call=call,
        definition=definition,
        report=found,
        outlook=outlook_of(call, found, utcnow()),
        say_outlook=outlook_sentence,
        stages=list(Stage),
        shown_round=round_,
        boroughs=borough_lines(found, definition),
        releases=list_releases(call.id),
        release_forms=forms if can(current_user, Permission.RING_FENCE_RELEASE, call) else {},
        wrong_form=form[1] if form else None,
        refused=refused,
    )
    return page, status


@bp.post("/fund/calls/<uuid:call_id>/ring-fences/<fence>/release")
@requires(Permission.RING_FENCE_RELEASE, call=get_call)
def release(call: Call, fence: str) -> ResponseReturnValue:
    """Keep no more money for a ring-fence, with a reason that everybody will read."""
    call_id, form = call.id, bind(ReleaseForm, prefix=f"{fence}-")
    if fence not in may_be_released(call):
        error = NotPossibleNow("the call does not let this ring-fence go, or not yet")
        return _page(call, refused=error, status=error.status)
    if not form.validate():
        return _page(call, form=(fence, form), status=422)
    try:
        with unit_of_work():
            release_ring_fence(call, fence, reason=form.reason.data, actor=current_user, now=utcnow())
    except NotPossibleNow as error:
        return _page(get_call(call_id), refused=error, status=error.status)
    return redirect(url_for(".page", call_id=call_id, _anchor="releases"), 303)


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
