"""The themes of a year, and outcomes that groups have confirmed, for everybody."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from fundapp.clock import utcnow
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.harvested_outcomes import group_beside_outcome
from fundapp.queries.shared_themes import list_published_themes, list_shared_outcomes
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained


@bp.get("/calls/<code>/themes")
@public("what comes up in what groups tell is for everybody")
@exit_explained
def themes_page(code: str) -> ResponseReturnValue:
    """The newest year, or the one that the address names."""
    call = get_public_call(code)
    years = list_published_themes(call)
    wanted = request.args.get("year", type=int)
    shared = next((each for each in years if wanted in (None, each.year)), None)
    if shared is None:
        raise NotFound
    definition = definition_of(current_version(call))
    today = utcnow().astimezone(definition.zone).date()
    return render_template(
        "public/themes.html",
        call=call,
        definition=definition,
        shared=shared,
        years=years,
        outcomes=list_shared_outcomes(call, shared.year, today),
        group_beside=group_beside_outcome,
    )
