"""Publishing although a point has no answer, with a reason for everybody. Adds its page to codesign."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from forms.localized import LocalizedText
from forms.pages.codesign import GroupedForm, starting_texts
from forms.pages.codesign_voices import left_open_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.codesign import list_points_without_answer
from fundapp.queries.voices import digest_of_left_open, find_left_open
from fundapp.services.codesign_left_open import leave_open
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest
from fundapp.web.codesign import bp, definition_in, form_page, to_record
from fundapp.web.sessions import signed_in_user


@bp.route("/fund/calls/<uuid:call_id>/co-design/left-open", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def left_open(call: Call) -> ResponseReturnValue:
    known, definition = find_left_open(call), definition_in(call)
    texts = {name: LocalizedText.of(getattr(known, name)) if known else None for name in ("reason", "role")}
    form = bind(left_open_form(definition.languages), data=starting_texts(texts))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                leave_open(
                    call,
                    form.needed_text("reason"),
                    form.needed_text("role"),
                    actor=signed_in_user(),
                    now=utcnow(),
                    seen=sent_digest(),
                )
            return to_record(call)
        except StaleVersion:
            fresh = get_call(call.id)
            stored, now = find_left_open(fresh), digest_of_left_open(fresh)
            return _page(fresh, form, now, stored=stored, is_late=True)[0], 409
    return _page(call, form, sent_digest() or digest_of_left_open(call))


def _page(call: Call, form: GroupedForm, digest: str, **context: object) -> tuple[str, int]:
    return form_page(
        "codesign/left_open.html",
        form,
        call,
        seen=digest,
        waiting=[(row, LocalizedText.of(row.said)) for row in list_points_without_answer(call)],
        texts=LocalizedText,
        **context,
    )
