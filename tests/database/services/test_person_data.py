"""Everything about one person, and erasing it: nobody else is named, and the record still verifies."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import Base, db, unit_of_work
from fundapp.models.application import ApplicationHelper
from fundapp.models.contact import ContactRule
from fundapp.models.event import Event
from fundapp.models.message import Message
from fundapp.models.organisation import OrganisationMember
from fundapp.models.user import UserSession
from fundapp.queries.person_data import SECRET, columns_to, data_of
from fundapp.services.events import broken_links, record
from fundapp.services.person_data import StillNeeded, erase_person, what_erasing_takes
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ApplicationHelperFactory,
    FiscalHostFactory,
    FundRoleFactory,
    HandOverFactory,
    InvitationFactory,
    OrganisationMemberFactory,
    PanelSeatFactory,
    ReviewAssignmentFactory,
    ReviewFactory,
    ScoreFactory,
    UserFactory,
)
from tests.published import unguarded

NAME, EMAIL, OTHER = "Zahra Quillon", "zahra.quillon@example.org", "otto.lindt@example.org"


@pytest.fixture
def person(db_session):
    """Writes for a group, helps another one, has a session, a mail, a rule about mail, and gave a reason."""
    user = UserFactory(name=NAME, email=EMAIL)
    group = OrganisationMemberFactory(user=user).organisation
    OrganisationMemberFactory(organisation=group, user=UserFactory(email=OTHER, name="Otto Lindt"))
    application = ApplicationFactory(organisation=group, started_by_id=user.id)
    AnswerFactory(application=application, saved_by_id=user.id, value="We cook on Mondays.")
    ApplicationHelperFactory(user=user, name=NAME, organisation_name="Quillon Consulting")
    InvitationFactory(organisation=group, email=OTHER, invited_by_id=user.id)
    now = utcnow()
    with unit_of_work():
        db.session.add_all(
            [
                ContactRule(user_id=user.id, mail_is_safe=False),
                Message(recipient_id=user.id, kind="decision_ready", arguments={}, language="en"),
                UserSession(
                    user_id=user.id,
                    token_digest="f" * 64,
                    last_seen_at=now,
                    expires_at=now + timedelta(hours=1),
                ),
            ]
        )
        record(application, "withdraw", actor=user, reason="Zahra moves to Leeds.")
    return user


def test_everything_about_a_person_is_there_and_nobody_else_is_named(person):
    data = data_of(person)

    about = data["about_you"]
    assert about["user"][0]["email"] == EMAIL
    assert {"organisation_member", "application_helper", "contact_rule", "message"} <= about.keys()
    assert data["done_by_you"]["answer"][0]["value"] == "We cook on Mondays."
    assert data["done_by_you"]["invitation"][0]["email"] == "another person"
    assert [event["reason"] for event in data["events"]] == ["Zahra moves to Leeds."]
    written = json.dumps(data)
    assert OTHER not in written
    assert "Otto" not in written
    assert "f" * 64 not in written


def test_what_somebody_did_for_the_fund_is_counted_and_its_words_stay_with_the_fund(db_session):
    """They belong to groups, and a tie declared since would be walked around."""
    manager = FundRoleFactory().user
    AnswerFactory(saved_by_id=manager.id, value="Typed on the phone.")

    data = data_of(manager)

    assert [set(row) for row in data["done_by_you"]["answer"]] == [{"id", "created_at"}]
    assert "Typed on the phone." not in json.dumps(data)


def test_no_column_that_holds_a_secret_is_told(person):
    named = {
        name
        for part in ("about_you", "done_by_you")
        for rows in data_of(person)[part].values()
        for row in rows
        for name in row
    }
    secrets = {c.name for t in Base.metadata.tables.values() for c in t.columns if SECRET.search(c.name)}

    assert {"token_digest", "passphrase_hash", "totp_secret", "sealed", "digest"} <= secrets
    assert named & secrets == set()


def test_marks_of_a_panel_member_are_theirs(db_session):
    seat = PanelSeatFactory()
    review = ReviewFactory(assignment=ReviewAssignmentFactory(seat=seat))
    ScoreFactory(review=review, sentence="Strong and careful.")

    about = data_of(seat.user)["about_you"]

    assert about["score"][0]["sentence"] == "Strong and careful."
    assert "review_assignment" in about


def test_every_table_that_points_to_a_person_is_looked_at():
    pointing = {(table.name, column.name) for table, column in columns_to("user")}

    assert {
        ("organisation_member", "user_id"),
        ("answer", "saved_by_id"),
        ("message", "recipient_id"),
    } <= pointing


def test_erasing_leaves_no_address_in_a_hand_over_and_no_name_under_the_word_of_a_host(person):
    asked = HandOverFactory(email=EMAIL)
    host = FiscalHostFactory(confirmed=True, user_id=person.id, signed_by=NAME, text=f"Signed: {NAME}")
    others = FiscalHostFactory(confirmed=True, signed_by="Otto Lindt")

    with unit_of_work():
        taken = erase_person(person, actor=None, now=utcnow())
    db.session.expire_all()

    assert (taken["hand_over"], taken["fiscal_host"]) == (1, 1)
    assert (EMAIL in asked.email, host.signed_by, host.text) == (False, "", None)
    assert (others.signed_by, host.text_digest) == ("Otto Lindt", "0" * 64)


def test_looking_at_what_would_go_changes_nothing(person):
    before = db.session.execute(sa.select(sa.func.count(Event.number))).scalar_one()

    found = what_erasing_takes(person)

    assert found["organisation_member"] == found["contact_rule"] == found["event reasons"] == 1
    assert person.email == EMAIL
    assert db.session.execute(sa.select(sa.func.count(Event.number))).scalar_one() == before


def canaries() -> list[str]:
    """Where the person can still be read, in every column of every table."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            written = json.dumps([str(value) for value in row], ensure_ascii=False).lower()
            found += [table.name for word in ("zahra", "quillon") if word in written]
    return found


