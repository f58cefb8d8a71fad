"""The secretary types in what a reader says by phone, on paper or in person; nobody else's marks are here."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.panel import typed_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, StaleVersion
from fundapp.models.application import Application
from fundapp.models.panel import PanelSeat, ReviewAssignment
from fundapp.permissions import Permission
from fundapp.queries.panels import get_application, get_seat
from fundapp.queries.readings import Sheet, is_open_for_scoring, sheet_of
from fundapp.services.readings import IncompleteSheet, NewMark
from fundapp.services.typed_marks import OwnSheet, ToldMark, lock_as_told, type_in
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted, sent_rev
from fundapp.web.errors import message_for
from fundapp.web.fund.sheets import SHEET, assignment_of
from fundapp.web.marks import GAPS, chosen_level, gap_error, levels_to_choose, mark_in
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_typed_marks", __name__)


@bp.route(f"{SHEET}/marks", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, application=get_application, seat=get_seat)
def type_marks(application: Application, seat: PanelSeat) -> ResponseReturnValue:
    """All criteria on one page, as on the paper sheet. Saving comes before locking, so nothing is lost."""
    assignment = assignment_of(application, seat)
    sheet = sheet_of(assignment)
    open_keys = _open_keys(sheet)
    form = bind(
        typed_form(open_keys, levels_to_choose(sheet.definition.assessment.scale)),
        data=_typed(sheet, open_keys),
    )
    if not is_posted():
        return _page(sheet, form)
    if not form.validate():
        return _page(sheet, form, keeps_revs=True), 422
    try:
        with unit_of_work():
            type_in(
                assignment, _told(form, open_keys), way=form["way"].data, actor=signed_in_user(), now=utcnow()
            )
        if form["is_final"].data:
            with unit_of_work():
                lock_as_told(assignment, actor=signed_in_user(), now=utcnow())
    except IncompleteSheet as error:
        for key, gap in error.gaps:
            name, _words = GAPS[gap]
            words = gap_error(gap, sheet.definition.criterion(key).title)
            form.add_error(f"{name}_{key}" if key in open_keys else "is_final", words)
        return _page(sheet_of(assignment), form), 422
    except OwnSheet as error:
        form.add_error("is_final", message_for(error) or "")
        return _page(sheet_of(assignment), form), error.status
    except FundError as error:
        stale = isinstance(error, StaleVersion)
        return _page(sheet_of(assignment), form, refused=error, keeps_revs=not stale), error.status
    return redirect(url_for("fund_panels.readers_page", application_id=application.id))


def _open_keys(sheet: Sheet) -> list[str]:
    """What can be typed in; of a page that was sent all it asked for: nothing is left out in silence."""
    keys = [each.key for each in sheet.definition.assessment.criteria]
    if is_posted():
        return [key for key in keys if f"rev_{key}" in request.form or not sheet.is_own(key)]
    return [key for key in keys if not sheet.is_own(key)]


def _typed(sheet: Sheet, keys: list[str]) -> dict[str, object]:
    """What was typed in before."""
    found: dict[str, object] = {}
    for key in keys:
        score, question = sheet.scores.get(key), sheet.questions.get(key)
        if score is not None:
            found[f"level_{key}"] = chosen_level(score.value, cant_tell=score.cant_tell)
            found[f"sentence_{key}"] = score.sentence
        if question is not None and score is not None:
            found[f"question_{key}"] = question.text
    return found


def _told(form: BaseForm, keys: list[str]) -> dict[str, ToldMark]:
    """What was left empty and never typed is not told."""
    told = {}
    for key in keys:
        mark = mark_in(form, f"_{key}")
        rev = sent_rev(f"rev_{key}")
        if mark != NewMark() or rev not in ("", "0"):
            told[key] = ToldMark(mark, rev)
    return told


def _page(sheet: Sheet, form: BaseForm, *, refused: FundError | None = None, keeps_revs: bool = False) -> str:
    criteria = sheet.definition.assessment.criteria
    revs = {each.key: sheet.rev(each.key) for each in criteria}
    if keeps_revs:
        revs |= {key: sent_rev(f"rev_{key}") for key in revs if f"rev_{key}" in request.form}
    assignment: ReviewAssignment = sheet.assignment
    return render_template(
        "fund/panels/typed.html",
        sheet=sheet,
        application=sheet.application,
        seat=assignment.seat,
        form=form,
        revs=revs,
        is_open=is_open_for_scoring(assignment, utcnow()),
        refused=refused,
        page_title=_("Type in marks"),
        page_errors=form.error_list(),
    )
