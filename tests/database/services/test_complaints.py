"""Complaints, appeals and worries about safety: who handles them, by when, and who never sees them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow, TooManyTries
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.complaint import Complaint, ComplaintAbout, ComplaintKind, ComplaintOutcome, SafetyFlag
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.permissions import Permission, can
from fundapp.queries.complaints import (
    find_complaint_by_code,
    list_complaints,
    list_handlers,
    list_safety_flags,
)
from fundapp.services.complaints import (
    ALPHABET,
    COMPLAINTS,
    Complained,
    acknowledge,
    answer_complaint,
    appeal,
    code_digest,
    complain,
    say_whom,
)
from fundapp.services.promises import DayNotAhead
from fundapp.services.safety import close_flag, name_for_safety, raise_flag, take_flag
from fundapp.worry_steps import ComplaintStatus, SafetyStatus
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
    RatificationFactory,
    UserFactory,
)
from tests.grants import active_grant, mails_to

pytestmark = pytest.mark.both_engines  # what the database itself refuses

WORDS = "Nobody answered us for a month."
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def call(db_session):
    with unit_of_work():
        return CallFactory(deciding=True)


def staff(call, kind=FundRoleKind.MANAGER):
    return FundRoleFactory(fund=call.fund, kind=kind).user


def what(about=ComplaintAbout.OTHER, text=WORDS):
    return Complained(about, text, "en")


def complained(call, about=ComplaintAbout.OTHER, now=None, once=None):
    with unit_of_work():
        once = once or uuid4().hex
        code = complain(call, what(about), once=once, secret="s" * 40, now=now or utcnow())
    return code, find_complaint_by_code(code_digest(code))


def test_complaint_is_acknowledged_within_thirty_days_and_answered_by_a_promised_day(call):
    manager = staff(call)
    _code, complaint = complained(call, now=datetime(2027, 3, 1, 12, tzinfo=LONDON))
    assert complaint.acknowledge_by == date(2027, 3, 31)

    now = datetime(2027, 3, 5, 12, tzinfo=LONDON)
    with pytest.raises(DayNotAhead), unit_of_work():
        acknowledge(complaint, now.date(), actor=manager, now=now)
    with unit_of_work():
        acknowledge(complaint, date(2027, 4, 1), actor=manager, now=now)
    with unit_of_work():
        answer_complaint(
            complaint, ComplaintOutcome.UPHELD, "We are sorry. We call back.", actor=manager, now=now
        )

    assert (complaint.status, complaint.handler_id) == (ComplaintStatus.ANSWERED, manager.id)
    steps = sa.select(Event.step).where(Event.subject_id == complaint.id).order_by(Event.number)
    assert list(db.session.execute(steps).scalars()) == ["receive", "acknowledge", "answer"]


def test_answer_needs_somebody_who_has_taken_it_on(call):
    _code, complaint = complained(call)

    with pytest.raises(NotPossibleNow), unit_of_work():
        answer_complaint(complaint, ComplaintOutcome.PARTLY, "x", actor=staff(call), now=utcnow())


def test_code_opens_its_complaint_alone_and_is_not_kept(call):
    code, complaint = complained(call)
    other, _complaint = complained(call)

    assert code != other
    assert complaint.code_digest != code
    assert find_complaint_by_code(code_digest(f" {code.lower()[:4]}-{code[4:]} ")) == complaint
    assert find_complaint_by_code(code_digest("A" * 16)) is None


def test_complaint_that_is_sent_again_is_the_same_one_even_when_no_more_are_taken(call):
    manager, now = staff(call), utcnow()
    first = complained(call, now=now, once="a")
    for number in range(COMPLAINTS.most - 1):
        complained(call, now=now, once=str(number))

    with pytest.raises(TooManyTries):
        complained(call, now=now, once="b")
    again = complained(call, now=now, once="a")

    assert again == first
    assert db.session.query(Complaint).count() == COMPLAINTS.most == len(mails_to(manager))


def test_code_follows_from_nothing_that_anybody_else_knows(call):
    with unit_of_work():
        codes = {
            complain(where, said, once=once, secret=secret, now=utcnow())
            for where in (call, CallFactory())
            for said in (what(), what(text="Other words."))
            for once in ("a", "b")
            for secret in ("s" * 40, "t" * 40)
        }

    assert len(codes) == 16
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) <= set(ALPHABET)


def test_anonymous_complaint_has_no_person_in_its_event(call):
    _code, complaint = complained(call)

    event = db.session.execute(sa.select(Event).where(Event.subject_id == complaint.id)).scalar_one()
    assert (event.actor_id, WORDS in str((event.details, event.reason))) == (None, False)


@pytest.mark.parametrize("about", [ComplaintAbout.MANAGER, ComplaintAbout.ADMIN])
def test_whoever_does_the_work_it_is_about_never_sees_it(call, about):
    people = {kind: staff(call, kind) for kind in (FundRoleKind.MANAGER, FundRoleKind.ADMIN)}
    both = staff(call)
    FundRoleFactory(fund=call.fund, user=both, kind=FundRoleKind.ADMIN)
    finance, stranger = staff(call, FundRoleKind.FINANCE), staff(CallFactory())

    _code, complaint = complained(call, about)

    (handler,) = (person for kind, person in people.items() if kind.value != about.value)
    assert list_handlers(complaint) == [handler]
    for person in (*people.values(), both, finance, stranger):
        seen = list_complaints(call.fund, reader=person)
        assert (
            (complaint in seen) == can(person, Permission.COMPLAINT_HANDLE, complaint) == (person == handler)
        )
        assert mails_to(person) == (["complaint"] if person == handler else [])


def test_person_it_turns_out_to_be_about_loses_it_at_once(call):
    first, second = staff(call), staff(call)
    _code, complaint = complained(call)
    with unit_of_work():
        acknowledge(complaint, utcnow().date() + timedelta(days=9), actor=first, now=utcnow())

    with unit_of_work():
        say_whom(complaint, first, actor=second, now=utcnow())

    assert list_complaints(call.fund, reader=first) == []
    assert list_complaints(call.fund, reader=second) == [complaint]
    assert complaint.handler_id is None


@pytest.fixture
def declined(call):
    with unit_of_work():
        return ApplicationFactory(
            call=call, at_panel=True, status=ApplicationStatus.DECLINED, group_told_at=utcnow()
        )


def appealed(application):
    member = OrganisationMemberFactory(organisation=application.organisation).user
    with unit_of_work():
        return appeal(application, what(ComplaintAbout.PANEL), actor=member, now=utcnow())


def test_appeal_is_never_handled_by_who_signed_or_has_a_tie(call, declined):
    signer, tied, free = staff(call), staff(call), staff(call)
    RatificationFactory(round=call.rounds[0], ratified_by_id=signer.id)
    ConflictFactory(call_id=call.id, user_id=tied.id, organisation_id=declined.organisation_id)

    complaint = appealed(declined)

    assert list_handlers(complaint) == [free]
    for person in (signer, tied):
        assert list_complaints(call.fund, reader=person) == []
        assert not can(person, Permission.COMPLAINT_HANDLE, complaint)


def test_appeal_waits_for_the_decision_and_is_one_at_a_time(call, declined):
    appealed(declined)
    with pytest.raises(NotPossibleNow):
        appealed(declined)

    with pytest.raises(NotPossibleNow):
        appealed(ApplicationFactory(call=call, at_panel=True))


def test_group_hears_when_its_appeal_is_taken_on_and_answered(call, declined):
    manager = staff(call)
    member = OrganisationMemberFactory(organisation=declined.organisation).user
    complaint = appealed(declined)
    with unit_of_work():
        acknowledge(complaint, utcnow().date() + timedelta(days=9), actor=manager, now=utcnow())
    with unit_of_work():
        answer_complaint(complaint, ComplaintOutcome.UPHELD, "We read it again.", actor=manager, now=utcnow())

    assert mails_to(member) == ["complaint", "complaint"]


def test_flood_of_complaints_is_stopped(call):
    now = datetime(2027, 3, 1, 12, tzinfo=LONDON)
    for _each in range(COMPLAINTS.most):
        complained(call, now=now)

    with pytest.raises(TooManyTries):
        complained(call, now=now)


def test_complaint_with_half_an_answer_cannot_be_stored(call):
    complained(call)

    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(Complaint).values(status="answered"))
    db.session.rollback()


def test_appeal_belongs_to_an_application(call):
    complained(call)

    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(Complaint).values(kind=ComplaintKind.APPEAL))
    db.session.rollback()


@pytest.fixture
def grant(db_session):
    return active_grant()


def name(grant, lead, deputy):
    admin = staff(grant.award.call, FundRoleKind.ADMIN)
    with unit_of_work():
        name_for_safety(grant.award.call.fund, lead, deputy, actor=admin, now=utcnow())
    return admin


def flagged(grant, words="Her brother has found out."):
    with unit_of_work():
        return raise_flag(grant.check_in("month_6"), words, from_group=True, actor=grant.signer, now=utcnow())


def tie(grant, person):
    award = grant.award
    ConflictFactory(call_id=award.call_id, user_id=person.id, organisation_id=award.organisation_id)


def sees(grant, *people):
    return [bool(list_safety_flags(grant.award.call.fund, reader=person)) for person in people]


def test_only_the_people_named_for_it_see_who_is_not_safe(grant):
    lead, deputy = staff(grant.award.call, FundRoleKind.FINANCE), staff(grant.award.call)
    admin = name(grant, lead, deputy)

    flagged(grant)

    assert sees(grant, lead, deputy, admin, grant.manager, grant.finance, grant.signer) == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert [mails_to(each) for each in (lead, deputy, admin)] == [["safety"], ["safety"], []]


def test_tied_person_is_left_out_and_an_administrator_steps_in_only_when_nobody_is_free(grant):
    lead, deputy = staff(grant.award.call), staff(grant.award.call)
    admin = name(grant, lead, deputy)
    tie(grant, lead)
    flagged(grant)
    assert sees(grant, lead, deputy, admin) == [False, True, False]

    tie(grant, deputy)

    assert sees(grant, lead, deputy, admin) == [False, False, True]


def test_worry_reaches_an_administrator_while_nobody_is_named(grant):
    admin = staff(grant.award.call, FundRoleKind.ADMIN)

    flagged(grant)

    assert (sees(grant, admin, grant.manager), mails_to(admin)) == ([True, False], ["safety"])


def test_no_word_of_it_is_in_an_event_or_a_mail(grant):
    name(grant, grant.manager, grant.other_manager)
    flag = flagged(grant, "The refuge in Elm Road.")
    with unit_of_work():
        take_flag(flag, actor=grant.manager, now=utcnow())
    with unit_of_work():
        close_flag(flag, "We moved her to Oak Road.", actor=grant.manager, now=utcnow())

    assert flag.status is SafetyStatus.CLOSED
    events = db.session.execute(sa.select(Event).where(Event.subject_id == flag.id)).scalars().all()
    assert [event.step for event in events] == ["raise", "take", "close"]
    assert "Road" not in str([(event.details, event.reason) for event in events])


def test_flag_is_closed_with_what_was_done(grant):
    flagged(grant)

    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(SafetyFlag).values(status="closed", taken_at=utcnow()))
    db.session.rollback()


def test_person_without_a_role_who_was_named_keeps_seeing_it(grant):
    outside = UserFactory()
    name(grant, outside, grant.manager)

    flagged(grant)

    assert mails_to(outside) == ["safety"]
