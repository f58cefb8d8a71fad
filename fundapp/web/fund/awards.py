"""The awards board: ranking, proposal, the panel's list, and what each group will hear."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.base import BaseForm
from forms.pages.awards import (
    DecisionForm,
    ExclusionForm,
    FeedbackForm,
    MustMarkForm,
    exclusion_form,
)
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, NotAllowed, StaleVersion
from fundapp.models.application import Application
from fundapp.models.award import Exclusion, Must, MustMark, Outcome
from fundapp.models.call import Round
from fundapp.permissions import Permission
from fundapp.queries.awards import (
    Board,
    BoardLine,
    feedback_rev,
    get_board,
    get_panel_application,
    list_without_feedback,
)
from fundapp.queries.call_money import pounds
from fundapp.queries.calls import get_round
from fundapp.queries.exclusions import get_exclusion, list_exclusions_of
from fundapp.queries.must_marks import find_must_mark, get_must_mark
from fundapp.queries.proposals import amount_limits
from fundapp.queries.ring_fences import percent_text
from fundapp.queries.rule_conflicts import conflict_on
from fundapp.queries.sign_off import readiness_of
from fundapp.queries.wording import first_texts_of, list_sentences
from fundapp.services.decisions import (
    AmountOutside,
    Choice,
    ReasonNeeded,
    RoundIsRatified,
    decide,
    follow_the_rule,
    take_over_proposal,
)
from fundapp.services.exclusions import drop_exclusion, exclude_together
from fundapp.services.feedback import prepare_feedback, write_feedback
from fundapp.services.must_marks import drop_mark, mark_application
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.reasons import (
    decision_sentence,
    gap_sentence,
    point_words,
    problem_sentence,
    ring_fence_name,
    rule_sentence,
)
from fundapp.web.rule_words import must_words, rule_name, way_out_sentence
from fundapp.web.why_not import what_would_change, why_not_sentence

UNPROCESSABLE = 422

bp = Blueprint("fund_awards", __name__)
WORDS = (
    *(decision_sentence, gap_sentence, point_words, problem_sentence, ring_fence_name, rule_sentence),
    *(must_words, rule_name, way_out_sentence, why_not_sentence, what_would_change),
)
for words in WORDS:
    bp.add_app_template_filter(words)
bp.add_app_template_filter(percent_text)
bp.add_app_template_filter(pounds)


@bp.get("/fund/rounds/<uuid:round_id>/awards")
@requires(Permission.DECISION_MAKE, round=get_round)
def board(round: Round) -> ResponseReturnValue:
    return board_page(round)


def board_page(round_: Round, *, refused: FundError | None = None, status: int = 200) -> ResponseReturnValue:
    found = get_board(round_, reader=current_user)
    return (
        render_template(
            "fund/awards/board.html",
            board=found,
            round=round_,
            definition=found.definition,
            readiness=readiness_of(found),
            conflict=conflict_on(found),
            without_feedback=_without_feedback(found),
            limits={
                line.application.id: amount_limits(line.application, found.definition) for line in found.lines
            },
            refused=refused,
        ),
        status,
    )


def _without_feedback(found: Board) -> int:
    return len(list_without_feedback(found.round.id)) if found.ratification else 0


def to_board(round_id: object, anchor: object = None) -> ResponseReturnValue:
    return redirect(url_for(".board", round_id=round_id, _anchor=f"a-{anchor}" if anchor else None), 303)


@bp.post("/fund/rounds/<uuid:round_id>/awards/proposal")
@requires(Permission.DECISION_MAKE, round=get_round)
def take_over(round: Round) -> ResponseReturnValue:
    round_id = round.id
    try:
        with unit_of_work():
            take_over_proposal(round, actor=current_user, now=utcnow())
    except RoundIsRatified as error:
        return board_page(get_round(round_id), refused=error, status=error.status)
    return to_board(round_id)


@bp.get("/fund/applications/<uuid:application_id>/decision")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def decision_page(application: Application) -> ResponseReturnValue:
    return _decision_page(application, None)


def _decision_page(
    application: Application,
    form: DecisionForm | None,
    *,
    refused: FundError | None = None,
    excluding: ExclusionForm | None = None,
    marking: MustMarkForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    found = get_board(application.round, reader=current_user)
    line = found.line_of(application.id)
    if line is None:
        return redirect(url_for("fund_applications.application_page", application_id=application.id))
    return (
        render_template(
            "fund/awards/decision.html",
            board=found,
            line=line,
            definition=found.definition,
            limits=amount_limits(application, found.definition),
            form=form or DecisionForm(None, data=_as_decided(line)),
            excluding=excluding or exclusion_form(_others(found, line))(None),
            marking=marking or MustMarkForm(None),
            mark=find_must_mark(application.id),
            exclusions=list_exclusions_of(application, reader=current_user),
            wording=_wording(application, found),
            refused=refused,
        ),
        status,
    )


def _others(found: Board, line: BoardLine) -> list[tuple[str, str]]:
    others = [each.application for each in found.lines if each.is_undecided and each is not line]
    return [(str(one.id), one.organisation.name) for one in others]


@bp.post("/fund/applications/<uuid:application_id>/exclusions")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def exclude(application: Application) -> ResponseReturnValue:
    """Name another application of the round that cannot be funded together with this one."""
    application_id = application.id
    found = get_board(application.round, reader=current_user)
    line = found.line_of(application_id)
    form = bind(exclusion_form(_others(found, line) if line else ()))
    if not form.validate():
        return _decision_page(application, None, excluding=form, status=UNPROCESSABLE)
    try:
        with unit_of_work():
            other = get_panel_application(UUID(form["other"].data))
            exclude_together(application, other, reason=form.why.data, actor=current_user, now=utcnow())
    except NotAllowed:
        raise
    except FundError as error:
        page = get_panel_application(application_id)
        return _decision_page(page, None, excluding=form, refused=error, status=error.status)
    return redirect(url_for(".decision_page", application_id=application_id), 303)


@bp.post("/fund/exclusions/<uuid:exclusion_id>/drop")
@requires(Permission.DECISION_MAKE, exclusion=get_exclusion)
def drop(exclusion: Exclusion) -> ResponseReturnValue:
    application_id = exclusion.application_id
    with unit_of_work():
        drop_exclusion(exclusion, actor=current_user, now=utcnow())
    return redirect(url_for(".decision_page", application_id=application_id), 303)


@bp.post("/fund/applications/<uuid:application_id>/mark")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def mark(application: Application) -> ResponseReturnValue:
    """Say that the rule must or must not fund this application."""
    application_id = application.id
    form = bind(MustMarkForm)
    if not form.validate():
        return _decision_page(application, None, marking=form, status=UNPROCESSABLE)
    try:
        with unit_of_work():
            must, reason = Must(form.must.data), form.because.data
            mark_application(application, must, reason=reason, actor=current_user, now=utcnow())
    except NotAllowed:
        raise
    except FundError as error:
        page = get_panel_application(application_id)
        return _decision_page(page, None, marking=form, refused=error, status=error.status)
    return redirect(url_for(".decision_page", application_id=application_id), 303)


@bp.post("/fund/marks/<uuid:mark_id>/drop")
@requires(Permission.DECISION_MAKE, mark=get_must_mark)
def unmark(mark: MustMark) -> ResponseReturnValue:
    application_id = mark.application_id
    with unit_of_work():
        drop_mark(mark, actor=current_user, now=utcnow())
    return redirect(url_for(".decision_page", application_id=application_id), 303)


def _as_decided(line: BoardLine) -> dict[str, object]:
    if line.decision is None:
        return {"is_fundable": line.is_fundable}
    return {
        "outcome": line.decision.outcome.value,
        "amount": line.decision.amount,
        "is_fundable": line.decision.is_fundable or line.is_fundable,
        "reason": line.decision.reason,
    }


def _wording(application: Application, found: Board) -> object:
    """Of the sentences the fund has read."""
    sentences = list_sentences(found.round, viewer=current_user, application=application)
    return first_texts_of(sentences, found.definition.assessment).get(application.id)


@bp.post("/fund/applications/<uuid:application_id>/decision")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def decide_one(application: Application) -> ResponseReturnValue:
    """Move one application on the list; the board's rows post here too, without amount and reason."""
    application_id, round_id = application.id, application.round_id
    form = bind(DecisionForm)
    if not form.validate():
        return _decision_page(application, form, status=422)
    choice = Choice(
        outcome=Outcome(form.outcome.data),
        amount=form.amount.data,
        is_fundable=form.is_fundable.data,
        reason=form.reason.data,
    )
    try:
        with unit_of_work():
            decide(application, choice, seen_version=_seen(), actor=current_user, now=utcnow())
    except AmountOutside as error:
        form.refuse_amount(error.lowest, error.highest)
        return _decision_page(get_panel_application(application_id), form, status=422)
    except ReasonNeeded:
        form.ask_for_reason()
        return _decision_page(get_panel_application(application_id), form, status=422)
    except NotAllowed:
        raise
    except FundError as error:
        page = get_panel_application(application_id)
        return _decision_page(page, form, refused=error, status=error.status)
    return to_board(round_id, application_id)


