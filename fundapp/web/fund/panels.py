"""The panel of a round: its seats, who reads what and how far, questions to groups."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.languages import choices_of
from forms.pages.panel import ReaderQuestionForm, seat_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import ApplicationStatus, PanelAct
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.panel import Panel, PanelSeat, ReaderQuestion, SeatKind
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_board import board_of, read_application, readers_of
from fundapp.queries.panel_phases import allows, phase_of
from fundapp.queries.panels import (
    find_panel,
    get_application,
    get_reader_question,
    get_round,
    get_seat,
    list_conflicted_users,
    list_reader_questions,
    list_sent_questions,
    list_umbrellas,
)
from fundapp.queries.reader_facts import missed_wishes, reader_facts
from fundapp.queries.reader_warnings import warnings_for
from fundapp.queries.readings import TO_BE_READ
from fundapp.queries.training import trained_seats
from fundapp.services.assignments import add_reader, assign_readers, help_needed, remove_reader
from fundapp.services.clarifications import keep_question_back, send_question
from fundapp.services.panels import (
    AlreadyOnPanel,
    CannotChair,
    NewSeat,
    SeatsAreFull,
    SeesTheNames,
    add_seat,
    bring_to_panel,
    close_panel,
    remove_seat,
    set_up_panel,
    start_review,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user
from scoring.panel_to_fill import Plan

bp = Blueprint("fund_panels", __name__)

PANEL = "/fund/rounds/<uuid:round_id>/panel"
READERS = "/fund/applications/<uuid:application_id>/readers"


@bp.get(PANEL)
@requires(Permission.PANEL_RUN, round=get_round)
def panel_page(round: Round) -> ResponseReturnValue:
    return _panel_page(round)


@bp.post(f"{PANEL}/set-up")
@requires(Permission.PANEL_RUN, round=get_round)
def set_up(round: Round) -> ResponseReturnValue:
    return _take(round, lambda: set_up_panel(round, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{PANEL}/start")
@requires(Permission.PANEL_RUN, round=get_round)
def start(round: Round) -> ResponseReturnValue:
    return _take(round, lambda: start_review(round, actor=signed_in_user(), now=utcnow()))


@bp.post(f"{PANEL}/assign")
@requires(Permission.PANEL_RUN, round=get_round)
def assign(round: Round) -> ResponseReturnValue:
    """What the rules ask for and cannot be met stands in the list afterwards."""
    panel, plans = _panel(round), list[Plan]()
    page = _take(round, lambda: plans.append(assign_readers(panel, actor=signed_in_user(), now=utcnow())))
    is_short = any(plan.unmet or plan.without for plan in plans)
    return redirect(url_for("fund_panels.help_page", round_id=round.id)) if is_short else page


@bp.get(f"{PANEL}/help")
@requires(Permission.PANEL_RUN, round=get_round)
def help_page(round: Round) -> ResponseReturnValue:
    """What the rules want and nobody can give, and the smallest change that would help."""
    panel = _panel(round)
    facts = reader_facts(panel, viewer=signed_in_user())
    return render_template(
        "fund/panels/help.html",
        round=round,
        facts=facts,
        found=help_needed(facts),
        missed=missed_wishes(facts),
    )


@bp.post(f"{PANEL}/bring")
@requires(Permission.PANEL_RUN, round=get_round)
def bring(round: Round) -> ResponseReturnValue:
    """Everything read enough and without an open question goes to the meeting."""
    return _take(round, lambda: _bring_all(round))


@bp.post(f"{PANEL}/close")
@requires(Permission.PANEL_RUN, round=get_round)
def close(round: Round) -> ResponseReturnValue:
    panel = _panel(round)
    return _take(round, lambda: close_panel(panel, actor=signed_in_user(), now=utcnow()))


@bp.route(f"{PANEL}/seats", methods=["GET", "POST"])
@requires(Permission.PANEL_RUN, round=get_round)
def add_member(round: Round) -> ResponseReturnValue:
    panel, form = _panel(round), _seat_form(round)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                add_seat(panel, _new_seat(form), actor=signed_in_user(), now=utcnow())
        except SeatsAreFull:
            form.add_error("kind", _("All seats of this kind are taken."))
        except AlreadyOnPanel:
            form.add_error("email", _("This person is on the panel already."))
        except CannotChair:
            form.add_error("is_chair", _("This member cannot take the chair, or somebody else has it."))
        except SeesTheNames as error:
            form.add_error("email", message_for(error) or "")
        else:
            return redirect(url_for("fund_panels.panel_page", round_id=round.id))
    page = render_template(
        "fund/panels/member.html",
        round=round,
        form=form,
        page_title=_("Add a member"),
        page_errors=form.error_list(),
    )
    return page, 422 if form.error_list() else 200


@bp.post(f"{PANEL}/seats/<uuid:seat_id>/remove")
@requires(Permission.PANEL_RUN, round=get_round, seat=get_seat)
def remove_member(round: Round, seat: PanelSeat) -> ResponseReturnValue:
    _same_round(seat, round.id)
    return _take(round, lambda: remove_seat(seat, actor=signed_in_user(), now=utcnow()))


@bp.get(READERS)
@requires(Permission.PANEL_RUN, application=get_application)
def readers_page(application: Application) -> ResponseReturnValue:
    return _readers_page(application)


@bp.post(f"{READERS}/<uuid:seat_id>")
@requires(Permission.PANEL_RUN, application=get_application, seat=get_seat)
def give(application: Application, seat: PanelSeat) -> ResponseReturnValue:
    _same_round(seat, application.round_id)
    anyway = request.form.get("anyway") == "yes"
    return _change(
        application,
        lambda: add_reader(application, seat, actor=signed_in_user(), now=utcnow(), anyway=anyway),
    )


@bp.post(f"{READERS}/<uuid:seat_id>/remove")
@requires(Permission.PANEL_RUN, application=get_application, seat=get_seat)
def take_back(application: Application, seat: PanelSeat) -> ResponseReturnValue:
    assessment = definition_for(application).assessment
    line = read_application(application, _panel(application.round), assessment)
    reader = next((each for each in line.readers if each.seat.id == seat.id), None)
    if reader is None:
        return redirect(url_for("fund_panels.readers_page", application_id=application.id))
    return _change(
        application, lambda: remove_reader(reader.assignment, actor=signed_in_user(), now=utcnow())
    )


@bp.post(f"{READERS}/bring")
@requires(Permission.PANEL_RUN, application=get_application)
def bring_one(application: Application) -> ResponseReturnValue:
    return _change(application, lambda: bring_to_panel(application, actor=signed_in_user(), now=utcnow()))


@bp.get("/fund/rounds/<uuid:round_id>/questions")
@requires(Permission.PANEL_RUN, round=get_round)
def questions_page(round: Round) -> ResponseReturnValue:
    return _questions_page(round)


@bp.post("/fund/applications/<uuid:application_id>/questions/<uuid:question_id>")
@requires(Permission.PANEL_RUN, application=get_application, question=get_reader_question)
def settle_question(application: Application, question: ReaderQuestion) -> ResponseReturnValue:
    """Send what a reader asked, in the secretary's words, or say why not."""
    if question.assignment.application_id != application.id:
        abort(404)
    form = bind(ReaderQuestionForm, prefix=_prefix(question))
    is_sent = request.form.get("go") != "keep"
    wanted = form["text"] if is_sent else form["reason"]
    if form.validate() and not wanted.data:
        words = _("Write the question.") if is_sent else _("Write why it is not sent.")
        form.add_error(wanted.short_name, words)
    if form.error_list():
        return _questions_page(application.round, wrong=(question.id, form), status=422)
    act = send_question if is_sent else keep_question_back
    try:
        with unit_of_work():
            act(question, wanted.data, actor=signed_in_user(), now=utcnow())
    except FundError as error:
        return _questions_page(
            application.round, wrong=(question.id, form), refused=error, status=error.status
        )
    return redirect(url_for("fund_panels.questions_page", round_id=application.round_id))


