"""From yes in principle to the start of a grant, and its early ends."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import AwardStatus, CheckInStatus, InstalmentStatus
from fundapp.models.event import Event
from fundapp.models.monitoring import CheckIn
from fundapp.months import months_later
from fundapp.queries.calls import definition_of
from fundapp.queries.grants import list_check_ins, list_checks
from fundapp.queries.group_news import find_news
from fundapp.queries.ring_fences import report
from fundapp.services.agreements import AgreementChanged
from fundapp.services.grants import (
    ChecksOpen,
    EndNeedsReason,
    NotToldYet,
    accept_agreement,
    refuse_award,
    send_agreement,
    settle_check,
    start_checks,
    terminate_award,
    withdraw_award,
)
from fundapp.services.instalments import approve_instalment, pay_instalment
from tests.factories import CallFactory
from tests.grants import active_grant, grant_in_principle, grant_with_agreement, mails_to, talk


def steps_of(thing):
    query = sa.select(Event.step).where(Event.subject_id == thing.id).order_by(Event.number)
    return list(db.session.execute(query).scalars())


def live_pounds(call):
    return report(call).totals.live_pence // 100


def test_checks_are_those_the_call_has_switched_on(db_session):
    grant = grant_in_principle()

    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())

    rules = definition_of(grant.award.application.call_version).awards
    assert {item.key for item in list_checks(grant.award)} == {c.key for c in rules.checks if c.is_on}
    assert grant.award.status is AwardStatus.CHECKS


def test_agreement_waits_for_every_check(db_session):
    grant = grant_in_principle()
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    with unit_of_work():
        for item in list_checks(grant.award)[1:]:
            settle_check(item, note="Seen.", actor=grant.manager, now=utcnow())

    with pytest.raises(ChecksOpen), unit_of_work():
        send_agreement(grant.award, actor=grant.manager, now=utcnow())

    assert (grant.award.status, mails_to(grant.signer)) == (AwardStatus.CHECKS, [])


def test_nothing_reaches_a_group_before_everybody_is_told(db_session):
    grant = grant_in_principle(application__group_told_at=None)

    with pytest.raises(NotToldYet), unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    with pytest.raises(NotToldYet), unit_of_work():
        withdraw_award(grant.award, reason="A mistake.", actor=grant.manager, now=utcnow())

    assert (grant.award.status, mails_to(grant.signer)) == (AwardStatus.IN_PRINCIPLE, [])


def test_settling_a_check_again_keeps_the_first_time_and_the_newest_note(db_session):
    grant = grant_in_principle()
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    item = list_checks(grant.award)[0]
    with unit_of_work():
        settle_check(item, note="First", actor=grant.manager, now=utcnow())
    first_time = item.done_at

    with unit_of_work():
        settle_check(item, note="Second", actor=grant.other_manager, now=utcnow())

    assert (item.done_at, item.note) == (first_time, "Second")


def test_accepted_agreement_starts_the_grant_and_plans_its_conversations(db_session):
    grant = grant_with_agreement()
    award = grant.award
    assert mails_to(grant.signer) == ["award_update"]

    with unit_of_work():
        accept_agreement(award, digest=award.agreement_digest, actor=grant.signer, now=utcnow())

    start = award.starts_on
    assert award.status is AwardStatus.ACTIVE
    assert start is not None
    assert [(c.kind, c.due_on) for c in list_check_ins(award)][1:] == [
        (f"month_{month}", months_later(start, month)) for month in (6, 12, 18, 23)
    ]
    assert steps_of(award) == [
        "plan_instalments",
        "start_checks",
        *["settle_check"] * 7,
        "send_agreement",
        "accept",
    ]


def test_short_grant_has_only_the_conversations_of_its_months(db_session):
    grant = active_grant(strand="C", amount="9000.00", income="5000.00")

    assert [check_in.kind for check_in in list_check_ins(grant.award)] == ["welcome", "month_6", "month_12"]


def test_accepting_another_text_than_the_one_that_stands_is_refused(db_session):
    grant = grant_with_agreement()
    read = grant.award.agreement_digest
    with unit_of_work():
        grant.award.months = 12

    for digest in (read, "0" * 64):
        with pytest.raises(AgreementChanged), unit_of_work():
            accept_agreement(grant.award, digest=digest, actor=grant.signer, now=utcnow())

    assert (grant.award.status, grant.award.accepted_at) == (AwardStatus.AGREEMENT_SENT, None)


def test_agreement_is_accepted_once(db_session):
    grant = active_grant()
    digest = grant.award.agreement_digest

    with pytest.raises(NotPossibleNow), unit_of_work():
        accept_agreement(grant.award, digest=digest, actor=grant.signer, now=utcnow())

    assert len(list_check_ins(grant.award)) == 5


@pytest.mark.parametrize(
    ("make", "end"), [(grant_with_agreement, withdraw_award), (active_grant, terminate_award)]
)
def test_grant_ends_early_for_a_stated_reason_only(db_session, make, end):
    grant = make()
    before = grant.award.status

    with pytest.raises(EndNeedsReason), unit_of_work():
        end(grant.award, reason=" \n ", actor=grant.manager, now=utcnow())

    assert grant.award.status is before


def test_active_grant_is_not_withdrawn_and_an_offered_one_not_terminated(db_session):
    active, offered = active_grant(), grant_with_agreement()

    for grant, end in ((active, withdraw_award), (offered, terminate_award)):
        with pytest.raises(NotPossibleNow), unit_of_work():
            end(grant.award, reason="Why", actor=grant.manager, now=utcnow())


def test_refused_grant_counts_nowhere_and_pays_nothing(db_session):
    call = CallFactory(closed=True)
    kept, refused = grant_with_agreement(call), grant_with_agreement(call, amount="30000.00")
    assert live_pounds(call) == 70_000

    with unit_of_work():
        refuse_award(refused.award, actor=refused.signer, now=utcnow())

    assert refused.award.status is AwardStatus.DECLINED_BY_GRANTEE
    assert {p.status for p in refused.payments} == {InstalmentStatus.CANCELLED}
    assert live_pounds(call) == 40_000 == int(kept.award.amount)


def test_withdrawn_grant_counts_nowhere_and_the_group_is_told(db_session):
    call = CallFactory(closed=True)
    grant = grant_with_agreement(call)

    with unit_of_work():
        withdraw_award(grant.award, reason="The checks failed.", actor=grant.manager, now=utcnow())

    assert live_pounds(call) == 0
    assert mails_to(grant.signer) == ["award_update", "award_update"]


def test_terminated_grant_keeps_only_what_was_paid_and_asks_for_no_more_time(db_session):
    call = CallFactory(closed=True)
    grant = active_grant(call, amount="40000.50")
    first = grant.payments[0]
    with unit_of_work():
        approve_instalment(first, actor=grant.manager, now=utcnow())
    with unit_of_work():
        pay_instalment(first, actor=grant.finance, now=utcnow())
    talk(grant, "welcome")

    with unit_of_work():
        terminate_award(grant.award, reason="The group has closed.", actor=grant.manager, now=utcnow())

    assert report(call).totals.live_pence == 20_000_25
    assert [p.status for p in grant.payments] == [InstalmentStatus.PAID, InstalmentStatus.CANCELLED]
    left = db.session.execute(
        sa.select(CheckIn.kind, CheckIn.status).where(CheckIn.award_id == grant.award.id)
    )
    assert left.all() == [("welcome", CheckInStatus.HELD)]


def test_group_reads_of_an_ended_grant_no_longer_that_it_gets_one(db_session):
    grant = grant_with_agreement()
    application = grant.award.application
    assert find_news(application).award_ended is None

    with unit_of_work():
        refuse_award(grant.award, actor=grant.signer, now=utcnow())

    assert find_news(application).award_ended is AwardStatus.DECLINED_BY_GRANTEE
