"""Taking out what has been kept long enough, one row at a time; each is written into the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from fundapp.db import db
from fundapp.lifecycles import FileStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application
from fundapp.models.award import Award, Instalment
from fundapp.models.bank import BankAccount
from fundapp.models.complaint import Complaint, SafetyFlag
from fundapp.models.data_rights import Breach, LegalHold, OutsideRequest
from fundapp.models.file import FileUse, StoredFile
from fundapp.models.invitation import HandOver, Invitation
from fundapp.models.monitoring import CheckIn, CheckInFile
from fundapp.models.organisation import ByAndForClaim
from fundapp.models.panel import PanelSeat, Review
from fundapp.queries.retention.over import GONE
from fundapp.services.events import record
from fundapp.services.files import erase_file
from fundapp.services.retention.texts import OF_A_CLAIM, OF_A_SHEET, OF_AN_APPLICATION, take_out

STEP = "keep_no_longer"
REGISTERS: Mapping[type, tuple[str, ...]] = {
    OutsideRequest: (
        "asked_by",
        "basis",
        "asked",
        "given",
        "refusal_reason",
        "told_words",
        "forbidden_reason",
    ),
    Breach: ("what", "ico_reason", "late_reason", "people_words"),
    LegalHold: ("reason",),
}


def take_texts(application: Application, now: datetime) -> None:
    """Of a draft, an application or a grant. What was asked for, decided and paid stays."""
    take_out(OF_AN_APPLICATION, application.id)
    _take_words_about_claims(application)
    _take_reasons_of_the_grant(application)
    for file in _files_of(application):
        erase_file(file, actor=None, now=now)
    application.texts_erased_at = now
    record(application, STEP, actor=None, now=now)
    db.session.flush()
    db.session.expire_all()


def _take_words_about_claims(application: Application) -> None:
    """Which kinds of evidence there were stays, like what was found."""
    claims = sa.select(ByAndForClaim).where(
        ByAndForClaim.organisation_id == application.organisation_id,
        ByAndForClaim.call_id == application.call_id,
    )
    for claim in db.session.execute(claims.order_by(ByAndForClaim.id)).scalars():
        take_out(OF_A_CLAIM, claim.id)
        claim.reason = GONE if claim.reason is not None else None
        claim.evidence = {kind: GONE if note else "" for kind, note in claim.evidence.items()}
    db.session.flush()


def _take_reasons_of_the_grant(application: Application) -> None:
    """How a check was settled, why a payment was held or the grant ended: said in the record alone."""
    awards = sa.select(Award.id).where(Award.application_id == application.id)
    payments = sa.select(Instalment.id).where(Instalment.award_id.in_(awards))
    for row_id in db.session.execute(sa.union(awards, payments)).scalars().all():
        take_out((), row_id)


def _files_of(application: Application) -> list[StoredFile]:
    """But those that another application of the group still shows."""
    answers = sa.select(AnswerMedia.file_id).join(Answer, Answer.id == AnswerMedia.answer_id)
    used = sa.select(FileUse.file_id).where(FileUse.application_id == application.id)
    told = (
        sa.select(CheckInFile.file_id)
        .join(CheckIn, CheckIn.id == CheckInFile.check_in_id)
        .join(Award, Award.id == CheckIn.award_id)
        .where(Award.application_id == application.id)
    )
    elsewhere = (
        sa.select(FileUse.file_id)
        .join(Application, Application.id == FileUse.application_id)
        .where(Application.id != application.id, Application.texts_erased_at.is_(None))
    )
    own = sa.union(answers.where(Answer.application_id == application.id), used, told)
    query = sa.select(StoredFile).where(
        StoredFile.id.in_(own), StoredFile.id.not_in(elsewhere), StoredFile.status != FileStatus.ERASED
    )
    return list(db.session.execute(query.order_by(StoredFile.id)).scalars())


def take_file(file: StoredFile, now: datetime) -> None:
    erase_file(file, actor=None, now=now)


def take_sheet(review: Review, now: datetime) -> None:
    """The words of one reader; marks stay, because places and averages are counted by them."""
    take_out(OF_A_SHEET, review.id)
    review.private_note = review.concern = ""
    review.words_erased_at = now
    record(review, STEP, actor=None, now=now)


def take_bank_numbers(account: BankAccount, now: datetime) -> None:
    """The last digits and the keyed fingerprint stay: the same account is known again."""
    account.sealed = b""
    record(account, STEP, actor=None, now=now)


def take_worry(flag: SafetyFlag, now: datetime) -> None:
    flag.words, flag.note = "", GONE
    record(flag, STEP, actor=None, now=now)


def take_complaint(complaint: Complaint, now: datetime) -> None:
    complaint.text, complaint.answer, complaint.reach = GONE, GONE, ""
    take_out((), complaint.id)
    record(complaint, STEP, actor=None, now=now)


def take_register(row: OutsideRequest | Breach | LegalHold, now: datetime) -> None:
    """Who agreed, when, and the seal of what was given stay; the words go."""
    for column in REGISTERS[type(row)]:
        if getattr(row, column):
            setattr(row, column, GONE)
    take_out((), row.id)
    record(row, STEP, actor=None, now=now)


def take_address(row: Invitation | HandOver, now: datetime) -> None:
    """A person is asked once; who said yes is known by their account."""
    row.email = f"{row.id.hex}@erased.invalid"
    if isinstance(row, Invitation):
        row.details = {}
    record(row, STEP, actor=None, now=now)


def take_help(seat: PanelSeat, now: datetime) -> None:
    seat.pay_to = seat.paper_note = ""
    record(seat, STEP, actor=None, now=now)
