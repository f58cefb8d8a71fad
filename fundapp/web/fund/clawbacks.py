"""Money that a group has to give back: what it would do, the decision of two people, and what has come."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.pages.grants import BackForm, ClawbackForm, ReceiptForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import ClawbackStatus
from fundapp.models.award import Award, Clawback
from fundapp.permissions import Permission, can
from fundapp.queries.calls import definition_of
from fundapp.queries.consequences import effect_of_clawback
from fundapp.queries.grants import get_award, get_clawback, list_clawbacks, most_to_ask_back
from fundapp.services.clawbacks import (
    ClawbackTooHigh,
    ask_back,
    correct_receipt,
    drop_clawback,
    propose_clawback,
    receive_back,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_clawbacks", __name__)

AWARD = "/fund/awards/<uuid:award_id>/clawback"
CLAWBACK = "/fund/clawbacks/<uuid:clawback_id>"


@bp.get(AWARD)
@requires(Permission.AWARD_READ, award=get_award)
def page(award: Award) -> ResponseReturnValue:
    return _page(award)


@bp.post(AWARD)
@requires(Permission.INSTALMENT_HOLD, award=get_award)
def propose(award: Award) -> ResponseReturnValue:
    form = bind(ClawbackForm)
    if not form.validate():
        return _page(award, form=form, status=422)
    return _sum(
        award,
        form,
        lambda amount: propose_clawback(
            award, amount=amount, reason=form.reason.data or "", actor=signed_in_user(), now=utcnow()
        ),
    )


@bp.post(f"{CLAWBACK}/ask")
@requires(Permission.INSTALMENT_HOLD, clawback=get_clawback)
def ask(clawback: Clawback) -> ResponseReturnValue:
    return _take(clawback, lambda: ask_back(clawback, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{CLAWBACK}/drop")
@requires(Permission.INSTALMENT_HOLD, clawback=get_clawback)
def drop(clawback: Clawback) -> ResponseReturnValue:
    return _take(clawback, lambda: drop_clawback(clawback, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{CLAWBACK}/received")
@requires(Permission.INSTALMENT_PAY, clawback=get_clawback)
def received(clawback: Clawback) -> ResponseReturnValue:
    form = bind(BackForm, prefix=_prefix(clawback))
    if not form.validate():
        return _page(clawback.award, came=(clawback, form), status=422)
    return _sum(
        clawback.award,
        form,
        lambda amount: receive_back(
            clawback,
            amount=amount,
            version=request.form.get("version", 0, type=int),
            actor=signed_in_user(),
            now=utcnow(),
        ),
        of=clawback,
    )


@bp.post(f"{CLAWBACK}/correct")
@requires(Permission.INSTALMENT_PAY, clawback=get_clawback)
def correct(clawback: Clawback) -> ResponseReturnValue:
    form = bind(ReceiptForm, prefix=_prefix(clawback, "c"))
    if not form.validate():
        return _page(clawback.award, came=(clawback, form), status=422)
    return _sum(
        clawback.award,
        form,
        lambda amount: correct_receipt(
            clawback,
            received=amount,
            reason=form.reason.data or "",
            version=request.form.get("version", 0, type=int),
            actor=signed_in_user(),
            now=utcnow(),
        ),
        of=clawback,
    )


def _sum(
    award: Award, form: BackForm, step: Callable[[Decimal], object], *, of: Clawback | None = None
) -> ResponseReturnValue:
    """A step with an amount; what is too high is said beside the field."""
    refused, status = None, 422
    try:
        with unit_of_work():
            step(form.amount.data)
    except ClawbackTooHigh as error:
        form.too_high(error.most)
    except FundError as error:
        refused, status = error, error.status
    else:
        return redirect(url_for(".page", award_id=award.id))
    if of is not None:
        return _page(get_award(award.id), came=(of, form), refused=refused, status=status)
    return _page(get_award(award.id), form=form, refused=refused, status=status)


def _take(clawback: Clawback, step: Callable[[], object]) -> ResponseReturnValue:
    award_id = clawback.award_id
    try:
        with unit_of_work():
            step()
    except FundError as error:
        return _page(get_award(award_id), refused=error, status=error.status)
    return redirect(url_for(".page", award_id=award_id))


def _page(
    award: Award,
    *,
    form: BackForm | None = None,
    came: tuple[Clawback, BackForm] | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    clawbacks, reader = list_clawbacks(award), signed_in_user()
    most = most_to_ask_back(award, clawbacks)
    proposed = next((one for one in clawbacks if one.status is ClawbackStatus.PROPOSED), None)
    if not clawbacks and not most:
        abort(404)  # nothing was paid yet
    came_forms = {one.id: BackForm(None, prefix=_prefix(one)) for one in clawbacks}
    less_forms: dict[UUID, BackForm] = {
        one.id: ReceiptForm(None, prefix=_prefix(one, "c")) for one in clawbacks
    }
    if came is not None:
        (less_forms if isinstance(came[1], ReceiptForm) else came_forms)[came[0].id] = came[1]
    wrong = form or (came or (None, None))[1]
    amount = proposed.amount if proposed else most
    shown = render_template(
        "fund/payments/clawback.html",
        award=award,
        clawbacks=clawbacks,
        proposed=proposed,
        most=most,
        effect=effect_of_clawback(award, amount, reader=reader) if amount else None,
        form=form or ClawbackForm(None),
        came_forms=came_forms,
        less_forms=less_forms,
        refused=refused,
        page_errors=wrong.error_list() if wrong else [],
        needs_other=proposed is not None
        and proposed.proposed_by_id == reader.id
        and definition_of(award.application.call_version).awards.people_to_hold > 1,
        may_decide=can(reader, Permission.INSTALMENT_HOLD, award),
        may_receive=can(reader, Permission.INSTALMENT_PAY, award),
    )
    return shown, status


def _prefix(clawback: Clawback, kind: str = "b") -> str:
    return f"{kind}{clawback.id.hex[:8]}-"
