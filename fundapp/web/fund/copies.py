"""Copies without names, made by the fund before readers see anything."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.languages import LANGUAGES
from forms.pages.copies import copy_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, StaleVersion
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panels import get_round
from fundapp.queries.redaction import (
    Piece,
    PieceKind,
    first_text,
    list_copied,
    names_in,
    pieces_of,
    state_of,
    without_transcript,
)
from fundapp.services.redaction import save_copy
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_copies", __name__)


@bp.get("/fund/rounds/<uuid:round_id>/copies")
@requires(Permission.PANEL_RUN, round=get_round)
def copies(round: Round) -> ResponseReturnValue:
    """How far the copies of a round are."""
    states = [state_of(each) for each in list_copied(round, viewer=signed_in_user())]
    return render_template(
        "fund/panels/copies.html",
        round=round,
        states=states,
        ready=sum(each.is_ready for each in states),
        hides_names=definition_of(current_version(round.call)).assessment.hides_names,
        page_title=_("Copies without names"),
    )


@bp.route("/fund/applications/<uuid:application_id>/copy", methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application)
def copy(application: Application) -> ResponseReturnValue:
    """Each text beside what readers will see of it."""
    if application not in list_copied(application.round, viewer=signed_in_user()):
        abort(404)
    pieces = pieces_of(application)
    form = bind(copy_form([(each.key, _label(each)) for each in pieces]), data=_data(application, pieces))
    if request.method == "GET":
        return _page(application, pieces, form)
    if not form.validate():
        return _page(application, pieces, form), 422
    is_confirmed = request.form.get("go") == "confirm"
    if is_confirmed and _add_gaps(form, pieces):
        return _page(application, pieces, form), 422
    try:
        with unit_of_work():
            save_copy(
                application,
                {each.key: form[each.key].data for each in pieces},
                seen={each.key: request.form.get(f"of-{each.key}", "") for each in pieces},
                version=request.form.get("version", 0, type=int),
                is_confirmed=is_confirmed,
                actor=signed_in_user(),
                now=utcnow(),
            )
    except StaleVersion:
        return _page(application, pieces, form, is_stale=True), 409
    except FundError as error:
        return _page(application, pieces, form, refused=error), error.status
    return redirect(url_for("fund_copies.copies", round_id=application.round_id))


def _add_gaps(form: BaseForm, pieces: list[Piece]) -> bool:
    empty = [each.key for each in pieces if not form[each.key].data.strip()]
    for key in empty:
        form.add_error(key, _("Write what readers may see. Where nothing is left, write […]."))
    return bool(empty)


def _data(application: Application, pieces: list[Piece]) -> dict[str, str]:
    """As it was written for the copy; a text that is new or has changed with a first attempt."""
    known = application.redacted_copy.written if application.redacted_copy else {}
    names = names_in(application)
    return {
        each.key: known[each.key]["text"]
        if known.get(each.key, {}).get("of") == each.digest
        else first_text(each, names)
        for each in pieces
    }


def _label(piece: Piece) -> str:
    """Which text it is, for somebody who hears one box after the other."""
    code = current_language().code
    question = piece.about.label.in_language(code) if piece.about else ""
    match piece.kind:
        case PieceKind.ANSWER:
            return question
        case PieceKind.ROW:
            return _("%(question)s Line %(number)s", question=question, number=piece.line)
        case PieceKind.SAID:
            return _("%(question)s What is said in the recording", question=question)
        case PieceKind.TRANSLATION:
            own = LANGUAGES[piece.language].own_name if piece.language in LANGUAGES else ""
            return _("%(question)s Translation into %(language)s", question=question, language=own)
        case PieceKind.ASKED:
            return _("Question to the group")
        case PieceKind.HEARD:
            return _("Answer of the group")


def _page(
    application: Application,
    pieces: list[Piece],
    form: BaseForm,
    *,
    refused: FundError | None = None,
    is_stale: bool = False,
) -> str:
    known = application.redacted_copy
    return render_template(
        "fund/panels/copy.html",
        application=application,
        pieces=pieces,
        form=form,
        version=known.version if known else 0,
        number=known.number if known else None,
        without_transcript=without_transcript(application),
        refused=refused,
        is_stale=is_stale,
        page_title=_("Copy without names"),
        page_errors=form.error_list(),
    )
