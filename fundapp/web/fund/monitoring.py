"""The fund's side of a conversation: offer it, type what the group says, answer."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.i18n import current_language, ngettext
from forms.pages.complaints import SafetyForm
from forms.pages.grants import ReplyForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.monitoring import CheckIn
from fundapp.permissions import Permission
from fundapp.queries.check_ins import get_check_in
from fundapp.queries.complaints import list_flags_of
from fundapp.services.check_ins import ReplyTooShort, offer_check_in, reply_to_check_in
from fundapp.services.safety import raise_flag
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.conversations import Conversation, hold_conversation
from fundapp.web.posted_save import posted_once

bp = Blueprint("fund_monitoring", __name__)


@bp.route("/fund/check-ins/<uuid:check_in_id>", methods=["GET", "POST"])
@requires(Permission.CHECK_IN_REPLY, check_in=get_check_in)
def check_in(check_in: CheckIn) -> ResponseReturnValue:
    """A POST is what staff typed while the group talked."""
    conversation = Conversation.of(check_in, current_language().code)
    if is_posted() and hold_conversation(conversation, by_fund=True):
        return redirect(url_for(".check_in", check_in_id=check_in.id))
    return _page(conversation, ReplyForm(None), conversation.http_status)


def _page(
    conversation: Conversation,
    reply_form: ReplyForm,
    status: int,
    kept: str = "",
    safety_form: SafetyForm | None = None,
) -> ResponseReturnValue:
    return (
        render_template(
            "fund/monitoring/check_in.html",
            conversation=conversation,
            check_in=conversation.check_in,
            reply_form=reply_form,
            kept=kept,
            safety_form=safety_form or SafetyForm(None),
            flags=list_flags_of(conversation.check_in),
        ),
        status,
    )


@bp.post("/fund/check-ins/<uuid:check_in_id>/offer")
@requires(Permission.CHECK_IN_REPLY, check_in=get_check_in)
def offer(check_in: CheckIn) -> ResponseReturnValue:
    with unit_of_work():
        offer_check_in(check_in, actor=current_user, now=utcnow())
    return redirect(url_for(".check_in", check_in_id=check_in.id))


@bp.post("/fund/check-ins/<uuid:check_in_id>/reply")
@requires(Permission.CHECK_IN_REPLY, check_in=get_check_in)
def reply(check_in: CheckIn) -> ResponseReturnValue:
    form = bind(ReplyForm)
    if form.validate():
        try:
            with unit_of_work():
                reply_to_check_in(check_in, form.reply.data or "", actor=current_user, now=utcnow())
            return redirect(url_for(".check_in", check_in_id=check_in.id))
        except ReplyTooShort as error:
            form.add_error(
                "reply",
                ngettext(
                    "Write at least %(n)s sentence.", "Write at least %(n)s sentences.", error.sentences
                ),
            )
        except NotPossibleNow:
            return _page(_conversation(check_in), form, 409, kept=form.reply.data or "")
    return _page(_conversation(check_in), form, 422)


@bp.post("/fund/check-ins/<uuid:check_in_id>/safety")
@requires(Permission.CHECK_IN_REPLY, check_in=get_check_in)
def pass_on(check_in: CheckIn) -> ResponseReturnValue:
    """Somebody is not safe: the words are for the people named for it, and nobody here reads them again."""
    form = bind(SafetyForm)
    if not form.validate():
        return _page(_conversation(check_in), ReplyForm(None), 422, safety_form=form)
    with unit_of_work():
        raise_flag(
            check_in,
            form.words.data or "",
            from_group=False,
            actor=current_user,
            now=utcnow(),
            once=posted_once(),
        )
    return redirect(url_for(".check_in", check_in_id=check_in.id))


def _conversation(check_in: CheckIn) -> Conversation:
    """As it stands now, after a change that was refused."""
    return Conversation.of(get_check_in(check_in.id), current_language().code)
