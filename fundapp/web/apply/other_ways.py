"""Answering in another way than by typing: what there is, pasting, and what the fund typed after a call."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.definition import FileType, Question, QuestionKind
from forms.i18n import _, current_language
from forms.pages.answer_media import PastedForm, may_be_spoken
from forms.words import within_minutes
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, Application
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.drafts import find_question
from fundapp.services.answer_origins import Typed, confirm_typed, paste_answer
from fundapp.services.answers import SaveOutcome
from fundapp.services.recordings import room_left
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import bp, new_once, posted_once, posted_rev
from fundapp.web.apply.questions import ADDRESS, find_answer
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

ACCEPTED = {
    FileType.DOCUMENT: "application/pdf,.doc,.docx,.odt",
    FileType.PICTURE: "image/*",
    FileType.AUDIO: "audio/*",
    FileType.VIDEO: "video/*",
}


@dataclass(frozen=True)
class Spoken:
    """A question that may be answered in any way, with what is kept of its answer."""

    application: Application
    question: Question

    @property
    def answer(self) -> Answer | None:
        return find_answer(self.application, self.question)

    @property
    def is_too_long(self) -> bool:
        """Recordings over the minutes, beyond what we let through; a note, never a refusal."""
        return self.answer is not None and not within_minutes(self.answer.seconds, self.question.max_minutes)

    @property
    def is_for_files(self) -> bool:
        return self.question.kind is QuestionKind.FILE

    @property
    def comes_first(self) -> bool:
        """The page of the recording or the files is the page of the question."""
        return self.question.kind in (QuestionKind.FILE, QuestionKind.VOICE)

    @property
    def accepted(self) -> str:
        """What the browser offers first; the check decides."""
        return ",".join(ACCEPTED[each] for each in self.question.file_types)

    @property
    def room_left(self) -> int | None:
        return room_left(self.answer, self.question)

    @property
    def rev(self) -> int:
        return self.answer.rev if self.answer else 0


def with_files(application: Application, key: str) -> Spoken:
    """Like `spoken`, and for a question that asks for files."""
    question = find_question(application, key)
    if question is not None and question.kind is QuestionKind.FILE:
        return Spoken(application, question)
    return spoken(application, key)


def spoken(application: Application, key: str) -> Spoken:
    """404 for a question that is not asked, or that must be typed."""
    question = find_question(application, key)
    if question is None or not may_be_spoken(question):
        abort(404)
    return Spoken(application, question)


@bp.route(f"{ADDRESS}/pasted", methods=["GET", "POST"])
@requires(Permission.APPLICATION_EDIT, application=get_application)
def pasted(application: Application, key: str) -> ResponseReturnValue:
    """A text from another application; it takes the place of what is written, which stays in the history."""
    here = spoken(application, key)
    if application.status is not ApplicationStatus.DRAFT and request.method == "GET":
        return redirect(url_for("apply.application_page", application_id=application.id))
    form = bind(PastedForm, data={"answer_language": current_language().code})
    if request.method == "GET":
        return _pasted_page(here, form, rev=here.rev, once=new_once())
    if not form.validate():
        return _pasted_page(here, form, rev=posted_rev(), once=posted_once()), 422
    outcome = _paste(here, form)
    if outcome.is_stale:
        return _pasted_page(here, form, rev=outcome.rev, once=new_once(), is_stale=True), 409
    return redirect(url_for("apply.question", application_id=application.id, key=key))


@bp.post(f"{ADDRESS}/confirm")
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application)
def confirm_answer(application: Application, key: str) -> ResponseReturnValue:
    """What the fund typed for the group is what it said. A helper cannot know that."""
    here = spoken(application, key)
    with unit_of_work():
        confirm_typed(application, here.question, rev=posted_rev(), actor=signed_in_user(), now=utcnow())
    return redirect(url_for("apply.question", application_id=application.id, key=key))


def _paste(here: Spoken, form: PastedForm) -> SaveOutcome:
    typed = Typed(form["text"].data, form["answer_language"].data, posted_rev(), posted_once())
    with unit_of_work():
        return paste_answer(
            here.application,
            here.question,
            typed,
            pasted_from=form["pasted_from"].data,
            actor=signed_in_user(),
            now=utcnow(),
        )


def _pasted_page(here: Spoken, form: PastedForm, *, rev: int, once: str, is_stale: bool = False) -> str:
    return render_template(
        "apply/pasted.html",
        here=here,
        definition=definition_for(here.application),
        form=form,
        rev=rev,
        once=once,
        is_stale=is_stale,
        page_title=_("Use a text you have already"),
        page_errors=form.error_list(),
        back_url=url_for("apply.question", application_id=here.application.id, key=here.question.key),
    )
