"""An answer whose meaning is not clear: a question to the group instead of a low mark."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.panel import UnclearForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.panel import ReviewAssignment
from fundapp.permissions import Permission
from fundapp.queries.read_answers import all_answers
from fundapp.queries.read_copies import sheet_for_reader
from fundapp.queries.readings import get_assignment
from fundapp.services.readings import ask_meaning
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.panel.blueprint import ADDRESS, bp
from fundapp.web.sessions import signed_in_user


@bp.route(f"{ADDRESS}/answers/<key>/unclear", methods=["GET", "POST"])
@requires(Permission.SCORE_WRITE, assignment=get_assignment)
def unclear(assignment: ReviewAssignment, key: str) -> ResponseReturnValue:
    """The secretary has it at once; every reader sees what the group says."""
    sheet = sheet_for_reader(assignment)
    answer = next((each for each in all_answers(sheet) if each.question.key == key and each.is_given), None)
    if answer is None:
        abort(404)
    criterion = next(iter(answer.question.criteria), None)
    back = (
        url_for("panel.criterion", assignment_id=assignment.id, criterion_key=criterion)
        if criterion
        else url_for("panel.read", assignment_id=assignment.id)
    )
    form, refused = bind(UnclearForm), None
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                ask_meaning(assignment, key, form["text"].data, actor=signed_in_user(), now=utcnow())
            return redirect(f"{back}#answer-{key}")
        except FundError as error:
            refused = error
    page = render_template(
        "panel/unclear.html",
        assignment=assignment,
        answer=answer,
        form=form,
        back_url=back,
        refused=refused,
        page_title=_("The meaning is not clear to me"),
        page_errors=form.error_list(),
    )
    return page, refused.status if refused else 422 if form.errors else 200
