"""Payments for the bank: put together by one person, checked by another, a file out, the bank's answer in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.money import format_money
from forms.pages.batches import BatchForm, batch_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.call import Call
from fundapp.models.payment_batch import PaymentBatch, PaymentLine
from fundapp.payment_file.answer import LARGEST, WrongAnswer, read_answer
from fundapp.permissions import Permission, can
from fundapp.queries.calls import get_call
from fundapp.queries.payment_batches import (
    Candidate,
    find_fund_account,
    get_batch,
    get_line,
    list_batches,
    list_candidates,
)
from fundapp.services.bank_answers import AnswerDoesNotFit, Problem, take_answer
from fundapp.services.payment_batches import (
    CannotPayAll,
    DayIsPast,
    approve_batch,
    drop_batch,
    drop_line,
    fetch_file,
    make_batch,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import isolated

bp = Blueprint("fund_batches", __name__)

OF_CALL = "/fund/calls/<uuid:call_id>/batches"
BATCH = "/fund/batches/<uuid:payment_batch_id>"
TYPES = {"xml": "application/xml", "csv": "text/csv; charset=utf-8"}


@bp.get(OF_CALL)
@requires(Permission.BATCH_SEE, call=get_call)
def overview(call: Call) -> ResponseReturnValue:
    candidates = list_candidates(call, reader=signed_in_user(), now=utcnow())
    return _overview(call, candidates, _form(candidates))


@bp.post(OF_CALL)
@requires(Permission.BATCH_MAKE, call=get_call)
def make(call: Call) -> ResponseReturnValue:
    """Only what this person may see can be chosen."""
    candidates = list_candidates(call, reader=signed_in_user(), now=utcnow())
    form = _form(candidates)
    if not form.validate():
        return _overview(call, candidates, form, status=422)
    chosen = [each.instalment for each in candidates if str(each.instalment.id) in form.payments.data]
    try:
        with unit_of_work():
            batch = make_batch(call, chosen, pay_on=form.pay_on.data, actor=signed_in_user(), now=utcnow())
            batch_id = batch.id
        return redirect(url_for(".page", payment_batch_id=batch_id))
    except DayIsPast:
        form.add_error("pay_on", _("Write the day, today or later."))
    except CannotPayAll:
        form.add_error("payments", _("Some of these can no longer be paid. Choose again."))
    call = get_call(call.id)
    candidates = list_candidates(call, reader=signed_in_user(), now=utcnow())
    return _overview(call, candidates, form, status=409)


def _form(candidates: Sequence[Candidate]) -> BatchForm:
    payable = [each.instalment for each in candidates if each.obstacle is None]
    words = [f"{isolated(each.award.organisation.name)} · {format_money(each.amount)}" for each in payable]
    return bind(batch_form([(str(each.id), text) for each, text in zip(payable, words, strict=True)]))


def _overview(
    call: Call, candidates: Sequence[Candidate], form: BatchForm, *, status: int = 200
) -> ResponseReturnValue:
    reader = signed_in_user()
    page = render_template(
        "fund/payments/batches.html",
        call=call,
        candidates=candidates,
        batches=list_batches(call, reader=reader),
        form=form,
        page_errors=form.error_list() if is_posted() else [],
        fund_account=find_fund_account(call.fund),
        may_make=can(reader, Permission.BATCH_MAKE, call),
    )
    return page, status


@bp.get(BATCH)
@requires(Permission.BATCH_SEE, payment_batch=get_batch)
def page(payment_batch: PaymentBatch) -> ResponseReturnValue:
    return _page(payment_batch)


@bp.post(f"{BATCH}/approve")
@requires(Permission.BATCH_CHECK, payment_batch=get_batch)
def approve(payment_batch: PaymentBatch) -> ResponseReturnValue:
    version = request.form.get("version", 0, type=int)
    return _take(
        payment_batch.id,
        lambda: approve_batch(payment_batch, version=version, actor=signed_in_user(), now=utcnow()),
    )


@bp.post(f"{BATCH}/drop")
@requires(Permission.BATCH_MAKE, payment_batch=get_batch)
def drop(payment_batch: PaymentBatch) -> ResponseReturnValue:
    return _take(payment_batch.id, lambda: drop_batch(payment_batch, actor=signed_in_user(), now=utcnow()))


@bp.post("/fund/payment-lines/<uuid:payment_line_id>/drop")
@requires(Permission.BATCH_MAKE, payment_line=get_line)
def leave_out(payment_line: PaymentLine) -> ResponseReturnValue:
    batch_id = payment_line.batch_id
    return _take(batch_id, lambda: drop_line(payment_line, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{BATCH}/file")
@requires(Permission.BATCH_MAKE, payment_batch=get_batch)
def file(payment_batch: PaymentBatch) -> ResponseReturnValue:
    """By POST: who fetches the numbers of groups is written down."""
    kind = "csv" if "csv" in request.form else "xml"
    try:
        with unit_of_work():
            made = fetch_file(payment_batch, kind, actor=signed_in_user(), now=utcnow())
    except FundError as error:
        return _page(get_batch(payment_batch.id), refused=error, status=error.status)
    name = f'attachment; filename="payments-{payment_batch.pay_on}-{payment_batch.id.hex[:8]}.{kind}"'
    return Response(made, content_type=TYPES[kind], headers={"Content-Disposition": name})


@bp.post(f"{BATCH}/answer")
@requires(Permission.BATCH_MAKE, payment_batch=get_batch)
def answer(payment_batch: PaymentBatch) -> ResponseReturnValue:
    sent = request.files.get("file")
    try:
        read = read_answer(sent.read(LARGEST + 1) if sent else b"")
        with unit_of_work():
            take_answer(payment_batch, read, actor=signed_in_user(), now=utcnow())
    except WrongAnswer as wrong:
        problems = [Problem(wrong.code, wrong.place, wrong.value)]
        return _page(get_batch(payment_batch.id), problems=problems, status=422)
    except AnswerDoesNotFit as error:
        return _page(get_batch(payment_batch.id), problems=list(error.problems), status=422)
    return redirect(url_for(".page", payment_batch_id=payment_batch.id))


def _take(batch_id: UUID, step: Callable[[], object]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step()
    except FundError as error:
        return _page(get_batch(batch_id), refused=error, status=error.status)
    return redirect(url_for(".page", payment_batch_id=batch_id))


def _page(
    batch: PaymentBatch,
    *,
    refused: FundError | None = None,
    problems: list[Problem] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    reader = signed_in_user()
    shown = render_template(
        "fund/payments/batch.html",
        batch=batch,
        refused=refused,
        obstacles=refused.obstacles if isinstance(refused, CannotPayAll) else {},
        problems=problems or [],
        is_own=batch.made_by_id == reader.id,
        may_make=can(reader, Permission.BATCH_MAKE, batch),
    )
    return shown, status
