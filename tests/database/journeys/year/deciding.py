"""First part: the two panels decide, and 41 groups are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import ApplicationStatus, ClaimStatus
from fundapp.models.application import Application
from fundapp.models.award import Award
from fundapp.models.call import Call, Round
from fundapp.models.fund import Fund
from fundapp.models.organisation import Organisation
from fundapp.models.panel import Panel
from fundapp.queries.bank_accounts import Numbers
from fundapp.services.payment_batches import set_fund_account
from tests.award_world import signer_of
from tests.board import panel_of, read_application
from tests.database.journeys.world import World
from tests.database.journeys.year.book import Entry, Share
from tests.database.journeys.year.desk import ROLES, Year
from tests.database.journeys.year.figures import everything_fits_together
from tests.database.journeys.year.plan import ASKED, AWARDED, RESERVES, Group
from tests.factories import (
    AnswerFactory,
    ByAndForClaimFactory,
    FundRoleFactory,
    OrganisationFactory,
    OrganisationMemberFactory,
    PartnerShareFactory,
)

OWN = Numbers("Demo Community Foundation", "000001", "11112222")
DATES = {  # closes, is decided, is told
    "1": ("2027-06-07", "2027-07-21", "2027-07-26"),
    "2": ("2028-01-24", "2028-03-08", "2028-03-14"),
}


def begin(world: World) -> Year:
    with world.app.app_context(), unit_of_work():
        fund = db.session.execute(sa.select(Fund)).scalar_one()
        set_fund_account(fund, OWN, now=utcnow())
        call = db.session.execute(sa.select(Call)).scalar_one()
        staff = {name: FundRoleFactory(fund=fund, kind=kind).user.id for name, kind in ROLES.items()}
        year = Year(world, call.id, staff)
    year.of_fund("manager").press(f"/fund/calls/{year.call_id}/publish")
    year.day("2027-03-16")
    year.of_fund("manager").press(f"/fund/calls/{year.call_id}/open")
    return year


def a_round_is_decided(year: Year, code: str) -> None:
    """The groups were read by three people; the manager takes the rule's list over and signs it."""
    closes, decided, told = DATES[code]
    year.day(closes)
    year.of_fund("manager").press(f"/fund/calls/{year.call_id}/close")
    year.day(decided)
    with year.world.app.app_context(), unit_of_work():
        round_ = db.session.execute(sa.select(Round).where(Round.code == code)).scalar_one()
        round_path = f"/fund/rounds/{round_.id}"
        panel = panel_of(round_.call, round_)
        for group in ASKED[code]:
            _apply(year, group, panel)
    manager = year.of_fund("manager")
    manager.press(f"{round_path}/awards/proposal", status=303)
    _some_are_next_in_line(year, [group for group in ASKED[code] if group in RESERVES])
    board = manager.open(manager.at(f"{round_path}/awards"))
    page = manager.open(board.link("/ratification"))
    manager.send(page, {"is_checked": "yes"})
    _note_awards(year, code)
    _the_others_have_an_answer(year, code)
    year.day(told)
    year.of_fund("manager").press(f"{round_path}/release", status=303)
    year.world.clock.shift(timedelta(minutes=11))
    year.world.deliver_mail()
    everything_fits_together(year)


def the_second_round_opens(year: Year) -> None:
    year.day("2027-10-12")
    year.of_fund("manager").press(f"/fund/calls/{year.call_id}/next-round")


def _apply(year: Year, group: Group, panel: Panel) -> None:
    application = read_application(
        panel,
        (group.level,) * 5,
        by_and_for=ClaimStatus(group.claim) if group.claim else None,
        migrant=ClaimStatus.CONFIRMED if group.is_migrant else None,
        strand=group.strand,
        borough=group.borough,
        income=group.income // 100,
    )
    organisation = application.organisation
    organisation.name, organisation.is_first_time = group.name, group.is_first_time
    application.amount_requested = Decimal(group.pence) / 100
    if group.lines:
        budget = [{"what": what, "amount": f"{pence / 100:.2f}"} for what, pence in group.lines]
        AnswerFactory(application=application, question_key="Q8", value=budget)
    first = signer_of(application)
    first.language = group.language
    second = OrganisationMemberFactory(organisation=organisation).user
    year.members[group.name] = (first.id, second.id)
    year.languages[group.name] = group.language
    year.applications[group.name] = application.id
    if group.partners:
        _share(application, group)


def _share(application: Application, group: Group) -> None:
    lead = group.pence - sum(partner.pence for partner in group.partners)
    PartnerShareFactory(
        application=application,
        organisation=application.organisation,
        amount=Decimal(lead) / 100,
        is_lead=True,
    )
    for partner in group.partners:
        organisation = OrganisationFactory(name=partner.name, annual_income=Decimal(group.income) / 100)
        if partner.by_and_for:
            ByAndForClaimFactory(organisation=organisation, call_id=application.call_id)
        amount = Decimal(partner.pence) / 100
        PartnerShareFactory(application=application, organisation=organisation, amount=amount)


def _some_are_next_in_line(year: Year, groups: Sequence[Group]) -> None:
    """The money does not reach for them; the panel would fund them, in this order."""
    manager = year.of_fund("manager")
    for group in groups:
        page = manager.open(manager.at(f"/fund/applications/{year.applications[group.name]}/decision"))
        typed = {"outcome": "reserve", "is_fundable": "yes", "reason": "Next in line."}
        manager.send(page, typed, holding="outcome")


def _note_awards(year: Year, code: str) -> None:
    """The list is the one that the plan says, to the penny."""
    query = (
        sa.select(Organisation.name, Award.id, Award.amount)
        .join(Award, Award.organisation_id == Organisation.id)
        .join(Round, Round.id == Award.round_id)
        .where(Round.code == code)
    )
    found = {name: (award_id, int(amount * 100)) for name, award_id, amount in year.rows(query)}
    assert {name: amount for name, (_id, amount) in found.items()} == {
        group.name: group.pence for group in AWARDED[code]
    }
    for group in AWARDED[code]:
        note_award(year, group, found[group.name][0])


def note_award(year: Year, group: Group, award_id: UUID) -> None:
    year.awards[group.name] = award_id
    lead = group.pence - sum(partner.pence for partner in group.partners)
    shares = [Share(lead, group.income, group.strand, group.claim, group.is_migrant)]
    shares += [
        Share(partner.pence, group.income, group.strand, partner.by_and_for, is_migrant=False)
        for partner in group.partners
    ]
    lines = dict(group.lines) or {"": group.pence}
    year.book.entries[group.name] = Entry(shares, group.is_first_time, payments_of(group), lines)


def payments_of(group: Group) -> list[int]:
    """As the call has it: 4 × 25 %, 2 × 50 %, or all at once; together exactly the grant."""
    number = 1 if group.strand == "C" else 4 if group.income >= 10_000_000 else 2
    part = group.pence // number
    return [part] * (number - 1) + [group.pence - part * (number - 1)]


def _the_others_have_an_answer(year: Year, code: str) -> None:
    """Some are next in line, and the others hear no."""
    query = (
        sa.select(Organisation.name, Application.status)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Round, Round.id == Application.round_id)
        .where(Round.code == code, Application.status != ApplicationStatus.IN_PRINCIPLE)
    )
    expected = {
        group.name: ApplicationStatus.RESERVE if group in RESERVES else ApplicationStatus.DECLINED
        for group in ASKED[code]
        if group not in AWARDED[code]
    }
    assert dict(year.rows(query)) == expected, year.rows(query)
