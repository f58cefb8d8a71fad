"""The forms of a call on paper: to print, to write in with a word processor, in normal and large print."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.definition import Stage
from fundapp.documents.blank_form import blank_form, form_to_write_in, stage_title
from fundapp.documents.paper import Paper
from fundapp.documents.word import paper_as_word
from fundapp.models.call import Call
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp

NORMAL, LARGE = "normal", "large"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/calls/<code>/forms")
@public("every question can be read and drafted on paper before anybody starts")
def forms_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    return render_template(
        "public/forms.html",
        call=call,
        definition=definition_of(current_version(call)),
        stages=[(stage.value, stage_title(stage)) for stage in Stage],
    )


@bp.get("/calls/<code>/forms/<stage>/<size>")
@public("a form to print for those who have no other way")
def print_page(code: str, stage: str, size: str) -> ResponseReturnValue:
    call, asked_stage = get_public_call(code), _stage(stage)
    if size not in (NORMAL, LARGE):
        raise NotFound
    return render_template(
        "public/print_form.html",
        paper=_paper(call, asked_stage),
        is_large=size == LARGE,
        page_title=stage_title(asked_stage),
        back_url=url_for("public.forms_page", code=call.code),
    )


@bp.get("/calls/<code>/forms/<stage>.docx")
@public("a form to draft in before anybody starts")
def word_form(code: str, stage: str) -> ResponseReturnValue:
    call, asked_stage = get_public_call(code), _stage(stage)
    paper = form_to_write_in(definition_of(current_version(call)), asked_stage, call.fund)
    response = Response(paper_as_word(paper), mimetype=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="form-{asked_stage.value}.docx"'
    return response


def _paper(call: Call, stage: Stage) -> Paper:
    return blank_form(definition_of(current_version(call)), stage, call.fund)


def _stage(word: str) -> Stage:
    try:
        return Stage(word)
    except ValueError:
        raise NotFound from None
