"""Changes of grants on the fund's side: what a group wants or has told, the answer, and every version."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.pages.grant_plans import VariationAnswerForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.award import Award
from fundapp.models.grant_plan import Variation
from fundapp.permissions import Permission, can
from fundapp.queries.calls import definition_of
from fundapp.queries.grant_plans import get_variation, list_variations, list_versions, plan_of
from fundapp.queries.grants import get_award
from fundapp.services.grant_plans import agree_to_variation, refuse_variation
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_variations", __name__)


@bp.get("/fund/awards/<uuid:award_id>/plan")
@requires(Permission.AWARD_READ, award=get_award)
def plan(award: Award) -> ResponseReturnValue:
    definition = definition_of(award.application.call_version)
    return render_template(
        "fund/payments/plan.html",
        award=award,
        definition=definition,
        plan=plan_of(award, definition),
        versions=list_versions(award),
        variations=list_variations(award),
    )


@bp.get("/fund/variations/<uuid:variation_id>")
@requires(Permission.AWARD_READ, variation=get_variation)
def page(variation: Variation) -> ResponseReturnValue:
    return _page(variation, VariationAnswerForm(None))


@bp.post("/fund/variations/<uuid:variation_id>")
@requires(Permission.AWARD_RUN, variation=get_variation)
def answer(variation: Variation) -> ResponseReturnValue:
    form, variation_id = bind(VariationAnswerForm), variation.id
    if not form.validate():
        return _page(variation, form, status=422)
    step = agree_to_variation if form.choice.data == "agree" else refuse_variation
    try:
        with unit_of_work():
            step(variation, form.answer.data or "", actor=signed_in_user(), now=utcnow())
    except FundError as error:
        return _page(get_variation(variation_id), form, refused=error, status=error.status)
    return redirect(url_for(".page", variation_id=variation_id), 303)


def _page(
    variation: Variation,
    form: VariationAnswerForm,
    *,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    award = variation.award
    definition = definition_of(award.application.call_version)
    shown = render_template(
        "fund/payments/variation.html",
        variation=variation,
        award=award,
        definition=definition,
        plan=plan_of(award, definition),
        form=form,
        refused=refused,
        may_answer=can(current_user, Permission.AWARD_RUN, award),
    )
    return shown, status
