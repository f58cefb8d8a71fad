"""Starting a call: from nothing, or from an earlier one."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from forms.pages.build import CodeAndDay, new_call_form
from fundapp.call_file.small_call import FirstWords, languages_to_begin_in
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.models.fund import Fund
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.funds import get_fund
from fundapp.services.calls import CodeTaken
from fundapp.services.new_calls import copy_call, start_call
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_new_call", __name__)

TAKEN = _("Another call has this code. Write another one.")


@bp.route("/fund/<uuid:fund_id>/new-call", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, fund=get_fund)
def new_call(fund: Fund) -> ResponseReturnValue:
    first = languages_to_begin_in()
    here = current_language().code
    form = bind(new_call_form(first), data={"first_language": here if here in first else first[0]})
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                call = start_call(fund, _first_words(form, fund), actor=signed_in_user(), now=utcnow())
            return redirect(url_for("fund_build.overview", call_id=call.id))
        except CodeTaken:
            form.add_error("call_code", TAKEN)
    crumbs = [{"url": url_for("fund_calls.fund_page", fund_id=fund.id), "label": fund.name}]
    return render_template(
        "fund/building/new_call.html", form=form, crumbs=crumbs
    ), 422 if is_posted() else 200


def _first_words(form: CodeAndDay, fund: Fund) -> FirstWords:
    typed = form.data
    first = typed["first_language"]
    lines = [" ".join(line.split()) for line in (typed["boroughs"] or "").splitlines()]
    return FirstWords(
        code=typed["call_code"],
        title=typed["title"],
        purpose=typed["purpose"],
        area=typed["area"],
        funder=fund.organisation_name,
        total=typed["total"],
        languages=(first, *(code for code in typed["languages"] if code != first)),
        opens=typed["opens"],
        boroughs=tuple(dict.fromkeys(line for line in lines if line)),
    )


@bp.route("/fund/calls/<uuid:call_id>/copy", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def copy(call: Call) -> ResponseReturnValue:
    form = bind(CodeAndDay)
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                made = copy_call(
                    call, form.call_code.data, form.opens.data, actor=signed_in_user(), now=utcnow()
                )
            return redirect(url_for("fund_build.overview", call_id=made.id))
        except CodeTaken:
            form.add_error("call_code", TAKEN)
    title = definition_of(current_version(call)).title.in_language(current_language().code)
    crumbs = [{"url": url_for("fund_calls.call_page", call_id=call.id), "label": title}]
    return render_template("fund/building/copy.html", form=form, crumbs=crumbs), 422 if is_posted() else 200
