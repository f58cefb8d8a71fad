"""Stories of a call for the fund: what each teller allows, and words it wants to use."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.grants import PURPOSES, UseForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.call import Call
from fundapp.models.monitoring import Story, StoryPurpose
from fundapp.permissions import Permission
from fundapp.queries.calls import current_version, definition_of, get_call
from fundapp.queries.stories import get_story, list_stories_of_call
from fundapp.services.stories import NotAllowedByTeller, propose_use
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.posted_save import posted_once
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_stories", __name__)


@bp.get("/fund/calls/<uuid:call_id>/stories")
@requires(Permission.CALL_RUN, call=get_call)
def page(call: Call) -> ResponseReturnValue:
    return _page(call)


@bp.post("/fund/stories/<uuid:story_id>/use")
@requires(Permission.STORY_USE, story=get_story)
def use(story: Story) -> ResponseReturnValue:
    form, status = bind(UseForm), 422
    if form.validate():
        try:
            with unit_of_work():
                propose_use(
                    story, form["words"].data, actor=signed_in_user(), now=utcnow(), once=posted_once()
                )
            return redirect(url_for(".page", call_id=story.award.call_id))
        except NotAllowedByTeller:
            form.add_error("words", _("The group has not allowed this, or the time it gave is over."))
            status = 409
    return _page(story.award.call, (story, form)), status


def _page(call: Call, using: tuple[Story, UseForm] | None = None) -> str:
    definition = definition_of(current_version(call))
    return render_template(
        "fund/calls/stories.html",
        call=call,
        stories=list_stories_of_call(call, reader=signed_in_user()),
        today=utcnow().astimezone(definition.zone).date(),
        purposes=dict(PURPOSES),
        report=StoryPurpose.REPORT,
        using=using,
        new_form=UseForm(None),
        page_errors=using[1].error_list() if using else [],
    )
