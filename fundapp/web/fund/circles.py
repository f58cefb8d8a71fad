"""Story circles for the fund: inviting, writing down what was chosen and why, and checking it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forms.i18n import _
from forms.pages.story_circles import ChooseForm, InviteForm, VerifyForm, choose_form, invite_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.models.monitoring import Story
from fundapp.models.story_circle import CircleLevel, StoryCircle
from fundapp.moments import london_day
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.story_circles import (
    Guest,
    chosen_by_grantees,
    chosen_story,
    get_circle,
    heard_in,
    list_circles,
    list_guests,
    list_open_stories,
    may_be_closed,
    shown_stories,
)
from fundapp.services.story_circles import (
    CircleTooSmall,
    NotOpenToCircles,
    NotVerified,
    TiedToStory,
    choose_story,
    close_circle,
    invite_circle,
    verify_story,
)
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user
from fundapp.web.templating import in_own_direction

bp = Blueprint("fund_circles", __name__)
START = 60  # letters of a story, to know it again


@bp.get("/fund/calls/<uuid:call_id>/circles")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    definition = definition_of(current_version(call))
    return render_template(
        "fund/circles/circles.html",
        call=call,
        domains={each.key: each.label for each in definition.monitoring.domains},
        circles=list_circles(call, reader=signed_in_user()),
    )


@bp.route("/fund/calls/<uuid:call_id>/circles/grantees", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def new_of_grantees(call: Call) -> ResponseReturnValue:
    return _new(call, CircleLevel.GRANTEES)


@bp.route("/fund/calls/<uuid:call_id>/circles/panel", methods=["GET", "POST"])
@requires(Permission.CALL_RUN, call=get_call)
def new_of_panel(call: Call) -> ResponseReturnValue:
    return _new(call, CircleLevel.PANEL)


def _new(call: Call, level: CircleLevel) -> ResponseReturnValue:
    reader, now = signed_in_user(), utcnow()
    definition = definition_of(current_version(call))
    known = chosen_by_grantees(call) if level is CircleLevel.PANEL else None
    stories = {
        str(each.id): each
        for each in list_open_stories(call, reader=reader, today=london_day(now))
        if known is None or each.id in known
    }
    guests = {str(each.user.id): each for each in list_guests(call, level, reader=reader)}
    form: InviteForm = bind(
        invite_form(
            [(each.key, each.label.choose("en")[0]) for each in definition.monitoring.domains],
            [(key, _beginning(each)) for key, each in stories.items()],
            [(key, _guest(each)) for key, each in guests.items()],
        )
    )
    status = 422
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                made = invite_circle(
                    call,
                    domain=form["domain"].data,
                    level=level,
                    held_on=form.held_on.data,
                    stories=[stories[key] for key in form["stories"].data],
                    guests=[guests[key] for key in form["people"].data],
                    actor=reader,
                    now=now,
                    once=posted_once(),
                )
            return redirect(url_for(".circle", circle_id=made.id))
        except CircleTooSmall:
            form.add_error(
                "people", _("Invite three people or more, and choose stories of two groups or more.")
            )
        except NotOpenToCircles:
            form.add_error(
                "stories", _("One of these stories is about something else, or not allowed any more.")
            )
            status = 409
        except TiedToStory:
            form.add_error(
                "people", _("One of these people cannot read one of these stories. Invite others.")
            )
    new = render_template("fund/circles/new.html", call=call, form=form, is_panel=level is CircleLevel.PANEL)
    return new, status if form.errors else 200


@bp.get("/fund/circles/<uuid:circle_id>")
@requires(Permission.CIRCLE_RUN, circle=get_circle)
def circle(circle: StoryCircle) -> ResponseReturnValue:
    return _page(circle, None, VerifyForm(None))


@bp.post("/fund/circles/<uuid:circle_id>/close")
@requires(Permission.CIRCLE_RUN, circle=get_circle)
def close(circle: StoryCircle) -> ResponseReturnValue:
    with unit_of_work():
        close_circle(circle, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".circle", circle_id=circle.id))


@bp.post("/fund/circles/<uuid:circle_id>/choose")
@requires(Permission.CIRCLE_RUN, circle=get_circle)
def choose(circle: StoryCircle) -> ResponseReturnValue:
    form = bind(choose_form(_choices(circle)))
    if not form.validate():
        return _page(circle, form, VerifyForm(None)), 422
    story = next(each.story for each in circle.stories if str(each.story_id) == form["story"].data)
    with unit_of_work():
        choose_story(circle, story, form.why.data, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".circle", circle_id=circle.id))


@bp.post("/fund/circles/<uuid:circle_id>/verify")
@requires(Permission.CIRCLE_RUN, circle=get_circle)
def verify(circle: StoryCircle) -> ResponseReturnValue:
    form, status = bind(VerifyForm), 422
    if form.validate():
        try:
            with unit_of_work():
                verify_story(circle, form.how.data, actor=signed_in_user(), now=utcnow())
            return redirect(url_for(".circle", circle_id=circle.id))
        except NotVerified:
            form.add_error(
                "how",
                _("The group says first that it is right. Then somebody else than the writer checks it."),
            )
            status = 409
    return _page(get_circle(circle.id), None, form), status


def _choices(circle: StoryCircle) -> list[tuple[str, str]]:
    stories = shown_stories(circle, london_day(utcnow()))
    return [(str(each.id), _beginning(each)) for each in stories]


def _page(circle: StoryCircle, form: ChooseForm | None, verify_form: VerifyForm) -> str:
    today = london_day(utcnow())
    form = form or choose_form(_choices(circle))(None)
    definition = definition_of(current_version(circle.call))
    return render_template(
        "fund/circles/circle.html",
        circle=circle,
        domains={each.key: each.label for each in definition.monitoring.domains},
        stories=shown_stories(circle, today),
        heard=heard_in(circle, today),
        may_be_closed=may_be_closed(circle, today),
        chosen=chosen_story(circle, today),
        form=form,
        verify_form=verify_form,
        page_errors=form.error_list() + verify_form.error_list(),
    )


def _beginning(story: Story) -> Markup:
    """Whose it is, and its first words; each with a direction of its own."""
    return Markup("{}: {}").format(
        in_own_direction(story.award.organisation.name), in_own_direction(story.text[:START])
    )


def _guest(guest: Guest) -> Markup:
    return Markup(" · ").join(map(in_own_direction, filter(None, (guest.user.name, guest.group))))
