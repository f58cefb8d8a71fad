"""The eight rules for counting ring-fences of the reference call (A.5), one by one, through the report."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from fundapp.clock import utcnow
from fundapp.lifecycles import AwardStatus, ClaimStatus, InstalmentStatus
from fundapp.models.award import Outcome
from fundapp.models.call import Call
from fundapp.models.fund import FundRoleKind
from fundapp.models.user import User
from fundapp.queries.awards import get_board
from fundapp.queries.consequences import effects_of_ending
from fundapp.queries.ring_fences import report, report_as_data
from fundapp.services.decisions import Choice, decide
from fundapp.services.ratification import NotReady, ratify
from tests.board import FAIR, call_at_panel, manager_of, panel_of, read_application, round_of
from tests.factories import AwardFactory, AwardShareFactory, CallFactory, InstalmentFactory, days
from tests.ledger import group, worked_ledger

pytestmark = pytest.mark.usefixtures("db_session")
ClientFor = Callable[[User], FlaskClient]
CONFIRMED = ClaimStatus.CONFIRMED


def figures(call: Call) -> dict[str, dict[str, Any]]:
    return {line["key"]: line for line in report_as_data(report(call))["ring_fences"]}


def award(call: Call, pounds: object, claim: ClaimStatus | None = CONFIRMED, **traits: Any) -> Any:
    organisation = traits.pop("organisation", None) or group(call, claim)
    return AwardFactory(
        application__call=call,
        application__organisation=organisation,
        amount=Decimal(str(pounds)),
        **traits,
    )


def reached(call: Call, which: str = "confirmed", key: str = "BYFOR") -> str:
    return str(figures(call)[key][which]["reached"])


def test_rule_1_counts_by_value_unless_stated_and_one_award_for_several() -> None:
    call = CallFactory(deciding=True)
    award(call, 50_000, organisation=group(call, CONFIRMED, migrant=CONFIRMED))

    assert {key: reached(call, key=key) for key in ("BYFOR", "MIGRANT", "SMALL", "NEW")} == {
        **dict.fromkeys(("BYFOR", "MIGRANT", "SMALL"), "50000.00"),
        "NEW": "1",
    }


def test_rule_2_counts_a_partnership_by_the_share_of_each_partner() -> None:
    call = CallFactory(deciding=True)
    groups = group(call, CONFIRMED), group(call, CONFIRMED), group(call, ClaimStatus.NOT_MET)
    made = award(call, 120_000, organisation=groups[0])
    for organisation, pounds in zip(groups, (60_000, 40_000, 20_000), strict=True):
        AwardShareFactory(award=made, organisation=organisation, amount=Decimal(pounds))

    assert (reached(call), report_as_data(report(call))["live"]) == ("100000.00", "120000.00")


@pytest.mark.parametrize(
    ("claim", "sure", "maybe"),
    [
        (None, "0.00", "0.00"),
        (ClaimStatus.DECLARED, "0.00", "50000.00"),
        (ClaimStatus.CHECKED, "0.00", "50000.00"),
        (ClaimStatus.CONFIRMED, "50000.00", "50000.00"),
        (ClaimStatus.NOT_MET, "0.00", "0.00"),
    ],
)
def test_rule_3_counts_only_confirmed_claims_and_shows_the_others_beside_them(
    claim: ClaimStatus | None, sure: str, maybe: str
) -> None:
    call = CallFactory(deciding=True)
    award(call, 50_000, claim)

    assert (reached(call), reached(call, "if_confirmed")) == (sure, maybe)


@pytest.mark.parametrize("status", list(AwardStatus))
def test_rule_4_counts_live_awards_in_full_and_of_ended_ones_what_was_paid(status: AwardStatus) -> None:
    call = CallFactory(deciding=True)
    made = award(call, 50_000, status=status, accepted_at=days(-9))
    InstalmentFactory(award=made, amount=Decimal(12_500), status=InstalmentStatus.PAID, paid_at=days(-1))

    expected = {
        AwardStatus.TERMINATED: "12500.00",
        AwardStatus.DECLINED_BY_GRANTEE: "0.00",
        AwardStatus.WITHDRAWN: "0.00",
    }.get(status, "50000.00")
    assert (reached(call), report_as_data(report(call))["live"]) == (expected, expected)


def test_rule_5_never_rounds_a_percentage_up_to_a_floor_and_compares_pence() -> None:
    call = CallFactory(deciding=True)
    award(call, "1799999.99")
    award(call, "960000.00", ClaimStatus.NOT_MET)

    short = figures(call)["BYFOR"]["confirmed"]
    award(call, "0.01")
    kept = figures(call)["BYFOR"]["confirmed"]

    assert (short["percent_of_required"], short["met"], short["needed"]) == ("99.9", False, "0.01")
    assert (kept["percent_of_required"], kept["met"], kept["needed"]) == ("100.0", True, "0.00")


def test_rule_6_shows_reached_needed_and_headroom_on_every_screen(client_for: ClientFor) -> None:
    call = worked_ledger()
    manager = manager_of(call)
    application = read_application(panel_of(call), FAIR)
    board = f"/en/fund/rounds/{round_of(call).id}"
    paths = (
        f"/en/fund/calls/{call.id}/ring-fences",
        f"{board}/awards",
        f"{board}/ratification",
        f"/en/fund/applications/{application.id}/decision",
    )

    missing = {}
    for path in paths:
        page = re.sub(r"<[^>]+>", " ", client_for(manager).get(path).text)
        wanted = ("£200,000.00", "£1,600,000.00", "£780,000.00")
        missing[path] = [figure for figure in wanted if figure not in page]

    assert missing == {path: [] for path in paths}


def test_rule_7_checks_while_the_list_is_built_at_ratification_and_on_later_changes() -> None:
    call = call_at_panel()
    manager, admin = manager_of(call), manager_of(call, FundRoleKind.ADMIN)
    other = read_application(panel_of(call), FAIR, by_and_for=None, migrant=None)
    award(call, "960000.00", ClaimStatus.NOT_MET)
    confirmed = award(call, "800000.00", organisation=group(call, CONFIRMED, migrant=CONFIRMED))
    choice = Choice(Outcome.AWARD, amount=Decimal(40_000), reason="The panel wants it.")
    decide(other, choice, seen_version=0, actor=manager, now=utcnow())

    board = get_board(round_of(call), reader=manager)
    with pytest.raises(NotReady):
        ratify(round_of(call), actor=manager, now=utcnow())
    signed = ratify(round_of(call), actor=admin, now=utcnow(), override_reason="A promise was made.")
    later = effects_of_ending(confirmed, reader=manager)

    assert "BYFOR" in board.broken_ring_fences
    assert signed.override_reason == "A promise was made."
    assert later is not None
    assert {one.after.key for one in later.as_agreed.changes if one.lost_ground} >= {"BYFOR"}


def test_rule_8_belongs_to_the_call_and_is_frozen_with_its_version() -> None:
    call = CallFactory(deciding=True)
    version, before = call.versions[-1], figures(call)["BYFOR"]["required"]

    assert (version.frozen_at is not None, before) == (True, "1800000.00")
