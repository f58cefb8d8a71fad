"""An umbrella organisation says what it knows of who leads a group, when the fund asks."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.pages.claim_opinions import VIEWS, DeclineOpinionForm, OpinionForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.claim_opinion import ClaimOpinion, OpinionView
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for
from fundapp.queries.claims import answers_to_show, get_opinion
from fundapp.services.claim_opinions import decline_opinion, give_opinion
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.panel.blueprint import bp
from fundapp.web.sessions import signed_in_user

OPINION = "/opinions/<uuid:opinion_id>"


@bp.route(OPINION, methods=["GET", "POST"])
@requires(Permission.OPINION_GIVE, opinion=get_opinion)
def opinion(opinion: ClaimOpinion) -> ResponseReturnValue:
    form = bind(OpinionForm)
    if is_posted() and form.validate():
        view = OpinionView(form["view"].data)
        with unit_of_work():
            give_opinion(opinion, view, form["reason"].data, actor=signed_in_user(), now=utcnow())
        return redirect(url_for(".opinion", opinion_id=opinion.id))
    return _page(opinion, form, DeclineOpinionForm(None)), 422 if form.errors else 200


@bp.post(f"{OPINION}/decline")
@requires(Permission.OPINION_GIVE, opinion=get_opinion)
def decline_opinion_asked(opinion: ClaimOpinion) -> ResponseReturnValue:
    form = bind(DeclineOpinionForm)
    if not form.validate():
        return _page(opinion, OpinionForm(None), form), 422
    has_tie, why = form["has_tie"].data, form["why"].data or ""
    with unit_of_work():
        decline_opinion(opinion, why, has_tie=has_tie, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("account.home"))


def _page(opinion: ClaimOpinion, form: BaseForm, decline_form: BaseForm) -> str:
    """Nothing of the application but the answers that the fund chose."""
    definition = definition_for(opinion.application)
    claim = opinion.claim
    return render_template(
        "panel/opinion.html",
        opinion=opinion,
        bands=[
            (item.question, claim.answers[item.question.key])
            for item in definition.eligibility
            if item.question.key in claim.answers
        ],
        answers=[
            (question, answer)
            for question, answer in answers_to_show(opinion.application)
            if question.key in opinion.shown
        ],
        form=form,
        decline_form=decline_form,
        views=dict(VIEWS),
        page_errors=form.error_list() + decline_form.error_list(),
    )
