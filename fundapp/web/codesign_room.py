"""The fund says, part by part, how much room for influence there is, before co-design starts."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.localized import LocalizedText
from forms.pages.codesign import starting_texts
from forms.pages.codesign_room import RoomForm, room_form
from fundapp.call_file.codesign import Reach, RoomPart, StatedPart
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.call import Call
from fundapp.permissions import Permission, can
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.codesign import digest_of_part
from fundapp.services.room import RoomDoesNotFit, RoomProblem, state_part
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest
from fundapp.web.sessions import signed_in_user

bp = Blueprint("codesign_room", __name__)

# Which field a problem belongs to, and what to write instead.
PROBLEMS: dict[RoomProblem, tuple[str, str]] = {
    RoomProblem.SAY_WHAT_IS_FIXED: (
        "fixed",
        _("If groups are only told, something is fixed. Write what it is."),
    ),
    RoomProblem.SAY_WHO_FIXED_IT: ("fixed_by", _("Write who fixed it, for example the funder.")),
    RoomProblem.NOTHING_IS_FIXED: ("fixed", _("Write what they fixed, or take away who fixed it.")),
}


@bp.get("/fund/calls/<uuid:call_id>/co-design/room")
@requires(Permission.CALL_VIEW, call=get_call)
def room_page(call: Call) -> ResponseReturnValue:
    version = current_version(call)
    definition = definition_of(version)
    return render_template(
        "codesign/room.html",
        call=call,
        definition=definition,
        room=definition.codesign.room,
        missing=definition.codesign.room.missing(definition.languages),
        may_change=can(signed_in_user(), Permission.CODESIGN_ANSWER, call) and version.frozen_at is None,
    )


@bp.route("/fund/calls/<uuid:call_id>/co-design/room/<room_part>", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def state(call: Call, room_part: str) -> ResponseReturnValue:
    if room_part not in list(RoomPart):
        abort(404)
    part = RoomPart(room_part)
    definition = definition_of(current_version(call))
    form = bind(room_form(definition.languages), data=_starting(definition.codesign.room.find(part)))
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                stated = _stated(form, part)
                state_part(call, stated, actor=signed_in_user(), now=utcnow(), seen=sent_digest())
            return redirect(url_for("codesign_room.room_page", call_id=call.id))
        except RoomDoesNotFit as refused:
            for problem in refused.problems:
                name, message = PROBLEMS[problem]
                form.add_error(f"{name}_{form.languages[0]}", message)
        except StaleVersion:
            fresh = get_call(call.id)
            stored = definition_of(current_version(fresh)).codesign.room.find(part)
            return _page(fresh, form, part, digest_of_part(fresh, part), stored=stored, is_late=True), 409
    page = _page(call, form, part, sent_digest() or digest_of_part(call, part))
    return page, 422 if request.method == "POST" else 200


def _page(call: Call, form: RoomForm, part: RoomPart, digest: str, **context: object) -> str:
    definition = definition_of(current_version(call))
    return render_template(
        "codesign/room_part.html",
        form=form,
        call=call,
        definition=definition,
        part=part,
        seen=digest,
        **context,
    )


def _starting(known: StatedPart | None) -> dict[str, str]:
    if known is None:
        return {}
    texts: dict[str, LocalizedText | None] = {
        "decided": known.decided,
        "fixed": known.fixed,
        "fixed_by": known.fixed_by,
    }
    return starting_texts(texts) | {"reach": known.reach.value}


def _stated(form: RoomForm, part: RoomPart) -> StatedPart:
    return StatedPart(
        part=part,
        reach=Reach(form.reach.data),
        decided=form.needed_text("decided"),
        fixed=form.text("fixed"),
        fixed_by=form.text("fixed_by"),
    )
