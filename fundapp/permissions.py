"""Who may do what to which thing. When a step is possible is a matter for services."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import LIVE_GRANTS, FileStatus
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.codesign_recording import CodesignRecording
from fundapp.models.document import DocumentKind, OrganisationDocument
from fundapp.models.file import FileUse, StoredFile
from fundapp.models.fund import FundRoleKind
from fundapp.models.monitoring import CheckIn, CheckInFile
from fundapp.models.organisation import MemberRight
from fundapp.models.panel import PanelSeat, ReviewAssignment
from fundapp.models.panel_claim import PanelClaim
from fundapp.models.user import User
from fundapp.roles import (
    Rule,
    anybody,
    asks_for_it,
    belongs_with,
    either,
    gives_opinion,
    handles_complaint,
    has_seat,
    helps_now,
    keeps_data,
    keeps_people_safe,
    owns_it,
    reads_without_conflict,
    signs_for_the_host,
    sits_in_circle,
    was_asked,
    without_tie_on_the_list,
    works_as,
)
from fundapp.ties import (
    application_without_conflict,
    conflicted_organisations,
    is_conflicted,
    organisations_of,
)

__all__ = [
    "Permission",
    "application_without_conflict",
    "can",
    "conflicted_organisations",
    "is_conflicted",
    "organisations_of",
]


class Permission(StrEnum):
    ACCOUNT_OPEN = "account:home:open"

    FILE_READ = "files:file:read"
    GROUP_VIEW = "groups:group:view"
    GROUP_EDIT = "groups:group:edit"
    GROUP_RUN = "groups:group:run"
    HOST_ANSWER = "groups:host:answer"
    PARTNER_ANSWER = "groups:partner:answer"

    APPLICATION_START = "apply:application:start"
    APPLICATION_VIEW = "apply:application:view"
    APPLICATION_EDIT = "apply:application:edit"
    APPLICATION_SUBMIT = "apply:application:submit"
    APPLICATION_SPEAK_FOR = "apply:application:speak_for"
    APPLICATION_PEOPLE = "apply:application:people"
    AWARD_VIEW = "apply:award:view"
    AWARD_ACCEPT = "apply:award:accept"
    AGREEMENT_SIGN_AS_HOST = "groups:agreement:sign_as_host"
    BANK_ACCOUNT_SIGN = "apply:bank_account:sign"
    CHECK_IN_ANSWER = "apply:check_in:answer"
    STORY_CONSENT = "apply:story:consent"
    CIRCLE_SAY_RIGHT = "apply:story_circle:say_right"
    INTRODUCTION_ANSWER = "apply:support_introduction:answer"
    TEXT_KEEP_OUT = "apply:coded_text:keep_out"
    OUTCOME_ANSWER = "apply:harvested_outcome:answer"
    CIRCLE_SIT = "circles:story_circle:sit"

    PANEL_OPEN = "panel:panel:open"
    OPINION_GIVE = "panel:claim_opinion:give"
    PANEL_CLAIM_OWN = "panel:claim:own"
    APPLICATION_READ = "panel:application:read"
    SCORE_WRITE = "panel:score:write"

    FUND_OPEN = "fund:fund:open"
    API_KEY_OWN = "fund:api_key:own"
    WEBHOOK_OWN = "fund:webhook:own"
    CALL_VIEW = "fund:call:view"
    CALL_RUN = "fund:call:run"
    CODESIGN_ANSWER = "fund:codesign_point:answer"
    APPLICATION_RUN = "fund:application:run"
    CLAIM_DECIDE = "fund:claim:decide"
    HAND_OVER_AGREE = "fund:hand_over:agree"
    PANEL_RUN = "fund:panel:run"
    READING_PACK_MAKE = "fund:reading_pack:make"
    PANEL_PAY_SEE = "fund:panel_claim:see"
    PANEL_PAY_DECIDE = "fund:panel_claim:decide"
    PANEL_PAY = "fund:panel_claim:pay"
    DECISION_MAKE = "fund:decision:make"
    ROUND_RATIFY = "fund:round:ratify"
    ROUND_FIGURES = "fund:round:figures"
    RING_FENCE_OVERRIDE = "fund:ring_fence:override"
    RING_FENCE_RELEASE = "fund:ring_fence:release"
    AWARD_READ = "fund:award:read"
    AWARD_RUN = "fund:award:run"
    BANK_ACCOUNT_CHECK = "fund:bank_account:check"
    INSTALMENT_APPROVE = "fund:instalment:approve"
    INSTALMENT_PAY = "fund:instalment:pay"
    BATCH_SEE = "fund:payment_batch:see"
    BATCH_MAKE = "fund:payment_batch:make"
    BATCH_CHECK = "fund:payment_batch:check"
    INSTALMENT_HOLD = "fund:instalment:hold"
    CHECK_IN_REPLY = "fund:check_in:reply"
    STORY_USE = "fund:story:use"
    THEME_CODE_KEEP = "fund:theme_code:keep"
    TEXT_CODE = "fund:coded_text:code"
    SUPPORT_RUN = "fund:support:run"
    THEMES_PUBLISH = "fund:shared_themes:publish"
    OUTCOME_KEEP = "fund:harvested_outcome:keep"
    CIRCLE_RUN = "fund:story_circle:run"
    COMPLAINT_LIST = "fund:complaint:list"
    COMPLAINT_HANDLE = "fund:complaint:handle"
    SAFETY_KEEP = "fund:safety_flag:keep"
    SAFETY_NAME = "fund:safety_flag:name"
    DATA_KEEP = "fund:data:keep"
    DATA_NAME = "fund:data:name"


def reads_a_file(user: User, subject: object) -> bool:
    """Members of its group, whoever may read an application that shows it, and staff who check a grant or
    answer a conversation.

    A receipt belongs to no group: whoever sent it, and the fund's people who decide and pay. Nor does what
    was said aloud in co-design: whoever answers its points.
    """
    if not isinstance(subject, StoredFile):
        raise TypeError("not a file")
    if subject.organisation_id is None:
        return _reads_a_receipt(user, subject) or _hears_in_codesign(user, subject)
    if belongs_with(*VIEWERS)(user, subject):
        return True
    uses = sa.select(FileUse).where(FileUse.file_id == subject.id).order_by(FileUse.id)
    applications = {use.application for use in db.session.execute(uses).scalars()}
    if any(_reads_application(user, application) for application in applications):
        return True
    return _hears_a_conversation_with(user, subject) or _checks_a_grant_with(user, subject)


def is_current_document() -> sa.ColumnElement[bool]:
    """For queries over OrganisationDocument: not taken away, and no newer one of its kind is ready."""
    newer = aliased(OrganisationDocument)
    replaced = (
        sa.exists()
        .where(
            newer.organisation_id == OrganisationDocument.organisation_id,
            newer.kind == OrganisationDocument.kind,
            newer.kind != DocumentKind.OTHER,
            newer.created_at > OrganisationDocument.created_at,
            newer.removed_at.is_(None),
            StoredFile.id == newer.file_id,
            StoredFile.status == FileStatus.CLEAN,
        )
        .correlate(OrganisationDocument)
    )
    return sa.and_(OrganisationDocument.removed_at.is_(None), ~replaced)


def _reads_a_receipt(user: User, file: StoredFile) -> bool:
    query = sa.select(PanelClaim).where(PanelClaim.receipt_id == file.id)
    claim = db.session.execute(query).scalar_one_or_none()
    return claim is not None and (asks_for_it(user, claim) or RULES[Permission.PANEL_PAY_SEE](user, claim))


def _hears_a_conversation_with(user: User, file: StoredFile) -> bool:
    """Staff who answer it, once the group has sent it."""
    query = (
        sa.select(CheckIn)
        .join(CheckInFile, CheckInFile.check_in_id == CheckIn.id)
        .where(CheckInFile.file_id == file.id, CheckInFile.removed_at.is_(None), CheckIn.held_at.is_not(None))
    )
    check_in = db.session.execute(query).scalar_one_or_none()
    return check_in is not None and RULES[Permission.CHECK_IN_REPLY](user, check_in)


def _hears_in_codesign(user: User, file: StoredFile) -> bool:
    query = sa.select(CodesignRecording).where(CodesignRecording.file_id == file.id)
    spoken = db.session.execute(query).scalar_one_or_none()
    return spoken is not None and RULES[Permission.CODESIGN_ANSWER](user, spoken)


def _checks_a_grant_with(user: User, file: StoredFile) -> bool:
    """Staff, with a paper that counts now, of a group that has a grant in principle or running."""
    document = sa.select(OrganisationDocument.id).where(
        OrganisationDocument.file_id == file.id, is_current_document()
    )
    if db.session.execute(document).first() is None:
        return False
    awards = sa.select(Award).where(
        Award.organisation_id == file.organisation_id, Award.status.in_(LIVE_GRANTS)
    )
    found = db.session.execute(awards.order_by(Award.id)).scalars().all()
    return any(RULES[Permission.AWARD_READ](user, award) for award in found)


def _reads_application(user: User, application: Application) -> bool:
    """As a helper, as its reader, or as staff once it was sent."""
    if helps_now(user, application):
        return True
    was_sent = application.submitted_at is not None or application.eoi_submitted_at is not None
    if was_sent and RULES[Permission.APPLICATION_RUN](user, application):
        return True
    mine = (
        sa.select(ReviewAssignment)
        .join(PanelSeat, PanelSeat.id == ReviewAssignment.seat_id)
        .where(ReviewAssignment.application_id == application.id, PanelSeat.user_id == user.id)
    )
    assignment = db.session.execute(mine).scalar_one_or_none()
    if assignment is None or assignment.seat.panel.hides_names(utcnow()):
        return False  # a file has a voice, a face, or a name in it
    return reads_without_conflict(user, assignment)


VIEWERS = (MemberRight.VIEW, MemberRight.EDIT, MemberRight.SUBMIT)
WRITERS = (MemberRight.EDIT, MemberRight.SUBMIT)
STAFF = (FundRoleKind.MANAGER, FundRoleKind.FINANCE, FundRoleKind.ADMIN)

RULES: dict[Permission, Rule] = {
    Permission.ACCOUNT_OPEN: anybody,
    Permission.FILE_READ: reads_a_file,
    Permission.GROUP_VIEW: belongs_with(*VIEWERS),
    Permission.GROUP_EDIT: belongs_with(*WRITERS),
    Permission.GROUP_RUN: belongs_with(MemberRight.SUBMIT),
    Permission.HOST_ANSWER: was_asked,
    Permission.PARTNER_ANSWER: was_asked,
    Permission.APPLICATION_START: anybody,
    Permission.APPLICATION_VIEW: either(belongs_with(*VIEWERS), helps_now),
    Permission.APPLICATION_EDIT: either(belongs_with(*WRITERS), helps_now),
    Permission.APPLICATION_SPEAK_FOR: belongs_with(*WRITERS),
    Permission.APPLICATION_SUBMIT: belongs_with(MemberRight.SUBMIT),
    Permission.APPLICATION_PEOPLE: belongs_with(MemberRight.SUBMIT),
    Permission.AWARD_VIEW: belongs_with(*VIEWERS),
    Permission.AWARD_ACCEPT: belongs_with(MemberRight.SUBMIT),
    Permission.AGREEMENT_SIGN_AS_HOST: signs_for_the_host,
    Permission.BANK_ACCOUNT_SIGN: belongs_with(MemberRight.SUBMIT),
    Permission.CHECK_IN_ANSWER: belongs_with(*WRITERS),
    Permission.STORY_CONSENT: belongs_with(MemberRight.SUBMIT),
    Permission.CIRCLE_SAY_RIGHT: belongs_with(MemberRight.SUBMIT),
    Permission.INTRODUCTION_ANSWER: belongs_with(*WRITERS),
    Permission.TEXT_KEEP_OUT: belongs_with(MemberRight.SUBMIT),
    Permission.OUTCOME_ANSWER: belongs_with(MemberRight.SUBMIT),
    Permission.CIRCLE_SIT: sits_in_circle,
    Permission.PANEL_OPEN: has_seat,
    Permission.OPINION_GIVE: gives_opinion,
    Permission.PANEL_CLAIM_OWN: asks_for_it,
    Permission.APPLICATION_READ: reads_without_conflict,
    Permission.SCORE_WRITE: reads_without_conflict,
    Permission.FUND_OPEN: works_as(*STAFF),
    Permission.API_KEY_OWN: owns_it,
    Permission.WEBHOOK_OWN: owns_it,
    Permission.CALL_VIEW: works_as(*STAFF),
    Permission.CALL_RUN: works_as(FundRoleKind.MANAGER),
    Permission.CODESIGN_ANSWER: works_as(FundRoleKind.MANAGER),
    Permission.APPLICATION_RUN: works_as(FundRoleKind.MANAGER),
    Permission.CLAIM_DECIDE: works_as(FundRoleKind.MANAGER),
    Permission.HAND_OVER_AGREE: works_as(FundRoleKind.MANAGER, FundRoleKind.ADMIN),
    Permission.PANEL_RUN: works_as(FundRoleKind.MANAGER),
    Permission.READING_PACK_MAKE: without_tie_on_the_list(FundRoleKind.MANAGER),
    Permission.PANEL_PAY_SEE: works_as(FundRoleKind.MANAGER, FundRoleKind.FINANCE),
    Permission.PANEL_PAY_DECIDE: works_as(FundRoleKind.MANAGER),
    Permission.PANEL_PAY: works_as(FundRoleKind.FINANCE),
    Permission.DECISION_MAKE: without_tie_on_the_list(FundRoleKind.MANAGER),
    Permission.ROUND_RATIFY: without_tie_on_the_list(FundRoleKind.MANAGER),
    Permission.ROUND_FIGURES: without_tie_on_the_list(*STAFF),
    Permission.RING_FENCE_RELEASE: without_tie_on_the_list(FundRoleKind.ADMIN),
    Permission.RING_FENCE_OVERRIDE: without_tie_on_the_list(FundRoleKind.ADMIN),
    Permission.AWARD_READ: works_as(FundRoleKind.MANAGER, FundRoleKind.FINANCE),
    Permission.AWARD_RUN: works_as(FundRoleKind.MANAGER),
    Permission.BANK_ACCOUNT_CHECK: works_as(FundRoleKind.MANAGER, FundRoleKind.FINANCE),
    Permission.INSTALMENT_APPROVE: works_as(FundRoleKind.MANAGER),
    Permission.INSTALMENT_PAY: works_as(FundRoleKind.FINANCE),
    Permission.BATCH_SEE: works_as(FundRoleKind.MANAGER, FundRoleKind.FINANCE),
    Permission.BATCH_MAKE: works_as(FundRoleKind.FINANCE),
    Permission.BATCH_CHECK: works_as(FundRoleKind.MANAGER, FundRoleKind.FINANCE),
    Permission.INSTALMENT_HOLD: works_as(FundRoleKind.MANAGER, FundRoleKind.FINANCE),
    Permission.CHECK_IN_REPLY: works_as(FundRoleKind.MANAGER),
    Permission.STORY_USE: works_as(FundRoleKind.MANAGER),
    Permission.THEME_CODE_KEEP: works_as(FundRoleKind.MANAGER),
    Permission.TEXT_CODE: works_as(FundRoleKind.MANAGER),
    Permission.SUPPORT_RUN: works_as(FundRoleKind.MANAGER),
    Permission.THEMES_PUBLISH: works_as(FundRoleKind.MANAGER),
    Permission.OUTCOME_KEEP: works_as(FundRoleKind.MANAGER),
    Permission.CIRCLE_RUN: works_as(FundRoleKind.MANAGER),
    Permission.COMPLAINT_LIST: works_as(FundRoleKind.MANAGER, FundRoleKind.ADMIN),
    Permission.COMPLAINT_HANDLE: handles_complaint,
    Permission.SAFETY_KEEP: keeps_people_safe,
    Permission.SAFETY_NAME: works_as(FundRoleKind.ADMIN),
    Permission.DATA_KEEP: keeps_data,
    Permission.DATA_NAME: works_as(FundRoleKind.ADMIN),
}


# Who may see a thing learns that a step is not theirs (403); for everybody else there is no such thing (404).
SEEN_WITH = {
    Permission.APPLICATION_EDIT: Permission.APPLICATION_VIEW,
    Permission.APPLICATION_SPEAK_FOR: Permission.APPLICATION_VIEW,
    Permission.APPLICATION_SUBMIT: Permission.APPLICATION_VIEW,
    Permission.APPLICATION_PEOPLE: Permission.APPLICATION_VIEW,
    Permission.GROUP_EDIT: Permission.GROUP_VIEW,
    Permission.GROUP_RUN: Permission.GROUP_VIEW,
    Permission.DECISION_MAKE: Permission.PANEL_RUN,
    Permission.ROUND_RATIFY: Permission.PANEL_RUN,
    Permission.ROUND_FIGURES: Permission.CALL_VIEW,
    Permission.PANEL_PAY_DECIDE: Permission.PANEL_PAY_SEE,
    Permission.PANEL_PAY: Permission.PANEL_PAY_SEE,
    Permission.BATCH_MAKE: Permission.BATCH_SEE,
}


def can(user: User, permission: Permission, subject: object = None) -> bool:
    """May this person do this to that? The same answer for pages and for actions."""
    return bool(user.is_authenticated) and user.is_active and RULES[permission](user, subject)
