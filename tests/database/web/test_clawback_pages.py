"""Money back on the pages: what it would do before anybody decides, who may decide, what the group reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from fundapp.lifecycles import AwardStatus, ClaimStatus, ClawbackStatus, InstalmentStatus
from fundapp.models.award import Award, Clawback
from fundapp.models.call import Call
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.queries.grants import list_clawbacks
from tests.database.web.test_ring_fence_consequences import made_award, on_reserve
from tests.factories import (
    CallFactory,
    ClawbackFactory,
    FundRoleFactory,
    InstalmentFactory,
    OrganisationMemberFactory,
    RatificationFactory,
    days,
)

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]


def paid_award(call: Call) -> Award:
    award = made_award(call, 40_000, ClaimStatus.CONFIRMED, status=AwardStatus.ACTIVE, accepted_at=days(-9))
    InstalmentFactory(award=award, amount=Decimal(20_000), status=InstalmentStatus.PAID, paid_at=days(-1))
    return award


def staff(call: Call, kind: FundRoleKind = FundRoleKind.MANAGER) -> User:
    return FundRoleFactory(fund=call.fund, kind=kind).user  # type: ignore[no-any-return]


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


def test_page_shows_before_the_decision_what_falls_and_who_mends_it(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    award = paid_award(call)
    mends = on_reserve(call, 5_000, ClaimStatus.CONFIRMED, 1)
    proposer, decider = client_for(staff(call)), client_for(staff(call))
    path = f"/en/fund/awards/{award.id}/clawback"

    proposed = proposer.post(path, data={"amount": "5,000", "reason": "Two courses did not take place."})
    own, page = text_of(proposer.get(path)), text_of(decider.get(path))

    assert proposed.status_code == 302
    assert re.search("£5,000.00.? could come back", page)
    assert "has to come back" not in page
    assert "£40,000.00 → £35,000.00" in page
    assert re.search("Free again: .?£5,000.00.?[.]", page)
    assert mends.organisation.name in page
    assert "mends BYFOR" in page
    assert ("Agree and tell the group" in page, "Agree and tell the group" in own) == (True, False)


def test_two_people_decide_finance_notes_what_came_and_the_group_reads_all_of_it(
    client_for: ClientFor,
) -> None:
    call = CallFactory(deciding=True)
    award = paid_award(call)
    RatificationFactory(round=call.rounds[0], released=True)
    clawback: Clawback = ClawbackFactory(award=award, reason="Two courses did not take place.")
    manager, finance = client_for(staff(call)), client_for(staff(call, FundRoleKind.FINANCE))
    member = client_for(OrganisationMemberFactory(organisation=award.organisation).user)
    path, came = f"/en/fund/clawbacks/{clawback.id}", f"b{clawback.id.hex[:8]}-amount"
    before = text_of(member.get(f"/en/awards/{award.id}"))

    manager.post(f"{path}/ask")
    asked = text_of(member.get(f"/en/awards/{award.id}"))
    too_much = finance.post(
        f"{path}/received", data={came: "5000.01", "version": seen_version(finance, clawback)}
    )
    finance.post(f"{path}/received", data={came: "1200", "version": seen_version(finance, clawback)})
    a_part = text_of(member.get(f"/en/awards/{award.id}"))
    finance.post(f"{path}/received", data={came: "3800", "version": seen_version(finance, clawback)})

    assert "Two courses" not in before
    assert re.search("£5,000.00.? has to come back", asked)
    assert "Two courses did not take place." in asked
    assert (too_much.status_code, "5000.01" in too_much.text) == (422, True)
    assert re.search("£1,200.00.? of it has come", a_part)
    assert clawback.status is ClawbackStatus.RECEIVED
    assert re.search("£5,000.00.? came back", text_of(member.get(f"/en/awards/{award.id}")))
    assert re.search("£5,000.00.? came back", text_of(manager.get(f"/en/fund/calls/{call.id}/grants")))


def test_money_that_came_is_counted_once_when_the_button_is_pressed_twice(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    clawback: Clawback = ClawbackFactory(
        award=paid_award(call), status=ClawbackStatus.ASKED, decided_at=days(-1)
    )
    finance = client_for(staff(call, FundRoleKind.FINANCE))
    seen = seen_version(finance, clawback)
    sent = {f"b{clawback.id.hex[:8]}-amount": "1200", "version": seen}

    first, second = (finance.post(f"/en/fund/clawbacks/{clawback.id}/received", data=sent) for _ in range(2))

    assert (first.status_code, second.status_code, clawback.received) == (302, 409, 1200)
    assert 'value="1200"' in second.text
    assert seen_version(finance, clawback) != seen


def test_finance_corrects_what_came_on_the_page_and_nothing_typed_is_lost(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    clawback: Clawback = ClawbackFactory(
        award=paid_award(call), status=ClawbackStatus.RECEIVED, received=Decimal(5000), decided_at=days(-1)
    )
    finance, prefix = client_for(staff(call, FundRoleKind.FINANCE)), f"c{clawback.id.hex[:8]}-"
    sent = {f"{prefix}amount": "1200", f"{prefix}reason": "Typed twice.", "version": "1"}
    path = f"/en/fund/clawbacks/{clawback.id}/correct"
    sent["version"] = seen_version(finance, clawback)

    too_much = finance.post(path, data=sent | {f"{prefix}amount": "5000"})
    done, again = finance.post(path, data=sent), finance.post(path, data=sent)

    assert (too_much.status_code, done.status_code, again.status_code) == (422, 302, 409)
    none = finance.post(
        path, data=sent | {f"{prefix}amount": "0", "version": seen_version(finance, clawback)}
    )
    assert (none.status_code, clawback.received) == (302, 0)
    assert ("4,999.99" in too_much.text, "Typed twice." in too_much.text) == (True, True)
    assert clawback.status is ClawbackStatus.ASKED


def seen_version(client: FlaskClient, clawback: Clawback) -> str:
    page = client.get(f"/en/fund/awards/{clawback.award_id}/clawback")
    return re.search('name="version" value="([0-9]+)"', page.text)[1]  # type: ignore[index]


def test_wrong_amount_is_said_beside_the_field_and_nothing_typed_is_lost(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    award = paid_award(call)

    page = client_for(staff(call)).post(
        f"/en/fund/awards/{award.id}/clawback", data={"amount": "20000.01", "reason": "It was not used."}
    )

    assert page.status_code == 422
    assert re.search("Write an amount up to .?£20,000.00", page.text)
    assert "It was not used." in page.text
    assert list_clawbacks(award) == []


def test_nothing_can_come_back_before_anything_was_paid(client_for: ClientFor) -> None:
    call = CallFactory(deciding=True)
    award = made_award(call, 40_000, ClaimStatus.CONFIRMED)

    assert client_for(staff(call)).get(f"/en/fund/awards/{award.id}/clawback").status_code == 404
