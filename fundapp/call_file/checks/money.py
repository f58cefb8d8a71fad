"""Money lines, rounds and strands: do the sums agree?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from forms.i18n import _
from forms.money import format_money
from fundapp.call_file.grants import MoneyPlan, Strand
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.timetable import Round
from fundapp.call_file.unread import as_far_as_read

LONGEST_MONTHS = 120


@as_far_as_read
def check_money(money: MoneyPlan) -> Iterator[Problem]:
    yield from _check_sum(money)
    yield from _check_grants_line(money)


def has_grants_line(money: MoneyPlan) -> bool:
    return sum(bool(line.is_for_grants) for line in money.lines) == 1


@as_far_as_read
def _check_sum(money: MoneyPlan) -> Iterator[Problem]:
    total = sum((line.amount for line in money.lines), Decimal(0))
    if total != money.total:
        message = _(
            "The lines add up to %(sum)s, but the total is %(total)s. Change a line or the total.",
            sum=format_money(total),
            total=format_money(money.total),
        )
        yield Problem(("money", "lines"), str(message))


@as_far_as_read
def _check_grants_line(money: MoneyPlan) -> Iterator[Problem]:
    if not has_grants_line(money):
        message = _("Mark exactly one line with “is_for_grants: yes”: the money that can be awarded.")
        on_page = _("Tick exactly one line that is for grants.")
        yield Problem(("money", "lines"), str(message), str(on_page))


@as_far_as_read
def check_rounds_money(rounds: tuple[Round, ...], money: MoneyPlan) -> Iterator[Problem]:
    total = sum((each.amount for each in rounds), Decimal(0))
    if has_grants_line(money) and total != money.grants:
        message = _(
            "The rounds together have %(sum)s, but the grant money is %(total)s. They must be the same.",
            sum=format_money(total),
            total=format_money(money.grants),
        )
        yield Problem(("rounds",), str(message))


@as_far_as_read
def check_strands(strands: tuple[Strand, ...], money: MoneyPlan) -> Iterator[Problem]:
    if len(strands) == 0:
        yield Problem(("strands",), str(_("Write at least one strand.")))
    for index, strand in enumerate(strands):
        yield from _check_strand(strand, money, ("strands", index))


@as_far_as_read
def _check_strand(strand: Strand, money: MoneyPlan, path: Path) -> Iterator[Problem]:
    yield from _check_smallest(strand, path)
    yield from _check_largest(strand, money, path)
    yield from _check_months(strand, path)
    yield from _check_organisations(strand, path)
    yield from _check_yearly(strand.minimum_a_year, strand.minimum, strand.months, (*path, "minimum_a_year"))
    yield from _check_yearly(strand.maximum_a_year, strand.maximum, strand.months, (*path, "maximum_a_year"))


@as_far_as_read
def _check_smallest(strand: Strand, path: Path) -> Iterator[Problem]:
    if not 0 < strand.minimum <= strand.maximum:
        message = _("The smallest grant must be more than zero and not more than the largest.")
        yield Problem((*path, "minimum"), str(message))


@as_far_as_read
def _check_largest(strand: Strand, money: MoneyPlan, path: Path) -> Iterator[Problem]:
    if has_grants_line(money) and strand.maximum > money.grants:
        total = format_money(money.grants)
        message = _("The largest grant is more than all the grant money, %(total)s.", total=total)
        yield Problem((*path, "maximum"), str(message))


@as_far_as_read
def _check_months(strand: Strand, path: Path) -> Iterator[Problem]:
    if not 1 <= strand.months <= LONGEST_MONTHS:
        message = _("Write a number of months from 1 to %(n)s.", n=LONGEST_MONTHS)
        yield Problem((*path, "months"), str(message))


@as_far_as_read
def _check_organisations(strand: Strand, path: Path) -> Iterator[Problem]:
    if not 1 <= strand.fewest_organisations <= strand.most_organisations:
        message = _("At least one organisation applies, and the fewest cannot be more than the most.")
        yield Problem((*path, "fewest_organisations"), str(message))


@as_far_as_read
def _check_yearly(a_year: Decimal | None, whole: Decimal, months: int, path: Path) -> Iterator[Problem]:
    if a_year is not None and months > 0 and a_year * months != whole * 12:
        message = _(
            "This does not fit the whole grant: %(whole)s over %(months)s months is %(a_year)s a year.",
            whole=format_money(whole),
            months=months,
            a_year=format_money(whole * 12 / months),
        )
        yield Problem(path, str(message))
