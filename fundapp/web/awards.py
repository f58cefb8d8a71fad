"""A group's grant: agreement, payments, conversations, markers and stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.i18n import _, current_language
from forms.languages import find_language
from forms.pages.grants import PURPOSES, ConfirmForm, ConsentForm, markers_form
from forms.private_details import PrivateDetail
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.models.award import Award
from fundapp.models.monitoring import CheckIn, IdentityLevel, Story, StoryPurpose, StoryUse
from fundapp.moments import london_day
from fundapp.permissions import Permission, can
from fundapp.queries.award_checks import list_conditions
from fundapp.queries.bank_accounts import needs_bank_account
from fundapp.queries.calls import definition_of
from fundapp.queries.check_ins import get_check_in, minutes_asked
from fundapp.queries.funder_feedback import asks_about_the_fund
from fundapp.queries.grant_plans import find_moved_end
from fundapp.queries.grants import (
    get_released_award,
    holds_of,
    list_check_ins,
    list_clawbacks,
    list_markers,
)
from fundapp.queries.harvested_outcomes import list_outcomes_of, still_rests
from fundapp.queries.stories import get_story, get_story_use, list_stories
from fundapp.queries.story_circles import chosen_story, list_circles_of
from fundapp.services.check_ins import name_markers
from fundapp.services.grants import refuse_award
from fundapp.services.stories import ConsentTooLong, give_consent, object_to_use, withdraw_consent
from fundapp.web.access import requires
from fundapp.web.binding import bind, is_posted
from fundapp.web.conversations import Conversation, hold_conversation
from fundapp.web.second_look import details_in

bp = Blueprint("awards", __name__)


@bp.get("/awards/<uuid:award_id>")
@requires(Permission.AWARD_VIEW, award=get_released_award)
def award_page(award: Award) -> ResponseReturnValue:
    return render_template(
        "awards/award.html",
        award=award,
        moved_end=find_moved_end(award),
        definition=definition_of(award.application.call_version),
        check_ins=list_check_ins(award),
        conditions=list_conditions(award),
        holds=holds_of(award),
        clawbacks=list_clawbacks(award),
        markers=list_markers(award),
        stories=list_stories(award),
        purposes=PURPOSES,
        circles=[
            (each, chosen_story(each, london_day(utcnow())))
            for each in list_circles_of(award, reader=current_user)
        ],
        outcomes=[(each, still_rests(each, london_day(utcnow()))) for each in list_outcomes_of(award)],
        minutes=minutes_asked(award),
        bank_account_needed=needs_bank_account(award),
        today=london_day(utcnow()),
        may_sign=can(current_user, Permission.AWARD_ACCEPT, award),
        may_write=can(current_user, Permission.CHECK_IN_ANSWER, award),
    )


@bp.post("/awards/<uuid:award_id>/refuse")
@requires(Permission.AWARD_ACCEPT, award=get_released_award)
def refuse(award: Award) -> ResponseReturnValue:
    with unit_of_work():
        refuse_award(award, actor=current_user, now=utcnow())
    return _to_award(award)


@bp.route("/awards/<uuid:award_id>/markers", methods=["GET", "POST"])
@requires(Permission.AWARD_ACCEPT, award=get_released_award)
def markers(award: Award) -> ResponseReturnValue:
    definition = definition_of(award.application.call_version)
    rules = definition.monitoring
    standing = [marker.words for marker in list_markers(award)]
    seen = request.form.getlist("seen") if is_posted() else standing
    form = bind(markers_form(rules.fewest_markers, rules.most_markers, standing))
    if is_posted() and form.validate():
        named = [field.data for field in form if field.data]
        with unit_of_work():
            name_markers(award, named, actor=current_user, now=utcnow(), seen=seen)
        return _to_award(award)
    status = 422 if form.errors else 200
    page = render_template(
        "awards/markers.html", award=award, definition=definition, form=form, rules=rules, seen=seen
    )
    return page, status


@bp.route("/check-ins/<uuid:check_in_id>", methods=["GET", "POST"])
@requires(Permission.CHECK_IN_ANSWER, check_in=get_check_in)
def check_in(check_in: CheckIn) -> ResponseReturnValue:
    conversation = Conversation.of(check_in, current_language().code)
    details = details_in(conversation.form) if is_posted() and conversation.is_open else []
    if is_posted() and not details and hold_conversation(conversation):
        return redirect(url_for(".check_in", check_in_id=check_in.id, **asked_in()))
    return check_in_page(conversation, ConfirmForm(None), details), conversation.http_status


def check_in_page(
    conversation: Conversation, confirm_form: ConfirmForm, details: Sequence[PrivateDetail] = ()
) -> str:
    """`details`: what was typed and looks like a person or a place."""
    return render_template(
        "awards/check_in.html",
        conversation=conversation,
        definition=conversation.definition,
        check_in=conversation.check_in,
        details=details,
        asked_in=asked_in(),
        asks_about_the_fund=asks_about_the_fund(conversation.planned, conversation.definition),
        confirm_form=confirm_form,
    )


def asked_in() -> dict[str, Any]:
    """The language of the call's own words, on the way from page to page."""
    language = find_language(request.args.get("in"))
    return {"in": language.code} if language else {}


@bp.route("/stories/<uuid:story_id>/consent", methods=["GET", "POST"])
@requires(Permission.STORY_CONSENT, story=get_story)
def story_consent(story: Story) -> ResponseReturnValue:
    form = bind(ConsentForm)
    if is_posted() and form.validate():
        try:
            with unit_of_work():
                give_consent(
                    story,
                    purpose=StoryPurpose(form.purpose.data),
                    identity=IdentityLevel(form.identity.data),
                    ends_on=form.ends_on.data,
                    language=current_language().code,
                    actor=current_user,
                    now=utcnow(),
                )
            return redirect(url_for(".award_page", award_id=story.award_id))
        except ConsentTooLong:
            form.add_error("ends_on", _("Choose a day after today, and at most two years from now."))
    status = 422 if form.errors else 200
    return render_template("awards/story_consent.html", story=story, form=form), status


@bp.post("/stories/<uuid:story_id>/withdraw")
@requires(Permission.STORY_CONSENT, story=get_story)
def story_withdraw(story: Story) -> ResponseReturnValue:
    """Of one purpose, or of all."""
    award_id: UUID = story.award_id
    named = request.form.get("purpose")
    purpose = next((each for each in StoryPurpose if each == named), None)
    with unit_of_work():
        withdraw_consent(story, purpose, actor=current_user, now=utcnow())
    return redirect(url_for(".award_page", award_id=award_id))


@bp.post("/story-uses/<uuid:story_use_id>/object")
@requires(Permission.STORY_CONSENT, story_use=get_story_use)
def use_object(story_use: StoryUse) -> ResponseReturnValue:
    award_id: UUID = story_use.story.award_id
    with unit_of_work():
        object_to_use(story_use, actor=current_user, now=utcnow())
    return redirect(url_for(".award_page", award_id=award_id))


def _to_award(award: Award) -> ResponseReturnValue:
    return redirect(url_for(".award_page", award_id=award.id))
