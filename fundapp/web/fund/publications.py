"""Reading each grant before it goes into open data."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.pages.publication import HOLD, PUBLISH, PublicationForm
from fundapp.clock import utcnow
from fundapp.db import Json, unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.award import Award
from fundapp.models.call import Call
from fundapp.models.publication import GrantPublication
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.grants import get_award
from fundapp.queries.publications import digest_of_review, find_publication, list_publications
from fundapp.services.publications import LessNeedsReason, PublicationChoice, review_grant
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted, sent_digest
from fundapp.web.errors import message_for
from fundapp.web.second_look import details_in
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_publications", __name__)


@bp.get("/fund/calls/<uuid:call_id>/open-data")
@requires(Permission.CALL_RUN, call=get_call)
def list_page(call: Call) -> ResponseReturnValue:
    definition = definition_of(current_version(call))
    return render_template(
        "fund/publications/list.html",
        call=call,
        grants=list_publications(call, reader=signed_in_user()),
        today=utcnow().astimezone(definition.zone).date(),
    )


@bp.route("/fund/awards/<uuid:award_id>/open-data", methods=["GET", "POST"])
@requires(Permission.AWARD_RUN, award=get_award)
def review(award: Award) -> ResponseReturnValue:
    """What looks like a place or a person is shown once more before it is stored."""
    found = find_publication(award)
    form = bind(PublicationForm, data=_stored(award, found))
    details = details_in(form) if is_posted() else []
    seen = sent_digest() or digest_of_review(award, found)
    if is_posted() and form.validate() and not details:
        try:
            with unit_of_work():
                review_grant(
                    award,
                    _choice(form),
                    title=form.title.data or "",
                    summary=form.summary.data or "",
                    actor=signed_in_user(),
                    now=utcnow(),
                    seen=seen,
                )
            return redirect(url_for(".list_page", call_id=award.call_id))
        except LessNeedsReason as error:
            form.add_error("reason", message_for(error) or "")
        except StaleVersion:
            return _both(get_award(award.id), form)
    page = render_template(
        "fund/publications/review.html", award=award, form=form, details=details, seen_text=seen
    )
    return page, 422 if form.errors or details else 200


def _both(award: Award, form: PublicationForm) -> ResponseReturnValue:
    """A colleague was faster: what stands there now, above what was typed. Sending it again is meant."""
    found = find_publication(award)
    page = render_template(
        "fund/publications/review.html",
        award=award,
        form=form,
        details=[],
        seen_text=digest_of_review(award, found),
        is_late=True,
        stored=found,
    )
    return page, 409


def _stored(award: Award, found: GrantPublication | None) -> Json:
    texts: Json = {"title": award.public_title, "summary": award.public_summary}
    if found is None:
        return texts
    return texts | {
        "decision": PUBLISH if found.is_published else HOLD,
        "is_coarse": found.is_coarse,
        "not_before": found.not_before,
        "shares_dei": found.shares_dei,
        "reason": found.reason or "",
    }


def _choice(form: PublicationForm) -> PublicationChoice:
    return PublicationChoice(
        is_published=form.decision.data == PUBLISH,
        is_coarse=form.is_coarse.data,
        not_before=form.not_before.data,
        shares_dei=form.shares_dei.data,
        reason=form.reason.data or "",
    )
