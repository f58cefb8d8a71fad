"""The themes of a year for everybody: announcing them to the groups, then publishing them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.theme_codes import YearForm, year_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.call import Call
from fundapp.models.shared_themes import SharedThemes
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.shared_themes import content_of, get_shared_themes, list_shared_themes
from fundapp.queries.theme_grid import get_theme_grid
from fundapp.services.shared_themes import AnnouncedBefore, NothingRead, announce_themes, publish_themes
from fundapp.told_steps import SharedThemesStatus
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_shared_themes", __name__)


@bp.get("/fund/calls/<uuid:call_id>/shared-themes")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return _page(call)


@bp.post("/fund/calls/<uuid:call_id>/shared-themes")
@requires(Permission.CALL_RUN, call=get_call)
def announce(call: Call) -> ResponseReturnValue:
    form: YearForm = bind(year_form(_years(call)))
    if not form.validate():
        return _page(call, form), 422
    try:
        with unit_of_work():
            announce_themes(call, int(form["year"].data), actor=signed_in_user(), now=utcnow())
        return redirect(url_for(".page", call_id=call.id))
    except AnnouncedBefore:
        form.add_error("year", _("Somebody has announced this year meanwhile."))
    except NothingRead:
        form.add_error("year", _("No text of this year has been read to the end."))
    return _page(call, form), 409


@bp.post("/fund/shared-themes/<uuid:shared_themes_id>/publish")
@requires(Permission.THEMES_PUBLISH, shared_themes=get_shared_themes)
def publish(shared_themes: SharedThemes) -> ResponseReturnValue:
    call = shared_themes.call
    try:
        with unit_of_work():
            publish_themes(shared_themes, actor=signed_in_user(), now=utcnow())
    except NotPossibleNow:
        return _page(
            call, refused=_("This is not possible now. Look at the day, and whether it was done.")
        ), 409
    return redirect(url_for(".page", call_id=call.id))


def _years(call: Call) -> list[int]:
    """Something was told in them, and nothing was announced for them."""
    zone = definition_of(current_version(call)).zone
    known = {each.year for each in list_shared_themes(call)}
    grid = get_theme_grid(call, reader=signed_in_user(), zone=zone)
    return [year for year in grid.years if year not in known]


def _page(call: Call, form: YearForm | None = None, refused: str = "") -> str:
    today = utcnow().astimezone(definition_of(current_version(call)).zone).date()
    years = _years(call)
    shared = [
        (each, each.content if each.status is SharedThemesStatus.PUBLISHED else content_of(each, today=today))
        for each in list_shared_themes(call)
    ]
    return render_template(
        "fund/coding/shared.html",
        call=call,
        shared=shared,
        years=years,
        form=form or year_form(years)(None),
        today=today,
        refused=refused,
    )
