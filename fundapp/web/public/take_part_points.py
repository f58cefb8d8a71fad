"""What others said by a link: reading it, supporting or doubting it, and deciding about it together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import redirect, request
from flask.typing import ResponseReturnValue

from forms.base import BaseForm
from forms.i18n import _, current_language
from forms.pages.take_part import ReplyForm, ballot_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.models.codesign import CodesignPoint
from fundapp.models.codesign_voice import CodesignBallot, CodesignDecision, ReplyKind
from fundapp.queries.codesign import point_of
from fundapp.queries.spoken import count_spoken
from fundapp.queries.voices import (
    Held,
    find_decision,
    find_proposal,
    get_shown_point,
    list_held,
    list_replies,
    list_shown,
    shown,
)
from fundapp.services import codesign_decisions as decisions
from fundapp.services import voices as service
from fundapp.services.codesign_decisions import ReasonForObjection
from fundapp.services.voices import LinkOver, SaidEnough
from fundapp.web.access import public
from fundapp.web.binding import bind
from fundapp.web.kept_text import kept_fields
from fundapp.web.posted_save import posted_once
from fundapp.web.public.blueprint import bp
from fundapp.web.public.guests import (
    Guest,
    by_link,
    over,
    stops_signing_in,
    voice_code,
    voice_for,
    why_no_voice,
)
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.take_part import REASON, page_for
from scoring.consent import Rule, Voice, voices_of

WORDS_OF_VOICE = {
    Voice.AGREE: _("I agree"),
    Voice.STAND_ASIDE: _("I stand aside: I do not stop it"),
    Voice.OBJECT: _("I object, and I say why"),
    Voice.YES: _("Yes"),
    Voice.NO: _("No"),
    Voice.NEITHER: _("Neither yes nor no"),
}
SAY_SOMETHING = _("Write what you think of it.")
SAY_WHY = _("Write why you object. Without a reason nobody can find a better way.")
ENOUGH = _("No more can be kept here. If this is wrong, tell the people who gave you the link.")
ANOTHER = _("The decision you saw is closed, and there is a new one. If you say the same in it, press again.")
CLOSED = _("This decision is closed. What you said before counts.")


@bp.get("/calls/<code>/take-part/<token>/points")
@public(REASON)
@exit_explained
@by_link
def take_part_points(guest: Guest) -> ResponseReturnValue:
    points = [(each, point_of(each.row)) for each in list_shown(guest.call)]
    return page_for("take_part/points.html", guest, points=points, aloud=count_spoken(guest.call))


@bp.get("/calls/<code>/take-part/<token>/points/<uuid:point_id>")
@public(REASON)
@exit_explained
@by_link
def take_part_point(guest: Guest, point_id: UUID) -> ResponseReturnValue:
    return _point_page(guest, get_shown_point(guest.call, point_id))


@bp.post("/calls/<code>/take-part/<token>/points/<uuid:point_id>/reply")
@public(REASON)
@by_link
def take_part_reply(guest: Guest, point_id: UUID) -> ResponseReturnValue:
    """The button that was pressed says whether it is support, doubt or a comment."""
    point, form = get_shown_point(guest.call, point_id), bind(ReplyForm)
    if stops_signing_in():
        return _point_page(guest, point, reply_form=form)
    kind = ReplyKind(request.form["go"]) if request.form.get("go") in set(ReplyKind) else ReplyKind.COMMENT
    if kind is ReplyKind.COMMENT and not form.text.data:
        form.validate()
        form.add_error("text", SAY_SOMETHING)
    elif kind is not ReplyKind.COMMENT and (voiceless := why_no_voice()):
        form.add_error("text", voiceless)
    elif form.validate():
        try:
            with unit_of_work():
                _reply(guest, point, kind, form.text.data)
            return redirect(guest.url("take_part_point", point_id=point.id, kept="yes"))
        except LinkOver:
            return over(guest.link, kept=kept_fields())
        except SaidEnough:
            form.add_error("text", ENOUGH)
    return _point_page(guest, point, reply_form=form)


def _reply(guest: Guest, point: CodesignPoint, kind: ReplyKind, text: str) -> None:
    language = current_language().code
    if kind is ReplyKind.COMMENT:
        service.comment(guest.link, point, text, language=language, now=utcnow(), once=posted_once())
        return
    voice = voice_for(point.id)
    service.weigh(guest.link, point, kind, text, language=language, voice=voice, now=utcnow())


@bp.post("/calls/<code>/take-part/<token>/points/<uuid:point_id>/decide")
@public(REASON)
@by_link
def take_part_decide(guest: Guest, point_id: UUID) -> ResponseReturnValue:
    point = get_shown_point(guest.call, point_id)
    decision = find_decision(point)
    if decision is None:
        return redirect(guest.url("take_part_point", point_id=point.id))
    form = bind(_ballot_form(decision))
    if stops_signing_in():
        return _point_page(guest, point, decide_form=form)
    if request.form.get("decision", str(decision.id)) != str(decision.id):
        form.validate()
        form.add_error("choice", ANOTHER)  # what was meant for one decision counts in no other
    elif not decision.is_open(utcnow()):
        form.add_error(None, CLOSED)
    elif voiceless := why_no_voice():
        form.add_error("choice", voiceless)
    elif form.validate():
        try:
            with unit_of_work():
                decisions.speak(
                    guest.link,
                    decision,
                    Voice(form["choice"].data),
                    form["reason"].data,
                    language=current_language().code,
                    voice=voice_for(decision.id),
                    now=utcnow(),
                )
            return redirect(guest.url("take_part_point", point_id=point.id, kept="yes"))
        except LinkOver:
            return over(guest.link, kept=kept_fields())
        except ReasonForObjection:
            form.add_error("reason", SAY_WHY)
        except SaidEnough:
            form.add_error("choice", ENOUGH)
        except NotPossibleNow:
            form.add_error(None, CLOSED)
    return _point_page(guest, point, decide_form=form)


def _ballot_form(decision: CodesignDecision) -> type[BaseForm]:
    rule = Rule(decision.rule.value)
    return ballot_form([(voice.value, WORDS_OF_VOICE[voice]) for voice in voices_of(rule)])


def _point_page(
    guest: Guest,
    point: CodesignPoint,
    *,
    reply_form: ReplyForm | None = None,
    decide_form: BaseForm | None = None,
) -> ResponseReturnValue:
    """With the support and the decision; what this browser has said before stands in the forms."""
    held, replies = list_held(point), list_replies(point)
    newest = held[0] if held else None
    code = voice_code()
    mine = voice_for(point.id) if code else None
    own = next((each for each in replies if mine and each.voice == mine), None)
    errors = [each for form in (reply_form, decide_form) if form for each in form.error_list()]
    if reply_form is None:
        reply_form = ReplyForm(None)
    spoken = _spoken_before(newest, code)
    if newest is not None and decide_form is None:
        data = {"choice": spoken.choice.value, "reason": spoken.reason} if spoken else {}
        decide_form = _ballot_form(newest.decision)(None, data=data)
    counts = {kind: sum(each.kind is kind for each in replies) for kind in ReplyKind}
    page = page_for(
        "take_part/point.html",
        guest,
        point=shown(point, counts),
        answer=point_of(point),
        proposal=find_proposal(point),
        replies=replies,
        own=own,
        spoken=spoken,
        voice=code if own or spoken else None,
        reply_form=reply_form,
        decide_form=decide_form,
        words_of_voice=WORDS_OF_VOICE,
        page_errors=errors,
        **decision_shown(held, utcnow()),
    )
    return page, 422 if errors else 200


def decision_shown(held: list[Held], now: datetime) -> dict[str, object]:
    """Nobody reads what others say, nor how it stands, before everybody has spoken."""
    newest = held[0] if held else None
    is_deciding = newest is not None and newest.decision.is_open(now)
    return {
        "decision": newest.decision if newest else None,
        "decided": newest.decided if newest else None,
        "is_deciding": is_deciding,
        "reasons": [each for each in newest.ballots if each.reason] if newest and not is_deciding else [],
        "former": held[1:],
    }


def _spoken_before(held: Held | None, code: str | None) -> CodesignBallot | None:
    """By the voice of this browser."""
    if held is None or code is None:
        return None
    voice = voice_for(held.decision.id)
    return next((each for each in held.ballots if each.voice == voice), None)
