"""The decision pack of a signed round, to take away and check elsewhere."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from fundapp.models.call import Round
from fundapp.permissions import Permission
from fundapp.queries.awards import find_ratification
from fundapp.queries.calls import get_round
from fundapp.web.access import requires

bp = Blueprint("fund_packs", __name__)


@bp.get("/fund/rounds/<uuid:round_id>/decision-pack.json")
@requires(Permission.ROUND_FIGURES, round=get_round)
def decision_pack(round: Round) -> ResponseReturnValue:
    """Without names, so also for somebody with a tie to a group in it."""
    found = find_ratification(round.id)
    if found is None or found.decision_pack is None:
        abort(404)
    text = json.dumps(found.decision_pack, ensure_ascii=False, indent=1)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="decision-pack.json"'
    return response
