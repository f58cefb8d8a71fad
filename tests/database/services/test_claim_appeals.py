"""A group asks to have a claim looked at again that was found not met."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ClaimStatus
from fundapp.models.complaint import Complaint, ComplaintAbout, ComplaintKind, ComplaintOutcome
from fundapp.models.event import Event
from fundapp.models.fund import FundRoleKind
from fundapp.permissions import Permission, can
from fundapp.queries.complaints import list_handlers
from fundapp.queries.ring_fences import report, report_as_data
from fundapp.services.claims import SecondLookNeeded, decide_claim
from fundapp.services.complaints import Complained, acknowledge, answer_complaint, appeal, appeal_about_claim
from tests.factories import (
    AwardFactory,
    ByAndForClaimFactory,
    CallFactory,
    ComplaintFactory,
    ConflictFactory,
    FundRoleFactory,
    OrganisationMemberFactory,
)
from tests.grants import mails_to

pytestmark = pytest.mark.both_engines  # what the database itself refuses

SAID = Complained(ComplaintAbout.RULES, "Two of the committee joined in May.", "en")
WHY = "Another organisation can replace the committee."


class Case:
    """A group with a grant whose claim two people found not met after the deadline."""

    def __init__(self) -> None:
        self.award = AwardFactory(application__call=CallFactory(deciding=True), amount=10_000)
        self.application, call = self.award.application, self.award.call
        self.member = OrganisationMemberFactory(organisation=self.application.organisation).user
        self.first, self.second, self.third, self.fourth = (
            FundRoleFactory(fund=call.fund).user for _each in range(4)
        )
        self.claim = ByAndForClaimFactory(
            call_id=call.id, organisation=self.application.organisation, status=ClaimStatus.DECLARED
        )
        self.decide(self.first, ClaimStatus.CHECKED)
        self.decide(self.second, ClaimStatus.NOT_MET)

    def decide(self, actor: object, status: ClaimStatus) -> None:
        with unit_of_work():
            decide_claim(self.claim, status, reason=WHY, actor=actor, now=utcnow())

    def ask(self) -> Complaint:
        with unit_of_work():
            return appeal_about_claim(self.application, self.claim, SAID, actor=self.member, now=utcnow())

    def answer(self, asked: Complaint, outcome: ComplaintOutcome) -> None:
        with unit_of_work():
            acknowledge(asked, utcnow().date() + timedelta(days=9), actor=self.third, now=utcnow())
            answer_complaint(asked, outcome, "We have read it.", actor=self.third, now=utcnow())

    @property
    def counted(self) -> str:
        lines = report_as_data(report(self.award.call))["ring_fences"]
        return next(line for line in lines if line["key"] == "BYFOR")["confirmed"]["reached"]


@pytest.fixture
def case(db_session) -> Case:
    return Case()


def test_nobody_who_had_a_hand_in_it_reads_or_handles_the_appeal(case):
    asked = case.ask()

    assert {each.id for each in list_handlers(asked)} == {case.third.id, case.fourth.id}
    assert not can(case.first, Permission.COMPLAINT_HANDLE, asked)
    assert not can(case.second, Permission.COMPLAINT_HANDLE, asked)
    assert [mails_to(each) for each in (case.first, case.third)] == [[], ["complaint"]]


def test_nobody_with_a_tie_handles_it_and_an_administrator_may(case):
    ConflictFactory(user=case.third, call_id=case.award.call_id, organisation=case.application.organisation)
    admin = FundRoleFactory(fund=case.award.call.fund, kind=FundRoleKind.ADMIN).user

    asked = case.ask()

    assert {each.id for each in list_handlers(asked)} == {case.fourth.id, admin.id}


@pytest.mark.parametrize("outcome", [ComplaintOutcome.UPHELD, ComplaintOutcome.PARTLY])
def test_who_is_right_is_checked_again_and_counts_once_another_person_confirms(case, outcome):
    asked = case.ask()
    assert float(case.counted) == 0

    case.answer(asked, outcome)
    assert (case.claim.status, case.claim.checked_by_id) == (ClaimStatus.CHECKED, case.third.id)
    assert float(case.counted) == 0
    with pytest.raises(SecondLookNeeded):
        case.decide(case.third, ClaimStatus.CONFIRMED)
    case.decide(case.fourth, ClaimStatus.CONFIRMED)

    assert float(case.counted) == 10_000


def test_not_upheld_stays_and_the_group_is_told(case):
    asked = case.ask()

    case.answer(asked, ComplaintOutcome.NOT_UPHELD)

    assert (case.claim.status, float(case.counted)) == (ClaimStatus.NOT_MET, 0)
    assert mails_to(case.member) == ["claim_not_met", "complaint", "complaint"]


def test_one_appeal_of_a_group_at_a_time(case):
    case.ask()

    with pytest.raises(NotPossibleNow):
        case.ask()
    case.application.group_told_at = utcnow()
    with pytest.raises(NotPossibleNow):
        appeal(case.application, SAID, actor=case.member, now=utcnow())


def test_found_again_not_met_may_be_asked_about_again_by_others(case):
    case.answer(case.ask(), ComplaintOutcome.UPHELD)
    case.decide(case.fourth, ClaimStatus.NOT_MET)

    asked = case.ask()

    assert list_handlers(asked) == []
    assert can(FundRoleFactory(fund=case.award.call.fund).user, Permission.COMPLAINT_HANDLE, asked)


def test_what_was_opened_again_meanwhile_stays_as_it_is(case):
    asked = case.ask()
    case.decide(case.first, ClaimStatus.CHECKED)
    case.decide(case.second, ClaimStatus.CHECKED)

    case.answer(asked, ComplaintOutcome.UPHELD)

    assert case.claim.status is ClaimStatus.CHECKED
    steps = sa.select(Event.step).where(Event.subject_id == case.claim.id).order_by(Event.number)
    assert list(db.session.execute(steps).scalars()).count("reconsider") == 1


@pytest.mark.parametrize("status", [each for each in ClaimStatus if each is not ClaimStatus.NOT_MET])
def test_there_is_no_appeal_about_what_was_not_found_against_the_group(case, status):
    case.claim.status = status

    with pytest.raises(NotPossibleNow):
        case.ask()


def test_nobody_appeals_about_the_claim_of_another_group(case):
    other = ByAndForClaimFactory(call_id=case.award.call_id, status=ClaimStatus.NOT_MET, reason=WHY)

    with pytest.raises(NotPossibleNow):
        appeal_about_claim(case.application, other, SAID, actor=case.member, now=utcnow())


def test_only_an_appeal_is_about_a_claim(case):
    asked = ComplaintFactory(application=case.application, claim_id=case.claim.id)

    asked.kind, asked.application_id, asked.application = ComplaintKind.COMPLAINT, None, None
    with pytest.raises(IntegrityError):
        db.session.flush()


FORM = {"answer_language": "en", "text": "Two of the committee joined in May."}


def test_group_reads_why_and_what_was_looked_at_and_asks_again(case, client_for):
    page = f"/en/applications/{case.application.id}/by-and-for"
    group = client_for(case.member)

    shown = group.get(page).text
    assert WHY in shown
    assert "A conversation with the group" in shown
    assert group.post(page, data=FORM | {"text": ""}).status_code == 422
    assert group.post(page, data=FORM | {"claim": str(case.claim.id)}).status_code == 302

    after = group.get(page).text
    assert "Ask us to look at it again" not in after
    assert FORM["text"] in after
    asked = db.session.execute(sa.select(Complaint)).scalar_one()
    handler = client_for(case.third).get(f"/en/fund/complaints/{asked.id}").text
    assert WHY in handler
    assert FORM["text"] in handler
    assert client_for(case.first).get(f"/en/fund/complaints/{asked.id}").status_code == 404


def test_group_with_nothing_found_against_it_sees_no_form(case, client_for):
    case.claim.status = ClaimStatus.CHECKED
    db.session.flush()

    shown = client_for(case.member).get(f"/en/applications/{case.application.id}/by-and-for").text

    assert "We have looked at it. It is not decided yet." in shown
    assert "Ask us to look at it again" not in shown
