"""Saying something aloud by a link: a recording that the fund writes down as a point."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from forms.localized import LocalizedText
from forms.pages.take_part import AloudForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.file_checks.results import Refusal
from fundapp.models.codesign import PointShowing
from fundapp.services import spoken as service
from fundapp.services.files import NotTaken
from fundapp.services.spoken import About
from fundapp.services.voices import LinkOver, SaidEnough
from fundapp.storage import NoRoom, TooLarge
from fundapp.web.access import public
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.kept_text import kept_fields
from fundapp.web.posted_save import new_once, posted_once
from fundapp.web.public.blueprint import bp
from fundapp.web.public.guests import Guest, by_link, over, somebody
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.take_part import REASON, label_of, page_for, part_asked_for
from fundapp.web.security_headers import allow_recording

ENOUGH = _("No more can be kept here today. Write it instead, or tell the people who gave you the link.")


@bp.route("/calls/<code>/take-part/<token>/aloud", methods=["GET", "POST"])
@public(REASON)
@exit_explained
@by_link
def take_part_aloud(guest: Guest) -> ResponseReturnValue:
    """Recorded on the page, or a file that was recorded before, without a script. Sent whole: it is short."""
    about = part_asked_for(guest)
    form = bind(AloudForm, data={"language": current_language().code, "showing": "own_words"})
    if request.method == "GET":
        return _page(guest, form, about)
    if not form.validate():
        return _page(guest, form, about), 422
    try:
        _receive(guest, form, about)
    except LinkOver:
        return over(guest.link, kept=kept_fields())
    except SaidEnough:
        form.add_error(None, ENOUGH)
        return _page(guest, form, about), 409
    except (NotTaken, TooLarge, NoRoom) as error:
        return _page(guest, form, about, refused=error), error.status
    return redirect(guest.url("take_part_points", kept="yes"))


def _receive(guest: Guest, form: AloudForm, about: str | None) -> None:
    """Raises LinkOver, TooManyTries, SaidEnough, NotTaken, TooLarge and NoRoom."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise NotTaken(Refusal.EMPTY)
    language = str(form["language"].data)
    role = "" if form["unnamed"].data else str(form["said_by"].data)
    words = About(
        said_by=LocalizedText.of({language: role}) if role else somebody(guest.definition.languages),
        said_in=language,
        showing=PointShowing(form["showing"].data),
        about=about,
    )
    with unit_of_work():
        service.say_aloud(guest.link, words, upload.stream, once=posted_once(), now=utcnow())


def _page(guest: Guest, form: AloudForm, about: str | None, *, refused: FundError | None = None) -> str:
    allow_recording()
    errors = form.error_list()
    if refused is not None:
        errors = [*errors, ("file", str(message_for(refused) or ""))]
    return page_for(
        "take_part/aloud.html",
        guest,
        form=form,
        about=label_of(guest, about),
        about_reference=about,
        once=new_once(),
        refused=refused,
        minutes=service.MINUTES,
        kept_until=service.kept_until(guest.link),
        page_errors=errors,
    )
