"""An application's life until it is read: start, send, invite to the second stage, withdraw."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from forms.answers import JsonAnswer, carried_over
from forms.definition import Stage
from forms.eligibility import EligibilityFlag, Outcome, assess
from fundapp.db import Json, db, lock_row
from fundapp.errors import FundError, NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Application, ApplicationStage, PartnerShare
from fundapp.models.call import Round
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.queries.applications import (
    answers_of,
    definition_for,
    find_application,
    find_told_before,
    list_members_to_tell,
    typed_eligibility,
)
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.drafts import Readiness, partner_amounts, readiness_of
from fundapp.queries.people import answers_of_helpers, list_partners
from fundapp.services.answers import copy_answers, lock_application
from fundapp.services.calls import is_open_for, may_send
from fundapp.services.confidentiality import hide_grants_of
from fundapp.services.conflicts import note_known_conflicts
from fundapp.services.events import move, record
from fundapp.services.messages import MessageKind, notify
from fundapp.services.organisations import declare_claims, register_partner
from fundapp.services.partners import end_all_partners
from fundapp.services.recordings import copy_recordings

RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
RECEIPT_LENGTH = 8
TOLD_ONCE = ("group_summary",)  # what questions carry that is about the group and not about one call
SENT = (ApplicationStatus.SUBMITTED, ApplicationStatus.ELIGIBLE, ApplicationStatus.IN_REVIEW)


class CallClosed(FundError):
    """The round takes no more answers of this stage."""

    code = "call_closed"


class CheckNotPassed(FundError):
    """The eligibility check is not finished, or says that this fund is the wrong one."""

    code = "check_not_passed"


class IncompleteApplication(FundError):
    """Something is missing or does not fit; `readiness` says what."""

    code = "incomplete_application"

    def __init__(self, readiness: Readiness) -> None:
        super().__init__("the application cannot be sent yet")
        self.readiness = readiness


class HelpNotRead(IncompleteApplication):
    """The group has to read what a helper wrote, as it stands now, before it is sent."""

    code = "help_not_read"


class ReasonNeeded(FundError):
    """A "no" needs at least one sentence for the group."""

    code = "reason_needed"


def start_application(
    round_: Round,
    *,
    organisation: Organisation,
    eligibility: Mapping[str, JsonAnswer],
    language: str,
    actor: User,
    now: datetime,
    is_migrant_led: bool = False,
) -> Application:
    """The group's application in this round; a second start gives the first one back.

    Raises CallClosed and CheckNotPassed.
    """
    lock_row(Organisation, organisation.id)
    if (known := find_application(round_, organisation)) is not None:
        return known
    if not is_open_for(round_, Stage.EOI, now):
        raise CallClosed
    version = current_version(round_.call)
    definition = definition_of(version)
    typed = typed_eligibility(definition, dict(eligibility))
    result = assess(definition.eligibility, typed)
    if result.unanswered or result.outcome is Outcome.NOT_THIS_FUND:
        raise CheckNotPassed
    application = Application(
        call=round_.call,
        round=round_,
        call_version=version,
        organisation=organisation,
        started_by_id=actor.id,
        strand_code=definition.strands[0].key if len(definition.strands) == 1 else None,  # nothing to choose
        language=language,
        is_confidential=EligibilityFlag.CONFIDENTIAL in result.flags,
        needs_host=EligibilityFlag.HOST_ROUTE in result.flags,
        eligibility_answers={key: value for key, value in eligibility.items() if key in typed},
    )
    if application.is_confidential:
        organisation.is_confidential = True
        hide_grants_of(organisation)
    db.session.add(application)
    record(application, "start", actor=actor, now=now)
    notify(actor, MessageKind.DRAFT_STARTED, now=now, application_id=str(application.id))
    declare_claims(application, definition, is_migrant_led=is_migrant_led, actor=actor, now=now)
    _copy_what_was_told_before(application, Stage.EOI, actor=actor, now=now)
    return application


def submit_application(application: Application, *, actor: User, now: datetime, read_help: str = "") -> None:
    """Hand the draft of its stage to the fund. Sending what was sent already changes nothing.

    `read_help` names the texts of helpers that the group has read (`help_digest`). Raises CallClosed,
    IncompleteApplication or HelpNotRead.
    """
    lock_application(application)
    if application.status in SENT:
        return
    if application.status is not ApplicationStatus.DRAFT:
        raise NotPossibleNow("only a draft can be sent")
    if not may_send(application, now):
        raise CallClosed
    readiness = readiness_of(application)
    if not readiness.is_ready:
        raise IncompleteApplication(readiness)
    helped = answers_of_helpers(application)
    if helped and read_help != help_digest(helped):
        raise HelpNotRead(readiness)
    _share_the_request(application)
    application.submitted_at = now
    application.receipt = application.receipt or _new_receipt()
    details: Json = {"stage": application.stage.value, "receipt": application.receipt}
    if helped:
        details["written_by_helper_and_read"] = sorted(helped)
    move(application, "submit", actor=actor, now=now, details=details)
    note_known_conflicts(application.call, actor=actor, now=now, application=application)
    notify(actor, MessageKind.APPLICATION_RECEIVED, now=now, application_id=str(application.id))


def find_eligible(application: Application, *, actor: User, now: datetime) -> None:
    """The expression of interest fits the call."""
    lock_application(application)
    move(application, "find_eligible", actor=actor, now=now)


def invite_to_full(application: Application, *, actor: User, now: datetime) -> None:
    """Open the second stage; what the group has written is copied to where it is asked again."""
    lock_application(application)
    if application.stage is ApplicationStage.FULL:
        raise NotPossibleNow("the second stage is open already")
    application.eoi_submitted_at = application.submitted_at
    application.submitted_at = application.grace_until = None
    application.stage = ApplicationStage.FULL
    move(application, "invite_to_full", actor=actor, now=now)
    form, answers = definition_for(application).form, answers_of(application)
    rows = {answer.question_key: answer for answer in application.answers}
    carried = carried_over(form, answers)
    copies = {
        question.key: rows[question.copied_from]
        for question in form.questions(Stage.FULL)
        if question.copied_from in rows
        and question.key not in rows
        and (carried[question.key] is not None or rows[question.copied_from].recordings)
    }
    copied = copy_answers(application, copies, actor=actor, now=now)
    for key, source in copies.items():
        copy_recordings(source, copied[key])
    _copy_what_was_told_before(application, Stage.FULL, actor=actor, now=now)
    _tell_group(application, MessageKind.INVITED_TO_FULL, now=now)


def _copy_what_was_told_before(application: Application, stage: Stage, *, actor: User, now: datetime) -> None:
    """What a group said of itself in an earlier application is there already, to be kept or changed."""
    db.session.flush()
    db.session.refresh(application, ["answers"])
    answered = {answer.question_key for answer in application.answers}
    copies = {
        question.key: told
        for question in definition_for(application).form.questions(stage)
        if question.carries in TOLD_ONCE
        and question.key not in answered
        and (told := find_told_before(application, question.carries or "")) is not None
    }
    copy_answers(application, copies, actor=actor, now=now)


def find_ineligible(application: Application, *, reason: str, actor: User, now: datetime) -> None:
    """The call's rules do not let this group apply. Raises ReasonNeeded."""
    _say_no(application, "find_ineligible", reason=reason, actor=actor, now=now)


