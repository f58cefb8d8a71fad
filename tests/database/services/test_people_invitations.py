"""Asked by mail: one code, once, in time, for the address that was asked; nobody learns who is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow, TooManyTries
from fundapp.lifecycles import InvitationStatus
from fundapp.mailer import write_mail
from fundapp.models.event import Event
from fundapp.models.invitation import Invitation, InvitationKind
from fundapp.models.message import Message, OutboxJob
from fundapp.models.organisation import MemberRight, OrganisationMember
from fundapp.models.user import User
from fundapp.queries.people import find_membership, list_members
from fundapp.services.invitations import (
    InvitationUnknown,
    TooManyOpen,
    code_digest,
    decline_invitation,
    invite,
    withdraw_invitation,
)
from fundapp.services.joining import accept_invitation
from fundapp.services.members import (
    LastWhoMaySend,
    SamePerson,
    agree_hand_over,
    ask_hand_over,
    change_right,
    drop_hand_over,
    invite_member,
    remove_member,
)
from fundapp.services.messages import mark_sent
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    UserFactory,
)


@pytest.fixture
def owner(db_session) -> OrganisationMember:
    member = OrganisationMemberFactory()
    db_session.commit()
    return member


def ask(owner: OrganisationMember, email: str = "amina@example.org", right: MemberRight = MemberRight.EDIT):
    with unit_of_work():
        return invite_member(owner.organisation, email, right, actor=owner.user, now=utcnow())


def mail_to(email: str) -> Message:
    query = sa.select(Message).join(User, User.id == Message.recipient_id).where(User.email == email)
    return db.session.execute(query.order_by(Message.created_at.desc()).limit(1)).scalar_one()


def person(email: str) -> User:
    return db.session.execute(sa.select(User).where(User.email == email)).scalar_one()


def accept(invitation: Invitation, actor: User, *, now=None) -> None:
    with unit_of_work():
        accept_invitation(invitation, actor=actor, now=now or utcnow())


def test_code_of_the_mail_makes_a_member_with_the_right_that_was_offered(owner):
    invitation = ask(owner)
    code = mail_to("amina@example.org").arguments["code"]

    assert invitation.code_digest == code_digest(f" {code[:4].lower()}-{code[4:]} ")
    accept(invitation, person("amina@example.org"))

    member = find_membership(person("amina@example.org"), owner.organisation)
    assert (member.right, invitation.status) == (MemberRight.EDIT, InvitationStatus.ACCEPTED)


@pytest.mark.parametrize("language", ["en", "es", "ar", "uk"])
def test_mail_names_nobody_and_the_code_is_gone_once_it_is_sent(app, owner, language):
    owner.user.language, owner.organisation.name = language, "Casa de la Luna"
    ask(owner)
    message = mail_to("amina@example.org")

    with app.app_context():
        mail = write_mail(message)
    with unit_of_work():
        mark_sent(message.id, subject=None, body=None, now=utcnow())

    words = f"{mail.subject}\n{mail.body}"
    assert f"/{language}/join/" in words
    told = ("Casa de la Luna", owner.user.name, owner.user.email, "edit")
    assert [word for word in told if word in words] == []
    assert message.arguments == {}


def test_known_and_unknown_addresses_get_the_same_work_done(owner):
    UserFactory(email="known@example.org", language="en")
    before = db.session.execute(sa.select(sa.func.count()).select_from(OutboxJob)).scalar_one()

    for email in ("known@example.org", "unknown@example.org"):
        ask(owner, email)

    kinds = [mail_to(email).kind for email in ("known@example.org", "unknown@example.org")]
    jobs = db.session.execute(sa.select(sa.func.count()).select_from(OutboxJob)).scalar_one() - before
    assert (kinds, jobs) == (["invitation", "invitation"], 2)


@pytest.mark.parametrize("why", ["used", "old", "taken back", "refused", "other address"])
def test_code_opens_nothing_when_it_is(owner, why):
    invitation = ask(owner)
    amina = person("amina@example.org")
    now = utcnow()
    with unit_of_work():
        match why:
            case "used":
                accept_invitation(invitation, actor=amina, now=now)
                db.session.delete(find_membership(amina, owner.organisation))
            case "old":
                now += timedelta(days=14, seconds=1)
            case "taken back":
                withdraw_invitation(invitation, actor=owner.user, now=now)
            case "refused":
                decline_invitation(invitation, actor=amina, now=now)
            case "other address":
                amina = UserFactory()

    with pytest.raises(InvitationUnknown):
        accept(invitation, amina, now=now)

    assert [member.user_id for member in list_members(owner.organisation)] == [owner.user_id]


def test_asking_again_replaces_the_code(owner):
    first = ask(owner)
    before = first.code_digest

    again = ask(owner, "AMINA@example.org", MemberRight.SUBMIT)

    assert (again.id, again.details) == (first.id, {"right": "submit"})
    assert again.code_digest != before


def test_one_address_is_not_flooded_and_a_group_waits_for_answers(owner):
    for _number in range(5):
        ask(owner)
    with pytest.raises(TooManyTries):
        ask(owner)
    for number in range(14):
        ask(owner, f"person{number}.asked@example.org")

    invitations = db.session.execute(sa.select(Invitation)).scalars().all()
    for number in range(5):
        with unit_of_work():
            invite(
                InvitationKind.MEMBER,
                f"more{number}@example.org",
                organisation=owner.organisation,
                actor=UserFactory(),
                now=utcnow(),
            )
    with pytest.raises(TooManyOpen), unit_of_work():
        invite(
            InvitationKind.MEMBER,
            "one.more@example.org",
            organisation=owner.organisation,
            actor=UserFactory(),
            now=utcnow(),
        )
    assert len(invitations) == 15


def test_new_member_who_sits_on_the_panel_loses_the_application_at_once(db_session, owner):
    seat = PanelSeatFactory()
    ApplicationFactory(call=seat.panel.call, organisation=owner.organisation, submitted=True)
    invitation = ask(owner, seat.user.email)

    accept(invitation, seat.user)

    tie = db_session.execute(sa.select(ConflictFactory._meta.model)).scalar_one()
    assert (tie.user_id, tie.organisation_id, tie.source) == (seat.user_id, owner.organisation_id, "member")


def test_last_person_who_may_send_cannot_go_before_naming_another(owner):
    for change in (remove_member, lambda m, **k: change_right(m, MemberRight.VIEW, **k)):
        with pytest.raises(LastWhoMaySend), unit_of_work():
            change(owner, actor=owner.user, now=utcnow())

    other = OrganisationMemberFactory(organisation=owner.organisation, right=MemberRight.EDIT)
    with unit_of_work():
        change_right(other, MemberRight.SUBMIT, actor=owner.user, now=utcnow())
        remove_member(owner, actor=owner.user, now=utcnow())

    assert [member.user_id for member in list_members(other.organisation)] == [other.user_id]


def test_member_whom_somebody_has_just_removed_is_not_removed_again(db_session, owner):
    writer = OrganisationMemberFactory(organisation=owner.organisation, right=MemberRight.EDIT)
    by_somebody_else = sa.delete(OrganisationMember).where(OrganisationMember.id == writer.id)
    db_session.execute(by_somebody_else.execution_options(synchronize_session=False))

    with pytest.raises(NotPossibleNow), unit_of_work():
        remove_member(writer, actor=owner.user, now=utcnow())


def test_everything_stays_when_the_writer_leaves(db_session, owner):
    writer = OrganisationMemberFactory(organisation=owner.organisation, right=MemberRight.EDIT)
    application = ApplicationFactory(organisation=owner.organisation)
    answer = AnswerFactory(application=application, saved_by_id=writer.user_id)

    with unit_of_work():
        remove_member(writer, actor=owner.user, now=utcnow())

    assert (application.organisation_id, answer.value[:4]) == (owner.organisation_id, "We a")
    kinds = [mail_to(owner.user.email).kind]
    assert kinds == ["people_changed"]


def test_hand_over_takes_two_people_a_reason_and_tells_the_group(db_session, owner):
    application = ApplicationFactory(organisation=owner.organisation)
    first, second = (FundRoleFactory(fund=application.call.fund).user for _number in range(2))
    with unit_of_work():
        asked = ask_hand_over(
            application, "new@example.org", reason="Everybody left.", actor=first, now=utcnow()
        )
    with pytest.raises(SamePerson), unit_of_work():
        agree_hand_over(asked, actor=first, now=utcnow())
    with pytest.raises(NotPossibleNow), unit_of_work():
        ask_hand_over(application, "x@example.org", reason="Again.", actor=second, now=utcnow())

    with unit_of_work():
        agree_hand_over(asked, actor=second, now=utcnow())

    steps = sa.select(Event.step, Event.reason).where(Event.subject_id == application.id)
    assert db_session.execute(steps.order_by(Event.number)).all() == [
        ("ask_hand_over", "Everybody left."),
        ("agree_hand_over", "Everybody left."),
    ]
    told = sa.select(Message.kind).where(Message.recipient_id == owner.user_id)
    assert db_session.execute(told).scalars().all() == ["people_changed", "people_changed"]
    invitation = db_session.execute(sa.select(Invitation)).scalar_one()
    assert (invitation.email, invitation.details) == ("new@example.org", {"right": "submit"})
    with pytest.raises(NotPossibleNow), unit_of_work():
        drop_hand_over(asked, actor=second, now=utcnow())


def test_invited_group_is_not_the_one_that_is_asked(owner):
    other = OrganisationFactory()
    invitation = ask(owner)
    accept(invitation, person("amina@example.org"))

    assert list_members(other) == []
