"""Taking part by a link: what can be changed and how it is decided comes first, then a word of one's own."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.localized import LocalizedText
from forms.pages.take_part import ReturnForm, SayForm
from fundapp.call_file.codesign import Topic
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.codesign import PointShowing
from fundapp.queries.codesign import parts_of
from fundapp.queries.voices import list_decisions, list_shown
from fundapp.services import voices as service
from fundapp.services.voices import LinkOver, Words
from fundapp.web.access import public
from fundapp.web.binding import bind
from fundapp.web.kept_text import kept_fields
from fundapp.web.posted_save import posted_once
from fundapp.web.public.blueprint import bp
from fundapp.web.public.guests import (
    STOP_FIRST,
    Guest,
    by_link,
    over,
    somebody,
    stops_signing_in,
    take_back,
    voice_code,
    why_no_voice,
)
from fundapp.web.public.interruption import exit_explained

REASON = "whoever holds a link of co-design takes part without an account"
WRONG_CODE = _("This is no code of ours. It has twelve letters and numbers.")


@bp.get("/calls/<code>/take-part/<token>")
@public(REASON)
@exit_explained
@by_link
def take_part(guest: Guest) -> ResponseReturnValue:
    now = utcnow()
    voice_code()
    deciding = {point_id: each for point_id, each in list_decisions(guest.call).items() if each.is_open(now)}
    points = list_shown(guest.call)
    return page_for(
        "take_part/room.html",
        guest,
        session=guest.session,
        number=len(points),
        deciding=[(each, deciding[each.row.id]) for each in points if each.row.id in deciding],
    )


@bp.route("/calls/<code>/take-part/<token>/say", methods=["GET", "POST"])
@public(REASON)
@exit_explained
@by_link
def take_part_say(guest: Guest) -> ResponseReturnValue:
    about = part_asked_for(guest)
    form = bind(SayForm, data={"language": current_language().code, "showing": "own_words"})
    if request.method == "POST" and form.validate():
        words = words_in(form, guest, Topic(form.topic.data), about)
        try:
            with unit_of_work():
                point = service.say(guest.link, words, now=utcnow(), once=posted_once())
        except LinkOver:
            return over(guest.link, kept=kept_fields())
        return redirect(guest.url("take_part_point", point_id=point.id, kept="yes"))
    page = page_for(
        "take_part/say.html", guest, form=form, about=label_of(guest, about), about_reference=about
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/calls/<code>/take-part/<token>/code", methods=["GET", "POST"])
@public(REASON)
@by_link
def take_part_code(guest: Guest) -> ResponseReturnValue:
    """Whoever comes back later speaks with the voice they had."""
    form = bind(ReturnForm)
    is_sent = request.method == "POST" and not stops_signing_in()
    if is_sent and form.validate():
        if voiceless := why_no_voice():
            form.add_error("mine", voiceless)
        elif take_back(form.mine.data):
            return redirect(guest.url("take_part_points"))
        else:
            form.add_error("mine", WRONG_CODE)
    page = page_for("take_part/code.html", guest, form=form)
    return page, 422 if is_sent else 200


def words_in(form: BaseForm, guest: Guest, topic: Topic, about: str | None) -> Words:
    """What was typed in the fields that every page for words has."""
    language = str(form["language"].data)
    role = "" if form["unnamed"].data else str(form["said_by"].data)
    return Words(
        said=LocalizedText.of({language: form["said"].data}),
        said_by=LocalizedText.of({language: role}) if role else somebody(guest.definition.languages),
        topic=topic,
        showing=PointShowing(form["showing"].data),
        about=about,
    )


def part_asked_for(guest: Guest) -> str | None:
    asked = request.args.get("about", "")
    return asked if asked in {part.reference for part in parts_of(guest.definition)} else None


def label_of(guest: Guest, about: str | None) -> LocalizedText | None:
    """The name of the part of the call that somebody speaks about."""
    labels = {part.reference: part.label for part in parts_of(guest.definition)} if about else {}
    return labels.get(about) if about else None


def page_for(template: str, guest: Guest, **context: object) -> str:
    voiceless = why_no_voice()
    return render_template(
        template,
        guest=guest,
        call=guest.call,
        definition=guest.definition,
        voiceless=voiceless,
        can_stop=voiceless == STOP_FIRST,
        **context,
    )
