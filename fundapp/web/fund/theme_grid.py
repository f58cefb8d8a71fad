"""Groups in rows and themes in columns: which themes come up in what which group says, and where."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.models.organisation import Organisation
from fundapp.models.theme_code import ThemeCode
from fundapp.moments import london_day
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.harvested_outcomes import is_shown, list_outcomes
from fundapp.queries.theme_grid import ThemeGrid, confidential_groups, get_theme_grid
from fundapp.web.access import requires
from fundapp.web.sessions import signed_in_user
from fundapp.web.sheet_file import sheet_file

bp = Blueprint("fund_theme_grid", __name__)

Line = TypeVar("Line", Organisation, ThemeCode)
COLUMNS = ("group", "theme", "passages", "texts")


@bp.get("/fund/calls/<uuid:call_id>/themes")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    """All, or one theme, or one group, or where both meet."""
    grid = _grid(call)
    theme = _chosen([*grid.themes, *grid.silent], "theme")
    group = _chosen(grid.groups, "group")
    definition = definition_of(current_version(call))
    return render_template(
        "fund/coding/grid.html",
        call=call,
        definition=definition,
        conversations={each.key: each.title for each in definition.monitoring.check_ins},
        grid=grid,
        year=_year(),
        theme=theme,
        group=group,
        awards=_awards(grid, group),
        outcomes=_outcomes(call, grid, theme=theme, group=group) if theme or group else [],
    )


@bp.get("/fund/calls/<uuid:call_id>/themes.csv")
@requires(Permission.CALL_RUN, call=get_call)
def sheet(call: Call) -> ResponseReturnValue:
    """A file travels; what names a confidential group stays on the page."""
    rows = _rows(_grid(call), confidential_groups(call))
    return sheet_file(f"themes-{call.code}.csv", COLUMNS, rows)


def _rows(grid: ThemeGrid, confidential: Container[UUID]) -> Iterator[tuple[object, ...]]:
    """Also where there is nothing: a group that does not speak of a theme says something too."""
    for group in grid.groups:
        name = "confidential" if group.id in confidential else group.name
        for theme in grid.themes:
            places = grid.places(group, theme)
            texts = {place.read.coded.id for place in places}
            yield name, theme.name, len(places), len(texts)


def _grid(call: Call) -> ThemeGrid:
    zone = definition_of(current_version(call)).zone
    return get_theme_grid(call, reader=signed_in_user(), zone=zone, year=_year())


def _awards(grid: ThemeGrid, group: Organisation | None) -> list[Award]:
    """Its grants, from whose words an outcome can be written."""
    found = (place.read.coded.award for places in grid.cells.values() for place in places)
    return list({each.id: each for each in found if group and each.organisation_id == group.id}.values())


def _outcomes(
    call: Call, grid: ThemeGrid, *, theme: ThemeCode | None, group: Organisation | None
) -> list[HarvestedOutcome]:
    """What groups have confirmed of this theme, or of this group, or both."""
    today = london_day(utcnow())
    return [
        each
        for each in list_outcomes(call, reader=signed_in_user())
        if is_shown(each, today)
        and (theme is None or grid.book.leads_to[each.theme_code_id] is theme)
        and (group is None or each.award.organisation_id == group.id)
    ]


def _year() -> int | None:
    """None: whatever was told, at any time."""
    return request.args.get("year", type=int)


def _chosen(lines: Sequence[Line], name: str) -> Line | None:
    """The line that the address names, if it names one."""
    wanted = request.args.get(name)
    if not wanted:
        return None
    found = next((each for each in lines if wanted == str(each.id)), None)
    return found if found is not None else abort(404)
