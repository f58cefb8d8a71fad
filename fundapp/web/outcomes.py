"""A group reads an outcome that the fund wrote from its words, and says whether it is right."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from forms.pages.harvested_outcomes import NO, OTHER_WORDS, YES, AnswerForm
from fundapp.clock import utcnow
from fundapp.db import Json, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.harvested_outcome import HarvestedOutcome
from fundapp.moments import london_day
from fundapp.permissions import Permission
from fundapp.queries.harvested_outcomes import get_outcome, rests_on
from fundapp.services.harvested_outcomes import OutcomeWords, confirm_outcome, object_to_outcome
from fundapp.told_steps import OutcomeStatus
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.second_look import details_in
from fundapp.web.sessions import signed_in_user

bp = Blueprint("outcomes", __name__)


@bp.route("/outcomes/<uuid:outcome_id>", methods=["GET", "POST"])
@requires(Permission.OUTCOME_ANSWER, outcome=get_outcome)
def answer(outcome: HarvestedOutcome) -> ResponseReturnValue:
    award_id: UUID = outcome.award_id
    form: AnswerForm = bind(AnswerForm, data=_stored(outcome))
    details = details_in(form) if is_posted() and form.answer.data != NO else []
    status = 422
    if is_posted() and form.validate() and not details:
        try:
            with unit_of_work():
                _store(outcome, form)
            return redirect(url_for("awards.award_page", award_id=award_id))
        except NotPossibleNow:
            form.add_error(
                "answer", _("This is no longer possible. The fund or your group has taken it back.")
            )
            status = 409
    if status == 409:
        outcome = get_outcome(outcome.id)
    page = render_template(
        "awards/outcome.html",
        outcome=outcome,
        passages=rests_on(outcome, london_day(utcnow())),
        is_open=outcome.status is not OutcomeStatus.TAKEN_BACK,
        form=form,
        details=details,
    )
    return page, status if form.errors or details else 200


def _store(outcome: HarvestedOutcome, form: AnswerForm) -> None:
    actor, now = signed_in_user(), utcnow()
    if form.answer.data == NO:
        object_to_outcome(outcome, form.objection.data or "", actor=actor, now=now)
        return
    words = OutcomeWords(form.changed.data or "", form.for_whom.data or "", form.contribution.data or "")
    confirm_outcome(
        outcome,
        own_words=words if form.answer.data == OTHER_WORDS else None,
        language=current_language().code,
        names_group=form.names_group.data,
        actor=actor,
        now=now,
    )


def _stored(outcome: HarvestedOutcome) -> Json:
    """What counts now, to be changed from there."""
    answers = {
        OutcomeStatus.CONFIRMED: OTHER_WORDS if outcome.is_in_own_words else YES,
        OutcomeStatus.OBJECTED: NO,
    }
    return {
        "answer": answers.get(outcome.status),
        "changed": outcome.own_changed or outcome.changed,
        "for_whom": outcome.own_for_whom or outcome.for_whom,
        "contribution": outcome.own_contribution or outcome.contribution,
        "names_group": outcome.names_group,
        "objection": outcome.objection,
    }
