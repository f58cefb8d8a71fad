"""What the last round cost groups: estimated beside measured."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.i18n import current_language
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.measured_burden import cost_of_round, find_last_round
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained


@bp.get("/calls/<code>/what-it-cost")
@public("what applying cost everybody is for everybody, once a round is over")
@exit_explained
def what_it_cost(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    round_ = find_last_round(call)
    return render_template(
        "public/what_it_cost.html",
        call=call,
        definition=definition_of(current_version(call)),
        cost=cost_of_round(round_, current_language().code) if round_ else None,
    )
