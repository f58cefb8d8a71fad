"""Partners: each says yes to exactly its share, declares for itself, and is a partner once in a round."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import WordStatus
from fundapp.models.application import Application, PartnerShare
from fundapp.models.organisation import ByAndForClaim, Organisation
from fundapp.models.panel import ConflictOfInterest
from fundapp.models.partnership import Partner
from fundapp.queries.people import list_partners
from fundapp.services.applications import submit_application, withdraw_application
from fundapp.services.joining import accept_invitation
from fundapp.services.partners import (
    PartnerTwice,
    ShareChanged,
    UnknownPartner,
    confirm_share,
    decline_share,
    invite_partner,
)
from tests.database.services.test_apply_applications import partnership
from tests.factories import (
    AwardFactory,
    AwardShareFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PanelFactory,
    PanelSeatFactory,
    PartnerShareFactory,
    UserFactory,
    days,
)

pytestmark = pytest.mark.both_engines  # what the database itself refuses

BANDS = {"E8": "all", "E9": "half", "E10": "all"}
NAME, SHARE = "Blue Door", Decimal(15000)


@pytest.fixture
def application(db_session) -> Application:
    found = partnership([(NAME, "15000.00")])
    db_session.commit()
    return found


def asked(application: Application, name: str = NAME) -> Partner:
    owner = OrganisationMemberFactory(organisation=application.organisation).user
    person = UserFactory()
    with unit_of_work():
        partner = invite_partner(application, name, person.email, actor=owner, now=utcnow())
        accept_invitation(partner.invitation, actor=person, now=utcnow())
    return partner


def say_yes(partner: Partner, organisation: Organisation, amount: Decimal = SHARE, bands=BANDS) -> None:
    with unit_of_work():
        confirm_share(
            partner,
            amount,
            organisation=organisation,
            bands=bands,
            is_migrant_led=True,
            actor=UserFactory(),
            now=utcnow(),
        )


def test_partner_says_yes_and_declares_for_itself(db_session, application):
    organisation = OrganisationFactory(name="Blue Door Sisters CIO")

    say_yes(asked(application), organisation)
    with unit_of_work():
        submit_application(application, actor=UserFactory(), now=utcnow())

    shares = db_session.execute(
        sa.select(PartnerShare.organisation_id, PartnerShare.amount).order_by(PartnerShare.amount)
    ).all()
    lead = application.amount_requested - SHARE
    assert sorted(shares, key=str) == sorted(
        [(organisation.id, SHARE), (application.organisation_id, lead)], key=str
    )
    claims = sa.select(ByAndForClaim.community, ByAndForClaim.answers).where(
        ByAndForClaim.organisation_id == organisation.id
    )
    assert sorted(db_session.execute(claims).all()) == [("by_and_for", BANDS), ("migrant", BANDS)]


def test_partner_below_the_rule_declares_nothing(db_session, application):
    organisation = OrganisationFactory()

    say_yes(asked(application), organisation, bands=BANDS | {"E8": "less"})

    assert db_session.execute(sa.select(ByAndForClaim)).all() == []


def test_yes_is_to_the_share_that_stands_now(db_session, application):
    partner = asked(application)
    with pytest.raises(ShareChanged):
        say_yes(partner, OrganisationFactory(), Decimal(20000))
    say_yes(partner, OrganisationFactory())

    answer = next(each for each in application.answers if each.question_key == "Q11_shares")
    answer.value = [{"partner": NAME, "amount": "20000.00"}]
    say_yes(partner, partner.organisation, Decimal(20000))

    assert (partner.status, partner.amount) == (WordStatus.CONFIRMED, Decimal(20000))


def test_organisation_is_a_partner_once_in_a_round_and_never_of_itself(db_session, application):
    organisation = OrganisationFactory()
    say_yes(asked(application), organisation)
    other = partnership([(NAME, "15000.00")])
    other.call, other.round = application.call, application.round
    partner = asked(other)
    for twice in (organisation, other.organisation):
        with pytest.raises(PartnerTwice):
            say_yes(partner, twice)

    with unit_of_work():
        withdraw_application(application, actor=UserFactory(), now=utcnow())
    say_yes(partner, organisation)

    assert [each.status for each in list_partners(other)] == [WordStatus.CONFIRMED]


def test_database_keeps_an_organisation_from_being_a_partner_twice(db_session, application):
    organisation = OrganisationFactory()
    say_yes(asked(application), organisation)
    other = partnership([(NAME, "15000.00")])
    partner = asked(other)

    partner.round_id = application.round_id
    partner.organisation_id = organisation.id
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()


def test_only_named_partners_are_asked_and_one_at_a_time(db_session, application):
    with pytest.raises(UnknownPartner):
        asked(application, "Somebody else")
    first = asked(application)

    second = asked(application, " blue DOOR ")

    assert (first.status, second.status) == (WordStatus.ENDED, WordStatus.INVITED)
    with unit_of_work():
        decline_share(second, reason="", actor=UserFactory(), now=utcnow())
    assert second.status is WordStatus.DECLINED


def test_panel_member_of_a_partner_is_kept_out_when_it_is_sent(db_session, application):
    seat = PanelSeatFactory(panel=PanelFactory(call=application.call))
    organisation = OrganisationMemberFactory(user=seat.user).organisation
    say_yes(asked(application), organisation)

    with unit_of_work():
        submit_application(application, actor=UserFactory(), now=utcnow())

    ties = db_session.execute(sa.select(ConflictOfInterest.user_id, ConflictOfInterest.organisation_id)).all()
    assert set(ties) == {(seat.user_id, organisation.id), (seat.user_id, application.organisation_id)}


def test_partners_of_a_request_and_of_a_grant_have_one_order_the_lead_first(db_session):
    award = AwardFactory()
    lead, first, second = (OrganisationFactory() for _each in range(3))
    for at, group in ((3, second), (2, first), (4, lead)):  # as no database happens to give them back
        made = {"organisation": group, "amount": Decimal(100), "created_at": days(at)}
        PartnerShareFactory(application=award.application, is_lead=group is lead, **made)
    for at, group in ((3, second), (2, first), (1, lead)):
        AwardShareFactory(award=award, organisation=group, amount=Decimal(100), created_at=days(at))
    db_session.expire_all()

    assert [each.organisation for each in award.application.shares] == [lead, first, second]
    assert [each.organisation for each in award.shares] == [lead, first, second]
