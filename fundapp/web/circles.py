"""Story circles for the people invited, and what a group says of its story that was chosen."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from forms.pages.story_circles import RightForm, SpeakForm, speak_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.story_circle import CircleSeat, StoryCircle
from fundapp.moments import london_day
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.story_circles import (
    chosen_story,
    get_circle,
    group_beside,
    heard_in,
    list_own_circles,
    own_stories,
    shown_stories,
)
from fundapp.services.story_circles import say_right, speak_in_circle
from fundapp.story_steps import CircleStatus
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user

bp = Blueprint("circles", __name__)


@bp.get("/circles")
@requires(Permission.ACCOUNT_OPEN)
def mine() -> ResponseReturnValue:
    circles = list_own_circles(signed_in_user())
    definitions = {each.call_id: definition_of(current_version(each.call)) for each in circles}
    domains = {
        (call_id, domain.key): domain.label
        for call_id, definition in definitions.items()
        for domain in definition.monitoring.domains
    }
    return render_template("circles/mine.html", circles=circles, domains=domains)


@bp.route("/circles/<uuid:circle_id>", methods=["GET", "POST"])
@requires(Permission.CIRCLE_SIT, circle=get_circle)
def circle(circle: StoryCircle) -> ResponseReturnValue:
    today, seat = london_day(utcnow()), _own_seat(circle)
    stories, own = shown_stories(circle, today), own_stories(circle, seat)
    offered = {str(each.id): each for each in stories if each.id not in own}
    numbers = {each.id: number for number, each in enumerate(stories, 1)}
    choices = [(key, _("Story %(number)s", number=numbers[each.id])) for key, each in offered.items()]
    form: SpeakForm = bind(speak_form(choices), story=str(seat.story_id or ""), why=seat.why)
    if is_posted() and form.validate():
        with unit_of_work():
            speak_in_circle(
                circle,
                offered[form["story"].data],
                form.why.data,
                language=current_language().code,
                actor=signed_in_user(),
                now=utcnow(),
            )
        return redirect(url_for(".circle", circle_id=circle.id))
    definition = definition_of(current_version(circle.call))
    page = render_template(
        "circles/circle.html",
        circle=circle,
        definition=definition,
        domains={each.key: each.label for each in definition.monitoring.domains},
        stories=stories,
        group_beside=group_beside,
        numbers=numbers,
        heard=heard_in(circle, today),
        chosen=chosen_story(circle, today),
        form=form,
        is_open=circle.status is CircleStatus.OPEN and circle.silent is None and bool(offered),
    )
    return page, 422 if form.errors else 200


def _own_seat(circle: StoryCircle) -> CircleSeat:
    return next(each for each in circle.seats if each.user_id == signed_in_user().id)


@bp.route("/circles/<uuid:circle_id>/correct", methods=["GET", "POST"])
@requires(Permission.CIRCLE_SAY_RIGHT, circle=get_circle)
def correct(circle: StoryCircle) -> ResponseReturnValue:
    form = bind(RightForm)
    if is_posted() and form.validate():
        award_id: UUID | None = circle.story.award_id if circle.story else None
        with unit_of_work():
            say_right(
                circle,
                is_right=form.is_right.data == "yes",
                words=form.words.data or "",
                actor=signed_in_user(),
                now=utcnow(),
            )
        return redirect(url_for("awards.award_page", award_id=award_id))
    definition = definition_of(current_version(circle.call))
    page = render_template("circles/correct.html", circle=circle, definition=definition, form=form)
    return page, 422 if form.errors else 200
