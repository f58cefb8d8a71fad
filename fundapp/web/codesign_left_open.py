"""Publishing although a point has no answer, with a reason for everybody. Adds its page to codesign."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.localized import LocalizedText
from forms.pages.codesign import starting_texts
from forms.pages.codesign_voices import left_open_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.codesign import list_points_without_answer
from fundapp.queries.voices import find_left_open
from fundapp.services.codesign_left_open import leave_open
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.codesign import bp, definition_in
from fundapp.web.sessions import signed_in_user


@bp.route("/fund/calls/<uuid:call_id>/co-design/left-open", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def left_open(call: Call) -> ResponseReturnValue:
    known, definition = find_left_open(call), definition_in(call)
    texts = {name: LocalizedText.of(getattr(known, name)) if known else None for name in ("reason", "role")}
    form = bind(left_open_form(definition.languages), data=starting_texts(texts))
    if request.method == "POST" and form.validate():
        with unit_of_work():
            leave_open(
                call,
                form.needed_text("reason"),
                form.needed_text("role"),
                actor=signed_in_user(),
                now=utcnow(),
            )
        return redirect(url_for("codesign.record_page", call_id=call.id))
    page = render_template(
        "codesign/left_open.html",
        form=form,
        call=call,
        definition=definition,
        waiting=[(row, LocalizedText.of(row.said)) for row in list_points_without_answer(call)],
    )
    return page, 422 if request.method == "POST" else 200
