"""What is over, by kind: rows whose event was at `cut` or before it, without those that are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from fundapp.db import db
from fundapp.lifecycles import SETTLED_PAYMENTS, ApplicationStatus, AwardStatus, FileStatus
from fundapp.models.answer_media import AnswerMedia, MediaForm
from fundapp.models.application import Answer, Application
from fundapp.models.award import Award
from fundapp.models.bank import BankAccount
from fundapp.models.call import Round
from fundapp.models.complaint import Complaint, SafetyFlag
from fundapp.models.data_rights import Breach, LegalHold, OutsideRequest
from fundapp.models.document import OrganisationDocument
from fundapp.models.file import StoredFile
from fundapp.models.invitation import HandOver, Invitation
from fundapp.models.monitoring import CheckIn
from fundapp.models.panel import Panel, PanelSeat, Review, ReviewAssignment
from fundapp.models.payment_batch import PaymentLine
from fundapp.money_steps import AccountStatus, LineStatus
from fundapp.queries.retention.holds import held_applications
from fundapp.queries.retention.terms import days, end_of_financial_year

SHELL = "%@erased.invalid"
GONE = "—"  # where a rule of the database wants some words
DRAFTS = days(90)
WARNED_FOR = days(14)  # a draft goes no sooner after the first warning
ENDED = (
    AwardStatus.COMPLETED,
    AwardStatus.DECLINED_BY_GRANTEE,
    AwardStatus.WITHDRAWN,
    AwardStatus.TERMINATED,
)
NOT_FUNDED = (
    ApplicationStatus.DECLINED,
    ApplicationStatus.INELIGIBLE,
    ApplicationStatus.RESERVE,
    ApplicationStatus.WITHDRAWN,
)
_TOLD_AT = sa.func.coalesce(Application.group_told_at, Round.told_at)


def _free(column: InstrumentedAttribute[Any] = Application.id) -> sa.ColumnElement[bool]:
    """What hangs on no application is held by none."""
    return sa.or_(column.is_(None), column.not_in(held_applications()))


def _applications(*where: sa.ColumnElement[bool]) -> Sequence[Application]:
    query = (
        sa.select(Application)
        .join(Round, Round.id == Application.round_id)
        .where(Application.texts_erased_at.is_(None), _free(), *where)
        .order_by(Application.id)
    )
    return db.session.execute(query).scalars().all()


def drafts_closed(cut: datetime) -> Sequence[Application]:
    """Whose last moment had come by then."""
    last_moment = sa.func.coalesce(Application.grace_until, Round.full_closes_at)
    return _applications(Application.status == ApplicationStatus.DRAFT, last_moment <= cut)


def old_drafts(cut: datetime) -> Sequence[Application]:
    """Whoever was warned late, or not at all, has the draft for longer."""
    warned_by = WARNED_FOR.before(DRAFTS.after(cut))
    return [
        each
        for each in drafts_closed(cut)
        if each.erase_warned_at is not None and each.erase_warned_at <= warned_by
    ]


def goes_on(draft: Application) -> datetime | None:
    """When a draft is erased; none while nobody was warned."""
    if draft.erase_warned_at is None:
        return None
    last_moment = draft.grace_until or draft.round.full_closes_at
    return max(DRAFTS.after(last_moment), WARNED_FOR.after(draft.erase_warned_at))


def not_funded(cut: datetime) -> Sequence[Application]:
    has_grant = sa.exists().where(Award.application_id == Application.id)
    return _applications(Application.status.in_(NOT_FUNDED), cut >= _TOLD_AT, ~has_grant)


def last_payment(award: Award) -> datetime:
    """Of a grant that was never paid, the day it was given."""
    paid = [each.paid_at for each in award.instalments if each.paid_at is not None]
    given = datetime.combine(award.awarded_on, datetime.min.time()).astimezone()
    return max(paid, default=given)


def ended_grants(cut: datetime) -> Sequence[Application]:
    """Counted from the end of the financial year of the last payment."""
    query = (
        sa.select(Award)
        .join(Application, Application.id == Award.application_id)
        .where(Award.status.in_(ENDED), Application.texts_erased_at.is_(None), _free())
        .options(selectinload(Award.instalments), joinedload(Award.application))
        .order_by(Award.id)
    )
    found = db.session.execute(query).scalars()
    return [each.application for each in found if end_of_financial_year(last_payment(each)) <= cut]


def old_recordings(cut: datetime) -> Sequence[StoredFile]:
    """Spoken answers; what is said in them stays as text as long as the application does."""
    query = (
        sa.select(StoredFile)
        .join(AnswerMedia, AnswerMedia.file_id == StoredFile.id)
        .join(Answer, Answer.id == AnswerMedia.answer_id)
        .join(Application, Application.id == Answer.application_id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.status.in_((*NOT_FUNDED, ApplicationStatus.IN_PRINCIPLE)),
            AnswerMedia.form != MediaForm.FILE,
            StoredFile.status != FileStatus.ERASED,
            cut >= _TOLD_AT,
            _free(),
        )
        .order_by(StoredFile.id)
    )
    return db.session.execute(query).scalars().unique().all()


def old_bank_numbers(cut: datetime) -> Sequence[BankAccount]:
    """Of grants whose last payment is made, and accounts that were stopped or replaced; none on its way."""
    on_its_way = sa.exists().where(
        PaymentLine.bank_account_id == BankAccount.id,
        PaymentLine.status.in_((LineStatus.LISTED, LineStatus.SENT)),
    )
    query = (
        sa.select(BankAccount)
        .join(Award, Award.id == BankAccount.award_id)
        .where(sa.func.length(BankAccount.sealed) > 0, _free(Award.application_id), ~on_its_way)
        .options(joinedload(BankAccount.award).selectinload(Award.instalments))
        .order_by(BankAccount.id)
    )
    found = db.session.execute(query).scalars()
    return [each for each in found if _is_used_no_more(each, cut)]


def _is_used_no_more(account: BankAccount, cut: datetime) -> bool:
    if account.status is AccountStatus.STOPPED and account.stopped_at is not None:
        return account.stopped_at <= cut
    award = account.award
    is_open = any(each.status not in SETTLED_PAYMENTS for each in award.instalments)
    has_ended = award.status in ENDED or (bool(award.instalments) and not is_open)
    return has_ended and last_payment(award) <= cut


def taken_away_documents(cut: datetime) -> Sequence[StoredFile]:
    """Papers that a group took away. Those in use go with the group's last application."""
    busy = sa.select(Application.organisation_id).where(
        sa.or_(Application.texts_erased_at.is_(None), Application.id.in_(held_applications()))
    )
    last_erased = (
        sa.select(sa.func.max(Application.texts_erased_at))
        .where(Application.organisation_id == OrganisationDocument.organisation_id)
        .scalar_subquery()
    )
    held = sa.select(Application.organisation_id).where(Application.id.in_(held_applications()))
    query = (
        sa.select(StoredFile)
        .join(OrganisationDocument, OrganisationDocument.file_id == StoredFile.id)
        .where(
            StoredFile.status != FileStatus.ERASED,
            OrganisationDocument.organisation_id.not_in(held),
            sa.or_(
                OrganisationDocument.removed_at <= cut,
                sa.and_(OrganisationDocument.organisation_id.not_in(busy), last_erased <= cut),
            ),
        )
        .order_by(StoredFile.id)
    )
    return db.session.execute(query).scalars().all()


