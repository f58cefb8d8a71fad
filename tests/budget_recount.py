"""The budget of a call added up again from its rows, in whole pence, without any rule of the app."""

from __future__ import annotations

from dataclasses import astuple
from uuid import UUID

import sqlalchemy as sa

from fundapp.db import db
from fundapp.models.application import Application
from fundapp.models.award import Award, Instalment
from fundapp.queries.budget import Budget, BudgetLine
from tests.award_recount import GONE, back_pence, recount


def recounted(call_id: UUID, *which: sa.ColumnElement[bool]) -> dict[str, int]:
    found = dict.fromkeys(("awarded", "agreed", "paid", "to_pay", "held", "came_back", "on_its_way"), 0)
    awards = sa.select(Award).join(Application, Application.id == Award.application_id)
    for award in db.session.execute(awards.where(Award.call_id == call_id, *which)).scalars():
        if award.status.value in GONE:
            continue
        payments = sa.select(Instalment.amount, Instalment.status).where(Instalment.award_id == award.id)
        by_status: dict[str, int] = {}
        for amount, status in db.session.execute(payments):
            by_status[status.value] = by_status.get(status.value, 0) + int(amount * 100)
        paid, cancelled = by_status.get("paid", 0), by_status.get("cancelled", 0)
        awarded = int(award.amount * 100) - cancelled
        asked, came = back_pence(award.id)
        found["awarded"] += awarded
        found["paid"] += paid
        found["came_back"] += came
        found["on_its_way"] += asked - came
        if award.accepted_at is not None:
            found["agreed"] += awarded
            found["to_pay"] += awarded - paid
            found["held"] += by_status.get("held", 0)
    return found


def check_budget(call_id: UUID, budget: Budget) -> None:
    """Its sums are those of the rows; each split adds up to the whole; floors are those of the ledger."""
    assert said(budget.whole) == recounted(call_id)
    for line in budget.strands:
        assert said(line) == recounted(call_id, Application.strand_code == line.key), line.key
    for split in (budget.strands, budget.rounds, budget.years):
        columns = zip(*(astuple(line.sums) for line in split), strict=True)
        assert tuple(map(sum, columns)) == astuple(budget.whole.sums)
    counted = recount(call_id)
    assert budget.whole.sums.used == counted.all_pence
    kept = {line.key: line.sums.kept for line in budget.ring_fences}
    expected = {"BYFOR": counted.by_and_for, "MIGRANT": counted.migrant, "SMALL": counted.small}
    assert {key: kept[key] for key in expected} == expected
    for line in budget.ring_fences:
        if line.planned is not None and line.fence is not None:
            assert line.counted == line.fence.figures.confirmed.reached, line.key
    to_come = budget.whole.sums.to_pay + budget.whole.sums.not_agreed
    assert sum(line.pence for line in budget.cash) == to_come


def said(line: BudgetLine) -> dict[str, int]:
    sums = line.sums
    assert sums.agreed + sums.not_agreed == sums.awarded
    return {
        "awarded": sums.awarded,
        "agreed": sums.agreed,
        "paid": sums.paid,
        "to_pay": sums.to_pay,
        "held": sums.held,
        "came_back": sums.came_back,
        "on_its_way": sums.on_its_way,
    }
