"""Everything a group has written, to take away at any time."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from fundapp.db import unit_of_work
from fundapp.documents.copies import copy_as_data, copy_as_text, copy_of, draft_to_write_in
from fundapp.documents.pdf import paper_as_file
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.models.paper import MadePaper, PaperKind
from fundapp.permissions import Permission, can
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.files import list_files_of
from fundapp.queries.papers import copy_recipe, find_paper, find_papers
from fundapp.services.papers import ask_for_copy
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp
from fundapp.web.papers import PDF, ZIP, attached, send_made, send_word
from fundapp.web.sessions import signed_in_user

MADE = {"pdf": PaperKind.COPY, "zip": PaperKind.BUNDLE}


@bp.get("/applications/<uuid:application_id>/copies")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def copies(application: Application) -> ResponseReturnValue:
    """Every form a copy can have; what takes long is asked for here and made by the worker."""
    is_draft = application.status is ApplicationStatus.DRAFT
    return render_template(
        "apply/copies.html",
        application=application,
        definition=definition_for(application),
        made=_all_made(application),
        may_write=is_draft and can(signed_in_user(), Permission.APPLICATION_EDIT, application),
        page_title=_("Keep a copy"),
        back_url=url_for("apply.application_page", application_id=application.id),
    )


@bp.get("/applications/<uuid:application_id>/copy.<any(txt, json, html, docx):kind>")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def copy(application: Application, kind: str) -> ResponseReturnValue:
    """What is quick to make: at once."""
    name = f"copy.{kind}"
    match kind:
        case "json":
            return attached(copy_as_data(application), name=name, media_type="application/json")
        case "html":
            paper = copy_of(application, list_files_of(application))
            return attached(paper_as_file(paper), name=name, media_type="text/html")
        case "docx":
            return send_word(copy_of(application, list_files_of(application)), name=name)
    return attached(copy_as_text(application), name=name, media_type="text/plain")


@bp.get("/applications/<uuid:application_id>/draft.docx")
@requires(Permission.APPLICATION_EDIT, application=get_application)
def draft_file(application: Application) -> ResponseReturnValue:
    """To go on writing elsewhere, and to bring back."""
    return send_word(draft_to_write_in(application), name="draft.docx")


@bp.post("/applications/<uuid:application_id>/copies/<made>")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def ask_for(application: Application, made: str) -> ResponseReturnValue:
    if (kind := MADE.get(made)) is not None:
        files, language = _names(application), current_language().code
        with unit_of_work():
            ask_for_copy(application, kind, language, files=files, now=arrived_at())
    return redirect(url_for("apply.copies", application_id=application.id))


@bp.get("/applications/<uuid:application_id>/copies/copy.<made>")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def made_copy(application: Application, made: str) -> ResponseReturnValue:
    paper = _made(application, MADE[made]) if made in MADE else None
    return send_made(paper, name=f"copy.{made}", media_type=PDF if made == "pdf" else ZIP)


def _all_made(application: Application) -> dict[str, MadePaper | None]:
    names, language = _names(application), current_language().code
    recipes = {name: copy_recipe(application, kind, language, files=names) for name, kind in MADE.items()}
    found = find_papers(list(recipes.values()))
    return {name: found.get(recipe) for name, recipe in recipes.items()}


def _made(application: Application, kind: PaperKind) -> MadePaper | None:
    return find_paper(copy_recipe(application, kind, current_language().code, files=_names(application)))


def _names(application: Application) -> list[str]:
    """Which files there are now: another one makes another copy."""
    return [f"{use.place} {use.file_id} {use.file.status}" for use in list_files_of(application)]