def closed_worries(cut: datetime) -> Sequence[SafetyFlag]:
    query = (
        sa.select(SafetyFlag)
        .join(CheckIn, CheckIn.id == SafetyFlag.check_in_id)
        .join(Award, Award.id == CheckIn.award_id)
        .where(SafetyFlag.closed_at <= cut, SafetyFlag.note != GONE, _free(Award.application_id))
        .order_by(SafetyFlag.id)
    )
    return db.session.execute(query).scalars().all()


def answered_complaints(cut: datetime) -> Sequence[Complaint]:
    return _rows(Complaint, Complaint.answered_at <= cut, Complaint.text != GONE)


def ended_requests(cut: datetime) -> Sequence[OutsideRequest]:
    return _rows(OutsideRequest, OutsideRequest.ended_at <= cut, OutsideRequest.asked != GONE)


def closed_breaches(cut: datetime) -> Sequence[Breach]:
    return _rows(Breach, Breach.closed_at <= cut, Breach.what != GONE)


def ended_holds(cut: datetime) -> Sequence[LegalHold]:
    return _rows(LegalHold, LegalHold.ended_at <= cut, LegalHold.reason != GONE)


def old_invitations(cut: datetime) -> Sequence[Invitation]:
    return _rows(Invitation, Invitation.expires_at <= cut, Invitation.email.not_like(SHELL))


def old_hand_overs(cut: datetime) -> Sequence[HandOver]:
    return _rows(
        HandOver,
        sa.func.coalesce(HandOver.agreed_at, HandOver.dropped_at) <= cut,
        HandOver.email.not_like(SHELL),
    )


def sheets_with_words(cut: datetime) -> Sequence[Review]:
    query = (
        sa.select(Review)
        .join(ReviewAssignment, ReviewAssignment.id == Review.assignment_id)
        .join(Application, Application.id == ReviewAssignment.application_id)
        .join(Round, Round.id == Application.round_id)
        .where(Round.told_at <= cut, Review.words_erased_at.is_(None), _free())
        .order_by(Review.id)
    )
    return db.session.execute(query).scalars().all()


def seats_with_help(cut: datetime) -> Sequence[PanelSeat]:
    """What a member told the fund about being paid and taking part."""
    query = (
        sa.select(PanelSeat)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(Panel.closed_at <= cut, sa.or_(PanelSeat.pay_to != "", PanelSeat.paper_note != ""))
        .order_by(PanelSeat.id)
    )
    return db.session.execute(query).scalars().all()


def _rows(model: type[Any], *where: sa.ColumnElement[bool]) -> Sequence[Any]:
    """Of a kind that may hang on an application."""
    query = sa.select(model).where(_free(model.application_id), *where).order_by(model.id)
    return db.session.execute(query).scalars().all()
