"""Packs that the secretary makes for a member, in the member's language, and prints or sends.

Somebody with a tie to any group of the round leaves this to others: a pack shows whole applications.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from fundapp.models.panel import PanelSeat
from fundapp.permissions import Permission
from fundapp.queries.panels import get_seat
from fundapp.web import reading_packs
from fundapp.web.access import requires
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_reading_packs", __name__)
PACK = "/fund/seats/<uuid:seat_id>/pack"


@bp.get(PACK)
@requires(Permission.READING_PACK_MAKE, seat=get_seat)
def pack(seat: PanelSeat) -> ResponseReturnValue:
    return render_template(
        "fund/panels/pack.html",
        seat=seat,
        round=seat.panel.round,
        made=reading_packs.all_packs(seat, seat.user.language),
        page_title=_("For reading away from the screen"),
    )


@bp.post(f"{PACK}/<pack_kind>")
@requires(Permission.READING_PACK_MAKE, seat=get_seat)
def ask_pack(seat: PanelSeat, pack_kind: str) -> ResponseReturnValue:
    reading_packs.ask(seat, pack_kind, seat.user.language, actor=signed_in_user())
    return redirect(url_for("fund_reading_packs.pack", seat_id=seat.id))


@bp.get(f"{PACK}/<pack_kind>/file")
@requires(Permission.READING_PACK_MAKE, seat=get_seat)
def pack_file(seat: PanelSeat, pack_kind: str) -> ResponseReturnValue:
    return reading_packs.hand_out(seat, pack_kind, seat.user.language)
