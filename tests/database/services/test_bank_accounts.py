"""Where a grant is paid to: four people, days to object, sealed numbers, and notices that say nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.lifecycles import InstalmentStatus
from fundapp.mailer import as_email, write_mail
from fundapp.models.bank import BankAccount, NameCheck, ReachedBy
from fundapp.models.event import Event
from fundapp.models.message import Message
from fundapp.models.organisation import MemberRight
from fundapp.money_steps import AccountStatus
from fundapp.queries.bank_accounts import (
    Numbers,
    account_waiting,
    list_accounts_to_check,
    list_same_account,
    numbers_of,
    payee_of,
)
from fundapp.sealing import CannotOpen, Sealer
from fundapp.services.bank_accounts import (
    Check,
    NotTheSameNumbers,
    SamePersonForAccount,
    StopNeedsReason,
    check_account,
    propose_account,
    seal_again,
    sign_account,
    stop_account,
)
from fundapp.services.grants import terminate_award
from fundapp.services.instalments import NoBankAccount, SamePerson, approve_instalment, pay_instalment
from tests.examples import undone_afterwards
from tests.factories import (
    NUMBERS,
    BankAccountFactory,
    ConflictFactory,
    OrganisationMemberFactory,
    UserFactory,
)
from tests.grants import active_grant, grant_with_agreement, mails_to

pytestmark = pytest.mark.both_engines  # what the database itself refuses

S = AccountStatus
NEW = Numbers("Kettle and Thread CIO", "654321", "87654321")
FRIDAY = datetime(2027, 8, 6, 15, 0, tzinfo=UTC)
CHECK = Check(NEW, ReachedBy.PHONE, NameCheck.MATCH)


@pytest.fixture
def grant(db_session):
    """Its account was checked long ago."""
    return active_grant()


@pytest.fixture
def second(grant):
    return OrganisationMemberFactory(organisation=grant.award.organisation, right=MemberRight.SUBMIT).user


def propose(grant, actor=None, numbers=NEW, now=FRIDAY):
    with unit_of_work():
        return propose_account(grant.award, numbers, actor=actor or grant.signer, now=now)


def sign(account, actor, numbers=NEW, now=FRIDAY):
    with unit_of_work():
        sign_account(account, numbers, actor=actor, now=now)


def check(account, actor, done=CHECK, now=FRIDAY):
    with unit_of_work():
        check_account(account, done, version=account.version, actor=actor, now=now)


def pay(grant, payer, now):
    with unit_of_work():
        approve_instalment(grant.payments[0], actor=grant.other_manager, now=now)
        pay_instalment(grant.payments[0], actor=payer, now=now)


def test_change_is_paid_to_after_two_people_of_the_group_one_of_the_fund_and_two_working_days(grant, second):
    account = propose(grant)
    while_proposed = payee_of(grant.award, now=FRIDAY)
    sign(account, second)
    while_signed = payee_of(grant.award, now=FRIDAY)
    check(account, grant.manager)

    assert (while_proposed, while_signed) == (None, None)
    assert account.status is S.CHECKED
    assert account.is_change
    # Saturday and Sunday do not count: Monday and Tuesday are the days to object
    wednesday = datetime(2027, 8, 10, 23, 0, tzinfo=UTC)  # midnight in London
    assert account.usable_from == wednesday
    assert payee_of(grant.award, now=wednesday - timedelta(seconds=1)) is None
    assert payee_of(grant.award, now=wednesday) is account


def test_nothing_is_paid_while_a_change_waits_and_to_the_old_account_when_it_is_stopped(grant, second):
    account = propose(grant)

    with pytest.raises(NoBankAccount):
        pay(grant, grant.finance, FRIDAY)
    with unit_of_work():
        stop_account(account, reason="We did not ask for this.", actor=second, now=FRIDAY)
    pay(grant, grant.finance, FRIDAY)

    assert grant.payments[0].status is InstalmentStatus.PAID


def test_account_that_was_checked_before_is_not_paid_to_again_once_a_new_one_is_checked(grant, second):
    account = propose(grant)
    sign(account, second)
    check(account, grant.manager)

    with unit_of_work():
        stop_account(account, reason="The bank says it is closed.", actor=grant.manager, now=FRIDAY)

    assert payee_of(grant.award, now=FRIDAY + timedelta(days=30)) is None


def test_first_account_of_a_grant_takes_the_same_people_and_days(db_session):
    grant = grant_with_agreement()
    db.session.execute(sa.delete(BankAccount))
    second = OrganisationMemberFactory(organisation=grant.award.organisation).user

    account = propose(grant)
    sign(account, second)
    check(account, grant.manager)

    assert not account.is_change
    assert payee_of(grant.award, now=FRIDAY) is None
    assert payee_of(grant.award, now=FRIDAY + timedelta(days=6)) is account


def test_proposer_cannot_sign_and_neither_of_the_two_can_check(grant, second):
    account = propose(grant)

    with pytest.raises(SamePersonForAccount):
        sign(account, grant.signer)
    sign(account, second)
    for person in (grant.signer, second):
        with pytest.raises(SamePersonForAccount):
            check(account, person)

    assert account.status is S.SIGNED


def test_whoever_checked_the_account_does_not_pay_to_it(grant, second):
    account = propose(grant)
    sign(account, second)
    check(account, grant.finance)
    later = FRIDAY + timedelta(days=10)

    with pytest.raises(SamePerson):
        pay(grant, grant.finance, later)


@pytest.mark.parametrize("numbers", [replace(NEW, number="87654322"), replace(NEW, sort_code="654312")])
def test_second_person_and_the_fund_type_the_same_numbers_or_nothing_happens(grant, second, numbers):
    account = propose(grant)

    with pytest.raises(NotTheSameNumbers):
        sign(account, second, numbers)
    sign(account, second)
    with pytest.raises(NotTheSameNumbers):
        check(account, grant.manager, replace(CHECK, numbers=numbers))

    assert account.status is S.SIGNED


def test_only_one_change_waits_at_a_time(grant, second):
    propose(grant)

    with pytest.raises(NotPossibleNow):
        propose(grant, second)


def test_database_keeps_two_waiting_accounts_and_one_person_in_two_parts_out(grant):
    BankAccountFactory(award=grant.award)
    person = UserFactory()

    with pytest.raises(IntegrityError), db.session.begin_nested():
        BankAccountFactory(award=grant.award, status=S.PROPOSED, signed_by_id=None, signed_at=None)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        BankAccountFactory(proposed_by_id=person.id, signed_by_id=person.id)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        BankAccountFactory(checked=True, signed_by_id=person.id, checked_by_id=person.id)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        BankAccountFactory(status=S.CHECKED)


def test_check_of_a_page_that_is_no_longer_true_is_refused(grant, second):
    account = propose(grant)
    sign(account, second)

    with pytest.raises(StaleVersion), unit_of_work():
        check_account(account, CHECK, version=account.version - 1, actor=grant.manager, now=FRIDAY)


def test_stopping_needs_a_word_and_an_ended_grant_takes_no_account(grant):
    account = propose(grant)
    with pytest.raises(StopNeedsReason), unit_of_work():
        stop_account(account, reason=" \n", actor=grant.manager, now=FRIDAY)
    with unit_of_work():
        stop_account(account, reason="A copy.", actor=grant.manager, now=FRIDAY)
        terminate_award(grant.award, reason="It closed.", actor=grant.manager, now=FRIDAY)

    with pytest.raises(NotPossibleNow):
        propose(grant)


def test_everybody_known_hears_of_each_step_and_no_notice_or_event_has_a_digit_of_it(grant, second):
    reader = OrganisationMemberFactory(organisation=grant.award.organisation, right=MemberRight.VIEW).user
    before = {person: len(mails_to(person)) for person in (grant.signer, second, reader)}

    account = propose(grant)
    sign(account, second)
    check(account, grant.manager)
    with unit_of_work():
        stop_account(account, reason="Closed.", actor=grant.manager, now=FRIDAY)

    assert {person: len(mails_to(person)) - count for person, count in before.items()} == dict.fromkeys(
        before, 4
    )
    mails = db.session.execute(sa.select(Message)).scalars().all()
    told = [str(as_email(write_mail(each))) for each in mails]
    events = db.session.execute(sa.select(Event.details, Event.reason)).all()
    for secret in (NEW.name, NEW.sort_code, NEW.number, NEW.number[-4:], NUMBERS.number[-4:]):
        assert not any(secret in text for text in (*told, *map(str, [(each.arguments) for each in mails])))
        assert not any(secret in str(each) for each in events)


def test_numbers_are_sealed_to_their_row(grant):
    account, other = BankAccountFactory(award=grant.award), BankAccountFactory()
    stored = db.session.execute(
        sa.select(BankAccount.sealed).where(BankAccount.id == account.id)
    ).scalar_one()

    assert numbers_of(account) == NUMBERS
    assert not any(part.encode() in stored for part in (NUMBERS.name, NUMBERS.sort_code, NUMBERS.number))
    assert NUMBERS.number not in repr(numbers_of(account))
    other.sealed = account.sealed
    with pytest.raises(CannotOpen):
        numbers_of(other)


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_sealed_value_that_was_changed_does_not_open(place):
    row_id = BankAccountFactory.build(
        award=None, proposed_by_id=None, signed_by_id=None, sealed=b"", fingerprint=""
    ).id
    box = Sealer(("k" * 32,))
    sealed = bytearray(box.seal(b"numbers", table="bank_account", row_id=row_id))
    sealed[place] ^= 1

    with pytest.raises(CannotOpen):
        box.open(bytes(sealed), table="bank_account", row_id=row_id)


def test_new_key_opens_and_seals_again_what_the_old_one_sealed(app, grant, monkeypatch):
    account = BankAccountFactory(award=grant.award)
    old_secret = app.config["SETTINGS"].bank_key
    monkeypatch.setitem(
        app.extensions, "fundapp_sealing", Sealer(("another-key-of-bank-numbers", old_secret))
    )
    assert numbers_of(account) == NUMBERS

    with unit_of_work():
        number = seal_again(now=utcnow())
    with unit_of_work():
        again = seal_again(now=utcnow())
    monkeypatch.setitem(app.extensions, "fundapp_sealing", Sealer(("another-key-of-bank-numbers",)))

    assert (number, again) == (2, 0)  # the account checked long ago, and this one
    assert numbers_of(account) == NUMBERS
    monkeypatch.setitem(app.extensions, "fundapp_sealing", Sealer((old_secret,)))
    with pytest.raises(CannotOpen):
        numbers_of(account)


def test_account_goes_on_between_a_new_key_and_sealing_again(app, grant, second, monkeypatch):
    account = propose(grant)
    keys = ("another-key-of-bank-numbers", app.config["SETTINGS"].bank_key)
    monkeypatch.setitem(app.extensions, "fundapp_sealing", Sealer(keys))
    other = active_grant(grant.award.call)
    BankAccountFactory(award=other.award, numbers=NEW)

    sign(account, second)
    check(account, grant.manager)

    assert account.status is S.CHECKED
    assert [each.id for each in list_same_account(account, reader=grant.manager)] == [other.award.id]


def test_same_account_of_another_group_is_shown_to_people_without_a_tie(grant, db_session):
    account = BankAccountFactory(award=grant.award)
    other = active_grant(grant.award.call)
    tied = ConflictFactory(
        call_id=grant.award.call_id, user=grant.finance, organisation=other.award.organisation
    ).user

    assert [each.id for each in list_same_account(account, reader=grant.manager)] == [other.award.id]
    assert list_same_account(account, reader=tied) == []


def test_accounts_to_check_leave_out_what_the_reader_has_a_tie_with(grant):
    account = BankAccountFactory(award=grant.award)
    ConflictFactory(call_id=grant.award.call_id, user=grant.finance, organisation=grant.award.organisation)

    assert list(list_accounts_to_check(grant.award.call, reader=grant.manager)) == [account]
    assert list_accounts_to_check(grant.award.call, reader=grant.finance) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("propose", "sign", "check", "stop", "pay", "wait")),
        st.integers(0, 2),
        st.integers(0, 4),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_order_of_steps_by_any_three_people_pays_with_fewer_than_four(grant, steps):
    """Even where the services are called by people whom no page would let that far."""
    with undone_afterwards():
        db.session.execute(sa.delete(BankAccount))
        people = [UserFactory() for _ in range(3)]
        now = FRIDAY
        with unit_of_work():
            approve_instalment(grant.payments[0], actor=grant.manager, now=now)

        for step, who, days in steps:
            now += timedelta(days=days if step == "wait" else 0)
            try:
                _take(step, grant, people[who], now)
            except FundError:
                continue

        assert grant.payments[0].status is InstalmentStatus.APPROVED
        payee = payee_of(grant.award, now=now)
        if payee is not None:
            assert payee.people == {person.id for person in people}
            assert payee.usable_from is not None
            assert payee.usable_from <= now


def _take(step, grant, person, now):
    waiting = account_waiting(grant.award)
    with unit_of_work():
        if step == "propose":
            propose_account(grant.award, NEW, actor=person, now=now)
        elif step == "pay":
            pay_instalment(grant.payments[0], actor=person, now=now)
        elif waiting is None:
            return
        elif step == "sign":
            sign_account(waiting, NEW, actor=person, now=now)
        elif step == "check":
            check_account(waiting, CHECK, version=waiting.version, actor=person, now=now)
        elif step == "stop":
            stop_account(waiting, reason="No.", actor=person, now=now)
