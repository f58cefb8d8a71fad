"""One question a page, saved at every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from forms.answers import JsonAnswer, stored_values
from forms.base import BaseForm
from forms.builder import answers_to_keep, question_form
from forms.definition import Question, QuestionKind, Stage
from forms.fields import EntriesField, TextArea, TextField
from forms.i18n import _, current_language
from forms.language_hint import language_hint
from forms.pages.answer_media import may_be_spoken
from forms.pages.apply import AnswerLanguageForm, has_language
from forms.private_details import PrivateDetail
from forms.words import within_limit, word_count
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, Application
from fundapp.permissions import Permission, can
from fundapp.queries.applications import answers_of, definition_for, get_application
from fundapp.queries.codesign import points_behind
from fundapp.queries.drafts import find_question, questions_asked
from fundapp.services.answers import SaveOutcome, save_answer
from fundapp.web.access import requires
from fundapp.web.apply.answer_rows import answer_rows
from fundapp.web.apply.blueprint import bp
from fundapp.web.apply.minutes import count_posted, opened_now
from fundapp.web.binding import bind
from fundapp.web.own_device import may_be_kept
from fundapp.web.posted_save import new_once, posted_once, posted_rev, read_rev
from fundapp.web.reader_words import shown_readers
from fundapp.web.second_look import details_in, look_again
from fundapp.web.sessions import signed_in_user
from fundapp.web.unsaved import forget_here, is_sent_later, take_unsaved

UNREADABLE = _("Not saved yet: we cannot read this. Press Save to see what to change.")
CHANGED_MEANWHILE = _(
    "This answer was changed by somebody else or in another window. Press Save: you see both."
)
ADDRESS = "/applications/<uuid:application_id>/questions/<key>"


@dataclass
class Sheet:
    """One question as it lies before the writer."""

    application: Application
    question: Question
    form: BaseForm
    language_form: AnswerLanguageForm | None
    asked: list[Question] = field(default_factory=list)
    unsaved: MultiDict[str, str] | None = None  # typed before the sign-in ran out

    @property
    def number(self) -> int:
        return self.asked.index(self.question) + 1

    @property
    def answer(self) -> Answer | None:
        return find_answer(self.application, self.question)

    @property
    def may_be_spoken(self) -> bool:
        return may_be_spoken(self.question)

    @property
    def errors(self) -> list[tuple[str, str]]:
        language_errors = self.language_form.error_list() if self.language_form else []
        return [*self.form.error_list(), *language_errors]


@bp.route(ADDRESS, methods=["GET", "POST"])
@requires(Permission.APPLICATION_EDIT, application=get_application)
def question(application: Application, key: str) -> ResponseReturnValue:
    if application.status is not ApplicationStatus.DRAFT and request.method == "GET":
        return redirect(url_for("apply.application_page", application_id=application.id))
    if is_for_files(application, key):
        return redirect(url_for("apply.media", application_id=application.id, key=key, back=_back_to()))
    sheet = _sheet(application, key)
    if request.method == "GET" and _is_spoken_first(sheet):
        return redirect(url_for("apply.media", application_id=application.id, key=key, back=_back_to()))
    if request.method == "GET":
        may_be_kept()
        return _first_look(sheet)
    outcome, has_errors = _save(sheet, by_script=False)
    if outcome is not None and outcome.is_stale:
        return ("", 202) if is_sent_later() else (_both_texts(sheet, outcome), 409)
    if outcome is not None and not has_errors and not is_sent_later():
        count_posted(application, sheet.question, now=utcnow())
    rev = outcome.rev if outcome else posted_rev()
    if has_errors:
        return _page(sheet, rev=rev, once=posted_once(), is_saved=outcome is not None), 422
    if (again := _once_more(sheet)) is not None:
        return again
    too_many, details = _words_too_many(sheet), details_in(sheet.form)
    if too_many or details:
        return _page(sheet, rev=rev, once=posted_once(), words=too_many, details=details)
    return redirect(_where_next(sheet))


@bp.post(f"{ADDRESS}/autosave")
@requires(Permission.APPLICATION_EDIT, application=get_application)
def autosave(application: Application, key: str) -> ResponseReturnValue:
    """Sent by the page's script while somebody writes. Answers only after the text is stored."""
    if is_for_files(application, key):
        abort(404)
    sheet = _sheet(application, key)
    outcome, has_errors = _save(sheet, by_script=True)
    if outcome is None:
        return jsonify(error="not_saved", say=str(UNREADABLE)), 422
    if outcome.is_stale:
        return jsonify(error="stale", rev=outcome.rev, say=str(CHANGED_MEANWHILE)), 409
    return jsonify(rev=outcome.rev, complete=not has_errors, **look_again(sheet.form))


