"""Complaints and appeals for those who may handle them: acknowledge, say whom it is about, answer."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.complaints import ABOUT, OUTCOMES, AcknowledgeForm, ComplaintAnswerForm, person_form
from forms.pages.fund import EVIDENCE
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.complaint import Complaint, ComplaintOutcome
from fundapp.models.fund import Fund
from fundapp.moments import london_day
from fundapp.permissions import Permission, can
from fundapp.queries.complaints import get_complaint, list_complaints, list_staff
from fundapp.queries.funds import get_fund
from fundapp.queries.users import get_user
from fundapp.services.complaints import acknowledge, answer_complaint, say_whom
from fundapp.services.promises import DayNotAhead
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_complaints", __name__)
ADDRESS = "/fund/complaints/<uuid:complaint_id>"


@bp.get("/fund/<uuid:fund_id>/complaints")
@requires(Permission.COMPLAINT_LIST, fund=get_fund)
def list_page(fund: Fund) -> ResponseReturnValue:
    return render_template(
        "fund/complaints/list.html",
        fund=fund,
        complaints=list_complaints(fund, reader=signed_in_user()),
        about=dict(ABOUT),
        today=london_day(utcnow()),
    )


@bp.get(ADDRESS)
@requires(Permission.COMPLAINT_HANDLE, complaint=get_complaint)
def page(complaint: Complaint) -> ResponseReturnValue:
    return _page(complaint)


@bp.post(f"{ADDRESS}/acknowledge")
@requires(Permission.COMPLAINT_HANDLE, complaint=get_complaint)
def acknowledge_one(complaint: Complaint) -> ResponseReturnValue:
    form = bind(AcknowledgeForm)
    if form.validate():
        try:
            with unit_of_work():
                acknowledge(complaint, form["answer_by"].data, actor=signed_in_user(), now=utcnow())
            return redirect(url_for(".page", complaint_id=complaint.id))
        except DayNotAhead:
            form.add_error("answer_by", _("Choose a day after today."))
    return _page(complaint, acknowledge_form=form), 422


@bp.post(f"{ADDRESS}/answer")
@requires(Permission.COMPLAINT_HANDLE, complaint=get_complaint)
def answer_one(complaint: Complaint) -> ResponseReturnValue:
    form = bind(ComplaintAnswerForm)
    if not form.validate():
        return _page(complaint, answer_form=form), 422
    with unit_of_work():
        outcome = ComplaintOutcome(form["outcome"].data)
        answer_complaint(complaint, outcome, form["answer"].data, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", complaint_id=complaint.id))


@bp.post(f"{ADDRESS}/about")
@requires(Permission.COMPLAINT_HANDLE, complaint=get_complaint)
def about(complaint: Complaint) -> ResponseReturnValue:
    """Whoever finds that it is about themselves hands it on by this too."""
    form = bind(_about_form(complaint))
    if not form.validate():
        return _page(complaint, about_form=form), 422
    with unit_of_work():
        say_whom(complaint, get_user(UUID(form["person"].data)), actor=signed_in_user(), now=utcnow())
    if can(signed_in_user(), Permission.COMPLAINT_HANDLE, complaint):
        return redirect(url_for(".page", complaint_id=complaint.id))
    return redirect(url_for(".list_page", fund_id=complaint.call.fund_id))


def _about_form(complaint: Complaint) -> type[BaseForm]:
    people = [(str(each.id), each.name or each.email) for each in list_staff(complaint.call.fund)]
    return person_form("person", _("Whom is it about?"), people)


def _page(
    complaint: Complaint,
    *,
    acknowledge_form: BaseForm | None = None,
    answer_form: BaseForm | None = None,
    about_form: BaseForm | None = None,
) -> str:
    forms = [form for form in (acknowledge_form, answer_form, about_form) if form is not None]
    return render_template(
        "fund/complaints/complaint.html",
        complaint=complaint,
        about=dict(ABOUT),
        outcomes=dict(OUTCOMES),
        evidence_words=dict(EVIDENCE),
        acknowledge_form=acknowledge_form or AcknowledgeForm(None),
        answer_form=answer_form or ComplaintAnswerForm(None),
        about_form=about_form or _about_form(complaint)(None),
        today=london_day(utcnow()),
        page_errors=[error for form in forms for error in form.error_list()],
    )
