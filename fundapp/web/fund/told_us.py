"""What groups told the fund beside their applications: counts, never of a single group."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forms.pages.after_sending import SHARE_CHOICES, EqualityForm
from fundapp.models.call import Round
from fundapp.permissions import Permission
from fundapp.queries.calls import get_round
from fundapp.queries.tallies import list_told
from fundapp.web.access import requires

bp = Blueprint("fund_told_us", __name__)


@bp.get("/fund/rounds/<uuid:round_id>/told-us")
@requires(Permission.CALL_VIEW, round=get_round)
def told_us(round: Round) -> ResponseReturnValue:
    return render_template(
        "fund/calls/told_us.html",
        round=round,
        told=list_told(round.id),
        labels={field.name: field.label.text for field in EqualityForm(None)},
        shares=SHARE_CHOICES[:-1],
    )