def _seen() -> int:
    """The version of the decision that the page showed; anything unreadable counts as out of date."""
    version = request.form.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


@bp.post("/fund/applications/<uuid:application_id>/decision/rule")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def follow(application: Application) -> ResponseReturnValue:
    application_id, round_id = application.id, application.round_id
    try:
        with unit_of_work():
            follow_the_rule(application, seen_version=_seen(), actor=current_user, now=utcnow())
    except StaleVersion as error:
        page = get_panel_application(application_id)
        return _decision_page(page, None, refused=error, status=error.status)
    return to_board(round_id, application_id)


@bp.post("/fund/rounds/<uuid:round_id>/feedback")
@requires(Permission.DECISION_MAKE, round=get_round)
def prepare(round: Round) -> ResponseReturnValue:
    round_id = round.id
    with unit_of_work():
        prepare_feedback(round, actor=current_user, now=utcnow())
    return to_board(round_id)


@bp.get("/fund/applications/<uuid:application_id>/feedback")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def feedback_page(application: Application) -> ResponseReturnValue:
    return _feedback_page(application, None)


def _feedback_page(
    application: Application, form: BaseForm | None, *, is_stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    found = get_board(application.round, reader=current_user)
    line = found.line_of(application.id)
    if line is None:
        return redirect(url_for("fund_applications.application_page", application_id=application.id))
    source = line.feedback or _wording(application, found)
    if form is None:
        form = FeedbackForm(
            None,
            strengths=getattr(source, "strengths", ""),
            to_improve=getattr(source, "to_improve", ""),
        )
    return (
        render_template(
            "fund/awards/feedback.html",
            board=found,
            line=line,
            definition=found.definition,
            form=form,
            is_stale=is_stale,
            rev=request.form.get("rev", "") if status == UNPROCESSABLE else feedback_rev(line.feedback),
            wording=_wording(application, found),
        ),
        status,
    )


@bp.post("/fund/applications/<uuid:application_id>/feedback")
@requires(Permission.DECISION_MAKE, application=get_panel_application)
def write_one(application: Application) -> ResponseReturnValue:
    round_id, application_id = application.round_id, application.id
    form = bind(FeedbackForm)
    if not form.validate():
        return _feedback_page(application, form, status=UNPROCESSABLE)
    try:
        with unit_of_work():
            write_feedback(
                application,
                strengths=form.strengths.data,
                to_improve=form.to_improve.data,
                seen_rev=request.form.get("rev", ""),
                actor=current_user,
                now=utcnow(),
            )
    except StaleVersion as error:
        page = get_panel_application(application_id)
        return _feedback_page(page, form, is_stale=True, status=error.status)
    return to_board(round_id, application_id)
