"""A round's applications for the fund's people: list, answers, claims, the first stage's yes and no."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from forms.answers import AnswerValue, from_json
from forms.definition import Stage
from forms.i18n import current_language
from forms.pages.claim_opinions import VIEWS
from forms.pages.fund import EVIDENCE, ClaimForm, SayNoForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import ApplicationStatus, ClaimStatus
from fundapp.models.application import Answer, Application, ApplicationStage
from fundapp.models.call import Round
from fundapp.models.organisation import ByAndForClaim, EvidenceKind
from fundapp.permissions import Permission, can
from fundapp.queries.applications import definition_for, get_application, list_clarifications
from fundapp.queries.call_money import ON_THE_BOARD
from fundapp.queries.calls import get_round
from fundapp.queries.claims import list_opinions
from fundapp.queries.consequences import effects_of_claims
from fundapp.queries.fund_applications import (
    ListedApplication,
    Wanted,
    list_all_applications,
    list_applications,
    list_claims,
    list_steps,
)
from fundapp.queries.translations import list_translations, of_answer
from fundapp.services.applications import (
    decline_application,
    find_eligible,
    find_ineligible,
    invite_to_full,
)
from fundapp.services.claims import ClaimReasonNeeded, EvidenceNeeded, SecondLookNeeded, decide_claim
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.sheet_file import sheet_file

bp = Blueprint("fund_applications", __name__)
ORDERS = ("sent", "group", "amount", "income")
COLUMNS = (
    *("group", "borough", "income", "strand", "amount"),
    *("stage", "status", "by_and_for", "migrant_led", "sent"),
)


def _wanted() -> Wanted:
    """What the address asks for; anything unknown in it counts as not asked."""
    stages = {stage.value: stage for stage in ApplicationStage}
    statuses = {status.value: status for status in ApplicationStatus}
    page = request.args.get("page", "1")
    return Wanted(
        stage=stages.get(request.args.get("stage", "")),
        status=statuses.get(request.args.get("status", "")),
        words=request.args.get("words", "").replace("\x00", "").strip()[:100],
        order=request.args.get("order", "sent"),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


@bp.get("/fund/rounds/<uuid:round_id>/applications")
@requires(Permission.CALL_VIEW, round=get_round)
def list_page(round: Round) -> ResponseReturnValue:
    wanted = _wanted()
    found = list_applications(round.id, wanted, reader=current_user)
    return render_template(
        "fund/applications/list.html",
        round=round,
        found=found,
        may_run=can(current_user, Permission.CALL_RUN, round.call),
        wanted=wanted,
        statuses=list(ApplicationStatus),
        stages=list(ApplicationStage),
        orders=ORDERS,
        page_url=lambda page: f"{request.path}?{urlencode(request.args.to_dict() | {'page': page})}",
        file_url=f"{url_for('.list_file', round_id=round.id)}?{urlencode(request.args.to_dict())}",
    )


@bp.get("/fund/rounds/<uuid:round_id>/applications.csv")
@requires(Permission.CALL_VIEW, round=get_round)
def list_file(round: Round) -> ResponseReturnValue:
    rows = list_all_applications(round.id, _wanted(), reader=current_user)
    name = f"applications-{round.call.code}-{round.code}.csv"
    return sheet_file(name, COLUMNS, (_columns(row) for row in rows))


def _columns(row: ListedApplication) -> list[object]:
    """A file travels; what names a confidential group stays on the page."""
    return [
        "confidential" if row.is_confidential else row.group,
        None if row.is_confidential else row.borough,
        row.income,
        row.strand,
        row.amount,
        row.stage.value,
        row.status.value,
        row.by_and_for,
        row.migrant_led,
        row.sent_at.isoformat(timespec="minutes") if row.sent_at else None,
    ]


@bp.get("/fund/applications/<uuid:application_id>")
@requires(Permission.APPLICATION_RUN, application=get_application)
def application_page(application: Application) -> ResponseReturnValue:
    return _application_page(application)


def _application_page(
    application: Application,
    *,
    no_form: SayNoForm | None = None,
    claim_form: tuple[ByAndForClaim, ClaimForm] | None = None,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    claims = list_claims(application)
    opinions = list_opinions([claim.id for claim in claims])
    forms = {claim.id: _claim_form(claim, number) for number, claim in enumerate(claims, 1)}
    if claim_form is not None:
        forms[claim_form[0].id] = claim_form[1]
    stage = Stage.FULL if application.stage is ApplicationStage.FULL else Stage.EOI
    return (
        render_template(
            "fund/applications/application.html",
            application=application,
            definition=definition_for(application),
            answers=_typed_answers(application),
            translations_of=partial(
                of_answer, translations=list_translations(application, current_language().code)
            ),
            stage=stage,
            claim_effects=effects_of_claims(claims, application, reader=current_user),
            claims=[(number, claim, forms[claim.id]) for number, claim in enumerate(claims, 1)],
            evidence_words=dict(EVIDENCE),
            clarifications=list_clarifications(application),
            history=list_steps([application.id, *(each.id for each in (*claims, *opinions))]),
            opinions=opinions,
            view_words=dict(VIEWS),
            no_form=no_form or SayNoForm(None),
            refused=refused,
            reader_id=current_user.id,
            why_url=_why(application),
            wrong_form=no_form or (claim_form[1] if claim_form else None),
        ),
        status,
    )


def _claim_form(claim: ByAndForClaim, number: int) -> ClaimForm:
    """With what the finding rests on so far."""
    notes = {f"note_{kind}": note for kind, note in claim.evidence.items()}
    return ClaimForm(None, prefix=f"c{number}-", evidence=tuple(claim.evidence), **notes)


def _why(application: Application) -> str | None:
    """Where the decision is traced down to the answers; None while it is not at the panel, or for a tie."""
    is_at_panel = application.stage is ApplicationStage.FULL and application.status in ON_THE_BOARD
    if not is_at_panel or not can(current_user, Permission.DECISION_MAKE, application):
        return None
    return url_for("fund_rationale.why", application_id=application.id)


def _typed_answers(application: Application) -> dict[str, tuple[AnswerValue, Answer]]:
    """By question: the typed value, and the answer as it is kept."""
    form = definition_for(application).form
    questions = {question.key: question for question in form.questions()}
    return {
        answer.question_key: (from_json(questions[answer.question_key], answer.value), answer)
        for answer in application.answers
        if answer.question_key in questions
    }


Step = Callable[..., None]


def _take(
    step: Step, application: Application, no_form: SayNoForm | None = None, **arguments: str
) -> ResponseReturnValue:
    try:
        with unit_of_work():
            step(application, actor=current_user, now=utcnow(), **arguments)
    except FundError as error:
        application = get_application(application.id)
        return _application_page(application, no_form=no_form, refused=error, status=error.status)
    return redirect(url_for(".application_page", application_id=application.id))


@bp.post("/fund/applications/<uuid:application_id>/eligible")
@requires(Permission.APPLICATION_RUN, application=get_application)
def eligible(application: Application) -> ResponseReturnValue:
    return _take(find_eligible, application)


@bp.post("/fund/applications/<uuid:application_id>/invite")
@requires(Permission.APPLICATION_RUN, application=get_application)
def invite(application: Application) -> ResponseReturnValue:
    return _take(invite_to_full, application)


def _say_no(step: Step, application: Application) -> ResponseReturnValue:
    form = bind(SayNoForm)
    if not form.validate():
        return _application_page(application, no_form=form, status=422)
    return _take(step, application, form, reason=form.reason.data or "")


@bp.post("/fund/applications/<uuid:application_id>/decline")
@requires(Permission.APPLICATION_RUN, application=get_application)
def decline(application: Application) -> ResponseReturnValue:
    return _say_no(decline_application, application)


@bp.post("/fund/applications/<uuid:application_id>/ineligible")
@requires(Permission.APPLICATION_RUN, application=get_application)
def ineligible(application: Application) -> ResponseReturnValue:
    return _say_no(find_ineligible, application)


@bp.post("/fund/applications/<uuid:application_id>/claims/<int:number>")
@requires(Permission.APPLICATION_RUN, application=get_application)
def decide(application: Application, number: int) -> ResponseReturnValue:
    claims = list_claims(application)
    if not 1 <= number <= len(claims):
        raise NotFound
    claim = claims[number - 1]
    form = ClaimForm(request.form, prefix=f"c{number}-")
    if form.validate():
        try:
            with unit_of_work():
                decide_claim(
                    claim,
                    ClaimStatus(form.status.data),
                    reason=form.reason.data or "",
                    actor=current_user,
                    now=utcnow(),
                    evidence={EvidenceKind(kind): note for kind, note in form.rests_on().items()},
                )
            return redirect(url_for(".application_page", application_id=application.id))
        except EvidenceNeeded as error:
            form.add_error("evidence", message_for(error) or "")
        except SecondLookNeeded as error:
            form.add_error("status", message_for(error) or "")
        except ClaimReasonNeeded as error:
            form.add_error("reason", message_for(error) or "")
        except FundError as error:
            application = get_application(application.id)
            return _application_page(
                application, claim_form=(claim, form), refused=error, status=error.status
            )
    return _application_page(application, claim_form=(claim, form), status=422)
