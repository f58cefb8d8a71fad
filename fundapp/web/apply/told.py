"""How long it took, and who runs the group: on pages of their own, opened with a ticket instead of a name."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import NotFound

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.after_sending import RATHER_NOT, EqualityForm, TimeForm
from fundapp.db import unit_of_work
from fundapp.models.application import Application, ApplicationStage
from fundapp.models.tally import MINUTES, PEOPLE, TOPICS, Sheet, band_of
from fundapp.queries.tallies import is_spent
from fundapp.services.tallies import TicketSpent, count_answers
from fundapp.web.access import public
from fundapp.web.apply.blueprint import bp
from fundapp.web.binding import bind

FORMS: dict[Sheet, type[BaseForm]] = {Sheet.TIME: TimeForm, Sheet.EQUALITY: EqualityForm}
TITLES = {Sheet.TIME: _("How long did this take?"), Sheet.EQUALITY: _("Who runs your group?")}


@dataclass(frozen=True)
class Ticket:
    """Good for one sheet, once. It carries no id of a person, a group or an application."""

    sheet: Sheet
    round_id: UUID
    stage: ApplicationStage
    nonce: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.nonce.encode()).hexdigest()


def ticket_for(application: Application, sheet: Sheet) -> str:
    """The same each time, so that it can be used once; only our key leads from the group to it."""
    about = f"after-sending:{sheet}:{application.id}:{application.stage}"
    nonce = hmac.new(_key(), about.encode(), hashlib.sha256).hexdigest()[:32]
    return _signer().dumps([sheet.value, application.round_id.hex, application.stage.value, nonce])


def read_ticket(text: str) -> Ticket:
    """Raises NotFound for what we have not written ourselves."""
    try:
        sheet, round_id, stage, nonce = _signer().loads(text)
        return Ticket(Sheet(sheet), UUID(round_id), ApplicationStage(stage), nonce)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None


def _key() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_key(), salt="after-sending")


@bp.route("/after-sending/<ticket_text>", methods=["GET", "POST"])
@public("opened with a ticket that says nothing about who holds it")
def after_sending(ticket_text: str) -> ResponseReturnValue:
    """Answered once; afterwards it says thank you."""
    ticket = read_ticket(ticket_text)
    is_done = is_spent(ticket.digest)
    form = bind(FORMS[ticket.sheet])
    is_posted = request.method == "POST" and not is_done
    choices = _choices(form) if is_posted and form.validate() else {}
    if is_posted and not choices and not form.errors:
        form.add_error(next(iter(form)).name, _("Answer at least one question, or choose “Not now”."))
    if choices:
        try:
            with unit_of_work():
                count_answers(ticket.round_id, ticket.stage, choices, ticket_digest=ticket.digest)
        except TicketSpent:
            pass  # sent twice at the same moment: counted once
        return redirect(url_for("apply.after_sending", ticket_text=ticket_text))
    page = render_template(
        "apply/after_sending.html",
        form=form,
        sheet=ticket.sheet,
        is_done=is_done,
        page_title=TITLES[ticket.sheet],
        page_errors=form.error_list() if is_posted else [],
        back_url=url_for("account.home"),
    )
    return page, 422 if is_posted and form.errors else 200


def _choices(form: BaseForm) -> dict[str, str]:
    """What was answered, in bands, by topic."""
    if isinstance(form, TimeForm):
        numbers = {"minutes": MINUTES, "people": PEOPLE}
        return {
            topic: band_of(form[topic].data, ends)
            for topic, ends in numbers.items()
            if form[topic].data is not None
        }
    given = {topic: form[topic].data for topic in TOPICS[Sheet.EQUALITY]}
    return {topic: choice for topic, choice in given.items() if choice not in (None, RATHER_NOT)}
