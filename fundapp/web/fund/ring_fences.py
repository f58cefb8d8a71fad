"""Whether the ring-fences of a call are kept, at every stage from the first draft to the last payment."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.models.call import Call, Round
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.outlooks import outlook_of
from fundapp.queries.ring_fences import Stage, report
from fundapp.web.access import requires
from fundapp.web.ring_fence_words import outlook_sentence

bp = Blueprint("fund_ring_fences", __name__)


@bp.get("/fund/calls/<uuid:call_id>/ring-fences")
@requires(Permission.ROUND_FIGURES, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    round_ = _wanted_round(call)
    found = report(call, stages_of=round_)
    return render_template(
        "fund/ring_fences/page.html",
        call=call,
        definition=definition_of(current_version(call)),
        report=found,
        outlook=outlook_of(call, found, utcnow()),
        say_outlook=outlook_sentence,
        stages=list(Stage),
        shown_round=round_,
    )


def _wanted_round(call: Call) -> Round | None:
    """The round the address asks for; anything unknown in it counts as not asked."""
    code = request.args.get("round", "")
    return next((each for each in call.rounds if each.code == code), None)
