"""What is left before a group's grant can start, by when, and who helps. Added to `awards`."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.pages.award_checks import EVIDENCE_WORDS, NOT_NEEDED_WORDS
from fundapp.models.award import Award
from fundapp.permissions import Permission
from fundapp.queries.award_checks import list_checklist, list_conditions
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import get_released_award
from fundapp.web.access import requires
from fundapp.web.awards import bp


@bp.get("/awards/<uuid:award_id>/checks")
@requires(Permission.AWARD_VIEW, award=get_released_award)
def checks(award: Award) -> ResponseReturnValue:
    found = list_checklist(award)
    return render_template(
        "awards/checks.html",
        award=award,
        definition=definition_of(award.application.call_version),
        still_open=[each for each in found if each.is_open],
        settled=[each for each in found if not each.is_open],
        conditions=list_conditions(award),
        evidence_words=dict(EVIDENCE_WORDS),
        not_needed=NOT_NEEDED_WORDS,
    )
