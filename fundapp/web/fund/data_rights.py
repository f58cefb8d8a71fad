"""What the fund owes to people over their data: who is named for it, what is kept, and both registers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.data_rights import HoldForm, keepers_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.application import Application
from fundapp.models.data_rights import LegalHold
from fundapp.models.fund import Fund
from fundapp.permissions import Permission, can
from fundapp.queries.complaints import list_staff
from fundapp.queries.data_rights import list_breaches, list_outside_requests
from fundapp.queries.funds import get_fund
from fundapp.queries.retention.holds import find_by_receipt, get_legal_hold, list_legal_holds
from fundapp.queries.users import get_user
from fundapp.services.outside_requests import name_for_data
from fundapp.services.retention.holds import end_hold, place_hold
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_data", __name__)


@bp.get("/fund/<uuid:fund_id>/data")
@requires(Permission.DATA_KEEP, fund=get_fund)
def overview(fund: Fund) -> ResponseReturnValue:
    return _overview(fund)


@bp.post("/fund/<uuid:fund_id>/data/named")
@requires(Permission.DATA_NAME, fund=get_fund)
def name(fund: Fund) -> ResponseReturnValue:
    form = bind(_keepers_form(fund))
    if form.validate() and form["lead"].data == form["deputy"].data:
        form.add_error("deputy", _("Choose a second person."))
    if form.errors:
        return _overview(fund, keepers=form), 422
    lead, deputy = (get_user(UUID(form[each].data)) for each in ("lead", "deputy"))
    with unit_of_work():
        name_for_data(fund, lead, deputy, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".overview", fund_id=fund.id))


@bp.post("/fund/<uuid:fund_id>/data/holds")
@requires(Permission.DATA_KEEP, fund=get_fund)
def hold(fund: Fund) -> ResponseReturnValue:
    form = bind(HoldForm)
    application = application_named(form, fund) if form.validate() else None
    if form.errors or application is None:
        return _overview(fund, hold=form), 422
    with unit_of_work():
        place_hold(application, form["reason"].data, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".overview", fund_id=fund.id))


@bp.post("/fund/data/holds/<uuid:legal_hold_id>/end")
@requires(Permission.DATA_KEEP, legal_hold=get_legal_hold)
def end(legal_hold: LegalHold) -> ResponseReturnValue:
    fund_id = legal_hold.application.call.fund_id
    with unit_of_work():
        end_hold(legal_hold, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".overview", fund_id=fund_id))


def application_named(form: BaseForm, fund: Fund) -> Application | None:
    """By its receipt. A group that the person has a tie with is not there for them."""
    typed = str(form["receipt"].data or "").strip()
    found = find_by_receipt(fund, typed, reader=signed_in_user()) if typed else None
    if typed and found is None:
        form.add_error("receipt", _("There is no application with this number. Look at the receipt again."))
    return found


def _keepers_form(fund: Fund) -> type[BaseForm]:
    return keepers_form([(str(each.id), each.shown_name) for each in list_staff(fund)])


def _overview(fund: Fund, **bound: BaseForm) -> str:
    reader = signed_in_user()
    named = {"lead": str(fund.data_lead_id or ""), "deputy": str(fund.data_deputy_id or "")}
    forms: dict[str, Any] = {
        "hold": bound.get("hold") or HoldForm(None),
        "keepers": bound.get("keepers") or _keepers_form(fund)(None, data=named),
    }
    return render_template(
        "fund/data/overview.html",
        fund=fund,
        requests=list_outside_requests(fund, reader=reader),
        breaches=list_breaches(fund, reader=reader),
        holds=list_legal_holds(fund, reader=reader),
        may_name=can(reader, Permission.DATA_NAME, fund),
        now=utcnow(),
        page_errors=[error for form in bound.values() for error in form.error_list()],
        **forms,
    )
