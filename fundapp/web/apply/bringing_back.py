"""Bringing a file back: what somebody wrote in a word processor, or a copy as data, fills the draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forms.answers import JsonAnswer, from_json
from forms.base import BaseForm
from forms.builder import question_form
from forms.definition import Question
from forms.i18n import _, current_language
from fundapp.db import unit_of_work
from fundapp.documents.bringing_back import Brought, BroughtAnswer, Questions, from_data, from_places
from fundapp.documents.copies import own_texts
from fundapp.documents.lines import lines_of
from fundapp.documents.reading import UnreadableFile, plain, read_word
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.drafts import questions_asked
from fundapp.services.bringing_back import Fate, FromFile, bring_back
from fundapp.web.access import requires
from fundapp.web.apply.answer_rows import drawn
from fundapp.web.apply.blueprint import arrived_at, bp, new_once, posted_once
from fundapp.web.sessions import signed_in_user

ADDRESS = "/applications/<uuid:application_id>/bring-back"
LARGEST_FILE = 10 * 1024 * 1024
NO_FILE = _("Choose the file first.")
UNREADABLE = _(
    "We cannot read this file. Save it as a Word file (DOCX) without macros or a password, and try again."
)
NOTHING_IN_IT = _(
    "We found no answers in this file. Please use the file from this page: it has a code beside each answer."
)


@dataclass(frozen=True)
class BothTexts:
    """An answer that was changed here after the file was made: what is saved, and what the file says."""

    question: Question
    saved: Markup
    in_file: Markup
    form: BaseForm | None  # None: other answers of the file ended the question
    rev: int
    once: str
    language: str | None


@bp.get(ADDRESS)
@requires(Permission.APPLICATION_EDIT, application=get_application)
def bring_back_page(application: Application) -> ResponseReturnValue:
    if application.status is not ApplicationStatus.DRAFT:
        return redirect(url_for("apply.application_page", application_id=application.id))
    return _ask(application)


@bp.post(ADDRESS)
@requires(Permission.APPLICATION_EDIT, application=get_application)
def take_file(application: Application) -> ResponseReturnValue:
    """The file itself is read and forgotten. Sending it again changes nothing again."""
    if application.status is not ApplicationStatus.DRAFT:
        raise NotPossibleNow("only a draft can be changed")
    content = request.files["file"].read(LARGEST_FILE + 1) if "file" in request.files else b""
    if not content:
        return _ask(application, str(NO_FILE)), 422
    try:
        brought, outside = _read(application, content)
    except UnreadableFile:
        return _ask(application, str(UNREADABLE)), 422
    if not (brought.answers or brought.unread):
        return _ask(application, str(NOTHING_IN_IT)), 422
    files = [_from_file(each) for each in brought.answers]
    with unit_of_work():
        fates = bring_back(application, files, once=posted_once(), actor=signed_in_user(), now=arrived_at())
    return _result(get_application(application.id), brought, fates, outside)


def _read(application: Application, content: bytes) -> tuple[Brought, tuple[str, ...]]:
    """Raises UnreadableFile."""
    known = {each.key: each for each in definition_for(application).form.questions()}
    questions = Questions(questions_asked(application), known)
    if len(content) > LARGEST_FILE:
        raise UnreadableFile("too large")
    if not content.startswith(b"PK"):
        return from_data(content, questions), ()
    read = read_word(content)
    ours = own_texts(application) if read.places else frozenset()
    outside = tuple(each for each in read.outside if plain(each) not in ours)
    return from_places(read.places, questions), outside


def _from_file(each: BroughtAnswer) -> FromFile:
    rev, digest = (each.code.rev, each.code.digest) if each.code else (None, None)
    return FromFile(each.question, each.value, each.language, rev, digest)


def _ask(application: Application, error: str = "") -> str:
    return render_template(
        "apply/bring_back.html",
        application=application,
        definition=definition_for(application),
        error=error,
        once=new_once(),
        page_title=_("Bring a file back"),
        page_errors=[("file", error)] if error else [],
        back_url=url_for("apply.application_page", application_id=application.id),
    )


def _result(
    application: Application, brought: Brought, fates: dict[str, Fate], outside: tuple[str, ...]
) -> str:
    def with_fate(fate: Fate) -> list[BroughtAnswer]:
        return [each for each in brought.answers if fates[each.question.key] is fate]

    return render_template(
        "apply/brought_back.html",
        application=application,
        definition=definition_for(application),
        filled=with_fate(Fate.FILLED),
        left_empty=with_fate(Fate.LEFT_EMPTY),
        too_long=[each for each in with_fate(Fate.FILLED) if each.words],
        both=list(_both_texts(application, with_fate(Fate.NEWER_SAVED))),
        unread=brought.unread,
        outside=outside,
        page_title=_("What we found in your file"),
        back_url=url_for("apply.application_page", application_id=application.id),
    )


def _both_texts(application: Application, answers: list[BroughtAnswer]) -> Iterator[BothTexts]:
    asked = {question.key for question in questions_asked(application)}
    saved = {each.question_key: each for each in application.answers}
    for each in answers:
        question = each.question
        form_class = question_form(question, current_language().code)
        form = form_class(data={question.key: from_json(question, each.value)})
        yield BothTexts(
            question=question,
            saved=_as_shown(question, saved[question.key].value),
            in_file=_as_shown(question, each.value),
            form=form if question.key in asked else None,
            rev=saved[question.key].rev,
            once=new_once(),
            language=each.language or saved[question.key].language,
        )


def _as_shown(question: Question, value: JsonAnswer) -> Markup:
    return drawn(lines_of(question, from_json(question, value)))
