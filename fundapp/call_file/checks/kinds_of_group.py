"""Every kind of group that conditions of ring-fences can tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product

from forms.conditions import Condition, Operator, evaluate
from fundapp.call_file.checks.conditions import is_limit
from fundapp.call_file.grants import Strand
from fundapp.call_file.ring_fences import Fact, RingFence

Kind = tuple[tuple[str, str | int], ...]


def kinds_of_group(fences: Iterable[RingFence], strands: Iterable[Strand]) -> frozenset[Kind]:
    """All combinations of facts that can occur; incomes only on both sides of each limit."""
    strands = tuple(strands)
    fences = tuple(fences)
    boroughs, themes = ({"", *_values(fences, fact)} for fact in (Fact.BOROUGH, Fact.THEME))
    limits = {int(strand.income_below * 100) for strand in strands if strand.income_below is not None}
    for fence in fences:
        if fence.who is not None:
            limits.update(income_limits(fence.who))
    incomes = {0} | {income for limit in limits for income in (limit - 1, limit) if income >= 0}
    yes_no = ("yes", "no")
    return frozenset(
        (
            (Fact.BY_AND_FOR.value, by_and_for),
            (Fact.MIGRANT_LED.value, migrant_led),
            (Fact.FIRST_TIME.value, first_time),
            (Fact.STRAND.value, strand.key),
            (Fact.INCOME_PENCE.value, income),
            (Fact.BOROUGH.value, borough),
            (Fact.THEME.value, theme),
        )
        for by_and_for, migrant_led, first_time in product(yes_no, repeat=3)
        for strand in strands
        for borough in sorted(boroughs)  # "": any other one
        for theme in sorted(themes)
        for income in incomes
        if strand.income_below is None or income < strand.income_below * 100
    )


def kinds_of(who: Condition, everybody: frozenset[Kind]) -> frozenset[Kind]:
    return frozenset(kind for kind in everybody if evaluate(who, dict(kind)))


def income_limits(condition: Condition) -> Iterator[int]:
    """In pence: where a condition begins to see an income otherwise than the one a penny below."""
    if condition.fact == Fact.INCOME_PENCE:
        for value in condition.values:
            if is_limit(value):
                limit = Decimal(value)
                yield int(limit) + (limit % 1 > 0)
                if condition.operator in (Operator.EQUALS, Operator.IN):
                    yield int(limit) + 1
    for part in condition.parts:
        yield from income_limits(part)


def _values(fences: Iterable[RingFence], fact: Fact) -> Iterator[str]:
    """What conditions compare this fact with."""
    for fence in fences:
        if fence.who is not None:
            yield from _compared(fence.who, fact)


def _compared(condition: Condition, fact: Fact) -> Iterator[str]:
    if condition.fact == fact:
        yield from condition.values
    for part in condition.parts:
        yield from _compared(part, fact)
