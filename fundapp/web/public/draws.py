"""What everybody can check about a draw: its fingerprint before, its seed and result afterwards."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.decided_places import list_public_draws
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained


@bp.get("/calls/<code>/draw")
@public("anybody can check that a draw was not chosen")
@exit_explained
def draw_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    return render_template(
        "public/draw.html",
        call=call,
        definition=definition_of(current_version(call)),
        draws=list_public_draws(call),
    )
