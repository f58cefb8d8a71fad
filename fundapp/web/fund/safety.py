"""The restricted list: who is not safe, for the people named for it alone."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.complaints import CloseFlagForm, named_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.complaint import SafetyFlag
from fundapp.models.fund import Fund
from fundapp.permissions import Permission, can
from fundapp.queries.complaints import get_safety_flag, list_safety_flags, list_staff
from fundapp.queries.funds import get_fund
from fundapp.queries.users import get_user
from fundapp.services.safety import close_flag, name_for_safety, take_flag
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_safety", __name__)
FLAG = "/fund/safety/<uuid:safety_flag_id>"


@bp.get("/fund/<uuid:fund_id>/safety")
@requires(Permission.SAFETY_KEEP, fund=get_fund)
def list_page(fund: Fund) -> ResponseReturnValue:
    return _list(fund)


@bp.post("/fund/<uuid:fund_id>/safety")
@requires(Permission.SAFETY_NAME, fund=get_fund)
def name(fund: Fund) -> ResponseReturnValue:
    form = bind(_named_form(fund))
    if form.validate() and form["lead"].data == form["deputy"].data:
        form.add_error("deputy", _("Choose a second person."))
    if form.errors:
        return _list(fund, form), 422
    lead, deputy = (get_user(UUID(form[each].data)) for each in ("lead", "deputy"))
    with unit_of_work():
        name_for_safety(fund, lead, deputy, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".list_page", fund_id=fund.id))


@bp.get(FLAG)
@requires(Permission.SAFETY_KEEP, safety_flag=get_safety_flag)
def flag(safety_flag: SafetyFlag) -> ResponseReturnValue:
    return _flag(safety_flag, CloseFlagForm(None))


@bp.post(f"{FLAG}/take")
@requires(Permission.SAFETY_KEEP, safety_flag=get_safety_flag)
def take(safety_flag: SafetyFlag) -> ResponseReturnValue:
    with unit_of_work():
        take_flag(safety_flag, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".flag", safety_flag_id=safety_flag.id))


@bp.post(f"{FLAG}/close")
@requires(Permission.SAFETY_KEEP, safety_flag=get_safety_flag)
def close(safety_flag: SafetyFlag) -> ResponseReturnValue:
    form = bind(CloseFlagForm)
    if not form.validate():
        return _flag(safety_flag, form), 422
    with unit_of_work():
        close_flag(safety_flag, form["note"].data, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".flag", safety_flag_id=safety_flag.id))


def _flag(safety_flag: SafetyFlag, form: CloseFlagForm) -> str:
    return render_template(
        "fund/safety/flag.html",
        flag=safety_flag,
        fund=safety_flag.check_in.award.call.fund,
        form=form,
        page_errors=form.error_list(),
    )


def _named_form(fund: Fund) -> type[BaseForm]:
    return named_form([(str(each.id), each.name or each.email) for each in list_staff(fund)])


def _list(fund: Fund, form: BaseForm | None = None) -> str:
    named = {"lead": str(fund.safety_lead_id or ""), "deputy": str(fund.safety_deputy_id or "")}
    return render_template(
        "fund/safety/list.html",
        fund=fund,
        flags=list_safety_flags(fund, reader=signed_in_user()),
        form=form or _named_form(fund)(None, data=named),
        may_name=can(signed_in_user(), Permission.SAFETY_NAME, fund),
        page_errors=form.error_list() if form else [],
    )
