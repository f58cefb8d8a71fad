"""Signing the panel's list and telling everybody."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from forms.i18n import _, activate, current_language
from forms.languages import Language
from forms.pages.awards import RatifyForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.call import Round
from fundapp.permissions import Permission, can
from fundapp.queries.awards import Board, get_board
from fundapp.queries.calls import get_round
from fundapp.queries.letters import Letter, letters_of
from fundapp.queries.sign_off import readiness_of
from fundapp.services.decisions import RoundIsRatified
from fundapp.services.ratification import NotReady, ratify
from fundapp.services.releases import FeedbackMissing, begin_release, stop_release
from fundapp.web.access import requires
from fundapp.web.binding import bind

bp = Blueprint("fund_sign_off", __name__)


@bp.get("/fund/rounds/<uuid:round_id>/ratification")
@requires(Permission.ROUND_FIGURES, round=get_round)
def ratify_page(round: Round) -> ResponseReturnValue:
    return _ratify_page(round, RatifyForm(None))


def _ratify_page(
    round_: Round,
    form: RatifyForm,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    found = get_board(round_, reader=current_user)
    return (
        render_template(
            "fund/awards/ratify.html",
            board=found,
            round=round_,
            definition=found.definition,
            readiness=readiness_of(found),
            form=form,
            may_ratify=can(current_user, Permission.ROUND_RATIFY, round_),
            may_override=can(current_user, Permission.RING_FENCE_OVERRIDE, round_),
            may_build=can(current_user, Permission.DECISION_MAKE, round_),
        ),
        status,
    )


@bp.post("/fund/rounds/<uuid:round_id>/ratification")
@requires(Permission.ROUND_RATIFY, round=get_round)
def ratify_round(round: Round) -> ResponseReturnValue:
    form = bind(RatifyForm)
    if not form.validate():
        return _ratify_page(round, form, status=422)
    return _sign(round, form, override_reason="")


@bp.post("/fund/rounds/<uuid:round_id>/ratification/override")
@requires(Permission.RING_FENCE_OVERRIDE, round=get_round)
def override(round: Round) -> ResponseReturnValue:
    """A named person goes past a ring-fence, with a reason that everybody will read."""
    form = bind(RatifyForm)
    if not form.validate():
        return _ratify_page(round, form, status=422)
    if not form.override_reason.data:
        form.add_error("override_reason", _("Write the reason. It will be published."))
        return _ratify_page(round, form, status=422)
    return _sign(round, form, override_reason=form.override_reason.data)


def _sign(round_: Round, form: RatifyForm, *, override_reason: str) -> ResponseReturnValue:
    round_id = round_.id
    try:
        with unit_of_work():
            ratify(round_, actor=current_user, now=utcnow(), override_reason=override_reason)
    except NotReady as error:
        return _ratify_page(get_round(round_id), form, status=error.status)
    except RoundIsRatified:
        pass  # somebody else signed the same list a moment ago
    return redirect(url_for(".ratify_page", round_id=round_id), 303)


@bp.get("/fund/rounds/<uuid:round_id>/letters")
@requires(Permission.DECISION_MAKE, round=get_round)
def letters(round: Round) -> ResponseReturnValue:
    """Every letter as its group will read it, in the languages of the people who are told."""
    return _letters_page(round)


def _letters_page(
    round_: Round, *, refused: FundError | None = None, status: int = 200
) -> ResponseReturnValue:
    board = get_board(round_, reader=current_user)
    found = [(letter, _in_each_language(letter, board)) for letter in letters_of(board)]
    page = render_template(
        "fund/awards/letters.html",
        board=board,
        round=round_,
        found=found,
        refused=refused,
        incomplete=sum(not letter.is_complete for letter, _texts in found),
    )
    return page, status


def _in_each_language(letter: Letter, board: Board) -> list[tuple[Language, Markup]]:
    texts = []
    for code in letter.languages or (current_language().code,):
        with activate(code):
            text = render_template("fund/awards/letter.html", line=letter.line, definition=board.definition)
            texts.append((current_language(), Markup(text)))  # noqa: S704 - a template of ours, escaped by Jinja
    return texts


@bp.post("/fund/rounds/<uuid:round_id>/release")
@requires(Permission.ROUND_RATIFY, round=get_round)
def release(round: Round) -> ResponseReturnValue:
    """Everybody is told in ten minutes."""
    round_id = round.id
    try:
        with unit_of_work():
            begin_release(round, actor=current_user, now=utcnow())
    except FeedbackMissing as error:
        return _letters_page(get_round(round_id), refused=error, status=error.status)
    return redirect(url_for("fund_awards.board", round_id=round_id), 303)


@bp.post("/fund/rounds/<uuid:round_id>/release/stop")
@requires(Permission.ROUND_RATIFY, round=get_round)
def stop(round: Round) -> ResponseReturnValue:
    round_id = round.id
    with unit_of_work():
        stop_release(round, actor=current_user, now=utcnow())
    return redirect(url_for("fund_awards.board", round_id=round_id), 303)
