"""What members of a panel ask to be paid: decided by a second person, paid by finance, summed by round."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.pages.panel_work import FORMATS, KINDS, settle_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.call import Call, Round
from fundapp.models.panel_claim import PanelClaim
from fundapp.permissions import Permission, can
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_work import DECLINED, get_claim, list_claims, sums_of
from fundapp.queries.panels import find_panel, get_round
from fundapp.services.panel_claims import approve_claim, pay_claim, return_claim
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user
from fundapp.web.sheet_file import sheet_file

bp = Blueprint("fund_panel_pay", __name__)
PAY = "/fund/rounds/<uuid:round_id>/panel/pay"
CLAIM = "/fund/panel-claims/<uuid:panel_claim_id>"
COLUMNS = (
    "member",
    "for",
    "half_days",
    "counted_half_days",
    "amount_gbp",
    "what_for",
    "receipt",
    "status",
    "asked_on",
    "approved_by",
    "paid_on",
    "paid_way",
)


@bp.get(PAY)
@requires(Permission.PANEL_PAY_SEE, round=get_round)
def pay_page(round: Round) -> ResponseReturnValue:
    claims, panel = list_claims(round), find_panel(round)
    return render_template(
        "fund/panels/pay.html",
        round=round,
        seats=panel.seats if panel else (),
        claims=claims,
        sums=sums_of(claims),
        kind_words=dict(KINDS),
        format_words=dict(FORMATS),
        way_words=dict(_ways(round.call)),
        may_run=can(signed_in_user(), Permission.PANEL_RUN, round),
        page_title=_("Pay of the panel, round %(code)s", code=round.code),
    )


@bp.get(f"{PAY}.csv")
@requires(Permission.PANEL_PAY_SEE, round=get_round)
def pay_file(round: Round) -> ResponseReturnValue:
    """One line for each sum. English keys, for spreadsheets."""
    rows = [
        (
            claim.seat.user.shown_name,
            claim.kind.value,
            claim.half_days,
            claim.counted_half_days,
            claim.amount,
            claim.what_for,
            claim.receipt is not None,
            claim.status.value,
            claim.asked_at.date(),
            claim.approved_by.shown_name if claim.approved_by else None,
            claim.paid_at.date() if claim.paid_at else None,
            claim.paid_way,
        )
        for claim in list_claims(round)
    ]
    return sheet_file("panel-pay.csv", COLUMNS, rows)


@bp.get(CLAIM)
@requires(Permission.PANEL_PAY_SEE, panel_claim=get_claim)
def claim(panel_claim: PanelClaim) -> ResponseReturnValue:
    return _claim_page(panel_claim, _form(panel_claim))


@bp.post(f"{CLAIM}/approve")
@requires(Permission.PANEL_PAY_DECIDE, panel_claim=get_claim)
def approve(panel_claim: PanelClaim) -> ResponseReturnValue:
    return _take(panel_claim, _form(panel_claim), partial(approve_claim, panel_claim))


@bp.post(f"{CLAIM}/give-back")
@requires(Permission.PANEL_PAY_DECIDE, panel_claim=get_claim)
def give_back(panel_claim: PanelClaim) -> ResponseReturnValue:
    form = _form(panel_claim)
    if form.validate() and not form["reason"].data:
        form.add_error("reason", _("Please write a reason."))
    return _take(panel_claim, form, partial(return_claim, panel_claim, form["reason"].data))


@bp.post(f"{CLAIM}/pay")
@requires(Permission.PANEL_PAY, panel_claim=get_claim)
def pay(panel_claim: PanelClaim) -> ResponseReturnValue:
    form = _form(panel_claim)
    if form.validate() and not form["way"].data:
        form.add_error("way", _("Choose one of the ways of payment."))
    return _take(panel_claim, form, partial(pay_claim, panel_claim, form["way"].data or ""))


def _take(claim: PanelClaim, form: BaseForm, step: Callable[..., None]) -> ResponseReturnValue:
    if form.errors:
        return _claim_page(claim, form), 422
    try:
        with unit_of_work():
            step(actor=signed_in_user(), now=utcnow())
    except FundError as error:
        return _claim_page(get_claim(claim.id), form, refused=error), error.status
    return redirect(url_for("fund_panel_pay.pay_page", round_id=claim.seat.panel.round_id))


def _form(claim: PanelClaim) -> BaseForm:
    """Without the way "not paid": what is paid is paid somehow."""
    ways = [way for way in _ways(claim.seat.panel.call) if way[0] != DECLINED]
    return bind(settle_form(ways), data={"way": claim.seat.pay_way})


def _claim_page(claim: PanelClaim, form: BaseForm, refused: FundError | None = None) -> str:
    user = signed_in_user()
    return render_template(
        "fund/panels/claim.html",
        round=claim.seat.panel.round,
        claim=claim,
        form=form,
        refused=refused,
        kind_words=dict(KINDS),
        way_words=dict(_ways(claim.seat.panel.call)),
        is_own=claim.seat.user_id == user.id,
        may_decide=can(user, Permission.PANEL_PAY_DECIDE, claim),
        may_pay=can(user, Permission.PANEL_PAY, claim),
        page_title=_("A member asks to be paid"),
        page_errors=form.error_list(),
    )


def _ways(call: Call) -> list[tuple[str, str]]:
    return definition_of(current_version(call)).panel.payment.ways_in(current_language().code)
