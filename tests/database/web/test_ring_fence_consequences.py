"""What ending a grant or deciding a claim does to the ring-fences, on the page before it is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from fundapp.lifecycles import ApplicationStatus, AwardStatus, ClaimStatus, InstalmentStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Outcome
from fundapp.models.call import Call
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.queries.consequences import effects_of_claims, effects_of_ending
from fundapp.queries.fund_applications import list_claims
from tests.board import with_rules
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    CallFactory,
    ConflictFactory,
    DecisionFactory,
    ExclusionFactory,
    FundRoleFactory,
    InstalmentFactory,
    PartnerShareFactory,
    days,
)
from tests.ledger import group

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]


def made_award(call: Call, pounds: int, claim: ClaimStatus | None, **traits: Any) -> Award:
    award: Award = AwardFactory(
        application__call=call,
        application__organisation=group(call, claim),
        application__in_principle=True,
        application__group_told_at=days(-1),
        amount=Decimal(pounds),
        **traits,
    )
    return award


def on_reserve(call: Call, pounds: int, claim: ClaimStatus | None, place: int) -> Application:
    application: Application = ApplicationFactory(
        call=call,
        organisation=group(call, claim),
        submitted=True,
        amount_requested=Decimal(pounds),
    )
    application.status = ApplicationStatus.RESERVE
    DecisionFactory(
        application=application,
        outcome=Outcome.RESERVE,
        amount=None,
        reserve_position=place,
        ratified_at=days(-1),
    )
    return application


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def test_withdrawal_shows_before_after_and_who_would_mend_it(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    award = made_award(call, 40_000, ClaimStatus.CONFIRMED)
    on_reserve(call, 40_000, ClaimStatus.DECLARED, 1)
    mends = on_reserve(call, 50_000, ClaimStatus.CONFIRMED, 2)
    helps = on_reserve(call, 30_000, ClaimStatus.CONFIRMED, 3)
    manager = FundRoleFactory(fund=call.fund).user

    page = text_of(client_for(manager).get(f"/en/fund/awards/{award.id}"))

    table = page[page.index("What this does to the ring-fences") : page.rindex("Take the award back")]
    assert "£40,000.00 → £0.00" in table
    assert "£1,760,000.00 → £1,800,000.00" in table
    assert re.search("Free again: .?£40,000.00.?[.]", table)
    names = [name in table for name in (mends.organisation.name, helps.organisation.name)]
    assert names == [True, True]
    assert table.index("mends BYFOR") < table.index("Helps with BYFOR")
    assert table.count("<li>") == 2


def test_names_on_the_reserve_list_are_only_for_those_who_may_see_them(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    award = made_award(call, 40_000, ClaimStatus.CONFIRMED)
    mends = on_reserve(call, 50_000, ClaimStatus.CONFIRMED, 1)
    finance = FundRoleFactory(fund=call.fund, kind=FundRoleKind.FINANCE).user
    tied = FundRoleFactory(fund=call.fund).user
    ConflictFactory(call_id=call.id, user_id=tied.id, organisation_id=mends.organisation_id)

    of_finance = effects_of_ending(award, reader=finance)

    assert of_finance is not None
    assert [(one.application, one.place) for one in of_finance.as_agreed.menders] == [(None, 1)]
    assert mends.organisation.name not in client_for(tied).get(f"/en/fund/awards/{award.id}").text


def test_early_end_keeps_what_was_paid_and_says_what_if_it_comes_back() -> None:
    call = CallFactory(deciding=True)
    award = made_award(call, 40_000, ClaimStatus.CONFIRMED, status=AwardStatus.ACTIVE, accepted_at=days(-9))
    InstalmentFactory(award=award, amount=Decimal(10_000), status=InstalmentStatus.PAID, paid_at=days(-1))
    manager = FundRoleFactory(fund=call.fund).user

    found = effects_of_ending(award, reader=manager)

    assert found is not None
    assert found.all_returned is not None
    reached = [
        next(one.after.confirmed.reached for one in effect.changes if one.after.key == "BYFOR")
        for effect in (found.as_agreed, found.all_returned)
    ]
    assert reached == [1_000_000, 0]
    assert [found.as_agreed.freed_pence, found.all_returned.freed_pence] == [3_000_000, 4_000_000]


def test_nobody_who_is_excluded_by_another_award_mends() -> None:
    call = CallFactory(deciding=True)
    award, other = (made_award(call, 40_000, ClaimStatus.CONFIRMED) for _number in range(2))
    paired, second_grant, free = (on_reserve(call, 50_000, ClaimStatus.CONFIRMED, n) for n in (1, 2, 3))
    pair_of_the_ended = on_reserve(call, 50_000, ClaimStatus.CONFIRMED, 4)
    ExclusionFactory(application=paired, other=other.application)
    ExclusionFactory(application=pair_of_the_ended, other=award.application)
    PartnerShareFactory(application=second_grant, organisation=other.organisation, amount=Decimal(50_000))
    with_rules(call, "awards", one_per_organisation=True)
    manager = FundRoleFactory(fund=call.fund).user

    found = effects_of_ending(award, reader=manager)

    assert found is not None
    assert [one.application for one in found.as_agreed.menders] == [free, pair_of_the_ended]


def test_ended_award_has_no_more_consequences() -> None:
    call = CallFactory(deciding=True)
    award = made_award(call, 40_000, ClaimStatus.CONFIRMED, status=AwardStatus.WITHDRAWN)

    assert effects_of_ending(award, reader=FundRoleFactory(fund=call.fund).user) is None


def test_decision_about_a_claim_shows_what_it_does(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    award = made_award(call, 40_000, ClaimStatus.CONFIRMED)
    manager = FundRoleFactory(fund=call.fund).user

    page = text_of(client_for(manager).get(f"/en/fund/applications/{award.application_id}"))
    found = effects_of_claims(list_claims(award.application), award.application, reader=manager)

    assert "What “Not met” does to the ring-fences" in page
    assert "£40,000.00 → £0.00" in page
    changed = {
        status: [
            (one.after.key, one.after.confirmed.reached, one.after.if_confirmed.reached)
            for one in effect.changes
        ]
        for effects in found.values()
        for status, effect in effects.items()
    }
    assert changed == {
        ClaimStatus.NOT_MET: [("BYFOR", 0, 0)],
        ClaimStatus.CHECKED: [("BYFOR", 0, 4_000_000)],
    }


def test_claim_of_a_group_without_money_changes_nothing() -> None:
    call = CallFactory(deciding=True)
    application = ApplicationFactory(call=call, organisation=group(call, ClaimStatus.DECLARED), at_panel=True)
    manager = FundRoleFactory(fund=call.fund).user

    assert effects_of_claims(list_claims(application), application, reader=manager) == {}
