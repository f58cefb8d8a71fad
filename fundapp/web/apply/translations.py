"""What a group's words have become in other languages, and its way to say that this is not what it meant."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.not_meant import NotMeantForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import StaleVersion
from fundapp.models.application import Application
from fundapp.models.translation import Translation
from fundapp.permissions import Permission, can
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.translations import (
    application_of,
    get_translation,
    list_all_translations,
    may_correct,
    original_of,
    translation_rev,
)
from fundapp.services.translations import CorrectedTooLate, object_to
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import bp
from fundapp.web.binding import bind, sent_rev
from fundapp.web.errors import message_for
from fundapp.web.sessions import signed_in_user


@bp.get("/applications/<uuid:application_id>/translations")
@requires(Permission.APPLICATION_VIEW, application=get_application)
def translations(application: Application) -> ResponseReturnValue:
    return render_template(
        "apply/translations.html",
        application=application,
        definition=definition_for(application),
        found=[(each, *original_of(each)) for each in list_all_translations(application)],
        may_object=can(signed_in_user(), Permission.APPLICATION_SPEAK_FOR, application),
        page_title=_("How your answers were translated"),
        back_url=url_for("apply.application_page", application_id=application.id),
    )


@bp.route("/applications/<uuid:application_id>/translations/<uuid:translation_id>", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application, translation=get_translation)
def not_meant(application: Application, translation: Translation) -> ResponseReturnValue:
    """Its own words, a better translation, or both."""
    here = url_for("apply.translations", application_id=application.id)
    if application_of(translation).id != application.id:
        abort(404)
    form = bind(NotMeantForm, data={"objection": translation.objection, "correction": ""})
    if request.method == "GET":
        return _page(application, translation, form, translation_rev(translation))
    rev = sent_rev()
    words, correction = form["objection"].data.strip(), form["correction"].data.strip()
    if form.validate() and not words and not correction:
        form.add_error("objection", _("Write what you meant, or how the translation should be."))
    if form.error_list():
        return _page(application, translation, form, rev), 422
    try:
        with unit_of_work():
            object_to(translation, words, correction, rev=rev, actor=signed_in_user(), now=utcnow())
    except StaleVersion:
        fresh = get_translation(translation.id)
        return _page(application, fresh, form, translation_rev(fresh), is_stale=True), 409
    except CorrectedTooLate as error:
        form.add_error("correction", message_for(error) or "")
        return _page(application, get_translation(translation.id), form, rev), error.status
    return redirect(here)


def _page(
    application: Application,
    translation: Translation,
    form: NotMeantForm,
    rev: str,
    *,
    is_stale: bool = False,
) -> str:
    original, language = original_of(translation)
    return render_template(
        "apply/not_meant.html",
        definition=definition_for(application),
        translation=translation,
        original=original,
        language_of_original=language,
        form=form,
        rev=rev,
        is_stale=is_stale,
        may_correct=may_correct(application),
        page_title=_("This is not what we meant"),
        page_errors=form.error_list(),
        back_url=url_for("apply.translations", application_id=application.id),
    )
