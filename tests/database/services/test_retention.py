"""What was kept long enough goes by itself; looking first changes nothing, and a draft is warned of twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.jobs.daily import DAILY, FORGET, WARN_OF_ERASING
from fundapp.lifecycles import ApplicationStatus, AwardStatus
from fundapp.models.application import Answer
from fundapp.models.award import Instalment
from fundapp.models.bank import BankAccount
from fundapp.models.complaint import ComplaintKind, ComplaintOutcome
from fundapp.models.data_rights import BreachRisk, IcoDecision
from fundapp.models.event import Event
from fundapp.models.invitation import InvitationKind
from fundapp.models.message import Message
from fundapp.models.organisation import MemberRight
from fundapp.models.user import SignInCode, UserSession
from fundapp.queries.bank_accounts import numbers_of
from fundapp.queries.grants import list_checks
from fundapp.queries.retention.terms import days, end_of_financial_year, months, years
from fundapp.rights_steps import BreachStatus, OutsideStatus
from fundapp.sealing import CannotOpen
from fundapp.services.award_checks import settle_check
from fundapp.services.bank_accounts import seal_again
from fundapp.services.events import broken_links
from fundapp.services.grants import terminate_award
from fundapp.services.payment_holds import agree_to_hold, ask_to_hold
from fundapp.services.retention import forget_what_is_over, warn_of_erasing, what_is_over
from fundapp.services.retention.holds import end_hold, place_hold
from fundapp.services.retention.taking import take_texts
from fundapp.worry_steps import ComplaintStatus, SafetyStatus
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    AwardFactory,
    BreachFactory,
    CallFactory,
    ComplaintFactory,
    FundRoleFactory,
    HandOverFactory,
    InvitationFactory,
    LegalHoldFactory,
    OrganisationMemberFactory,
    OutsideRequestFactory,
    SafetyFlagFactory,
)
from tests.grants import active_grant


def forget(now):
    with unit_of_work():
        return {key for key, number in forget_what_is_over(now=now).items() if number}


def test_sign_ins_and_codes_go_thirty_days_after_they_ended(db_session):
    now = utcnow()
    with unit_of_work():
        for age in (31, 29):
            ended = now - timedelta(days=age)
            digest = f"{age}" * 32
            db.session.add(UserSession(token_digest=digest, last_seen_at=ended, expires_at=ended))
            db.session.add(SignInCode(code_digest=digest, browser_digest=digest, expires_at=ended))

    found = what_is_over(now)
    assert (found["sign_ins"], found["codes"]) == (1, 1)
    assert len(db.session.execute(sa.select(UserSession)).all()) == 2
    assert forget(now) == {"sign_ins", "codes"}

    assert db.session.execute(sa.select(UserSession.token_digest)).scalars().all() == ["29" * 32]
    assert db.session.execute(sa.select(SignInCode.code_digest)).scalars().all() == ["29" * 32]


def test_they_are_jobs_of_a_morning_and_warn_before_they_erase():
    assert DAILY.index(WARN_OF_ERASING) < DAILY.index(FORGET)


@pytest.mark.parametrize(
    ("term", "now", "before"),
    [
        (days(90), datetime(2027, 5, 31, 8, tzinfo=UTC), datetime(2027, 3, 2, 8, tzinfo=UTC)),
        (months(6), datetime(2027, 8, 31, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
        (months(12), datetime(2028, 2, 29, tzinfo=UTC), datetime(2027, 2, 28, tzinfo=UTC)),
        (years(7), datetime(2034, 3, 31, tzinfo=UTC), datetime(2027, 3, 31, tzinfo=UTC)),
    ],
)
def test_months_are_those_of_the_calendar(term, now, before):
    assert term.before(now) == before


def test_financial_year_ends_in_march_of_london():
    assert end_of_financial_year(datetime(2027, 3, 31, 22, 59, tzinfo=UTC)).year == 2027
    assert end_of_financial_year(datetime(2027, 3, 31, 23, tzinfo=UTC)).year == 2028


@pytest.fixture
def draft(db_session):
    made = ApplicationFactory(status=ApplicationStatus.DRAFT)
    AnswerFactory(application=made, value="We cook on Mondays.")
    OrganisationMemberFactory(organisation=made.organisation, right=MemberRight.SUBMIT)
    return made


def value_of(application):
    db.session.expire_all()
    query = sa.select(Answer.value).where(Answer.application_id == application.id)
    return db.session.execute(query).scalar_one()


def warnings():
    query = sa.select(sa.func.count()).select_from(Message).where(Message.kind == "draft_ends")
    return db.session.execute(query).scalar_one()


def test_draft_is_warned_of_twice_and_then_erased(draft):
    closes, asked_for, told = draft.round.full_closes_at, draft.amount_requested, []
    for age in (59, 60, 61, 82, 83, 84, 89):
        now = closes + timedelta(days=age)
        with unit_of_work():
            warn_of_erasing(now=now)
        assert "drafts" not in forget(now)
        told.append(warnings())
    assert told == [0, 1, 1, 1, 2, 2, 2]
    assert value_of(draft) == "We cook on Mondays."

    assert "drafts" in forget(closes + timedelta(days=90))

    assert value_of(draft) is None
    assert (draft.amount_requested, draft.status) == (asked_for, ApplicationStatus.DRAFT)
    assert draft.texts_erased_at == closes + timedelta(days=90)
    assert list(broken_links()) == []


def test_nobody_loses_a_draft_without_two_weeks_warning(draft):
    late = draft.round.full_closes_at + timedelta(days=400)
    assert "drafts" not in forget(late)
    with unit_of_work():
        warn_of_erasing(now=late)

    assert "drafts" not in forget(late + timedelta(days=13))
    with unit_of_work():
        warn_of_erasing(now=late + timedelta(days=13))
    assert warnings() == 2
    assert "drafts" in forget(late + timedelta(days=14))


def declined(**more):
    made = ApplicationFactory(
        at_panel=True, status=ApplicationStatus.DECLINED, group_told_at=utcnow(), **more
    )
    AnswerFactory(application=made, value="We cook on Mondays.")
    return made


def test_application_without_a_grant_goes_twelve_months_after_the_group_was_told(db_session):
    application = declined()
    told = application.group_told_at

    assert "not_funded" not in forget(months(12).after(told) - timedelta(seconds=1))
    assert value_of(application) == "We cook on Mondays."
    assert "not_funded" in forget(months(12).after(told))

    assert value_of(application) is None
    assert application.status is ApplicationStatus.DECLINED


def test_open_appeal_keeps_the_application(db_session):
    application = declined()
    complaint = ComplaintFactory(application=application, kind=ComplaintKind.APPEAL)
    late = application.group_told_at + timedelta(days=800)

    assert "not_funded" not in forget(late)
    assert complaint.text != "—"
    assert value_of(application) == "We cook on Mondays."


def test_hold_is_placed_with_a_reason_and_ended(db_session):
    application, person = declined(), FundRoleFactory().user
    late = application.group_told_at + timedelta(days=800)
    with unit_of_work():
        hold = place_hold(application, "An auditor asks.", actor=person, now=utcnow())
    with pytest.raises(NotPossibleNow), unit_of_work():
        place_hold(application, "Twice.", actor=person, now=utcnow())
    assert "not_funded" not in forget(late)

    with unit_of_work():
        end_hold(hold, actor=person, now=late)
    assert "not_funded" in forget(late)
    with pytest.raises(NotPossibleNow), unit_of_work():
        place_hold(application, "Too late.", actor=person, now=late)


def over_of(award):
    """One of everything that hangs on an application and whose own time ended long ago."""
    ended, application = utcnow() - timedelta(days=5000), award.application
    SafetyFlagFactory(
        check_in__award=award,
        status=SafetyStatus.CLOSED,
        taken_at=ended,
        closed_at=ended,
        note="We called her.",
    )
    InvitationFactory(application=application, kind=InvitationKind.PARTNER, expires_at=ended)
    HandOverFactory(application=application, dropped_at=ended)
    LegalHoldFactory(application=application, ended_at=ended)
    registered(application)


def registered(application):
    """One of everything that may hang on an application, or on none."""
    ended = utcnow() - timedelta(days=5000)
    call = application.call if application else CallFactory()
    ComplaintFactory(
        application=application,
        call=call,
        kind=ComplaintKind.APPEAL if application else ComplaintKind.COMPLAINT,
        status=ComplaintStatus.ANSWERED,
        acknowledged_at=ended,
        answer_by=ended.date(),
        answered_at=ended,
        outcome=ComplaintOutcome.UPHELD,
        answer="You are right.",
    )
    OutsideRequestFactory(
        application=application,
        fund=call.fund,
        status=OutsideStatus.REFUSED,
        refusal_reason="No order.",
        ended_at=ended,
    )
    BreachFactory(
        application=application,
        fund=call.fund,
        status=BreachStatus.CLOSED,
        risk=BreachRisk.UNLIKELY,
        ico=IcoDecision.NOT_TOLD,
        ico_at=ended,
        ico_reason="Nobody saw it.",
        people_words="They know.",
        closed_at=ended,
    )


HANGING = {"worries", "complaints", "outside_requests", "breaches", "holds", "invitations", "hand_overs"}
REGISTERED = {"complaints", "outside_requests", "breaches"}


def test_hold_keeps_all_that_hangs_on_the_application_and_nothing_else(db_session):
    award, person = AwardFactory(active=True), FundRoleFactory().user
    over_of(award)
    with unit_of_work():
        hold = place_hold(award.application, "An auditor asks.", actor=person, now=utcnow())

    assert not forget(utcnow()) & HANGING
    registered(None)
    assert forget(utcnow()) & HANGING == REGISTERED
    with unit_of_work():
        end_hold(hold, actor=person, now=utcnow())
    assert forget(utcnow()) & HANGING == HANGING


def test_bank_numbers_go_ninety_days_after_the_last_payment(db_session):
    grant = active_grant()
    account = db.session.execute(
        sa.select(BankAccount).where(BankAccount.award_id == grant.award.id)
    ).scalar_one()
    digits, fingerprint, paid = account.last_digits, account.fingerprint, utcnow()
    late = paid + timedelta(days=90)
    assert "bank_numbers" not in forget(late)
    with unit_of_work():
        db.session.execute(
            sa.update(Instalment)
            .where(Instalment.award_id == grant.award.id)
            .values(status="paid", paid_at=paid)
        )

    db.session.expire_all()
    assert "bank_numbers" not in forget(late - timedelta(seconds=1))
    assert numbers_of(account).number
    assert "bank_numbers" in forget(late)

    with pytest.raises(CannotOpen):
        numbers_of(account)
    assert (account.last_digits, account.fingerprint) == (digits, fingerprint)
    with unit_of_work():
        assert seal_again(now=late) == 0


def test_grant_goes_seven_years_after_the_financial_year_of_its_last_payment(db_session):
    grant = active_grant()
    AnswerFactory(application=grant.award.application, value="We cook on Mondays.")
    paid = datetime(2028, 4, 1, 12, tzinfo=UTC)
    with unit_of_work():
        db.session.execute(
            sa.update(Instalment)
            .where(Instalment.award_id == grant.award.id)
            .values(status="paid", paid_at=paid)
        )
        grant.award.status = AwardStatus.COMPLETED
    db.session.expire_all()

    assert "grants" not in forget(datetime(2036, 3, 30, 12, tzinfo=UTC))
    assert "grants" in forget(datetime(2036, 3, 31, 12, tzinfo=UTC))

    assert value_of(grant.award.application) is None
    assert grant.award.amount == Decimal("40000.00")


def test_reasons_that_stand_in_the_record_of_a_grant_alone_go_with_its_words(db_session):
    """Of a check that was settled, of a payment that was held, and of an early end."""
    grant, now = active_grant(), utcnow()
    first = grant.payments[0]
    with unit_of_work():
        settle_check(list_checks(grant.award)[0], note="Seen at home.", actor=grant.manager, now=now)
    with unit_of_work():
        soon = now.date() + timedelta(days=9)
        ask_to_hold(first, reason="A neighbour wrote.", review_on=soon, actor=grant.finance, now=now)
    with unit_of_work():
        agree_to_hold(first, actor=grant.manager, now=now)
    with unit_of_work():
        terminate_award(grant.award, reason="The group has closed.", actor=grant.manager, now=now)
    said = sa.select(Event.subject_kind).where(Event.reason.is_not(None)).distinct()
    assert {"award", "instalment"} <= set(db.session.execute(said).scalars())

    with unit_of_work():
        take_texts(grant.award.application, now)

    assert db.session.execute(said).scalars().all() == []
    assert list(broken_links()) == []