def find_answer(application: Application, question: Question) -> Answer | None:
    return next((each for each in application.answers if each.question_key == question.key), None)


def is_for_files(application: Application, key: str) -> bool:
    """Its files are sent on a page of their own."""
    question = find_question(application, key)
    return question is not None and question.kind is QuestionKind.FILE


def _is_spoken_first(sheet: Sheet) -> bool:
    """A recording is asked for, and nobody has begun to write or chosen to."""
    is_written = sheet.answer is not None and sheet.answer.value is not None
    wants_to = is_written or sheet.unsaved is not None or request.args.get("write") == "yes"
    return sheet.question.kind is QuestionKind.VOICE and not wants_to


def around(application: Application, question: Question) -> tuple[str, str]:
    """The addresses before and after a question that has a page of its own."""
    sheet = Sheet(application, question, BaseForm(), None, questions_asked(application))
    return _back(sheet), _where_next(sheet)


def _back_to() -> str | None:
    return "check" if request.args.get("back") == "check" else None


def _sheet(application: Application, key: str) -> Sheet:
    asked = questions_asked(application)
    question = next((each for each in asked if each.key == key), None)
    if question is None:
        abort(404)
    answer, unsaved = find_answer(application, question), take_unsaved()
    stored = stored_values([question], answers_of(application))
    form = bind(question_form(question, current_language().code), unsaved=unsaved, data=stored)
    language_form = None
    if has_language(question):
        language = answer.language if answer and answer.language else current_language().code
        language_form = bind(AnswerLanguageForm, unsaved=unsaved, data={"answer_language": language})
    return Sheet(application, question, form, language_form, asked, unsaved)


def _save(sheet: Sheet, *, by_script: bool) -> tuple[SaveOutcome | None, bool]:
    """What can be kept is kept, even when something else on the page is wrong."""
    is_valid = sheet.form.validate()
    if sheet.language_form is not None and not sheet.language_form.validate():
        is_valid = False
    if _words_too_many(sheet):
        sheet.form[sheet.question.key].errors = ()
        is_valid = not sheet.errors
    kept = answers_to_keep(sheet.form)
    if sheet.question.key not in kept:
        return None, True
    value: JsonAnswer = kept[sheet.question.key]
    with unit_of_work():
        outcome = save_answer(
            sheet.application,
            sheet.question,
            value,
            language=_language(sheet),
            rev=posted_rev(),
            once=posted_once(),
            actor=signed_in_user(),
            now=utcnow(),
            by_script=by_script,
        )
    forget_here()
    return outcome, not is_valid


def _language(sheet: Sheet) -> str | None:
    if sheet.language_form is None:
        return None
    chosen = sheet.language_form["answer_language"]
    if chosen.errors or not chosen.data:
        return sheet.answer.language if sheet.answer else None
    return _hint(sheet, str(chosen.data))


def _hint(sheet: Sheet, chosen: str) -> str:
    """The language the text seems to be in, as long as nobody has chosen another one by hand."""
    answer, typed = sheet.answer, sheet.form[sheet.question.key].data
    shown = answer.language if answer and answer.language else current_language().code
    if chosen != shown or not isinstance(typed, str):
        return chosen
    before = answer.value if answer and answer.language and isinstance(answer.value, str) else ""
    if language_hint(before) not in (None, shown):
        return chosen
    return language_hint(typed) or chosen