def test_erased_person_is_nowhere_and_what_the_group_wrote_stays(person):
    application = db.session.execute(sa.select(ApplicationHelper.application_id)).scalar_one()
    assert canaries() != []

    with unit_of_work():
        erase_person(person, actor=None, now=utcnow())

    assert canaries() == []
    assert data_of(person)["done_by_you"]["answer"][0]["value"] == "We cook on Mondays."
    assert person.is_disabled
    helper = db.session.execute(sa.select(ApplicationHelper)).scalar_one()
    assert (helper.application_id, helper.user_id) == (application, person.id)  # the tie stays
    others = db.session.execute(sa.select(OrganisationMember)).scalars().all()
    assert [each.user.email for each in others] == [OTHER]


def test_record_of_who_did_what_still_verifies_after_an_erasing(person):
    with unit_of_work():
        erase_person(person, actor=None, now=utcnow())

    assert list(broken_links()) == []
    steps = db.session.execute(sa.select(Event.step).order_by(Event.number)).scalars().all()
    assert steps[-1] == "erase_person"


def test_record_that_was_changed_in_another_way_is_found_after_an_erasing(person):
    with unit_of_work():
        erase_person(person, actor=None, now=utcnow())
    with unit_of_work(), unguarded("event"):
        db.session.execute(sa.update(Event).where(Event.step == "withdraw").values(step="submit"))

    assert [link.what for link in broken_links()] == ["digest"]


def test_whoever_still_decides_is_not_erased(db_session):
    for person in (FundRoleFactory().user, PanelSeatFactory().user):
        with pytest.raises(StillNeeded):
            erase_person(person, actor=None, now=utcnow())


def test_erasing_twice_changes_nothing_more(person):
    with unit_of_work():
        erase_person(person, actor=None, now=utcnow())
    with unit_of_work():
        assert erase_person(person, actor=None, now=utcnow()) == {}
