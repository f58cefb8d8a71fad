"""A small call in which every step of its money is possible: one round with grants, one at the panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db
from fundapp.lifecycles import CallStatus, ClaimStatus
from fundapp.models.application import Application
from fundapp.models.award import Award, Outcome
from fundapp.models.call import Call, Round
from fundapp.models.fund import FundRoleKind
from fundapp.models.organisation import OrganisationMember
from fundapp.models.user import User
from fundapp.queries.awards import get_board
from fundapp.queries.grants import list_checks
from fundapp.services.decisions import Choice, decide, take_over_proposal
from fundapp.services.feedback import write_feedback
from fundapp.services.grants import accept_agreement, send_agreement, settle_check, start_checks
from fundapp.services.instalments import approve_instalment, pay_instalment
from fundapp.services.ratification import ratify
from fundapp.services.releases import release_decisions
from tests.board import FAIR, GOOD, POOR, call_at_panel, manager_of, panel_of, read_application
from tests.factories import (
    BankAccountFactory,
    ConflictFactory,
    PartnerShareFactory,
    RoundFactory,
    UserFactory,
    days,
)
from tests.ledger import group
from tests.published import published_with

ROUND_MONEY = {"1": 180_000, "2": 90_000}  # pounds
FUND = 300_000
FLOOR_OF_THE_FUND = 40  # percent
SET_ASIDE = 5_000
DECLARED, NOT_MET = ClaimStatus.DECLARED, ClaimStatus.NOT_MET


@dataclass(frozen=True)
class AwardWorld:
    call: Call
    rounds: tuple[Round, Round]
    applications: tuple[Application, ...]  # of both rounds, in the order in which they were made
    people: Mapping[str, User]
    call_id: UUID
    code: str
    round_ids: tuple[UUID, UUID]
    ids: tuple[UUID, ...]  # of the applications
    asked: tuple[Decimal, ...]


def small_money(call: Call) -> Call:
    """So little that awards of usual size come near every limit."""
    content: dict[str, Any] = dict(call.versions[-1].content)
    grants = sum(ROUND_MONEY.values())
    first, second = (dict(each) for each in content["rounds"])
    first["amount"], second["amount"] = (str(amount) for amount in ROUND_MONEY.values())
    lines = [dict(each) for each in content["money"]["lines"]][:2]
    lines[0]["amount"], lines[1]["amount"] = str(grants), str(FUND - grants)
    fences = [dict(each) for each in content["ring_fences"]]
    for fence in fences:
        if fence["key"] == "BYFOR":
            fence["percent"] = str(FLOOR_OF_THE_FUND)
        if fence["key"] == "MICRO":
            fence["amount"] = str(SET_ASIDE)
    published_with(
        call,
        rounds=[first, second],
        money={"total": str(FUND), "lines": lines},
        ring_fences=fences,
    )
    return call


def make_world() -> AwardWorld:
    """Round 1: signed and told; one agreement sent, one grant running, two groups on the reserve list."""
    call = small_money(call_at_panel())
    manager, finance = manager_of(call), manager_of(call, FundRoleKind.FINANCE)
    panel = panel_of(call)
    partnership = read_application(panel, GOOD, strand="B", pounds=60_001)
    PartnerShareFactory(
        application=partnership, organisation=partnership.organisation, amount=40_000, is_lead=True
    )
    PartnerShareFactory(application=partnership, organisation=group(call, NOT_MET), amount=20_001)
    running = read_application(panel, FAIR)
    reserves = [
        read_application(panel, FAIR, by_and_for=DECLARED, pounds=50_000),
        read_application(panel, POOR, by_and_for=NOT_MET, migrant=None, pounds=90_000),
    ]
    first = call.rounds[0]
    _sign_and_tell(first, reserves, manager)
    _send_agreement(partnership, manager)
    _begin_grant(running, manager, finance)
    second, at_panel = _second_round(call)
    people = {
        "manager": manager,
        "other_manager": manager_of(call),
        "admin": manager_of(call, FundRoleKind.ADMIN),
        "finance": finance,
        "panel": panel.seats[0].user,
        "stranger": UserFactory(),
    }
    tied = manager_of(call)
    ConflictFactory(user=tied, call_id=call.id, organisation=running.organisation)
    db.session.flush()
    applications = (partnership, running, *reserves, *at_panel)
    return AwardWorld(
        call=call,
        rounds=(first, second),
        applications=applications,
        people=people | {"tied_manager": tied},
        call_id=call.id,
        code=call.code,
        round_ids=(first.id, second.id),
        ids=tuple(one.id for one in applications),
        asked=tuple(one.amount_requested or Decimal(0) for one in applications),
    )


def signer_of(application: Application) -> User:
    """Who may speak for the group."""
    query = sa.select(User).join(OrganisationMember, OrganisationMember.user_id == User.id)
    mine = OrganisationMember.organisation_id == application.organisation_id
    return db.session.execute(query.where(mine)).scalars().one()


def _second_round(call: Call) -> tuple[Round, list[Application]]:
    second: Round = RoundFactory(call=call, code="2", starts=days(-100))
    db.session.expire(call, ["rounds"])
    call.status = CallStatus.CLOSED
    panel = panel_of(call, second)
    return second, [
        read_application(panel, FAIR),
        read_application(panel, FAIR, by_and_for=DECLARED, pounds=50_000),
        read_application(panel, POOR, by_and_for=NOT_MET, migrant=None, pounds=35_000, income=200_000),
        read_application(panel, POOR, pounds=7_000, strand="C"),
    ]


def _sign_and_tell(round_: Round, reserves: list[Application], manager: User) -> None:
    now = utcnow()
    take_over_proposal(round_, actor=manager, now=now)
    for application in reserves:
        line = get_board(round_, reader=manager).line_of(application.id)
        assert line is not None
        assert line.decision is not None
        choice = Choice(Outcome.RESERVE, is_fundable=True, reason="Next in line.")
        decide(application, choice, seen_version=line.decision.version, actor=manager, now=now)
    ratify(round_, actor=manager, now=now)
    for line in get_board(round_, reader=manager).all_lines:
        write_feedback(line.application, strengths="Strong.", to_improve="Costs.", actor=manager, now=now)
    release_decisions(round_, actor=manager, now=now)


def _send_agreement(application: Application, manager: User) -> Award:
    now = utcnow()
    award = db.session.execute(sa.select(Award).where(Award.application_id == application.id)).scalar_one()
    start_checks(award, actor=manager, now=now)
    for item in list_checks(award):
        settle_check(item, note="", actor=manager, now=now)
    send_agreement(award, actor=manager, now=now)
    return award


def _begin_grant(application: Application, manager: User, finance: User) -> None:
    """Accepted by the group, with its first payment paid."""
    now, award = utcnow(), _send_agreement(application, manager)
    accept_agreement(award, digest=award.agreement_digest or "", actor=signer_of(application), now=now)
    BankAccountFactory(award=award, checked=True)
    db.session.refresh(award, ["instalments"])
    approve_instalment(award.instalments[0], actor=manager, now=now)
    pay_instalment(award.instalments[0], actor=finance, now=now)
    assert award.instalments[0].amount == Decimal(20_000)
