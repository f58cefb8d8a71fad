"""Check your answers, send, and the receipt."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from fundapp.db import unit_of_work
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.tally import Sheet
from fundapp.permissions import Permission, can
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.deadlines import may_ask_for_grace
from fundapp.queries.drafts import Readiness, next_date_of, readiness_of
from fundapp.queries.people import answers_of_helpers
from fundapp.services.applications import (
    CallClosed,
    HelpNotRead,
    IncompleteApplication,
    help_digest,
    submit_application,
)
from fundapp.web.access import requires
from fundapp.web.apply.answer_rows import answer_rows
from fundapp.web.apply.blueprint import arrived_at, bp
from fundapp.web.apply.told import ticket_for
from fundapp.web.apply.words import hindrance_text
from fundapp.web.sessions import signed_in_user


@bp.get("/applications/<uuid:application_id>/check")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def check_answers(application: Application) -> ResponseReturnValue:
    if application.status is not ApplicationStatus.DRAFT:
        return redirect(url_for("apply.receipt", application_id=application.id))
    return _check_page(application, readiness_of(application), is_refused=False)


@bp.post("/applications/<uuid:application_id>/submit")
@requires(Permission.APPLICATION_SUBMIT, application=get_application)
def submit(application: Application) -> ResponseReturnValue:
    try:
        with unit_of_work():
            read_help = request.form.get("read_help", "")
            submit_application(
                application, actor=signed_in_user(), now=arrived_at(), read_help=read_help[:64]
            )
    except HelpNotRead as error:
        return _check_page(get_application(application.id), error.readiness, is_refused=True), 422
    except IncompleteApplication as error:
        return _check_page(application, error.readiness, is_refused=True), 422
    except CallClosed:
        page = render_template(
            "apply/too_late.html",
            application=application,
            definition=definition_for(application),
            may_ask_for_grace=may_ask_for_grace(application, arrived_at()),
            page_title=_("The deadline has passed"),
            back_url=url_for("apply.application_page", application_id=application.id),
        )
        return page, 409
    return redirect(url_for("apply.receipt", application_id=application.id))


@bp.get("/applications/<uuid:application_id>/receipt")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def receipt(application: Application) -> ResponseReturnValue:
    """Proof of sending, to print or keep; and the way to two pages that are apart from the application."""
    if application.submitted_at is None:
        return redirect(url_for("apply.application_page", application_id=application.id))
    may_tell = can(signed_in_user(), Permission.APPLICATION_SUBMIT, application)
    return render_template(
        "apply/receipt.html",
        application=application,
        definition=definition_for(application),
        rows=answer_rows(application, current_language().code),
        tickets={sheet.value: ticket_for(application, sheet) for sheet in Sheet} if may_tell else {},
        next_date=next_date_of(application),
        page_title=_("We have your application"),
        back_url=url_for("apply.application_page", application_id=application.id),
    )


def _check_page(application: Application, readiness: Readiness, *, is_refused: bool) -> str:
    helped = answers_of_helpers(application)
    errors = _errors(readiness) if is_refused else []
    if is_refused and not errors:
        errors = [("read_help", _("Read what your helper wrote, and tick the box if it is right."))]
    return render_template(
        "apply/check_answers.html",
        application=application,
        definition=definition_for(application),
        helped=help_digest(helped) if helped else "",
        rows=answer_rows(application, current_language().code, by_helper=helped),
        readiness=readiness,
        may_send=can(signed_in_user(), Permission.APPLICATION_SUBMIT, application),
        page_title=_("Check your answers"),
        page_errors=errors,
        hindrances=[(each, hindrance_text(each)) for each in readiness.problems],
        back_url=url_for("apply.application_page", application_id=application.id),
    )


def _errors(readiness: Readiness) -> list[tuple[str, str]]:
    """Links to the place on this page; each place links to its question."""
    language = current_language().code
    missing = [
        (f"answer-{question.key}", question.label.in_language(language)) for question in readiness.missing
    ]
    problems = [
        (f"answer-{each.question.key}" if each.question else "", hindrance_text(each))
        for each in readiness.problems
    ]
    return [*missing, *problems]
