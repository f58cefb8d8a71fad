"""The fund looks at a bank account of a grant: the statement, a call to the group, days to object."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.pages.bank import CheckAccountForm, StopAccountForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.bank import BankAccount, NameCheck, ReachedBy
from fundapp.models.document import DocumentKind
from fundapp.permissions import Permission
from fundapp.queries.bank_accounts import (
    Numbers,
    get_bank_account,
    list_bank_accounts,
    list_same_account,
    numbers_of,
)
from fundapp.queries.documents import list_papers_to_check
from fundapp.queries.people import find_confirmed_host
from fundapp.sealing import CannotOpen
from fundapp.services.bank_accounts import Check, NotTheSameNumbers, check_account, stop_account
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_bank_accounts", __name__)

ACCOUNT = "/fund/bank-accounts/<uuid:bank_account_id>"


@bp.get(ACCOUNT)
@requires(Permission.BANK_ACCOUNT_CHECK, bank_account=get_bank_account)
def page(bank_account: BankAccount) -> ResponseReturnValue:
    return _page(bank_account)


@bp.post(f"{ACCOUNT}/check")
@requires(Permission.BANK_ACCOUNT_CHECK, bank_account=get_bank_account)
def check(bank_account: BankAccount) -> ResponseReturnValue:
    form, refused, status = bind(CheckAccountForm), None, 422
    if form.validate():
        done = Check(
            numbers=Numbers("", form.sort_code.data, form.number.data),
            reached_by=ReachedBy(form.reached_by.data),
            name_check=NameCheck(form.name_check.data),
        )
        version = request.form.get("version", 0, type=int)
        try:
            with unit_of_work():
                check_account(bank_account, done, version=version, actor=signed_in_user(), now=utcnow())
            return redirect(url_for(".page", bank_account_id=bank_account.id))
        except NotTheSameNumbers as error:
            form.add_error("number", message_for(error) or "")
        except FundError as error:
            refused, status = error, error.status
    return _page(get_bank_account(bank_account.id), form=form, refused=refused, status=status)


@bp.post(f"{ACCOUNT}/stop")
@requires(Permission.BANK_ACCOUNT_CHECK, bank_account=get_bank_account)
def stop(bank_account: BankAccount) -> ResponseReturnValue:
    form = bind(StopAccountForm)
    if not form.validate():
        return _page(bank_account, stop_form=form, status=422)
    try:
        with unit_of_work():
            stop_account(bank_account, reason=form.reason.data, actor=signed_in_user(), now=utcnow())
    except FundError as error:
        fresh = get_bank_account(bank_account.id)
        return _page(fresh, stop_form=form, refused=error, status=error.status)
    return redirect(url_for(".page", bank_account_id=bank_account.id))


def _page(
    account: BankAccount,
    *,
    form: CheckAccountForm | None = None,
    stop_form: StopAccountForm | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    award, reader = account.award, signed_in_user()
    try:
        name, same = numbers_of(account).name, list_same_account(account, reader=reader)
    except CannotOpen:
        name, same = None, ()
    papers = [each for each in list_papers_to_check(award) if each.kind is DocumentKind.BANK]
    shown = render_template(
        "fund/payments/bank_account.html",
        award=award,
        account=account,
        name=name,
        others=[one for one in list_bank_accounts(award) if one.id != account.id],
        same=same,
        statements=papers,
        host=find_confirmed_host(award.application),
        had_a_hand=reader.id in account.people,
        now=utcnow(),
        form=form or CheckAccountForm(None),
        stop_form=stop_form or StopAccountForm(None),
        refused=refused,
        page_errors=[*(form.error_list() if form else ()), *(stop_form.error_list() if stop_form else ())],
    )
    return shown, status
