"""The page between reading and meeting: how far readers agree, and how sure the order is."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from fundapp.models.call import Round
from fundapp.permissions import Permission
from fundapp.queries.awards import get_board
from fundapp.queries.calls import get_round
from fundapp.queries.reading_quality import quality_of
from fundapp.web.access import requires
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_order", __name__)


@bp.get("/fund/rounds/<uuid:round_id>/order")
@requires(Permission.DECISION_MAKE, round=get_round)
def order_page(round: Round) -> ResponseReturnValue:
    board = get_board(round, reader=signed_in_user())
    return render_template(
        "fund/panels/order.html",
        round=round,
        definition=board.definition,
        quality=quality_of(board),
    )
