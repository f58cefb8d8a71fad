"""From the first "somebody is at risk" on, a group is named nowhere outside."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.lifecycles import WordStatus
from fundapp.models.application import Application, ApplicationHelper
from fundapp.models.award import Award
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.models.organisation import MemberRight
from fundapp.services.confidentiality import keep_confidential
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    AwardShareFactory,
    CallFactory,
    FundRoleFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    PartnerFactory,
    PartnerShareFactory,
    RatificationFactory,
    ReviewAssignmentFactory,
    UserFactory,
)

ClientFor = Callable[[Any], FlaskClient]
NAME, PLACE = "Blue Door Sisters", "Hackney"


@pytest.fixture
def award(db_session: Any) -> Award:
    """Released and public, of a group that has not said that anybody is at risk."""
    call = CallFactory(deciding=True)
    organisation = OrganisationFactory(name=NAME, borough=PLACE)
    application = ApplicationFactory(call=call, organisation=organisation, at_panel=True)
    RatificationFactory(round=call.rounds[0], released=True)
    found: Award = AwardFactory(application=application, active=True)
    return found


def member(application: Application, right: MemberRight = MemberRight.SUBMIT) -> Any:
    return OrganisationMemberFactory(organisation=application.organisation, right=right).user


def path_of(application: Application) -> str:
    return f"/en/applications/{application.id}/confidential"


def public_texts(client: FlaskClient, award: Award) -> str:
    return client.get(f"/en/calls/{award.call.code}/results").text + client.get(
        f"/open-data/{award.call.code}.json"
    ).get_data(as_text=True)


def test_group_that_asks_is_gone_from_everything_public_at_once(
    client: FlaskClient, client_for: ClientFor, award: Award
) -> None:
    before = public_texts(client, award)

    answer = client_for(member(award.application)).post(path_of(award.application), data={"wanted": "kept"})

    after = public_texts(client, award)
    assert answer.status_code == 302
    assert NAME in before
    assert NAME not in after
    assert award.public_id not in after


def test_change_is_written_down_without_words(client_for: ClientFor, award: Award, db_session: Any) -> None:
    browser = client_for(member(award.application))

    for wanted in ("kept", "kept", "named"):
        browser.post(path_of(award.application), data={"wanted": wanted})

    steps = db_session.execute(
        sa.select(Event.step, Event.details)
        .where(Event.subject_id == award.application.id)
        .order_by(Event.number)
    ).all()
    assert [tuple(step) for step in steps] == [("keep_confidential", {}), ("may_be_named", {})]
    assert NAME in public_texts(browser, award)


def test_whoever_writes_may_protect_but_not_take_back(client_for: ClientFor, award: Award) -> None:
    application, helper = award.application, UserFactory()
    writer = client_for(member(application, MemberRight.EDIT))

    kept = writer.post(path_of(application), data={"wanted": "kept"})
    named = writer.post(path_of(application), data={"wanted": "named"})

    assert (kept.status_code, named.status_code) == (302, 403)
    assert "We may be named again" not in writer.get(path_of(application)).text
    assert application.keeps_confidential
    assert client_for(helper).post(path_of(application), data={"wanted": "kept"}).status_code == 404


def test_protection_holds_where_another_member_has_just_taken_it_back(award: Award, db_session: Any) -> None:
    application, person = award.application, UserFactory()
    keep_confidential(application, actor=person, now=utcnow())
    db_session.flush()
    for row in (application, application.organisation):
        table = type(row).__table__
        taken_back = sa.update(table).values(is_confidential=False).where(table.c.id == row.id)
        db_session.connection().execute(taken_back)

    keep_confidential(application, actor=person, now=utcnow())

    db_session.flush()
    assert db_session.execute(sa.select(Application.is_confidential)).scalar_one()


def test_helper_of_the_group_may_protect_it(client_for: ClientFor, db_session: Any) -> None:
    application, helper = ApplicationFactory(), UserFactory()
    db_session.add(
        ApplicationHelper(application=application, user=helper, expires_at=utcnow() + timedelta(days=3))
    )
    db_session.flush()

    assert client_for(helper).post(path_of(application), data={"wanted": "kept"}).status_code == 302
    assert application.keeps_confidential


def test_other_application_of_a_confidential_group_is_confidential_too(
    client_for: ClientFor, award: Award
) -> None:
    other = ApplicationFactory(call=CallFactory(), organisation=award.organisation)

    client_for(member(other)).post(path_of(other), data={"wanted": "kept"})

    assert award.application.keeps_confidential
    assert award.is_confidential


@pytest.fixture
def partner(award: Award) -> Application:
    """Applies for itself too; in the award it has a share."""
    lead, organisation = award.application, OrganisationFactory()
    for group in (lead.organisation, organisation):
        is_lead = group is lead.organisation
        PartnerShareFactory(application=lead, organisation=group, amount=2000, is_lead=is_lead)
    AwardShareFactory(award=award, organisation=organisation, amount=2000)
    made: Application = ApplicationFactory(call=CallFactory(), organisation=organisation)
    return made


def test_partner_that_asks_takes_the_whole_grant_out_of_everything_public(
    client_for: ClientFor, award: Award, partner: Application
) -> None:
    browser = client_for(member(partner))
    before = public_texts(browser, award)

    browser.post(path_of(partner), data={"wanted": "kept"})

    assert NAME in before
    assert NAME not in public_texts(browser, award)
    assert award.is_confidential
    assert not award.application.keeps_confidential


def test_grant_is_named_again_only_when_none_of_its_groups_is_confidential(
    client_for: ClientFor, award: Award, partner: Application
) -> None:
    lead = award.application
    for application in (lead, partner):
        client_for(member(application)).post(path_of(application), data={"wanted": "kept"})

    client_for(member(lead)).post(path_of(lead), data={"wanted": "named"})
    while_the_partner_is = (award.is_confidential, lead.keeps_confidential)
    for application, wanted in ((partner, "named"), (lead, "kept"), (lead, "named")):
        client_for(member(application)).post(path_of(application), data={"wanted": wanted})

    assert while_the_partner_is == (True, False)
    assert not award.is_confidential


def test_partner_that_gave_its_word_under_another_name_counts_too(
    client_for: ClientFor, award: Award, partner: Application
) -> None:
    confirmed = ApplicationFactory(call=CallFactory())
    PartnerFactory(
        application=award.application,
        status=WordStatus.CONFIRMED,
        organisation=confirmed.organisation,
        amount=2000,
        answered_at=utcnow(),
    )

    client_for(member(confirmed)).post(path_of(confirmed), data={"wanted": "kept"})

    assert award.is_confidential


def test_taking_back_what_was_never_asked_shows_nothing(client_for: ClientFor, award: Award) -> None:
    award.is_confidential = True

    client_for(member(award.application)).post(path_of(award.application), data={"wanted": "named"})

    assert award.is_confidential


def test_file_of_the_fund_names_no_confidential_group(client_for: ClientFor, award: Award) -> None:
    application = award.application
    manager = FundRoleFactory(fund=award.call.fund, kind=FundRoleKind.MANAGER).user
    client_for(member(application)).post(path_of(application), data={"wanted": "kept"})

    file = client_for(manager).get(f"/en/fund/rounds/{application.round_id}/applications.csv")

    (row,) = list(csv.reader(io.StringIO(file.text)))[1:]
    assert row[:2] == ["confidential", ""]
    assert NAME not in file.text
    assert PLACE not in file.text


def test_readers_are_told_to_pass_nothing_on(client_for: ClientFor, db_session: Any) -> None:
    application = ApplicationFactory(call=CallFactory(deciding=True), at_panel=True, is_confidential=True)
    seat = PanelSeatFactory(panel=PanelFactory(call=application.call))
    assignment = ReviewAssignmentFactory(seat=seat, application=application)

    page = client_for(seat.user).get(f"/en/readings/{assignment.id}")

    assert "Do not pass them on" in page.text
