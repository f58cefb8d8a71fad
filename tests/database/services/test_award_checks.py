"""The list of checks of a grant: in proportion, with help, and holding up only what the call says."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
import sqlalchemy as sa

from fundapp.call_file.award_checks import Evidence
from fundapp.call_file.data import from_data, to_data
from fundapp.check_steps import CheckStatus, ConditionStatus
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.errors import NotPossibleNow
from fundapp.lifecycles import AwardStatus, InstalmentStatus
from fundapp.models.award import Award, CheckItem, NotNeeded
from fundapp.models.document import DocumentKind
from fundapp.models.organisation import LegalForm
from fundapp.queries.award_checks import list_checklist, list_conditions
from fundapp.services.agreements import AgreementChanged, facts_digest
from fundapp.services.award_checks import (
    CheckReasonNeeded,
    EvidenceNotEnough,
    do_without_check,
    offer_help,
    reopen_check,
    settle_check,
)
from fundapp.services.award_conditions import (
    NewCondition,
    add_condition,
    give_more_time,
    lift_condition,
    meet_condition,
)
from fundapp.services.grants import (
    ChecksOpen,
    accept_agreement,
    send_agreement,
    start_checks,
)
from fundapp.services.instalments import ChecksHoldPayment, approve_instalment
from fundapp.services.promises import DayNotAhead
from tests import factories
from tests.factories import DocumentFactory, reference_content
from tests.grants import Grant, grant_in_principle, mails_to

pytestmark = pytest.mark.both_engines  # what the database itself refuses


@pytest.fixture
def with_rules(monkeypatch):
    """Makes a closed call whose file was changed before it was published."""

    def make(change):
        def changed(code):
            data = copy.deepcopy(reference_content(code))
            change(data["awards"])
            return to_data(from_data(data))  # it is still a good call

        monkeypatch.setattr(factories, "reference_content", changed)
        return factories.CallFactory(closed=True)

    return make


def rule_in(awards, key):
    return next(each for each in awards["checks"] if each["key"] == key)


def in_checks(call=None, *, group=None, **traits) -> Grant:
    grant = grant_in_principle(call, **traits)
    for name, value in (group or {}).items():
        setattr(grant.award.organisation, name, value)
    with unit_of_work():
        start_checks(grant.award, actor=grant.manager, now=utcnow())
    return grant


def item_of(grant: Grant, key: str) -> CheckItem:
    return next(each.item for each in list_checklist(grant.award) if each.item.key == key)


def settle_all(grant: Grant, *, but: str = "") -> None:
    with unit_of_work():
        for check in list_checklist(grant.award):
            if check.is_open and check.item.key != but:
                evidence = check.enough[0] if check.enough else None
                settle_check(check.item, note="", evidence=evidence, actor=grant.manager, now=utcnow())


@pytest.mark.parametrize("legal_form", [LegalForm.UNCONSTITUTED, LegalForm.UNINCORPORATED, None])
def test_unregistered_group_passes_by_the_route_that_the_call_gives_it(db_session, legal_form):
    group = {"legal_form": legal_form, "charity_number": None, "company_number": None}
    grant = in_checks(strand="C", amount="8000.00", income="2000.00", group=group)
    number = item_of(grant, "register_number")
    assert (number.status, number.not_needed) == (CheckStatus.NOT_NEEDED, NotNeeded.NONE_THERE)

    with unit_of_work():
        for check in list_checklist(grant.award):
            if check.is_open:
                other = next((each for each in check.enough if each is Evidence.CONVERSATION), None)
                seen = other or (Evidence.HOST if check.enough else None)
                settle_check(check.item, note="", evidence=seen, actor=grant.manager, now=utcnow())
        send_agreement(grant.award, actor=grant.manager, now=utcnow())

    assert grant.award.status is AwardStatus.AGREEMENT_SENT
    assert {each.not_needed for each in (c.item for c in list_checklist(grant.award))} == {
        None,
        NotNeeded.NONE_THERE,
    }


def test_registered_group_is_held_to_the_papers_of_the_call(db_session):
    grant = in_checks(group={"charity_number": "1234567"})

    with pytest.raises(EvidenceNotEnough), unit_of_work():
        settle_check(
            item_of(grant, "accounts"),
            note="",
            evidence=Evidence.CONVERSATION,
            actor=grant.manager,
            now=utcnow(),
        )

    assert item_of(grant, "accounts").status is CheckStatus.OPEN


@pytest.mark.parametrize(
    ("amount", "because"),
    [("8000.00", NotNeeded.GRANT_SIZE), ("9999.99", NotNeeded.GRANT_SIZE), ("10000.00", None)],
)
def test_small_grants_do_without_what_the_call_asks_of_larger_ones(db_session, with_rules, amount, because):
    call = with_rules(lambda awards: rule_in(awards, "accounts").update(amount_from=10_000))
    grant = in_checks(call, strand="C", amount=amount, income="2000.00")

    assert item_of(grant, "accounts").not_needed is because


@pytest.mark.parametrize(
    ("legal_form", "because"),
    [(LegalForm.CIC, None), (LegalForm.UNCONSTITUTED, NotNeeded.LEGAL_FORM), (None, None)],
)
def test_checks_for_some_kinds_of_group_spare_the_others(db_session, with_rules, legal_form, because):
    call = with_rules(lambda awards: rule_in(awards, "accounts").update(legal_forms=["cic", "company"]))
    grant = in_checks(call, group={"legal_form": legal_form})

    assert item_of(grant, "accounts").not_needed is because


@pytest.mark.parametrize("holds_up", ["agreement", "payment", "nothing"])
def test_agreement_and_payment_wait_only_where_the_call_says_so(db_session, with_rules, holds_up):
    call = with_rules(lambda awards: rule_in(awards, "safeguarding_policy").update(holds_up=holds_up))
    grant = in_checks(call)
    settle_all(grant, but="safeguarding_policy")
    if holds_up == "agreement":
        with pytest.raises(ChecksOpen), unit_of_work():
            send_agreement(grant.award, actor=grant.manager, now=utcnow())
        return
    with unit_of_work():
        send_agreement(grant.award, actor=grant.manager, now=utcnow())
        accept_agreement(
            grant.award, digest=grant.award.agreement_digest or "", actor=grant.signer, now=utcnow()
        )
    first = grant.payments[0]

    if holds_up == "payment":
        with pytest.raises(ChecksHoldPayment), unit_of_work():
            approve_instalment(first, actor=grant.manager, now=utcnow())
        settle_all(grant)
    with unit_of_work():
        approve_instalment(first, actor=grant.manager, now=utcnow())

    assert first.status is InstalmentStatus.APPROVED


def test_paper_that_was_sent_for_another_call_is_never_asked_again(db_session):
    grant = in_checks(group={"charity_number": "1234567"})
    policy = next(c for c in list_checklist(grant.award) if c.item.key == "safeguarding_policy")
    assert policy.waits_for_paper

    sent = DocumentFactory(organisation=grant.award.organisation, kind=DocumentKind.SAFEGUARDING)

    checks = {each.item.key: each for each in list_checklist(grant.award)}
    assert checks["safeguarding_policy"].papers == [sent]
    assert not checks["safeguarding_policy"].waits_for_paper
    assert checks["governing_document"].waits_for_paper


def test_help_is_offered_with_words_and_the_group_is_told(db_session):
    grant = in_checks()
    item = item_of(grant, "safeguarding_policy")
    with pytest.raises(CheckReasonNeeded), unit_of_work():
        offer_help(item, words="  ", actor=grant.manager, now=utcnow())
    before = mails_to(grant.signer)

    with unit_of_work():
        offer_help(item, words="Mehret writes it with you.", actor=grant.manager, now=utcnow())

    assert (item.status, item.help) == (CheckStatus.HELP_OFFERED, "Mehret writes it with you.")
    assert mails_to(grant.signer) == [*before, "award_update"]


def test_doing_without_and_opening_again_say_why(db_session):
    grant = in_checks()
    item = item_of(grant, "conflicts")
    with pytest.raises(CheckReasonNeeded), unit_of_work():
        do_without_check(item, note="", actor=grant.manager, now=utcnow())
    with unit_of_work():
        do_without_check(item, note="Nobody sat on the panel.", actor=grant.manager, now=utcnow())
    assert (item.status, item.not_needed) == (CheckStatus.NOT_NEEDED, NotNeeded.FUND_DECIDED)

    with unit_of_work():
        reopen_check(item, note="Somebody did.", actor=grant.manager, now=utcnow())

    assert (item.status, item.not_needed, item.done_at) == (CheckStatus.OPEN, None, None)


def test_nothing_is_opened_again_once_the_agreement_is_out(db_session):
    grant = in_checks()
    settle_all(grant)
    with unit_of_work():
        send_agreement(grant.award, actor=grant.manager, now=utcnow())

    with pytest.raises(NotPossibleNow), unit_of_work():
        reopen_check(item_of(grant, "accounts"), note="A doubt.", actor=grant.manager, now=utcnow())


def test_agreement_that_goes_out_while_somebody_waits_is_seen(db_session):
    grant = in_checks()
    settle_all(grant)
    item = item_of(grant, "accounts")
    assert item.award.status is AwardStatus.CHECKS
    by_somebody_else = sa.update(Award).values(status=AwardStatus.AGREEMENT_SENT)
    db.session.execute(by_somebody_else.execution_options(synchronize_session=False))

    with pytest.raises(NotPossibleNow):
        reopen_check(item, note="A doubt.", actor=grant.manager, now=utcnow())


def a_condition(grant: Grant, *, days: int = 30) -> NewCondition:
    day = utcnow().date() + timedelta(days=days)
    return NewCondition("A policy that the committee agreed.", "We write it together.", day, grant.manager)


def test_condition_is_part_of_the_text_the_group_accepts(db_session):
    grant = in_checks()
    before = facts_digest(grant.award)
    with unit_of_work():
        add_condition(grant.award, a_condition(grant), actor=grant.manager, now=utcnow())
    settle_all(grant)
    with unit_of_work():
        send_agreement(grant.award, actor=grant.manager, now=utcnow())

    with pytest.raises(AgreementChanged), unit_of_work():
        accept_agreement(grant.award, digest=before, actor=grant.signer, now=utcnow())
    with pytest.raises(NotPossibleNow), unit_of_work():
        add_condition(grant.award, a_condition(grant), actor=grant.manager, now=utcnow())
    with unit_of_work():
        give_more_time(
            list_conditions(grant.award)[0],
            utcnow().date() + timedelta(days=90),
            actor=grant.manager,
            now=utcnow(),
        )
        accept_agreement(
            grant.award, digest=grant.award.agreement_digest or "", actor=grant.signer, now=utcnow()
        )

    assert grant.award.status is AwardStatus.ACTIVE


@pytest.mark.parametrize("holds", [True, False])
def test_late_condition_holds_payments_only_where_the_call_says_so(db_session, with_rules, holds):
    call = with_rules(lambda awards: awards.update({"conditions_hold_payments": True} if holds else {}))
    grant = in_checks(call)
    with unit_of_work():
        condition = add_condition(grant.award, a_condition(grant), actor=grant.manager, now=utcnow())
    settle_all(grant)
    with unit_of_work():
        send_agreement(grant.award, actor=grant.manager, now=utcnow())
        accept_agreement(
            grant.award, digest=grant.award.agreement_digest or "", actor=grant.signer, now=utcnow()
        )
    later = utcnow() + timedelta(days=40)

    if holds:
        with pytest.raises(ChecksHoldPayment), unit_of_work():
            approve_instalment(grant.payments[0], actor=grant.manager, now=later)
        with unit_of_work():
            give_more_time(condition, later.date() + timedelta(days=9), actor=grant.manager, now=later)
    with unit_of_work():
        approve_instalment(grant.payments[0], actor=grant.manager, now=later)

    assert grant.payments[0].status is InstalmentStatus.APPROVED


def test_condition_is_met_or_lifted_once_and_lifting_says_why(db_session):
    grant = in_checks()
    with unit_of_work():
        condition = add_condition(grant.award, a_condition(grant), actor=grant.manager, now=utcnow())
    with pytest.raises(CheckReasonNeeded), unit_of_work():
        lift_condition(condition, note=" ", actor=grant.manager, now=utcnow())
    with unit_of_work():
        meet_condition(condition, note="Seen on 3 May.", actor=grant.manager, now=utcnow())

    with pytest.raises(NotPossibleNow), unit_of_work():
        lift_condition(condition, note="No longer.", actor=grant.manager, now=utcnow())
    db_session.refresh(condition)
    assert (condition.status, condition.note) == (ConditionStatus.MET, "Seen on 3 May.")


def test_condition_of_yesterday_is_refused(db_session):
    grant = in_checks()

    with pytest.raises(DayNotAhead), unit_of_work():
        add_condition(grant.award, a_condition(grant, days=0), actor=grant.manager, now=utcnow())

    assert list_conditions(grant.award) == []


def test_impossible_states_cannot_be_stored(db_session):
    grant = in_checks()
    item = item_of(grant, "accounts")

    for values in (
        {"status": CheckStatus.DONE},
        {"status": CheckStatus.HELP_OFFERED},
        {"not_needed": NotNeeded.GRANT_SIZE},
        {"status": CheckStatus.NOT_NEEDED, "done_at": utcnow()},
    ):
        with pytest.raises(sa.exc.IntegrityError), db_session.begin_nested():
            db_session.execute(sa.update(CheckItem).where(CheckItem.id == item.id).values(**values))
