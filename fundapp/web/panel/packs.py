"""Everything a member may read, to take away, in the language of the page."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from fundapp.models.panel import Panel
from fundapp.permissions import Permission
from fundapp.queries.panels import get_panel, get_seat_of
from fundapp.web import reading_packs
from fundapp.web.access import requires
from fundapp.web.panel.blueprint import bp
from fundapp.web.sessions import signed_in_user

PACK = "/panels/<uuid:panel_id>/work/pack"


@bp.get(PACK)
@requires(Permission.PANEL_OPEN, panel=get_panel)
def pack(panel: Panel) -> ResponseReturnValue:
    seat = get_seat_of(panel, signed_in_user())
    return render_template(
        "panel/pack.html",
        panel=panel,
        seat=seat,
        made=reading_packs.all_packs(seat, current_language().code),
        page_title=_("For reading away from the screen"),
    )


@bp.post(f"{PACK}/<pack_kind>")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def ask_pack(panel: Panel, pack_kind: str) -> ResponseReturnValue:
    actor = signed_in_user()
    reading_packs.ask(get_seat_of(panel, actor), pack_kind, current_language().code, actor=actor)
    return redirect(url_for("panel.pack", panel_id=panel.id))


@bp.get(f"{PACK}/<pack_kind>/file")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def pack_file(panel: Panel, pack_kind: str) -> ResponseReturnValue:
    return reading_packs.hand_out(get_seat_of(panel, signed_in_user()), pack_kind, current_language().code)
