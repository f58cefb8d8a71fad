"""Why this award: the whole way from a decision down to the answers, and back."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.pages.fund import EVIDENCE
from fundapp.models.application import Application
from fundapp.permissions import Permission
from fundapp.queries.awards import get_panel_application
from fundapp.queries.claims import list_own_claims
from fundapp.queries.rationale import get_rationale
from fundapp.web.access import requires

bp = Blueprint("fund_rationale", __name__)


@bp.get("/fund/applications/<uuid:application_id>/why")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def why(application: Application) -> ResponseReturnValue:
    found = get_rationale(application, reader=current_user)
    return render_template(
        "fund/awards/why.html",
        found=found,
        board=found.board,
        line=found.line,
        round=found.board.round,
        definition=found.board.definition,
        claims=list_own_claims(application),
        evidence_words=dict(EVIDENCE),
    )
