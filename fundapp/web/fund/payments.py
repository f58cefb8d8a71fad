"""The fund's side of its grants: checks, agreement, payments, an early end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.pages.grants import NoteForm, ReasonForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.award import Award, CheckItem, Instalment
from fundapp.models.call import Call
from fundapp.permissions import Permission, can
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.check_ins import list_waiting, minutes_asked
from fundapp.queries.grants import (
    get_award,
    get_check,
    get_instalment,
    list_awards,
    list_check_ins,
    list_checks,
    list_markers,
    list_payments_to_make,
)
from fundapp.queries.stories import list_stories
from fundapp.services.grants import (
    send_agreement,
    settle_check,
    start_checks,
    terminate_award,
    withdraw_award,
)
from fundapp.services.instalments import (
    approve_instalment,
    hold_instalment,
    pay_instalment,
    release_instalment,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind

bp = Blueprint("fund_payments", __name__)
Step = Callable[..., None]


@bp.get("/fund/calls/<uuid:call_id>/grants")
@requires(Permission.CALL_VIEW, call=get_call)
def awards_page(call: Call) -> ResponseReturnValue:
    today = utcnow().date()
    return render_template(
        "fund/payments/awards.html",
        call=call,
        definition=definition_of(current_version(call)),
        awards=list_awards(call, reader=current_user),
        payments=list_payments_to_make(call, reader=current_user),
        waiting=list_waiting(call, today=today, reader=current_user),
        today=today,
    )


@bp.get("/fund/awards/<uuid:award_id>")
@requires(Permission.AWARD_READ, award=get_award)
def award_page(award: Award) -> ResponseReturnValue:
    return _award_page(award)


def _award_page(
    award: Award,
    *,
    refused: FundError | None = None,
    reason_form: ReasonForm | None = None,
    held: Instalment | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return (
        render_template(
            "fund/payments/award.html",
            award=award,
            definition=definition_of(award.application.call_version),
            checks=list_checks(award),
            check_ins=list_check_ins(award),
            markers=list_markers(award),
            stories=list_stories(award),
            minutes=minutes_asked(award),
            refused=refused,
            note_form=NoteForm(None),
            reason_form=reason_form or ReasonForm(None),
            held=held,
            may_run=can(current_user, Permission.AWARD_RUN, award),
            may_pay=can(current_user, Permission.INSTALMENT_PAY, award),
        ),
        status,
    )


def _take(step: Step, subject: Any, award: Award, **arguments: str) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step(subject, actor=current_user, now=utcnow(), **arguments)
    except FundError as error:
        return _award_page(get_award(award.id), refused=error, status=error.status)
    return redirect(url_for(".award_page", award_id=award.id))


def _take_with_reason(step: Step, subject: Any, award: Award) -> ResponseReturnValue:
    form = bind(ReasonForm)
    if not form.validate():
        held = subject if isinstance(subject, Instalment) else None
        return _award_page(award, reason_form=form, held=held, status=422)
    return _take(step, subject, award, reason=form.reason.data or "")


@bp.post("/fund/awards/<uuid:award_id>/checks")
@requires(Permission.AWARD_RUN, award=get_award)
def checks(award: Award) -> ResponseReturnValue:
    return _take(start_checks, award, award)


@bp.post("/fund/checks/<uuid:check_id>")
@requires(Permission.AWARD_RUN, check=get_check)
def check(check: CheckItem) -> ResponseReturnValue:
    form = bind(NoteForm)
    form.validate()
    return _take(settle_check, check, check.award, note=form.note.data or "")


@bp.post("/fund/awards/<uuid:award_id>/agreement")
@requires(Permission.AWARD_RUN, award=get_award)
def agreement(award: Award) -> ResponseReturnValue:
    return _take(send_agreement, award, award)


@bp.post("/fund/awards/<uuid:award_id>/withdraw")
@requires(Permission.AWARD_RUN, award=get_award)
def withdraw(award: Award) -> ResponseReturnValue:
    return _take_with_reason(withdraw_award, award, award)


@bp.post("/fund/awards/<uuid:award_id>/terminate")
@requires(Permission.AWARD_RUN, award=get_award)
def terminate(award: Award) -> ResponseReturnValue:
    return _take_with_reason(terminate_award, award, award)


@bp.post("/fund/instalments/<uuid:instalment_id>/approve")
@requires(Permission.INSTALMENT_APPROVE, instalment=get_instalment)
def approve(instalment: Instalment) -> ResponseReturnValue:
    return _take(approve_instalment, instalment, instalment.award)


@bp.post("/fund/instalments/<uuid:instalment_id>/pay")
@requires(Permission.INSTALMENT_PAY, instalment=get_instalment)
def pay(instalment: Instalment) -> ResponseReturnValue:
    return _take(pay_instalment, instalment, instalment.award)


@bp.post("/fund/instalments/<uuid:instalment_id>/hold")
@requires(Permission.INSTALMENT_APPROVE, instalment=get_instalment)
def hold(instalment: Instalment) -> ResponseReturnValue:
    return _take_with_reason(hold_instalment, instalment, instalment.award)


@bp.post("/fund/instalments/<uuid:instalment_id>/release")
@requires(Permission.INSTALMENT_APPROVE, instalment=get_instalment)
def release(instalment: Instalment) -> ResponseReturnValue:
    return _take(release_instalment, instalment, instalment.award)
