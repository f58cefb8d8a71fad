"""The fund reads what groups say about it, says what it changed, and takes it into the next call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.base import BaseForm
from forms.i18n import _, translate
from forms.localized import LocalizedText
from forms.pages.feedback import HideForm, take_form, year_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.call import Call
from fundapp.models.funder_feedback import ENOUGH, FeedbackYear
from fundapp.permissions import Permission, can
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.funder_feedback import (
    find_answers,
    get_feedback_year,
    list_calls_being_shaped,
    list_said,
    list_years,
    mark_of,
)
from fundapp.services.funder_feedback import YearIsPublished, hide_answer, publish_year, take_to_codesign
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.moments_of_feedback import MOMENTS
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_feedback", __name__)


@bp.get("/fund/calls/<uuid:call_id>/what-groups-say")
@requires(Permission.CALL_VIEW, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return _page(call)


@bp.post("/fund/calls/<uuid:call_id>/what-groups-say")
@requires(Permission.CALL_RUN, call=get_call)
def publish(call: Call) -> ResponseReturnValue:
    form = bind(_year_form(call), data={"text_language": _first_language(call)})
    if not form.validate():
        return _page(call, form=form), 422
    language = form["text_language"].data or _first_language(call)
    try:
        with unit_of_work():
            publish_year(
                call,
                int(form["year"].data),
                LocalizedText.of({language: form["heard"].data}),
                LocalizedText.of({language: form["changed"].data}),
                actor=signed_in_user(),
                now=utcnow(),
            )
    except YearIsPublished:
        form.add_error("year", _("This year is published already."))
        return _page(call, form=form), 409
    return redirect(url_for(".page", call_id=call.id))


@bp.post("/fund/calls/<uuid:call_id>/what-groups-say/<feedback_mark>/hide")
@requires(Permission.CALL_RUN, call=get_call)
def hide(call: Call, feedback_mark: str) -> ResponseReturnValue:
    form = bind(HideForm, prefix=f"{feedback_mark}-")
    if not find_answers(call, feedback_mark):
        raise NotFound
    if not form.validate():
        return _page(call, hide_form=(feedback_mark, form)), 422
    with unit_of_work():
        hide_answer(call, feedback_mark, form["why"].data, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", call_id=call.id))


@bp.post("/fund/feedback/<uuid:feedback_year_id>/take")
@requires(Permission.CALL_RUN, feedback_year=get_feedback_year)
def take(feedback_year: FeedbackYear) -> ResponseReturnValue:
    """Into the room of the next call."""
    told = feedback_year
    form = bind(_take_form(told.call), prefix=f"{told.id}-")
    if not form.validate():
        return _page(told.call, taking=(told.id, form)), 422
    said_by = translate("Groups, in anonymous answers about %(call)s", call=told.call.code)
    try:
        with unit_of_work():
            take_to_codesign(
                told,
                get_call(UUID(form["call"].data)),
                said_by,
                actor=signed_in_user(),
                now=utcnow(),
            )
    except FundError:
        form.add_error("call", _("This is a point of a call already, or that call can no longer be shaped."))
        return _page(told.call, taking=(told.id, form)), 409
    return redirect(url_for(".page", call_id=told.call_id))


def _year_form(call: Call) -> type[BaseForm]:
    definition = definition_of(current_version(call))
    this_year = utcnow().astimezone(definition.zone).year
    return year_form([this_year, this_year - 1], definition.languages)


def _first_language(call: Call) -> str:
    return definition_of(current_version(call)).languages[0]


def _take_form(call: Call) -> type[BaseForm]:
    return take_form([(str(each.id), each.code) for each in list_calls_being_shaped(call)])


def _page(
    call: Call,
    *,
    form: BaseForm | None = None,
    hide_form: tuple[str, BaseForm] | None = None,
    taking: tuple[UUID, BaseForm] | None = None,
) -> str:
    definition, take_one = definition_of(current_version(call)), _take_form(call)
    forms: list[Any] = [form, hide_form[1] if hide_form else None, taking[1] if taking else None]
    return render_template(
        "fund/calls/what_groups_say.html",
        call=call,
        said=list_said(call, definition),
        years=list_years(call),
        moments=MOMENTS,
        enough=ENOUGH,
        mark_of=mark_of,
        form=form or _year_form(call)(None, data={"text_language": _first_language(call)}),
        hide_form_of=lambda mark: (
            hide_form[1] if hide_form and hide_form[0] == mark else HideForm(None, prefix=f"{mark}-")
        ),
        take_form_of=lambda told: (
            taking[1] if taking and taking[0] == told.id else take_one(None, prefix=f"{told.id}-")
        ),
        can_be_taken=bool(list_calls_being_shaped(call)),
        may_run=can(signed_in_user(), Permission.CALL_RUN, call),
        page_errors=[error for each in forms if each is not None for error in each.error_list()],
    )