def _take(round: Round, step: Callable[[], object]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step()
    except FundError as error:
        return _panel_page(get_round(round.id), refused=error, status=error.status)
    return redirect(url_for("fund_panels.panel_page", round_id=round.id))


def _change(application: Application, step: Callable[[], object]) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step()
    except FundError as error:
        return _readers_page(get_application(application.id), refused=error, status=error.status)
    return redirect(url_for("fund_panels.readers_page", application_id=application.id))


def _bring_all(round: Round) -> None:
    assessment = definition_of(current_version(round.call)).assessment
    board = board_of(round, find_panel(round), assessment, viewer=signed_in_user())
    for line in board.applications:
        is_quiet = line.application.status is ApplicationStatus.IN_REVIEW
        if is_quiet and line.is_ready(assessment):
            bring_to_panel(line.application, actor=signed_in_user(), now=utcnow())


def _panel(round: Round) -> Panel:
    panel = find_panel(round)
    if panel is None:
        abort(404)
    return panel


def _same_round(seat: PanelSeat, round_id: UUID) -> None:
    if seat.panel.round_id != round_id:
        abort(404)


def _seat_form(round: Round) -> BaseForm:
    rules, language = definition_of(current_version(round.call)).panel, current_language().code
    kinds = [(seat.key, seat.who.in_language(language)) for seat in rules.seats if seat.key in set(SeatKind)]
    organisations = [(str(each.id), each.name) for each in list_umbrellas()]
    codes = definition_of(current_version(round.call)).languages
    return bind(seat_form(kinds, organisations, choices_of(codes)))


def _new_seat(form: BaseForm) -> NewSeat:
    nominator = form["nominated_by"].data
    umbrellas = {str(each.id): each for each in list_umbrellas()}
    return NewSeat(
        email=form["email"].data,
        name=form["name"].data,
        kind=SeatKind(form["kind"].data),
        capacity=form["capacity"].data,
        nominated_by=umbrellas.get(nominator or ""),
        is_chair=form["is_chair"].data,
        reads_in=tuple(form["reads_in"].data),
    )


def _panel_page(round: Round, *, refused: FundError | None = None, status: int = 200) -> ResponseReturnValue:
    definition = definition_of(current_version(round.call))
    panel = find_panel(round)
    board = board_of(round, panel, definition.assessment, viewer=signed_in_user())
    page = render_template(
        "fund/panels/panel.html",
        round=round,
        panel=panel,
        phase=phase_of(panel, utcnow()) if panel else None,
        board=board,
        definition=definition,
        trained=trained_seats(panel, definition.panel) if panel else frozenset(),
        kinds=[seat for seat in definition.panel.seats if seat.key in set(SeatKind)],
        ready=sum(
            line.application.status is ApplicationStatus.IN_REVIEW and line.is_ready(definition.assessment)
            for line in board.applications
        ),
        refused=refused,
    )
    return page, status


def _readers_page(
    application: Application, *, refused: FundError | None = None, status: int = 200
) -> ResponseReturnValue:
    panel, definition = _panel(application.round), definition_for(application)
    trained = trained_seats(panel, definition.panel)
    line, loads = readers_of(application, panel, definition.assessment, viewer=signed_in_user())
    page = render_template(
        "fund/panels/readers.html",
        application=application,
        line=line,
        loads=loads,
        readers={reader.seat.id: reader for reader in line.readers},
        conflicted=list_conflicted_users(application),
        warnings=warnings_for(line, loads, definition, trained),
        definition=definition,
        is_ready=line.is_ready(definition.assessment),
        may_unlock=allows(panel, PanelAct.UNLOCK, utcnow()) and application.status in TO_BE_READ,
        refused=refused,
    )
    return page, status


def _prefix(question: ReaderQuestion) -> str:
    return f"q{question.id.hex[:12]}-"


def _questions_page(
    round: Round,
    *,
    wrong: tuple[UUID, BaseForm] | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    questions = list_reader_questions(round, viewer=signed_in_user())
    forms = {
        each.id: ReaderQuestionForm(None, prefix=_prefix(each), data={"text": each.text})
        for each in questions
        if each.not_sent_reason is None
    }
    typed = None
    if wrong is not None and refused is not None and wrong[0] not in forms:
        typed = wrong[1]  # somebody else was quicker: there is no place for it any more
    elif wrong is not None:
        forms[wrong[0]] = wrong[1]  # type: ignore[assignment]  # the same form, bound
    page = render_template(
        "fund/panels/questions.html",
        round=round,
        questions=questions,
        forms=forms,
        sent=list_sent_questions(round, viewer=signed_in_user()),
        definition=definition_of(current_version(round.call)),
        refused=refused,
        typed=typed,
        page_errors=wrong[1].error_list() if wrong else [],
    )
    return page, status
