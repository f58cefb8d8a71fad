"""The scoring sheet: one criterion at a time beside the answers it is about, saved at every step."""

from __future__ import annotations

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forms.base import BaseForm
from forms.i18n import _
from forms.pages.panel import NoteForm, late_tie_form, mark_form
from fundapp.call_file.assessment import Criterion
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, StaleVersion
from fundapp.models.organisation import Organisation
from fundapp.models.panel import ConflictResponse, ReviewAssignment
from fundapp.permissions import Permission
from fundapp.queries.panels import get_panel
from fundapp.queries.practice import agreed_levels
from fundapp.queries.read_answers import answers_about
from fundapp.queries.read_copies import sheet_for_reader
from fundapp.queries.readings import (
    Sheet,
    get_assignment,
    is_open_for_scoring,
    list_readings,
)
from fundapp.services.conflicts import Tie, declare_late
from fundapp.services.readings import (
    Gap,
    IncompleteSheet,
    NewNote,
    gaps_of,
    lock_review,
    raise_question,
    save_mark,
    save_note,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_rev
from fundapp.web.marks import GAPS, chosen_level, gap_error, levels_to_choose, mark_in
from fundapp.web.panel.blueprint import ADDRESS, bp
from fundapp.web.panel.names import reader_name
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction

CRITERION = f"{ADDRESS}/criteria/<criterion_key>"
THIS = "this"  # the group of an application whose name is hidden


@bp.route(ADDRESS, methods=["GET", "POST"])
@requires(Permission.APPLICATION_READ, assignment=get_assignment)
def read(assignment: ReviewAssignment) -> ResponseReturnValue:
    """The whole sheet: what is marked, own notes, and the way to lock it."""
    sheet = sheet_for_reader(assignment)
    form = bind(NoteForm, data=_note(sheet))
    if request.method == "GET":
        return _overview(sheet, form)
    if not form.validate():
        return _overview(sheet, form, rev=sent_rev()), 422
    try:
        rev = _save_note(assignment, form)
    except StaleVersion:
        return _overview(sheet_for_reader(assignment), form, is_stale=True), 409
    except FundError as error:
        return _overview(sheet_for_reader(assignment), form, refused=error), error.status
    if request.form.get("autosave"):
        return jsonify(rev=rev)
    return redirect(url_for("panel.read", assignment_id=assignment.id))


@bp.post(f"{ADDRESS}/lock")
@requires(Permission.SCORE_WRITE, assignment=get_assignment)
def lock(assignment: ReviewAssignment) -> ResponseReturnValue:
    """Keeps the notes typed beside the button, locks, and goes on to the next application."""
    form = bind(NoteForm)
    if not form.validate():
        return _overview(sheet_for_reader(assignment), form, rev=sent_rev()), 422
    try:
        with unit_of_work():
            _save_note_here(assignment, form)
            lock_review(assignment, actor=signed_in_user(), now=utcnow())
    except StaleVersion:
        return _overview(sheet_for_reader(assignment), form, is_stale=True), 409
    except IncompleteSheet as error:
        rev = _save_note(assignment, form)
        return _overview(sheet_for_reader(assignment), form, gaps=error.gaps, rev=rev), 422
    except FundError as error:
        return _overview(sheet_for_reader(assignment), form, refused=error), error.status
    return redirect(_next_reading(assignment))


@bp.route(CRITERION, methods=["GET", "POST"])
@requires(Permission.SCORE_WRITE, assignment=get_assignment)
def criterion(assignment: ReviewAssignment, criterion_key: str) -> ResponseReturnValue:
    sheet = sheet_for_reader(assignment)
    chosen = _criterion(sheet, criterion_key)
    form = bind(_mark_form(sheet), data=_mark(sheet, criterion_key))
    if request.method == "GET":
        return _criterion_page(sheet, chosen, form)
    if not form.validate():
        return _criterion_page(sheet, chosen, form, rev=sent_rev()), 422
    try:
        with unit_of_work():
            rev = _save_mark(assignment, criterion_key, form)
            if request.form.get("go") == "ask":
                raise_question(assignment, criterion_key, actor=signed_in_user(), now=utcnow())
    except StaleVersion:
        return _criterion_page(sheet_for_reader(assignment), chosen, form, is_stale=True), 409
    except IncompleteSheet as error:
        _add_gap_errors(form, error)
        return _criterion_page(sheet_for_reader(assignment), chosen, form, rev=sent_rev()), 422
    except FundError as error:
        return _criterion_page(sheet_for_reader(assignment), chosen, form, refused=error), error.status
    if request.form.get("autosave"):
        return jsonify(rev=rev)
    return redirect(_after(sheet, chosen))


@bp.route(f"{ADDRESS}/tie", methods=["GET", "POST"])
@requires(Permission.APPLICATION_READ, assignment=get_assignment)
def late_tie(assignment: ReviewAssignment) -> ResponseReturnValue:
    """A tie noticed while reading: say so, and the application leaves the member's list."""
    groups, names = _groups_in(assignment)
    form = bind(late_tie_form(names), data={"group": names[0][0]})
    if request.method == "POST" and form.validate():
        tie = Tie(ConflictResponse(form["response"].data), form["reason"].data)
        with unit_of_work():
            group = groups[form["group"].data]
            declare_late(assignment, group.id, tie, actor=signed_in_user(), now=utcnow())
        return redirect(url_for("panel.panel_page", panel_id=assignment.seat.panel_id))
    page = render_template(
        "panel/late_tie.html",
        assignment=assignment,
        form=form,
        page_title=_("I have a tie with this group"),
        page_errors=form.error_list(),
    )
    return page, 422 if form.errors else 200


def _groups_in(assignment: ReviewAssignment) -> tuple[dict[str, Organisation], list[tuple[str, Markup]]]:
    """Whom a late tie can be with, and what they are called. Without names it is with the application."""
    application, panel = assignment.application, assignment.seat.panel
    if panel.hides_names(utcnow()):
        return {THIS: application.organisation}, [(THIS, in_own_direction(reader_name(application, panel)))]
    partners = [share.organisation for share in application.shares]
    groups = {str(each.id): each for each in (application.organisation, *partners)}
    return groups, [(key, in_own_direction(each.name)) for key, each in groups.items()]


def _save_note(assignment: ReviewAssignment, form: NoteForm) -> str:
    with unit_of_work():
        return _save_note_here(assignment, form)


def _save_note_here(assignment: ReviewAssignment, form: NoteForm) -> str:
    note = NewNote(form["private_note"].data, form["has_concern"].data, form["concern"].data)
    return save_note(assignment, note, rev=sent_rev(), actor=signed_in_user(), now=utcnow())


def _save_mark(assignment: ReviewAssignment, key: str, form: BaseForm) -> str:
    return save_mark(assignment, key, mark_in(form), rev=sent_rev(), actor=signed_in_user(), now=utcnow())


def _note(sheet: Sheet) -> dict[str, object]:
    review = sheet.review
    names = ("private_note", "has_concern", "concern")
    return {name: getattr(review, name) for name in names} if review else {}


def _mark(sheet: Sheet, key: str) -> dict[str, object]:
    score, question = sheet.scores.get(key), sheet.questions.get(key)
    return {
        "level": chosen_level(score.value, cant_tell=score.cant_tell) if score else None,
        "sentence": score.sentence if score else "",
        "question": question.text if question else "",
    }


def _mark_form(sheet: Sheet) -> type[BaseForm]:
    return mark_form(levels_to_choose(sheet.definition.assessment.scale))


def _criterion(sheet: Sheet, key: str) -> Criterion:
    try:
        return sheet.definition.criterion(key)
    except KeyError:
        abort(404)


def _after(sheet: Sheet, chosen: Criterion) -> str:
    """The next criterion; after the last one, and where somebody is only mending, the whole sheet."""
    criteria = sheet.definition.assessment.criteria
    place = criteria.index(chosen)
    if request.form.get("go") == "ask":
        return url_for("panel.criterion", assignment_id=sheet.assignment.id, criterion_key=chosen.key)
    if request.form.get("go") == "later" or place + 1 == len(criteria) or sheet.is_locked:
        return url_for("panel.read", assignment_id=sheet.assignment.id)
    return url_for(
        "panel.criterion", assignment_id=sheet.assignment.id, criterion_key=criteria[place + 1].key
    )


def _next_reading(assignment: ReviewAssignment) -> str:
    panel = get_panel(assignment.seat.panel_id)
    for reading in list_readings(assignment.seat, panel):
        if not reading.is_closed:
            return url_for("panel.read", assignment_id=reading.assignment.id)
    return url_for("panel.panel_page", panel_id=panel.id)


def _add_gap_errors(form: BaseForm, error: IncompleteSheet) -> None:
    """Said only where something is done that cannot be done unfinished; saving never asks for it."""
    for _key, gap in error.gaps:
        form.add_error(*GAPS[gap])


def _overview(
    sheet: Sheet,
    form: NoteForm,
    *,
    gaps: list[tuple[str, Gap]] | None = None,
    refused: FundError | None = None,
    is_stale: bool = False,
    rev: str | None = None,
) -> str:
    titles = {each.key: each.title for each in sheet.definition.assessment.criteria}
    errors = [(f"criterion-{key}", gap_error(gap, titles[key])) for key, gap in gaps or ()]
    return render_template(
        "panel/sheet.html",
        sheet=sheet,
        form=form,
        rev=rev or sheet.note_rev,
        answers=answers_about(sheet, None),
        others=sheet.others,
        gaps=dict(gaps_of(sheet)),
        gap_words={
            Gap.MARK: _("no level yet"),
            Gap.SENTENCE: _("the sentence is missing"),
            Gap.QUESTION: _("the question to the group is missing"),
        },
        is_open=is_open_for_scoring(sheet.assignment, utcnow()),
        refused=refused,
        is_stale=is_stale,
        page_errors=[*form.error_list(), *errors],
    )


def _criterion_page(
    sheet: Sheet,
    chosen: Criterion,
    form: BaseForm,
    *,
    refused: FundError | None = None,
    is_stale: bool = False,
    rev: str | None = None,
) -> str:
    criteria = sheet.definition.assessment.criteria
    is_open = is_open_for_scoring(sheet.assignment, utcnow())
    return render_template(
        "panel/criterion.html",
        sheet=sheet,
        criterion=chosen,
        form=form,
        rev=rev or sheet.rev(chosen.key),
        number=criteria.index(chosen) + 1,
        answers=answers_about(sheet, chosen.key),
        agreed=agreed_levels(sheet.assignment.seat.panel_id).get(chosen.key, {}),
        others=[marks[chosen.key] for marks in sheet.others if chosen.key in marks],
        is_open=is_open,
        may_write=is_open and (not sheet.is_locked or sheet.may_settle(chosen.key)),
        refused=refused,
        is_stale=is_stale,
        stored=_mark(sheet, chosen.key),
        page_errors=form.error_list(),
    )
