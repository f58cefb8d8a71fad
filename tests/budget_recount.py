"""The budget of a call added up again from its rows, in whole pence, without any rule of the app."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import astuple

from fundapp.queries.budget import Budget, BudgetLine
from tests.award_recount import GONE, AwardRows, Recount


def recounted(awards: Iterable[AwardRows]) -> dict[str, int]:
    found = dict.fromkeys(("awarded", "agreed", "paid", "to_pay", "held", "came_back", "on_its_way"), 0)
    for award in awards:
        if award.status in GONE:
            continue
        awarded = award.whole - award.payments.get("cancelled", 0)
        found["awarded"] += awarded
        found["paid"] += award.paid
        found["came_back"] += award.returned
        found["on_its_way"] += award.asked_back - award.returned
        if award.accepted_at is not None:
            found["agreed"] += awarded
            found["to_pay"] += awarded - award.paid
            found["held"] += award.payments.get("held", 0)
    return found


def check_budget(budget: Budget, awards: Collection[AwardRows], counted: Recount) -> None:
    """Its sums are those of the rows; each split adds up to the whole; floors are those of the ledger."""
    assert said(budget.whole) == recounted(awards)
    for line in budget.strands:
        assert said(line) == recounted(each for each in awards if each.strand_code == line.key), line.key
    for split in (budget.strands, budget.rounds, budget.years):
        columns = zip(*(astuple(line.sums) for line in split), strict=True)
        assert tuple(map(sum, columns)) == astuple(budget.whole.sums)
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
