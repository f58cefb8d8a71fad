"""Everything about one person, as a file that does not change unseen; other people are masked (AC-81)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from fundapp.db import db, unit_of_work
from fundapp.models.contact import ContactRule
from fundapp.models.message import Message
from fundapp.models.organisation import MemberRight
from fundapp.models.thread import ThreadMessage
from fundapp.queries.person_data import data_of
from fundapp.services.events import record
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ApplicationHelperFactory,
    InvitationFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    UserFactory,
)

pytestmark = pytest.mark.both_engines  # what the database itself refuses

GOLDEN = Path(__file__).parent / "person_data_golden.json"
NOW = datetime(2027, 5, 4, 9, 30, tzinfo=UTC)
OTHERS = ("otto.lindt@example.org", "Otto Lindt", "new.friend@example.org", "Amal Reader")
NUMBER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def person(db_session):
    with time_machine.travel(NOW, tick=False):
        user = UserFactory(name="Zahra Quillon", email="zahra.quillon@example.org", created_at=NOW)
        other = UserFactory(name="Otto Lindt", email="otto.lindt@example.org")
        group = OrganisationFactory(name="Kettle and Thread", public_id="group-a")
        OrganisationMemberFactory(organisation=group, user=user, right=MemberRight.SUBMIT, created_at=NOW)
        OrganisationMemberFactory(organisation=group, user=other)
        application = ApplicationFactory(organisation=group)
        AnswerFactory(
            application=application,
            question_key="Q1",
            saved_by_id=user.id,
            value="We cook.",
            saved_at=NOW,
            created_at=NOW,
        )
        AnswerFactory(
            application=application, question_key="Q2", saved_by_id=other.id, value="Otto Lindt wrote this."
        )
        ApplicationHelperFactory(
            user=user,
            name="Zahra Quillon",
            organisation_name="Quillon Consulting",
            expires_at=NOW,
            created_at=NOW,
        )
        InvitationFactory(
            organisation=group,
            email="new.friend@example.org",
            invited_by_id=user.id,
            expires_at=NOW,
            created_at=NOW,
            code_digest="a" * 64,
        )
        with unit_of_work():
            db.session.add_all(
                [
                    ContactRule(user_id=user.id, mail_is_safe=False, created_at=NOW),
                    Message(
                        recipient_id=user.id,
                        kind="decision_ready",
                        arguments={},
                        language="en",
                        created_at=NOW,
                    ),
                    ThreadMessage(
                        application_id=application.id,
                        author_id=user.id,
                        from_fund=False,
                        text="When do you meet?",
                        once="a",
                        answer_due_on=NOW.date(),
                        created_at=NOW,
                    ),
                    ThreadMessage(
                        application_id=application.id,
                        author_id=other.id,
                        from_fund=True,
                        text="Ask Amal Reader.",
                        once="b",
                        created_at=NOW,
                    ),
                ]
            )
            record(application, "withdraw", actor=user, now=NOW, reason="I move to Leeds.")
            record(application, "note", actor=other, now=NOW, reason="Otto Lindt says so.")
        return user


def as_written(data: object) -> str:
    """Random numbers become the order in which they first stand there."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    known: dict[str, str] = {}
    return NUMBER.sub(lambda found: known.setdefault(found[0], f"number {len(known) + 1}"), text) + "\n"


def test_file_of_a_person_is_the_golden_one_and_names_nobody_else(person):
    written = as_written(data_of(person))

    assert [name for name in OTHERS if name in written] == []
    assert "Zahra Quillon" in written
    assert written == GOLDEN.read_text(encoding="utf-8")
