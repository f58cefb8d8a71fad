"""A member's own page, and the declaration that opens the papers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.panel import RegisterForm, groups_form, ties_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import PanelAct
from fundapp.models.organisation import Organisation
from fundapp.models.panel import ConflictResponse, Panel, PanelSeat
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.meetings import find_meeting
from fundapp.queries.panel_phases import allows, phase_of
from fundapp.queries.panels import (
    digest_of_groups,
    find_register,
    get_panel,
    get_seat_of,
    list_groups_on_the_table,
    list_groups_to_ask,
    list_ties_said,
)
from fundapp.queries.preparations import preparation_of
from fundapp.queries.readings import count_given, list_readings, own_average
from fundapp.services.conflicts import Tie, confirm_register, declare_conflicts
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest, sent_rev
from fundapp.web.panel.blueprint import bp
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction


@bp.get("/panels/<uuid:panel_id>")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def panel_page(panel: Panel) -> ResponseReturnValue:
    """What is left to do, and until when. No group is named before the conflicts are declared."""
    seat = get_seat_of(panel, signed_in_user())
    definition = definition_of(current_version(panel.call))
    readings = list_readings(seat, panel)
    given = len(readings) if seat.conflicts_declared_at else count_given(seat, panel)
    return render_template(
        "panel/panel.html",
        panel=panel,
        seat=seat,
        definition=definition,
        readings=readings,
        given=given,
        done=sum(reading.is_closed for reading in readings),
        minutes_each=definition.panel.load.minutes_each,
        average=own_average(seat, panel, definition) if readings else None,
        phase=phase_of(panel, utcnow()),
        prepared=preparation_of(seat, definition.panel),
        has_meeting=find_meeting(panel) is not None,
        is_scoring=allows(panel, PanelAct.MARK, utcnow()),
    )


@bp.route("/panels/<uuid:panel_id>/ties", methods=["GET", "POST"])
@requires(Permission.PANEL_OPEN, panel=get_panel)
def conflicts(panel: Panel) -> ResponseReturnValue:
    """Three short steps: own ties in general, the groups one knows, what should happen with each of them."""
    seat = get_seat_of(panel, signed_in_user())
    register = find_register(seat)
    if register is None or request.form.get("step") == "register" or "again" in request.args:
        return _register(panel, seat, register.lines if register else {})
    if not list_groups_on_the_table(panel):
        return render_template("panel/no_names_yet.html", panel=panel)
    now = utcnow()
    asked = list_groups_to_ask(panel, signed_in_user(), now=now)
    form = bind(groups_form([(str(group.id), in_own_direction(group.name)) for group in asked]))
    is_late = sent_rev("seen") not in ("", digest_of_groups(asked))
    if request.method == "GET" or is_late or not form.validate():
        page = render_template(
            "panel/groups.html",
            panel=panel,
            form=form,
            known=list_ties_said(panel, signed_in_user(), now=now),
            seen=digest_of_groups(asked),
            is_late=is_late,
            typed=_typed_ties(),
            says_response=not panel.hides_names(now),  # it becomes stricter with what is recognised
            page_title=_("Which groups do you know?"),
            page_errors=form.error_list(),
        )
        return page, 409 if is_late else 422 if form.errors else 200
    ticked = set(form["groups_known"].data)
    return _ties(panel, seat, [group for group in asked if str(group.id) in ticked])


def _register(panel: Panel, seat: PanelSeat, lines: dict[str, str]) -> ResponseReturnValue:
    form = bind(RegisterForm, data={**lines, "is_complete": False})
    if request.method == "POST" and form.validate():
        with unit_of_work():
            confirm_register(seat, form.lines(), actor=signed_in_user(), now=utcnow())
        return redirect(url_for("panel.conflicts", panel_id=panel.id))
    page = render_template(
        "panel/register.html",
        panel=panel,
        form=form,
        page_title=_("Your ties"),
        page_errors=form.error_list(),
    )
    return page, 422 if form.errors else 200


def _ties(panel: Panel, seat: PanelSeat, groups: Sequence[Organisation]) -> ResponseReturnValue:
    """Asked for each group that was ticked; nothing is stored before all of them are answered."""
    is_answered = request.form.get("step") == "ties" or not groups
    form_class = ties_form([(group.id.hex, group.name) for group in groups])
    form = bind(form_class) if is_answered else form_class(None, data=_typed_ties())
    seen = sent_digest("seen")
    if is_answered and form.validate():
        ties = _answers(form, groups)
        with unit_of_work():
            declare_conflicts(seat, ties, actor=signed_in_user(), now=utcnow(), seen=seen)
        return redirect(url_for("panel.panel_page", panel_id=panel.id))
    page = render_template(
        "panel/ties.html",
        panel=panel,
        form=form,
        groups=groups,
        seen=seen,
        page_title=_("What should happen?"),
        page_errors=form.error_list(),
    )
    return page, 422 if form.errors else 200


def _typed_ties() -> dict[str, str]:
    """What was answered for groups before others came on the table."""
    return {name: value for name, value in request.form.items() if name.startswith(("response_", "reason_"))}


def _answers(form: BaseForm, groups: Sequence[Organisation]) -> dict[UUID, Tie]:
    return {
        group.id: Tie(
            ConflictResponse(form[f"response_{group.id.hex}"].data), form[f"reason_{group.id.hex}"].data
        )
        for group in groups
    }
