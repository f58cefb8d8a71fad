"""A group says where its grant is paid to: one person types the numbers, another one types them again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.pages.bank import AccountForm, NumbersForm, StopAccountForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import LIVE_GRANTS
from fundapp.models.award import Award
from fundapp.models.bank import BankAccount
from fundapp.permissions import Permission
from fundapp.queries.bank_accounts import (
    Numbers,
    account_waiting,
    get_bank_account,
    list_bank_accounts,
    may_sign_alone,
    payee_of,
)
from fundapp.queries.grants import get_released_award
from fundapp.services.bank_accounts import NotTheSameNumbers, propose_account, sign_account, stop_account
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user

bp = Blueprint("bank_accounts", __name__)


@bp.get("/awards/<uuid:award_id>/bank-account")
@requires(Permission.BANK_ACCOUNT_SIGN, award=get_released_award)
def page(award: Award) -> ResponseReturnValue:
    return _page(award)


@bp.post("/awards/<uuid:award_id>/bank-account")
@requires(Permission.BANK_ACCOUNT_SIGN, award=get_released_award)
def propose(award: Award) -> ResponseReturnValue:
    form = bind(AccountForm)
    if not form.validate():
        return _page(award, form=form, status=422)
    numbers = Numbers(form.name.data, form.sort_code.data, form.number.data)
    try:
        with unit_of_work():
            propose_account(award, numbers, actor=signed_in_user(), now=utcnow())
    except FundError as error:
        return _page(get_released_award(award.id), form=form, refused=error, status=error.status)
    return redirect(url_for(".page", award_id=award.id))


@bp.post("/bank-accounts/<uuid:bank_account_id>/sign")
@requires(Permission.BANK_ACCOUNT_SIGN, bank_account=get_bank_account)
def sign(bank_account: BankAccount) -> ResponseReturnValue:
    award, form, refused, status = bank_account.award, bind(NumbersForm), None, 422
    if form.validate():
        numbers = Numbers("", form.sort_code.data, form.number.data)
        try:
            with unit_of_work():
                sign_account(bank_account, numbers, actor=signed_in_user(), now=utcnow())
            return redirect(url_for(".page", award_id=award.id))
        except NotTheSameNumbers as error:
            form.add_error("number", message_for(error) or "")
        except FundError as error:
            refused, status = error, error.status
    return _page(get_released_award(award.id), form=form, refused=refused, status=status)


@bp.post("/bank-accounts/<uuid:bank_account_id>/stop")
@requires(Permission.BANK_ACCOUNT_SIGN, bank_account=get_bank_account)
def stop(bank_account: BankAccount) -> ResponseReturnValue:
    award, form = bank_account.award, bind(StopAccountForm)
    if not form.validate():
        return _page(get_released_award(award.id), stop_form=form, status=422)
    try:
        with unit_of_work():
            stop_account(bank_account, reason=form.reason.data, actor=signed_in_user(), now=utcnow())
    except FundError as error:
        return _page(get_released_award(award.id), stop_form=form, refused=error, status=error.status)
    return redirect(url_for(".page", award_id=award.id))


def _page(
    award: Award,
    *,
    form: NumbersForm | None = None,
    stop_form: StopAccountForm | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    waiting, reader = account_waiting(award), signed_in_user()
    is_mine = waiting is not None and waiting.proposed_by_id == reader.id
    wanted = NumbersForm if waiting is not None else AccountForm
    shown = render_template(
        "awards/bank_account.html",
        award=award,
        accounts=list_bank_accounts(award),
        waiting=waiting,
        is_mine=is_mine,
        payee=payee_of(award, now=utcnow()),
        now=utcnow(),
        is_live=award.status in LIVE_GRANTS,
        needs_people=may_sign_alone(award),
        form=form if isinstance(form, wanted) else wanted(None),
        stop_form=stop_form or StopAccountForm(None),
        refused=refused,
        page_errors=[*(form.error_list() if form else ()), *(stop_form.error_list() if stop_form else ())],
    )
    return shown, status
