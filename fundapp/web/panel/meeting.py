"""The meeting as a member sees it: the item on the table, live by refreshing, and the minutes.

While something is on the table that the member has a tie with, the page is the one between two items.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.meeting import Meeting
from fundapp.models.panel import Panel, PanelSeat
from fundapp.permissions import Permission
from fundapp.queries.agenda import read_item
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.meetings import find_meeting, list_seats, names_of, view_of
from fundapp.queries.panels import get_panel, get_seat_of
from fundapp.services.meetings import note_own_presence
from fundapp.web.access import requires
from fundapp.web.live import is_live, live
from fundapp.web.panel.blueprint import bp
from fundapp.web.sessions import signed_in_user


@bp.get("/panels/<uuid:panel_id>/meeting")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def meeting(panel: Panel) -> ResponseReturnValue:
    seat, found = _own(panel)
    definition = definition_of(current_version(panel.call))
    view = view_of(found, definition.panel, reader=signed_in_user())
    item = view.on_the_table
    page = render_template(
        "panel/meeting.html",
        panel=panel,
        definition=definition,
        view=view,
        item=item,
        reading=read_item(item.application, definition.assessment) if item else None,
        is_here=any(each.seat_id == seat.id and each.went_at is None for each in found.presences),
        is_live=is_live(),
    )
    return live(page)


@bp.post("/panels/<uuid:panel_id>/meeting/here")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def say_here(panel: Panel) -> ResponseReturnValue:
    """A member who joins from afar says that they are there, or that they go."""
    seat, found = _own(panel)
    is_here = request.form.get("go") != "away"
    with unit_of_work():
        note_own_presence(found, seat, is_here=is_here, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("panel.meeting", panel_id=panel.id))


@bp.get("/panels/<uuid:panel_id>/minutes")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def minutes(panel: Panel) -> ResponseReturnValue:
    """Without the items the member has a tie with."""
    _seat, found = _own(panel)
    definition = definition_of(current_version(panel.call))
    return render_template(
        "panel/minutes.html",
        crumbs=[
            {"url": url_for("panel.panel_page", panel_id=panel.id), "label": _("Your reading")},
            {"url": url_for("panel.meeting", panel_id=panel.id), "label": _("Panel meeting")},
        ],
        round=panel.round,
        panel=panel,
        definition=definition,
        view=view_of(found, definition.panel, reader=signed_in_user()),
        seats=list_seats(panel),
        names=names_of(panel),
    )


def _own(panel: Panel) -> tuple[PanelSeat, Meeting]:
    """No name before the member's ties are declared."""
    seat, found = get_seat_of(panel, signed_in_user()), find_meeting(panel)
    if found is None or seat.conflicts_declared_at is None:
        abort(404)
    return seat, found
