"""What people said aloud in co-design: heard by the fund, written down as points. Adds pages to codesign."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.localized import LocalizedText
from forms.pages.codesign_spoken import AsideForm, HeardForm
from fundapp.call_file.codesign import Topic
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import SpokenStatus
from fundapp.models.call import Call
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.permissions import Permission
from fundapp.queries.calls import get_call
from fundapp.queries.codesign import parts_of
from fundapp.queries.spoken import get_spoken, list_spoken
from fundapp.services import spoken as service
from fundapp.services.spoken import Heard
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.codesign import bp, definition_in
from fundapp.web.sessions import signed_in_user

ONE = "/fund/co-design-recordings/<uuid:spoken_id>"


@bp.get("/fund/calls/<uuid:call_id>/co-design/said-aloud")
@requires(Permission.CODESIGN_ANSWER, call=get_call)
def spoken(call: Call) -> ResponseReturnValue:
    return render_template(
        "codesign/spoken.html", call=call, definition=definition_in(call), found=list_spoken(call)
    )


@bp.route(ONE, methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, spoken=get_spoken)
def write_down(spoken: CodesignRecording) -> ResponseReturnValue:
    """Listen, and type what is said: it becomes a point that gets an answer like every other."""
    form = bind(HeardForm, data={"language": spoken.said_in})
    if not is_posted():
        return _page(spoken, form)
    if not form.validate():
        return _page(spoken, form), 422
    heard = Heard(form["text"].data, form["language"].data, Topic(form["topic"].data))
    try:
        with unit_of_work():
            point = service.write_down(spoken, heard, actor=signed_in_user(), now=utcnow())
    except NotPossibleNow as error:
        return _page(get_spoken(spoken.id), form, is_late=True), error.status
    return redirect(url_for("codesign.talk", point_id=point.id))


@bp.post(f"{ONE}/aside")
@requires(Permission.CODESIGN_ANSWER, spoken=get_spoken)
def set_aside(spoken: CodesignRecording) -> ResponseReturnValue:
    form = bind(AsideForm)
    if not form.validate():
        return _page(spoken, HeardForm(None, data={"language": spoken.said_in}), aside=form), 422
    with unit_of_work():
        service.set_aside(spoken, form["why"].data, actor=signed_in_user(), now=utcnow())
    return _to_list(spoken)


@bp.post(f"{ONE}/erase")
@requires(Permission.CODESIGN_ANSWER, spoken=get_spoken)
def erase_spoken(spoken: CodesignRecording) -> ResponseReturnValue:
    with unit_of_work():
        service.erase_now(spoken, actor=signed_in_user(), now=utcnow())
    return _to_list(spoken)


def _to_list(spoken: CodesignRecording) -> ResponseReturnValue:
    return redirect(url_for("codesign.spoken", call_id=spoken.call_id))


def _page(
    spoken: CodesignRecording, form: HeardForm, *, aside: AsideForm | None = None, is_late: bool = False
) -> str:
    refused: BaseForm = aside or form
    labels = {part.reference: part.label for part in parts_of(definition_in(spoken.call))}
    return render_template(
        "codesign/write_down.html",
        call=spoken.call,
        definition=definition_in(spoken.call),
        spoken=spoken,
        said_by=LocalizedText.of(spoken.said_by),
        about=labels.get(spoken.about or ""),
        form=form,
        aside=aside or AsideForm(None),
        is_late=is_late,
        typed=form["text"].data if is_late else None,
        may_write=spoken.status is SpokenStatus.WAITING,
        page_errors=refused.error_list(),
    )
