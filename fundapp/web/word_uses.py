"""How the fund uses what a group told, and the group's no to it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.pages.grants import PURPOSES
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.award import Award
from fundapp.models.theme_code import CodedText
from fundapp.permissions import Permission, can
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import get_released_award
from fundapp.queries.theme_codes import get_coded_text
from fundapp.queries.word_uses import list_word_uses
from fundapp.services.shared_themes import keep_text_out, let_text_in
from fundapp.web.access import requires
from fundapp.web.sessions import signed_in_user

bp = Blueprint("word_uses", __name__)


@bp.get("/awards/<uuid:award_id>/words")
@requires(Permission.AWARD_VIEW, award=get_released_award)
def page(award: Award) -> ResponseReturnValue:
    definition = definition_of(award.application.call_version)
    today = utcnow().astimezone(definition.zone).date()
    return render_template(
        "awards/word_uses.html",
        award=award,
        definition=definition,
        conversations={each.key: each.title for each in definition.monitoring.check_ins},
        uses=list_word_uses(award, today),
        purposes=dict(PURPOSES),
        today=today,
        may_sign=can(signed_in_user(), Permission.AWARD_ACCEPT, award),
    )


@bp.post("/coded-texts/<uuid:coded_text_id>/keep-out")
@requires(Permission.TEXT_KEEP_OUT, coded_text=get_coded_text)
def keep_out(coded_text: CodedText) -> ResponseReturnValue:
    return _decide(coded_text, keep_text_out)


@bp.post("/coded-texts/<uuid:coded_text_id>/let-in")
@requires(Permission.TEXT_KEEP_OUT, coded_text=get_coded_text)
def let_in(coded_text: CodedText) -> ResponseReturnValue:
    return _decide(coded_text, let_text_in)


def _decide(coded_text: CodedText, decide: Callable[..., None]) -> ResponseReturnValue:
    award_id: UUID = coded_text.award_id
    with unit_of_work():
        decide(coded_text, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", award_id=award_id))
