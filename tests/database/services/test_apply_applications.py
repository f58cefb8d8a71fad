"""An application from its start to the second stage, through the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import ApplicationStatus
from fundapp.models.application import Answer, Application, ApplicationStage, PartnerShare
from fundapp.models.call import Call
from fundapp.models.event import Event
from fundapp.models.message import Message
from fundapp.models.organisation import (
    ByAndForClaim,
    Community,
    MemberRight,
    Organisation,
    OrganisationMember,
)
from fundapp.queries.group_news import find_news
from fundapp.services.applications import (
    CallClosed,
    CheckNotPassed,
    IncompleteApplication,
    ReasonNeeded,
    decline_application,
    find_ineligible,
    invite_to_full,
    start_application,
    submit_application,
    withdraw_application,
)
from fundapp.services.events import seal
from fundapp.services.grace import ask_for_grace
from fundapp.services.organisations import NewGroup, register_group
from tests.factories import (
    AnswerFactory,
    ApplicationFactory,
    AwardFactory,
    AwardShareFactory,
    CallFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    RoundFactory,
    UserFactory,
    days,
)

pytestmark = pytest.mark.both_engines  # what the database itself refuses

PASSING = {
    **dict.fromkeys(("E1", "E2", "E3", "E4", "E5", "E6"), True),
    "E7": "from_10000",
    "E8": "all",
    "E9": "all",
    "E10": "all",
    "E11": False,
    "E12": "yes",
    "E13": False,
}
EOI = {"S1": "Women of Hackney.", "S2": "Pay the rent.", "S3": "A", "S3_amount": "40000.00"}


def start(call: Call, answers: dict[str, object] | None = None, **options) -> Application:
    return start_application(
        call.rounds[0],
        organisation=options.pop("organisation", None) or OrganisationFactory(),
        eligibility=PASSING | (answers or {}),
        language="en",
        actor=UserFactory(),
        now=utcnow(),
        **options,
    )


def answered(answers: dict[str, object], **traits) -> Application:
    application = ApplicationFactory(**traits)
    for key, value in answers.items():
        AnswerFactory(application=application, question_key=key, value=value)
    return application


def claims_of(organisation: Organisation) -> list[tuple[Community, dict[str, str]]]:
    query = sa.select(ByAndForClaim).where(ByAndForClaim.organisation_id == organisation.id)
    claims = db.session.execute(query.order_by(ByAndForClaim.community)).scalars()
    return [(claim.community, claim.answers) for claim in claims]


def steps_of(application: Application) -> list[str]:
    db.session.flush()
    seal()
    query = sa.select(Event.step).where(Event.subject_id == application.id).order_by(Event.number)
    return list(db.session.execute(query).scalars())


def mails() -> list[str]:
    return list(db.session.execute(sa.select(Message.kind).order_by(Message.created_at)).scalars())


def test_group_that_starts_as_one_at_risk_hides_the_grants_it_is_a_partner_of(db_session):
    organisation = OrganisationFactory()
    share = AwardShareFactory(award=AwardFactory(), organisation=organisation, amount=2000)

    start(CallFactory(), {"E13": True}, organisation=organisation)

    assert share.award.is_confidential


def test_start_makes_a_draft_with_the_answers_of_the_check(db_session):
    application = start(CallFactory(), {"E6": False, "E13": True})

    assert application.status is ApplicationStatus.DRAFT
    assert application.stage is ApplicationStage.EOI
    assert (application.needs_host, application.is_confidential) == (True, True)
    assert application.organisation.is_confidential
    assert application.eligibility_answers == PASSING | {"E6": False, "E13": True}
    assert steps_of(application) == ["start"]


def test_second_start_gives_the_first_application_back(db_session):
    call, organisation = CallFactory(), OrganisationFactory()

    first, second = (start(call, organisation=organisation) for _time in range(2))

    assert first is second


def test_start_declares_what_the_bands_say(db_session):
    application = start(CallFactory(), {"E8": "three_quarters", "E9": "half"}, is_migrant_led=True)

    bands = {"E8": "three_quarters", "E9": "half", "E10": "all"}
    assert claims_of(application.organisation) == [(Community.BY_AND_FOR, bands), (Community.MIGRANT, bands)]


def test_start_declares_nothing_below_the_rule(db_session):
    application = start(CallFactory(), {"E8": "less"}, is_migrant_led=True)

    assert claims_of(application.organisation) == []


@pytest.mark.parametrize("answers", [{"E1": False}, {"E13": None}, {"E8": ["not", "a", "band"]}])
def test_start_needs_a_finished_check_that_does_not_say_no(db_session, answers):
    with pytest.raises(CheckNotPassed):
        start(CallFactory(), answers)


def test_start_after_the_first_deadline_is_closed(db_session):
    with pytest.raises(CallClosed):
        start(CallFactory(opens_at=days(-31)))


def test_same_page_registers_a_group_once(db_session):
    actor, fund = UserFactory(), CallFactory().fund
    group = NewGroup(name="Mujeres Unidas", annual_income=Decimal(10000), borough="Hackney")

    first, second = (
        register_group(group, fund=fund, once="page", actor=actor, now=utcnow()) for _time in range(2)
    )

    assert first is second
    assert [(member.user, member.right) for member in first.members] == [(actor, MemberRight.SUBMIT)]


def test_submit_gives_a_receipt_and_one_mail(db_session):
    application, now = answered(EOI), utcnow()

    for _time in range(20):
        submit_application(application, actor=UserFactory(), now=now)

    assert application.status is ApplicationStatus.SUBMITTED
    assert application.submitted_at == now
    assert len(application.receipt) == 8
    assert mails() == ["application_received"]
    assert steps_of(application) == ["submit"]


def test_submit_with_gaps_changes_nothing_and_names_them(db_session):
    application = answered({"S1": "Women of Hackney.", "S3": "A"}, amount_requested=None)

    with pytest.raises(IncompleteApplication) as refused:
        submit_application(application, actor=UserFactory(), now=utcnow())

    assert [question.key for question in refused.value.readiness.missing] == ["S2", "S3_amount"]
    assert application.status is ApplicationStatus.DRAFT
    assert mails() == []


@pytest.mark.parametrize(
    ("has_asked", "late_by", "is_taken"),
    [
        (False, timedelta(0), True),
        (False, timedelta(milliseconds=1), False),
        (True, timedelta(milliseconds=1), True),
        (True, timedelta(minutes=2880), True),
        (True, timedelta(minutes=2880, milliseconds=1), False),
    ],
)
def test_submit_is_in_time_until_the_deadline_or_the_end_of_the_time_asked_for(
    db_session, has_asked, late_by, is_taken
):
    application = answered(EOI)
    if has_asked:
        ask_for_grace(application, reason="", actor=UserFactory(), now=application.round.eoi_closes_at)
    now = application.round.eoi_closes_at + late_by

    if is_taken:
        submit_application(application, actor=UserFactory(), now=now)
    else:
        with pytest.raises(CallClosed):
            submit_application(application, actor=UserFactory(), now=now)

    assert (application.status is ApplicationStatus.SUBMITTED) is is_taken


def test_submit_of_a_withdrawn_application_is_not_possible(db_session):
    application = answered(EOI, status=ApplicationStatus.WITHDRAWN)

    with pytest.raises(NotPossibleNow):
        submit_application(application, actor=UserFactory(), now=utcnow())


def test_invitation_opens_the_second_stage_with_the_first_texts(db_session):
    application = answered(EOI, eoi_sent=True)
    sent_at = application.submitted_at
    member = OrganisationMemberFactory(organisation=application.organisation)
    OrganisationMemberFactory(organisation=application.organisation, right=MemberRight.VIEW)

    invite_to_full(application, actor=UserFactory(), now=utcnow())
    db_session.flush()

    assert (application.stage, application.status) == (ApplicationStage.FULL, ApplicationStatus.DRAFT)
    assert (application.eoi_submitted_at, application.submitted_at) == (sent_at, None)
    copied = db_session.execute(
        sa.select(Answer.question_key, Answer.value, Answer.rev)
        .where(Answer.application_id == application.id, Answer.question_key.like("Q%"))
        .order_by(Answer.question_key)
    ).all()
    assert copied == [("Q2", "Women of Hackney.", 1), ("Q5", "Pay the rent.", 1)]
    recipients = db_session.execute(sa.select(Message.recipient_id, Message.kind)).all()
    assert recipients == [(member.user_id, "invited_to_full")]


def test_second_invitation_is_not_possible(db_session):
    application = answered(EOI, submitted=True)

    with pytest.raises(NotPossibleNow):
        invite_to_full(application, actor=UserFactory(), now=utcnow())


@pytest.mark.parametrize(
    ("say_no", "status"),
    [(find_ineligible, ApplicationStatus.INELIGIBLE), (decline_application, ApplicationStatus.DECLINED)],
)
def test_no_needs_a_sentence_for_the_group(db_session, say_no, status):
    application = ApplicationFactory(eoi_sent=True)

    with pytest.raises(ReasonNeeded):
        say_no(application, reason=" \n", actor=UserFactory(), now=utcnow())
    assert application.status is ApplicationStatus.SUBMITTED

    say_no(application, reason="The work is outside London.", actor=UserFactory(), now=utcnow())
    assert application.status is status
    assert application.group_told_at is not None


def test_registering_never_hands_out_somebody_else_s_group(db_session):
    fund, actor = CallFactory().fund, UserFactory()
    mine = register_group(NewGroup("Ours"), fund=fund, once="once", actor=actor, now=utcnow())
    member = sa.select(OrganisationMember).where(OrganisationMember.organisation_id == mine.id)
    db.session.delete(db.session.execute(member).scalar_one())
    db.session.flush()

    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        register_group(NewGroup("Ours"), fund=fund, once="once", actor=actor, now=utcnow())


@pytest.mark.parametrize("trait", ["submitted", "at_panel"])
def test_second_stage_is_declined_by_the_panel_alone(db_session, trait):
    application = ApplicationFactory(**{trait: True})
    before = application.status

    with pytest.raises(NotPossibleNow):
        decline_application(application, reason="We think no.", actor=UserFactory(), now=utcnow())

    assert (application.status, application.group_told_at) == (before, None)


def test_group_reads_why_the_rules_do_not_allow_its_full_application(db_session):
    application = ApplicationFactory(submitted=True)

    with unit_of_work():
        find_ineligible(
            application, reason="Your income is above the limit.", actor=UserFactory(), now=utcnow()
        )

    assert find_news(application).reason == "Your income is above the limit."


def test_withdraw_takes_it_back_but_not_a_promised_grant(db_session):
    sent, promised = ApplicationFactory(eoi_sent=True), ApplicationFactory(in_principle=True)

    withdraw_application(sent, actor=UserFactory(), now=utcnow())
    with pytest.raises(NotPossibleNow):
        withdraw_application(promised, actor=UserFactory(), now=utcnow())

    assert sent.status is ApplicationStatus.WITHDRAWN
    assert promised.status is ApplicationStatus.IN_PRINCIPLE


FULL = {
    "S3": "B",
    **{f"Q{number}": "Something true." for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, 11)},
    "Q8": [{"what": "Salaries", "amount": "60000.00"}, {"what": "Rent", "amount": "60000.00"}],
}


def partnership(rows: list[tuple[str, str]]) -> Application:
    shares = [{"partner": name, "amount": amount} for name, amount in rows]
    return answered(
        FULL | {"Q11_shares": shares}, full=True, strand_code="B", amount_requested=Decimal("120000.00")
    )


def shares_of(application: Application) -> list[tuple[str, Decimal, bool]]:
    db.session.flush()
    query = (
        sa.select(Organisation.name, PartnerShare.amount, PartnerShare.is_lead)
        .join(Organisation, Organisation.id == PartnerShare.organisation_id)
        .where(PartnerShare.application_id == application.id)
        .order_by(PartnerShare.amount.desc())
    )
    return [tuple(row) for row in db.session.execute(query)]


def test_partners_get_their_shares_and_the_group_what_is_left(db_session):
    application = partnership([("Sisters of Brent", "40000.00"), ("Casa Latina", "20000.00")])

    submit_application(application, actor=UserFactory(), now=utcnow())

    lead = application.organisation.name
    assert shares_of(application) == [
        (lead, Decimal("60000.00"), True),
        ("Sisters of Brent", Decimal("40000.00"), False),
        ("Casa Latina", Decimal("20000.00"), False),
    ]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([("Sisters", "120000.00")], ["shares_above_request"]),
        ([("Sisters", "70000.00"), ("Casa", "60000.00")], ["shares_above_request"]),
        ([("Sisters", "0.00")], ["share_is_nothing"]),
        ([("One", "1.00"), ("Two", "1.00"), ("Three", "1.00")], ["too_many_partners"]),
    ],
)
def test_shares_that_do_not_fit_the_request_are_named(db_session, rows, problems):
    application = partnership(rows)

    with pytest.raises(IncompleteApplication) as refused:
        submit_application(application, actor=UserFactory(), now=utcnow())

    assert [problem.kind.value for problem in refused.value.readiness.problems] == problems


def test_line_for_the_own_group_must_complete_the_request(db_session):
    organisation = OrganisationFactory(name="Women of Hackney")
    application = partnership([("women of hackney ", "70000.00"), ("Casa", "40000.00")])
    application.organisation = organisation

    with pytest.raises(IncompleteApplication) as refused:
        submit_application(application, actor=UserFactory(), now=utcnow())

    assert [each.kind.value for each in refused.value.readiness.problems] == ["shares_below_request"]


@pytest.mark.parametrize(
    ("strand", "amount", "income", "problems"),
    [
        ("A", "29999.99", "40000", ["amount_outside_strand"]),
        ("A", "30000.00", "40000", []),
        ("C", "15000.00", "9999.99", []),
        ("C", "15000.00", "10000", ["income_above_strand"]),
    ],
)
def test_amount_and_income_must_fit_the_strand(db_session, strand, amount, income, problems):
    application = answered(
        EOI | {"S3": strand, "S3_amount": amount}, strand_code=strand, amount_requested=Decimal(amount)
    )
    application.organisation.annual_income = Decimal(income)

    try:
        submit_application(application, actor=UserFactory(), now=utcnow())
        found = []
    except IncompleteApplication as refused:
        found = [problem.kind.value for problem in refused.readiness.problems]

    assert found == problems


def test_one_application_for_each_group_and_round(db_session):
    call, organisation = CallFactory(), OrganisationFactory()
    second = RoundFactory(call=call, code="2", starts=days(-1))

    first = start(call, organisation=organisation)
    other = start_application(
        second,
        organisation=organisation,
        eligibility=PASSING,
        language="en",
        actor=UserFactory(),
        now=utcnow(),
    )

    assert first is not other
