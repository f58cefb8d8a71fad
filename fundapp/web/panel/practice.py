"""The practice round as a member sees it: samples to mark, and afterwards how the others marked them."""

from __future__ import annotations

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.practice import practice_form
from fundapp.call_file.definition import CallDefinition
from fundapp.clock import utcnow
from fundapp.db import Json, unit_of_work
from fundapp.errors import FundError, StaleVersion
from fundapp.lifecycles import PanelAct
from fundapp.models.panel import Panel
from fundapp.models.practice import PracticeSample
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_phases import allows
from fundapp.queries.panels import get_panel, get_seat_of
from fundapp.queries.practice import (
    agreed_levels,
    find_practice_sheet,
    get_sample,
    list_practice_sheets,
    list_samples,
    marks_rev,
    spread_of,
)
from fundapp.services.practice import lock_practice, save_practice
from fundapp.services.readings import IncompleteSheet, NewMark
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_rev
from fundapp.web.marks import GAPS, chosen_level, gap_error, levels_to_choose, mark_in
from fundapp.web.panel.blueprint import bp
from fundapp.web.sessions import signed_in_user


@bp.get("/panels/<uuid:panel_id>/practice")
@requires(Permission.PANEL_OPEN, panel=get_panel)
def practice(panel: Panel) -> ResponseReturnValue:
    seat = get_seat_of(panel, signed_in_user())
    sheets = list_practice_sheets(panel)
    own = {sheet.sample_id: sheet for found in sheets.values() for sheet in found if sheet.seat_id == seat.id}
    return render_template(
        "panel/practice.html",
        panel=panel,
        samples=list_samples(panel),
        own=own,
        definition=definition_of(current_version(panel.call)),
        agreed=agreed_levels(panel.id),
        page_title=_("Practice round"),
    )


@bp.route("/panels/<uuid:panel_id>/practice/<uuid:sample_id>", methods=["GET", "POST"])
@requires(Permission.PANEL_OPEN, panel=get_panel, sample=get_sample)
def practice_sample(panel: Panel, sample: PracticeSample) -> ResponseReturnValue:
    """Saved at every change; locking shows the spread."""
    if sample.panel_id != panel.id:
        raise NotFound
    seat = get_seat_of(panel, signed_in_user())
    sheet = find_practice_sheet(sample, seat)
    definition = definition_of(current_version(panel.call))
    form = bind(_form(definition), data=_typed(sheet.marks if sheet else {}))
    if request.method == "GET":
        return _page(sample, definition, form)
    rev = sent_rev()
    if not form.validate():
        return _page(sample, definition, form, rev=rev), 422
    try:
        with unit_of_work():
            marks = _marks(form, definition)
            rev = save_practice(sample, seat, marks, rev=rev, actor=signed_in_user(), now=utcnow())
        if request.form.get("autosave"):
            return jsonify(rev=rev)
        if request.form.get("go") == "lock":
            with unit_of_work():
                lock_practice(sample, seat, actor=signed_in_user(), now=utcnow())
            return redirect(url_for("panel.practice_sample", panel_id=panel.id, sample_id=sample.id))
    except IncompleteSheet as error:
        for key, gap in error.gaps:
            field, _words = GAPS[gap]
            form.add_error(f"{field}_{key}", gap_error(gap, definition.criterion(key).title))
        return _page(sample, definition, form, rev=rev), 422
    except StaleVersion:
        return _page(sample, definition, form, is_stale=True), 409
    except FundError as error:
        return _page(sample, definition, form, refused=error), error.status
    return redirect(url_for("panel.practice", panel_id=panel.id))


def _form(definition: CallDefinition) -> type[BaseForm]:
    rules = definition.assessment
    return practice_form([each.key for each in rules.criteria], levels_to_choose(rules.scale))


def _typed(marks: Json) -> dict[str, object]:
    typed: dict[str, object] = {}
    for key, mark in marks.items():
        typed[f"level_{key}"] = chosen_level(mark["value"], cant_tell=mark["cant_tell"])
        typed[f"sentence_{key}"] = mark["sentence"]
    return typed


def _marks(form: BaseForm, definition: CallDefinition) -> dict[str, NewMark]:
    return {each.key: mark_in(form, f"_{each.key}") for each in definition.assessment.criteria}


def _page(
    sample: PracticeSample,
    definition: CallDefinition,
    form: BaseForm,
    *,
    rev: str | None = None,
    refused: FundError | None = None,
    is_stale: bool = False,
) -> str:
    """The spread is asked for only once the own sheet is locked."""
    panel = sample.panel
    sheet = find_practice_sheet(sample, get_seat_of(panel, signed_in_user()))
    is_locked = sheet is not None and sheet.locked_at is not None
    return render_template(
        "panel/practice_sample.html",
        panel=panel,
        sample=sample,
        definition=definition,
        form=form,
        sheet=sheet,
        is_locked=is_locked,
        may_mark=not is_locked and allows(panel, PanelAct.PRACTISE, utcnow()),
        spread=spread_of(list_practice_sheets(panel).get(sample.id, [])) if is_locked else {},
        agreed=agreed_levels(panel.id),
        rev=rev or marks_rev(sheet.marks if sheet else None),
        refused=refused,
        is_stale=is_stale,
        page_title=sample.title,
        page_errors=form.error_list(),
    )