def decline_application(application: Application, *, reason: str, actor: User, now: datetime) -> None:
    """No further than the first stage, with a sentence the group will read. Raises ReasonNeeded.

    What was sent in full is decided by the panel, signed, and told to everybody on one day.
    """
    lock_application(application)
    if application.stage is ApplicationStage.FULL:
        raise NotPossibleNow("the panel decides about the second stage")
    _say_no(application, "decline", reason=reason, actor=actor, now=now)


def help_digest(helped: Mapping[str, int]) -> str:
    """Names exactly the texts of helpers that a group has read: their questions and saves."""
    return hashlib.sha256(json.dumps(dict(helped), sort_keys=True).encode()).hexdigest()[:32]


def withdraw_application(
    application: Application, *, actor: User, now: datetime, reason: str | None = None
) -> None:
    """The group takes its application back. A grant promised already is given up on the grant's own page."""
    lock_application(application)
    if application.status is ApplicationStatus.IN_PRINCIPLE:
        raise NotPossibleNow("there is an award already")
    end_all_partners(application, actor=actor, now=now)
    move(application, "withdraw", actor=actor, now=now, reason=reason)


def _say_no(application: Application, step: str, *, reason: str, actor: User, now: datetime) -> None:
    if not reason.strip():
        raise ReasonNeeded
    lock_application(application)
    application.group_told_at = now
    move(application, step, actor=actor, now=now, reason=reason.strip())
    _tell_group(application, MessageKind.DECISION_READY, now=now)


def _tell_group(application: Application, kind: MessageKind, *, now: datetime) -> None:
    for member in list_members_to_tell(application):
        notify(member, kind, now=now, application_id=str(application.id))


def _new_receipt() -> str:
    return "".join(secrets.choice(RECEIPT_LETTERS) for _letter in range(RECEIPT_LENGTH))


def _share_the_request(application: Application) -> None:
    """Write down what each group of a partnership gets; the group that applies gets what is left.

    A partner that has said yes is known by its organisation, others by the name the group wrote.
    """
    known = {share.organisation.name.casefold(): share.organisation for share in application.shares}
    for each in list_partners(application):
        if each.organisation is not None:
            known[each.name.casefold()] = each.organisation
    partners = partner_amounts(application)
    for share in application.shares:
        db.session.delete(share)
    if not partners or application.amount_requested is None:
        return
    db.session.flush()  # one share for each group: the old ones go first
    parts: dict[Organisation, Decimal] = {}
    for name, amount in partners.items():
        partner = known.get(name.casefold()) or register_partner(name, fund=application.call.fund)
        parts[partner] = parts.get(partner, Decimal(0)) + amount
    lead = application.organisation
    parts[lead] = parts.get(lead, Decimal(0)) + application.amount_requested - sum(partners.values())
    for organisation, amount in parts.items():
        part = PartnerShare(
            application=application, organisation=organisation, amount=amount, is_lead=organisation is lead
        )
        db.session.add(part)
