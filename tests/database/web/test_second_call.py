"""A group that applies again finds what it has told before."""

from __future__ import annotations

import re

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.application import Answer, Application
from fundapp.models.organisation import Community
from fundapp.models.user import UserSession
from fundapp.services.applications import invite_to_full
from tests.database.services.test_apply_applications import PASSING
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    ByAndForClaimFactory,
    CallFactory,
    OrganisationMemberFactory,
)


def test_second_call_starts_with_what_the_group_told_before(client_for, db_session):
    owner = OrganisationMemberFactory()
    before = ApplicationFactory(organisation=owner.organisation, submitted=True)
    AnswerFactory(application=before, question_key="Q1", value="نلتقي كل أسبوع.", language="ar")
    ByAndForClaimFactory(organisation=owner.organisation, call_id=before.call_id, community=Community.MIGRANT)
    call = CallFactory()
    browser = client_for(owner.user)
    row = db_session.execute(sa.select(UserSession).where(UserSession.user_id == owner.user_id)).scalar_one()
    row.data = row.data | {f"eligibility:{call.code}": PASSING}

    page = browser.get(f"/en/calls/{call.code}/start").text
    chosen = re.findall(r'name="(\w+)" value="([^"]+)"[^>]* checked', page)
    reply = browser.post(f"/en/calls/{call.code}/start", data=dict(chosen))

    assert chosen == [("group", str(owner.organisation_id)), ("migrant_led", "yes")]
    assert reply.headers["Location"].endswith("/questions/S1")
    application = db_session.execute(
        sa.select(Application).where(Application.call_id == call.id)
    ).scalar_one()
    assert application.organisation.borough == "Hackney"
    application.status, application.submitted_at, application.receipt = "submitted", utcnow(), "R1234567"
    with unit_of_work():
        invite_to_full(application, actor=owner.user, now=utcnow())
    told = sa.select(Answer.value, Answer.language).where(
        Answer.application_id == application.id, Answer.question_key == "Q1"
    )
    assert db.session.execute(told).one() == ("نلتقي كل أسبوع.", "ar")
