"""Translations of a group's answers, made for its readers."""

from __future__ import annotations

from abc import ABC, abstractmethod

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.definition import Question
from forms.i18n import _, current_language, translate
from forms.languages import is_language_code
from forms.localized import LocalizedText
from forms.pages.translations import TranslationForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.documents.origins import translation_words
from fundapp.errors import FundError, StaleVersion
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application, Clarification
from fundapp.models.translation import ClarificationPart, TranslatedBy, Translation
from fundapp.permissions import Permission
from fundapp.queries.applications import get_application, get_clarification
from fundapp.queries.drafts import find_question
from fundapp.queries.recordings import get_recording
from fundapp.queries.translations import (
    find_clarification_translation,
    find_translation,
    is_outdated,
    part_of,
    source_of,
    translation_rev,
)
from fundapp.services.translations import (
    MakerNeeded,
    NewTranslation,
    save_clarification_translation,
    save_translation,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_rev
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_translations", __name__)
bp.add_app_template_filter(translation_words)
bp.add_app_template_filter(is_outdated)


class _Source(ABC):
    """What is translated: a text of a group, or of the fund for a group."""

    application: Application
    title: LocalizedText | str
    language: str | None  # none: nobody has said
    text: str | None

    def target(self) -> str:
        """The language to translate into: the one asked for, or the reader's own, or English."""
        wanted = request.args.get("language", "")
        codes = (wanted if is_language_code(wanted) else "", current_language().code, "en", "es")
        return next(code for code in codes if code and code != self.language)

    @abstractmethod
    def find(self, language: str) -> Translation | None: ...

    @abstractmethod
    def save(self, new: NewTranslation, rev: str) -> None: ...


class _OfAnswer(_Source):
    def __init__(self, question: Question, answer: Answer, media: AnswerMedia | None = None) -> None:
        self.answer, self.media, self.title = answer, media, question.label
        self.application = answer.application
        self.text, language, _rev = source_of(answer, media)
        self.language = language or self.application.language

    def find(self, language: str) -> Translation | None:
        return find_translation(self.answer, self.media, language)

    def save(self, new: NewTranslation, rev: str) -> None:
        save_translation(self.answer, new, media=self.media, rev=rev, actor=signed_in_user(), now=utcnow())


class _OfClarification(_Source):
    def __init__(self, clarification: Clarification, part: ClarificationPart) -> None:
        self.clarification, self.part = clarification, part
        self.application = clarification.application
        is_question = part is ClarificationPart.QUESTION
        self.title = translate("Question to the group") if is_question else translate("Answer of the group")
        self.text, self.language = part_of(clarification, part)

    def target(self) -> str:
        """A question goes into the language of the group."""
        is_question = self.part is ClarificationPart.QUESTION
        return self.application.language if is_question else super().target()

    def find(self, language: str) -> Translation | None:
        return find_clarification_translation(self.clarification, self.part, language)

    def save(self, new: NewTranslation, rev: str) -> None:
        save_clarification_translation(
            self.clarification, self.part, new, rev=rev, actor=signed_in_user(), now=utcnow()
        )


@bp.route("/fund/applications/<uuid:application_id>/translations/<key>", methods=["GET", "POST"])
@requires(Permission.APPLICATION_RUN, application=get_application)
def of_answer(application: Application, key: str) -> ResponseReturnValue:
    question = find_question(application, key)
    answer = next((each for each in application.answers if each.question_key == key), None)
    if question is None or answer is None:
        abort(404)
    return _page(_OfAnswer(question, answer))


@bp.route(
    "/fund/applications/<uuid:application_id>/recordings/<uuid:recording_id>/translation",
    methods=["GET", "POST"],
)
@requires(Permission.APPLICATION_RUN, application=get_application, recording=get_recording)
def of_recording(application: Application, recording: AnswerMedia) -> ResponseReturnValue:
    answer = next((each for each in application.answers if each.id == recording.answer_id), None)
    question = find_question(application, answer.question_key) if answer else None
    if answer is None or question is None:
        abort(404)
    return _page(_OfAnswer(question, answer, recording))


@bp.route(
    "/fund/applications/<uuid:application_id>/fund-questions/<uuid:clarification_id>/translation/<part>",
    methods=["GET", "POST"],
)
@requires(Permission.APPLICATION_RUN, application=get_application, clarification=get_clarification)
def of_clarification(
    application: Application, clarification: Clarification, part: str
) -> ResponseReturnValue:
    if clarification.application_id != application.id or part not in set(ClarificationPart):
        abort(404)
    return _page(_OfClarification(clarification, ClarificationPart(part)))


def _page(source: _Source) -> ResponseReturnValue:
    if not source.text or source.application.status is ApplicationStatus.DRAFT:
        return _back(source)  # nothing is written down, or not sent
    known = source.find(source.target())
    form = bind(TranslationForm, data=_data(known, source.target()))
    if request.method == "GET":
        return _shown(source, form, rev=translation_rev(known))
    rev = sent_rev()
    if not form.validate():
        return _shown(source, form, rev=rev), 422
    if form["language"].data == source.language:
        form.add_error("language", _("The answer is in this language already."))
        return _shown(source, form, rev=rev), 422
    try:
        with unit_of_work():
            source.save(_new(form), rev)
    except MakerNeeded as error:
        form.add_error("made_by_name", message_for(error) or "")
        return _shown(source, form, rev=rev), 422
    except StaleVersion:
        stored = source.find(form["language"].data)
        return _shown(source, form, rev=translation_rev(stored), stored=stored), 409
    except FundError as error:
        return _shown(source, form, rev=rev, refused=error), error.status
    return _back(source)


def _back(source: _Source) -> ResponseReturnValue:
    return redirect(url_for("fund_applications.application_page", application_id=source.application.id))


def _data(known: Translation | None, language: str) -> dict[str, object]:
    if known is None:
        return {"language": language}
    return {
        "language": known.language,
        "text": known.text,
        "made_by": known.made_by.value,
        "made_by_name": known.made_by_name,
        "is_checked": known.is_checked,
    }


def _new(form: TranslationForm) -> NewTranslation:
    return NewTranslation(
        language=form["language"].data,
        text=form["text"].data,
        made_by=TranslatedBy(form["made_by"].data),
        made_by_name=form["made_by_name"].data,
        is_checked=form["is_checked"].data,
    )


def _shown(
    source: _Source,
    form: TranslationForm,
    *,
    rev: str,
    stored: Translation | None = None,
    refused: FundError | None = None,
) -> str:
    return render_template(
        "fund/answers/translation.html",
        application=source.application,
        source=source,
        form=form,
        rev=rev,
        stored=stored,
        known=source.find(source.target()),
        refused=refused,
        page_title=_("Translation of an answer"),
        page_errors=form.error_list(),
    )
