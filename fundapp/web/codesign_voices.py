"""The fund's page of one point: what people say to it, the decision, and doing what was agreed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.base import BaseForm
from forms.i18n import _, activate, translate
from forms.localized import LocalizedText
from forms.pages.codesign import GroupedForm, starting_texts
from forms.pages.codesign_voices import TIMES, DecisionForm, HideForm, apply_form, retell_form
from fundapp.call_file.codesign import CodesignResponse
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import NotPossibleNow, StaleVersion
from fundapp.models.codesign import CodesignPoint
from fundapp.models.codesign_voice import CodesignDecision, CodesignProposal, ReplyKind
from fundapp.permissions import Permission
from fundapp.queries.codesign import digest_of_retold, get_point, point_of, record_of
from fundapp.queries.spoken import find_spoken_of
from fundapp.queries.voices import (
    find_decision,
    find_proposal,
    get_reply,
    list_held,
    list_replies,
    shown,
)
from fundapp.services import codesign_decisions as decisions
from fundapp.services import voices as service
from fundapp.services.codesign import Answer
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest
from fundapp.web.codesign import bp, definition_in
from fundapp.web.paths import INTERFACE_LANGUAGES
from fundapp.web.public.take_part_points import decision_shown
from fundapp.web.sessions import signed_in_user
from scoring.consent import Decided, Outcome, Rule, Voice

WORDS = {
    Voice.AGREE: _("Agree"),
    Voice.STAND_ASIDE: _("Stand aside"),
    Voice.OBJECT: _("Object"),
    Voice.YES: _("Yes"),
    Voice.NO: _("No"),
    Voice.NEITHER: _("Neither yes nor no"),
}
CHANGED_MEANWHILE = _("Somebody has changed this part meanwhile. Look at what stands there now.")


@bp.get("/fund/co-design-points/<uuid:point_id>/talk")
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def talk(point: CodesignPoint) -> ResponseReturnValue:
    return _talk_page(point)


@bp.post("/fund/co-design-points/<uuid:point_id>/decision")
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def decide(point: CodesignPoint) -> ResponseReturnValue:
    form = bind(DecisionForm)
    if not form.validate():
        return _talk_page(point, decision_form=form)
    now = utcnow()
    closes_at = now + timedelta(minutes=TIMES[form.time.data])
    with unit_of_work():
        decisions.bring_to_decision(point, closes_at=closes_at, actor=signed_in_user(), now=now)
    return _to_talk(point)


@bp.post("/fund/co-design-points/<uuid:point_id>/decision/close")
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def close_decision(point: CodesignPoint) -> ResponseReturnValue:
    decision = find_decision(point)
    if decision is None:
        raise NotPossibleNow("nothing is being decided")
    with unit_of_work():
        decisions.close_early(decision, point.call, actor=signed_in_user(), now=utcnow())
    return _to_talk(point)


@bp.post("/fund/co-design-points/<uuid:point_id>/retell")
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def retell(point: CodesignPoint) -> ResponseReturnValue:
    form = bind(retell_form(definition_in(point.call).languages))
    if not form.validate():
        return _talk_page(point, retelling=form)
    try:
        with unit_of_work():
            retold = form.needed_text("retold")
            service.retell(point, retold, actor=signed_in_user(), now=utcnow(), seen=sent_digest())
    except StaleVersion:
        form.add_error(None, CHANGED_MEANWHILE)
        return _talk_page(get_point(point.id), retelling=form)
    return _to_talk(point)


@bp.post("/fund/co-design-points/<uuid:point_id>/replies/<uuid:reply_id>")
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def hide_reply(point: CodesignPoint, reply_id: UUID) -> ResponseReturnValue:
    reply = get_reply(reply_id)
    if reply.point_id != point.id:
        raise NotFound
    form = bind(HideForm)
    if not form.validate():
        return _talk_page(point, hiding=form)
    with unit_of_work():
        service.hide_reply(reply, point, form.why.data or None, actor=signed_in_user(), now=utcnow())
    return _to_talk(point)


@bp.post("/fund/co-design-points/<uuid:point_id>/apply")
@requires(Permission.CODESIGN_ANSWER, point=get_point)
def apply_agreed(point: CodesignPoint) -> ResponseReturnValue:
    """The call changes and the point is answered, both or neither."""
    definition, proposal = definition_in(point.call), find_proposal(point)
    form = bind(apply_form(definition.languages))
    if proposal is None:
        raise NotPossibleNow("nothing is proposed")
    if not form.validate():
        return _talk_page(point, applying=form)
    now = utcnow()
    answer = Answer(
        response=CodesignResponse.DID,
        reason=form.needed_text("reason"),
        decided_by=form.needed_text("decided_by"),
        decided_on=now.astimezone(definition.zone).date(),
        what_changed=form.text("what_changed"),
        changed=(proposal.reference,),
    )
    seen = request.form.get("seen_text", "")[:64]
    try:
        with unit_of_work():
            decisions.apply_proposal(point, answer, seen_digest=seen, actor=signed_in_user(), now=now)
    except StaleVersion:
        form.add_error(None, CHANGED_MEANWHILE)
        return _talk_page(point, applying=form)
    return redirect(url_for("codesign.record_page", call_id=point.call_id, _anchor=point.key))


def _to_talk(point: CodesignPoint) -> ResponseReturnValue:
    return redirect(url_for("codesign.talk", point_id=point.id))


def _talk_page(
    point: CodesignPoint,
    *,
    decision_form: BaseForm | None = None,
    retelling: GroupedForm | None = None,
    hiding: BaseForm | None = None,
    applying: GroupedForm | None = None,
) -> ResponseReturnValue:
    """A form that was refused comes with what was typed."""
    now, definition = utcnow(), definition_in(point.call)
    refused = decision_form or retelling or hiding or applying
    held, proposal, replies = list_held(point), find_proposal(point), list_replies(point)
    newest = held[0] if held else None
    decision, result = (newest.decision, newest.decided) if newest else (None, None)
    is_deciding = decision is not None and decision.is_open(now)
    is_agreed = result is not None and not is_deciding and result.outcome is Outcome.CARRIED
    thing = decisions.thing_of(point.call, proposal) if proposal else None
    told = LocalizedText.of(point.retold) if point.retold else None
    sessions = {each.key: each for each in record_of(point.call).sessions}
    page = render_template(
        "codesign/talk.html",
        call=point.call,
        definition=definition,
        row=point,
        spoken=find_spoken_of(point),
        said=LocalizedText.of(point.said),
        said_by=LocalizedText.of(point.said_by),
        point=shown(point, {kind: sum(each.kind is kind for each in replies) for kind in ReplyKind}),
        answer=point_of(point),
        proposal=proposal,
        today=thing.in_language(proposal.language) if thing and proposal else None,
        seen=thing.digest(proposal.language) if thing and proposal else "",
        told=told,
        seen_told=digest_of_retold(point),
        has_changed=bool(thing and proposal and thing.digest(proposal.language) != proposal.digest),
        replies=replies,
        hiding=hiding or HideForm(None),
        is_agreed=is_agreed,
        everybody_spoke=bool(
            decision and is_deciding and decisions.everybody_spoke(decision, point.call, now)
        ),
        words_of_voice=WORDS,
        deciding=sessions[point.session_key].deciding if point.session_key in sessions else None,
        decision_form=decision_form or DecisionForm(None),
        retelling=retelling or retell_form(definition.languages)(None, data=starting_texts({"retold": told})),
        applying=applying or _apply_form(point, decision, result if is_agreed else None, proposal),
        page_errors=refused.error_list() if refused else [],
        **decision_shown(held, now),
    )
    return page, 422 if refused else 200


def _apply_form(
    point: CodesignPoint,
    decision: CodesignDecision | None,
    result: Decided | None,
    proposal: CodesignProposal | None,
) -> GroupedForm | None:
    """Begins with who decided, by which rule and with which counts, in every language of the call."""
    if decision is None or result is None or proposal is None:
        return None
    languages = definition_in(point.call).languages
    texts = {}
    for language in languages:
        if language in INTERFACE_LANGUAGES:
            with activate(language):
                texts[f"decided_by_{language}"] = _who_decided(decision, result)
                texts[f"what_changed_{language}"] = translate("It now reads as it was proposed.")
    form: GroupedForm = apply_form(languages)(None, data=texts)
    return form


def _who_decided(decision: CodesignDecision, result: Decided) -> str:
    numbers = {voice.value: number for voice, number in result.counts}
    if Rule(decision.rule.value) is Rule.CONSENT:
        return translate(
            "The people who took part, by consent: %(agree)s agree, %(stand_aside)s stand aside",
            **numbers,
        )
    if Rule(decision.rule.value) is Rule.MAJORITY:
        return translate(
            "The people who took part, by majority: %(yes)s yes, %(no)s no, %(neither)s neither", **numbers
        )
    return translate(
        "The people who took part, by two thirds: %(yes)s yes, %(no)s no, %(neither)s neither", **numbers
    )