def _words_too_many(sheet: Sheet) -> int | None:
    """The number of words when there are more than we can ask readers to read; it stops nobody."""
    typed = sheet.form[sheet.question.key]
    if not isinstance(typed, TextArea | TextField) or len(typed.data) > typed.max_length:
        return None
    count = word_count(typed.data)
    return None if within_limit(count, sheet.question.max_words) else count


def _where_next(sheet: Sheet) -> str:
    application_id = sheet.application.id
    if request.form.get("go") == "later":
        return url_for("apply.application_page", application_id=application_id)
    if request.args.get("back") != "check" and sheet.number < len(sheet.asked):
        following = sheet.asked[sheet.number]
        return url_for("apply.question", application_id=application_id, key=following.key)
    return url_for("apply.check_answers", application_id=application_id)


def _once_more(sheet: Sheet) -> ResponseReturnValue | None:
    """The same page again, after an entry was taken away or one more was asked for."""
    asked = sheet.form[sheet.question.key]
    if not isinstance(asked, EntriesField) or not asked.is_rearranged:
        return None
    here = url_for(
        "apply.question",
        application_id=sheet.application.id,
        key=sheet.question.key,
        back=_back_to(),
        more="yes" if asked.wants_more else None,
        _anchor=asked.last_input_id if asked.wants_more else None,
    )
    return redirect(here)


def _back(sheet: Sheet) -> str:
    application_id = sheet.application.id
    if request.args.get("back") == "check":
        return url_for("apply.check_answers", application_id=application_id)
    if sheet.number > 1:
        before = sheet.asked[sheet.number - 2]
        return url_for("apply.question", application_id=application_id, key=before.key)
    return url_for("apply.application_page", application_id=application_id)


def _first_look(sheet: Sheet) -> str:
    """What is stored; or what waits to be stored, with the rev its writer saw: nothing is written over."""
    asked = sheet.form[sheet.question.key]
    if isinstance(asked, EntriesField) and request.args.get("more") == "yes":
        asked.draw_one_more()
    if sheet.unsaved is not None:
        return _page(
            sheet, rev=read_rev(sheet.unsaved.get("rev", "")), once=sheet.unsaved.get("once") or new_once()
        )
    return _page(sheet, rev=sheet.answer.rev if sheet.answer else 0, once=new_once())


def _page(
    sheet: Sheet,
    *,
    rev: int,
    once: str,
    is_saved: bool = False,
    words: int | None = None,
    details: Sequence[PrivateDetail] = (),
) -> str:
    definition, language = definition_for(sheet.application), current_language().code
    return render_template(
        "apply/question.html",
        sheet=sheet,
        definition=definition,
        rev=rev,
        once=once,
        opened=opened_now(sheet.question, has_answer=sheet.answer is not None),
        is_saved=is_saved,
        words=words,
        details=details,
        may_confirm=can(signed_in_user(), Permission.APPLICATION_SPEAK_FOR, sheet.application),
        points=points_behind(sheet.application.call, definition, f"question:{sheet.question.key}"),
        readers=(readers := shown_readers(definition, sheet.question)),
        criteria=[definition.criterion(key).title.in_language(language) for key in readers.criteria],
        read_by_panel=sheet.question in definition.form.questions(Stage.FULL),
        back_url=_back(sheet),
        next_url=_where_next(sheet),
        autosave_url=url_for("apply.autosave", application_id=sheet.application.id, key=sheet.question.key),
        page_title=sheet.question.label.in_language(language),
        page_errors=sheet.errors,
    )


def _both_texts(sheet: Sheet, outcome: SaveOutcome) -> str:
    """Nothing was written over: the saved text and the writer's own, one beside the other."""
    rows = answer_rows(sheet.application, current_language().code)
    saved = next((row for row in rows if row.id == f"answer-{sheet.question.key}" and row.lines), None)
    return render_template(
        "apply/both_texts.html",
        sheet=sheet,
        definition=definition_for(sheet.application),
        saved_row=saved,
        rev=outcome.rev,
        once=new_once(),
        page_title=_("This answer was changed meanwhile"),
        back_url=url_for("apply.application_page", application_id=sheet.application.id),
    )
