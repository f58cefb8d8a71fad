"""The forms of a call on paper: to print, to write in with a word processor, in normal and large print."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.definition import Stage
from forms.i18n import current_language
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.documents.blank_form import blank_form, form_to_write_in, stage_title
from fundapp.models.call import Call
from fundapp.models.paper import MadePaper
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.papers import find_paper, find_papers, form_recipe
from fundapp.services.papers import ask_for_form
from fundapp.web.access import public
from fundapp.web.papers import PDF, send_made, send_word
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained

NORMAL, LARGE = "normal", "large"


@dataclass(frozen=True)
class StageForms:
    """What there is of one stage; `pdfs` by size."""

    stage: Stage
    title: str
    pdfs: dict[str, MadePaper | None]


@bp.get("/calls/<code>/forms")
@public("every question can be read and drafted on paper before anybody starts")
@exit_explained
def forms_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    recipes = {(stage, size): _recipe(call, stage, size) for stage in Stage for size in (NORMAL, LARGE)}
    made = find_papers(list(recipes.values()))
    return render_template(
        "public/forms.html",
        call=call,
        definition=definition_of(current_version(call)),
        stages=[
            StageForms(
                stage, stage_title(stage), {size: made.get(recipes[stage, size]) for size in (NORMAL, LARGE)}
            )
            for stage in Stage
        ],
    )


@bp.get("/calls/<code>/forms/<stage>/<size>")
@public("a form to print for those who have no other way")
@exit_explained
def print_page(code: str, stage: str, size: str) -> ResponseReturnValue:
    call, asked_stage = get_public_call(code), _stage(stage)
    definition = definition_of(current_version(call))
    return render_template(
        "public/print_form.html",
        definition=definition,
        paper=blank_form(definition, asked_stage, call.fund),
        is_large=_size(size) == LARGE,
        page_title=stage_title(asked_stage),
        back_url=url_for("public.forms_page", code=call.code),
    )


@bp.post("/calls/<code>/forms/<stage>/<size>")
@public("anybody may ask for the PDF of a form; each is made once")
def ask_for_pdf(code: str, stage: str, size: str) -> ResponseReturnValue:
    call, asked_stage = get_public_call(code), _stage(stage)
    is_large, language = _size(size) == LARGE, current_language().code
    with unit_of_work():
        ask_for_form(current_version(call), asked_stage, language, is_large=is_large, now=utcnow())
    return redirect(url_for("public.forms_page", code=call.code, _anchor=asked_stage.value))


@bp.get("/calls/<code>/forms/<stage>/<size>.pdf")
@public("a form to print for those who have no other way")
def pdf_form(code: str, stage: str, size: str) -> ResponseReturnValue:
    call, asked_stage = get_public_call(code), _stage(stage)
    made = find_paper(_recipe(call, asked_stage, _size(size)))
    return send_made(made, name=f"form-{asked_stage.value}.pdf", media_type=PDF)


@bp.get("/calls/<code>/forms/<stage>.docx")
@public("a form to draft in before anybody starts")
def word_form(code: str, stage: str) -> ResponseReturnValue:
    call, asked_stage = get_public_call(code), _stage(stage)
    paper = form_to_write_in(definition_of(current_version(call)), asked_stage, call.fund)
    return send_word(paper, name=f"form-{asked_stage.value}.docx")


def _recipe(call: Call, stage: Stage, size: str) -> str:
    language = current_language().code
    return form_recipe(current_version(call), stage, language, is_large=size == LARGE)


def _stage(word: str) -> Stage:
    try:
        return Stage(word)
    except ValueError:
        raise NotFound from None


def _size(word: str) -> str:
    if word not in (NORMAL, LARGE):
        raise NotFound
    return word
