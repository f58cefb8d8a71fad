"""Groups say how the fund was: on a page opened with a ticket instead of a name, and read by everybody."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.pages.feedback import feedback_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.call import Call
from fundapp.models.funder_feedback import ENOUGH, FeedbackMoment
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.calls import current_version, definition_of, get_call, get_public_call
from fundapp.queries.funder_feedback import list_said, list_years, moments_of
from fundapp.queries.grants import find_award_of
from fundapp.queries.tallies import is_spent
from fundapp.services.funder_feedback import NothingSaid, put_into_the_box
from fundapp.services.tallies import TicketSpent
from fundapp.web.access import public, requires
from fundapp.web.binding import bind
from fundapp.web.moments_of_feedback import MOMENTS

bp = Blueprint("feedback", __name__)


@dataclass(frozen=True)
class Ticket:
    """Good for one moment, once. It carries no id of a person, a group or an application."""

    call_id: UUID
    moment: FeedbackMoment
    nonce: str

    @property
    def text(self) -> str:
        return str(_signer().dumps([self.call_id.hex, self.moment.value, self.nonce]))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.nonce.encode()).hexdigest()


def ticket_for(application: Application, moment: FeedbackMoment) -> Ticket:
    """The same each time, so that it can be used once; only our key leads from the group to it."""
    about = f"feedback:{moment}:{application.id}"
    nonce = hmac.new(_key(), about.encode(), hashlib.sha256).hexdigest()[:32]
    return Ticket(application.call_id, moment, nonce)


def read_ticket(text: str) -> Ticket:
    """Raises NotFound for what we have not written ourselves."""
    try:
        call_id, moment, nonce = _signer().loads(text)
        return Ticket(UUID(call_id), FeedbackMoment(moment), nonce)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_key(), salt="feedback")


@bp.get("/applications/<uuid:application_id>/how-we-did")
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application)
def invitation(application: Application) -> ResponseReturnValue:
    """Who is asked, and what becomes of it; the way to the pages without a name."""
    definition = definition_of(application.call_version)
    today = utcnow().astimezone(definition.zone).date()
    tickets = [
        ticket_for(application, each) for each in moments_of(application, find_award_of(application), today)
    ]
    return render_template(
        "feedback/invitation.html",
        application=application,
        tickets=[(ticket, is_spent(ticket.digest)) for ticket in tickets],
        moments=MOMENTS,
        enough=ENOUGH,
    )


@bp.route("/how-we-did/<feedback_ticket>", methods=["GET", "POST"])
@public("opened with a ticket that says nothing about who holds it")
def box(feedback_ticket: str) -> ResponseReturnValue:
    """Answered once; afterwards it says thank you."""
    ticket = read_ticket(feedback_ticket)
    call = get_call(ticket.call_id)
    definition = definition_of(current_version(call))
    is_done = is_spent(ticket.digest)
    language = current_language().code
    form = bind(
        feedback_form(definition.monitoring.funder_feedback.questions, language),
        data={"answer_language": language},
    )
    is_sent = request.method == "POST" and not is_done
    if is_sent and form.validate() and _put(form, ticket, definition):
        return redirect(url_for(".box", feedback_ticket=feedback_ticket))
    page = render_template(
        "feedback/box.html",
        call=call,
        form=form,
        is_done=is_done,
        enough=ENOUGH,
        page_errors=form.error_list() if is_sent else [],
    )
    return page, 422 if is_sent and form.errors else 200


def _put(form: BaseForm, ticket: Ticket, definition: CallDefinition) -> bool:
    """False when nothing was answered."""
    questions = definition.monitoring.funder_feedback.questions
    texts = {question.key: form[question.key].data or "" for question in questions}
    try:
        with unit_of_work():
            put_into_the_box(
                ticket.call_id,
                ticket.moment,
                texts,
                language=form["answer_language"].data or current_language().code,
                ticket_digest=ticket.digest,
            )
    except TicketSpent:
        pass  # sent twice at the same moment: kept once
    except NothingSaid:
        form.add_error(questions[0].key, _("Answer at least one question."))
        return False
    return True


@bp.get("/calls/<code>/what-groups-say")
@public("groups judge the fund, and everybody can read it")
def what_groups_say(code: str) -> ResponseReturnValue:
    call: Call = get_public_call(code)
    definition = definition_of(current_version(call))
    return render_template(
        "feedback/what_groups_say.html",
        call=call,
        said=list_said(call, definition),
        years=list_years(call),
        moments=MOMENTS,
        enough=ENOUGH,
    )
