"""Second part: claims are looked at, checks settled, agreements accepted, bank accounts said and checked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.award import Award, CheckItem, Instalment
from fundapp.models.bank import BankAccount
from fundapp.models.organisation import ByAndForClaim
from tests.database.journeys.year.desk import Year
from tests.database.journeys.year.figures import figures_are_right
from tests.database.journeys.year.plan import DECLARED, Group
from tests.grants import text_read

WHY = "The committee has told us who decides."
BY_EVERY_PAGE = 7  # every so many groups go through the pages; the others post the same forms


def claims_are_decided(year: Year, groups: Sequence[Group]) -> None:
    """Two people: one checks what the group has said, another one decides."""
    manager, other = year.of_fund("manager"), year.of_fund("other_manager")
    for group in groups:
        if group.claim != DECLARED:
            continue
        path = f"/fund/applications/{year.applications[group.name]}/claims/1"
        seen = {"c1-reason": WHY, "c1-evidence": "conversation"}
        manager.press(path, {"c1-status": group.finding} | seen, status=422)  # alone
        manager.press(path, {"c1-status": "checked"} | seen)
        other.press(path, {"c1-status": group.finding} | seen)
        year.book.entries[group.name].shares[0].claim = group.finding
        figures_are_right(year)


def checks_are_settled(year: Year, groups: Sequence[Group]) -> None:
    manager = year.of_fund("manager")
    for group in groups:
        award = year.awards[group.name]
        manager.press(f"/fund/awards/{award}/checks")
        items = year.rows(sa.select(CheckItem.id, CheckItem.key).where(CheckItem.award_id == award))
        read = _text_that_is_read(year, group, award)
        manager.press(f"/fund/awards/{award}/agreement", read, status=409)  # the checks are open
        for item_id, key in items:
            manager.press(f"/fund/checks/{item_id}", {f"{key}-note": ""})
        if group.number % BY_EVERY_PAGE == 0:
            manager.press(f"/fund/awards/{award}/agreement", status=409)  # nobody says what was read
        manager.press(f"/fund/awards/{award}/agreement", read)


def _text_that_is_read(year: Year, group: Group, award: UUID) -> dict[str, str]:
    if group.number % BY_EVERY_PAGE == 0:
        manager = year.of_fund("manager")
        page = manager.open(manager.at(f"/fund/awards/{award}/agreement"))
        return {"read": page.form(holding="read").fields["read"].values[0]}
    with year.world.app.app_context():
        return text_read(db.session.get_one(Award, award))


def agreements_are_accepted(year: Year, groups: Sequence[Group]) -> None:
    """Each group says yes to exactly the payments that the call promises it."""
    for group in groups:
        award, desk = year.awards[group.name], year.of_group(group.name)
        if group.number % BY_EVERY_PAGE == 0:
            page = desk.open(desk.at(f"/awards/{award}/agreement"))
            desk.send(page, {"agree": "yes"}, holding="agree")
        else:
            [(digest,)] = year.rows(sa.select(Award.agreement_digest).where(Award.id == award))
            desk.press(f"/awards/{award}/agreement/{digest}", {"agree": "yes"})
        entry = year.book.entries[group.name]
        entry.is_accepted = True
        planned = year.rows(
            sa.select(Instalment.amount).where(Instalment.award_id == award).order_by(Instalment.number)
        )
        assert [int(amount * 100) for (amount,) in planned] == entry.payments
        assert sum(entry.payments) == group.pence
    figures_are_right(year)


def accounts_are_said_and_checked(year: Year, groups: Sequence[Group]) -> None:
    """Three people: two of the group, one of the fund."""
    manager = year.of_fund("manager")
    for group in groups:
        first, second = year.of_group(group.name), year.of_group(group.name, 1)
        first.press(f"/awards/{year.awards[group.name]}/bank-account", group.numbers | {"name": group.name})
        query = sa.select(BankAccount.id).where(BankAccount.award_id == year.awards[group.name])
        [(account,)] = year.rows(query)
        first.press(f"/bank-accounts/{account}/sign", group.numbers, status=403)  # not the same person
        second.press(f"/bank-accounts/{account}/sign", group.numbers)
        [(version,)] = year.rows(sa.select(BankAccount.version).where(BankAccount.id == account))
        said = {"saw_statement": "yes", "reached_by": "phone", "name_check": "match", "version": version}
        manager.press(f"/fund/bank-accounts/{account}/check", group.numbers | said)


def claims_stand(year: Year, groups: Sequence[Group]) -> None:
    query = sa.select(ByAndForClaim.status).where(ByAndForClaim.status.in_(["declared", "checked"]))
    assert year.rows(query) == [], [group.name for group in groups]
