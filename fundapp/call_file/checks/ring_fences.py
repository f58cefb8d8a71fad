"""Ring-fences: is each one complete, and can all of them be kept at the same time?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations

from forms.definition import Choice
from forms.i18n import _
from forms.money import format_money
from fundapp.call_file.checks.conditions import check_ring_fence_conditions
from fundapp.call_file.checks.kinds_of_group import Kind, kinds_of, kinds_of_group
from fundapp.call_file.checks.money import has_grants_line
from fundapp.call_file.grants import MoneyPlan, Strand
from fundapp.call_file.problems import Path, Problem
from fundapp.call_file.ring_fences import Base, Enforcement, Measure, RingFence, RingFenceKind, RoundMinimum
from fundapp.call_file.timetable import Round
from fundapp.call_file.unread import as_far_as_read, is_read

MOST_RING_FENCES = 12


@as_far_as_read
def check_ring_fences(
    fences: tuple[RingFence, ...], rounds: tuple[Round, ...], money: MoneyPlan
) -> Iterator[Problem]:
    for index, fence in enumerate(fences):
        path: Path = ("ring_fences", index)
        yield from _check_size(fence, money, path)
        yield from _check_form(fence, path)
        yield from _check_links(fence, fences, rounds, path)
        for place, minimum in enumerate(fence.minimum_by_round):
            yield from _check_round_minimum(minimum, rounds, (*path, "minimum_by_round", place, "amount"))


@as_far_as_read
def _check_size(fence: RingFence, money: MoneyPlan, path: Path) -> Iterator[Problem]:
    if fence.base == Base.FIXED:
        if fence.amount is None or fence.percent is not None:
            message = _("With “base: fixed” write “amount” in pounds and no “percent”.")
            on_page = _("For a fixed amount write the amount in pounds, and no percentage.")
            yield Problem((*path, "base"), str(message), str(on_page))
    elif fence.percent is None or fence.amount is not None:
        message = _("With “base: %(base)s” write “percent” and no “amount”.", base=fence.base)
        on_page = _("For a share write a percentage, and no fixed amount.")
        yield Problem((*path, "base"), str(message), str(on_page))
    if fence.percent is not None and not 0 < fence.percent <= 100:
        yield Problem((*path, "percent"), str(_("Write a percentage above 0 and not above 100.")))
        return
    if not has_grants_line(money):
        return
    pence = fence.pence_of(money.total)
    if pence is not None and fence.kind != RingFenceKind.CAP and not 0 < pence <= money.grants * 100:
        message = _(
            "This keeps %(kept)s of %(grants)s grant money. Keep more than zero and not more than all of it.",
            kept=format_money(Decimal(pence) / 100),
            grants=format_money(money.grants),
        )
        yield Problem((*path, "percent" if fence.amount is None else "amount"), str(message))


@as_far_as_read
def _check_form(fence: RingFence, path: Path) -> Iterator[Problem]:
    if (fence.who is None) == (fence.each is None):
        message = _(
            "Write either “who” (a condition) or “each” (for every borough or theme on its own), not both."
        )
        on_page = _("Say which groups count, or choose each borough or each theme; not both.")
        yield Problem(path, str(message), str(on_page))
    if fence.each is not None and fence.kind != RingFenceKind.CAP:
        on_page = str(_("Only a limit can hold for each one on its own."))
        yield Problem((*path, "each"), str(_("“each” goes with “kind: cap” only.")), on_page)
    if fence.measure == Measure.COUNT and fence.base != Base.AWARDS_TOTAL:
        message = _("When awards are counted, the base must be “awards_total”.")
        on_page = str(_("When grants are counted, choose the share of all grants."))
        yield Problem((*path, "base"), str(message), on_page)
    if fence.kind == RingFenceKind.SET_ASIDE and (fence.base, fence.measure) != (Base.FIXED, Measure.VALUE):
        message = _("A set-aside is an amount: write “measure: value” and “base: fixed”.")
        on_page = str(_("An amount kept apart is money, and a fixed amount."))
        yield Problem((*path, "kind"), str(message), on_page)


@as_far_as_read
def _check_links(
    fence: RingFence, fences: tuple[RingFence, ...], rounds: tuple[Round, ...], path: Path
) -> Iterator[Problem]:
    others = {each.key for each in fences} - {fence.key}
    moves_to = fence.release.moves_to if fence.release else None
    for place, key in ((("part_of",), fence.part_of), (("release", "moves_to"), moves_to)):
        if key is not None and key not in others:
            message = _(
                "There is no other ring-fence “%(key)s”. Use one of: %(known)s.",
                key=key[:60],
                known=", ".join(sorted(others)),
            )
            yield Problem((*path, *place), str(message))
    round_keys = {each.key for each in rounds}
    named = [((*path, "release", "after_round"), fence.release.after_round)] if fence.release else []
    for index, minimum in enumerate(fence.minimum_by_round):
        named.append(((*path, "minimum_by_round", index, "round"), minimum.round))
    for here, key in named:
        if key not in round_keys:
            message = _(
                "There is no round “%(key)s”. Use one of: %(known)s.",
                key=key[:60],
                known=", ".join(sorted(round_keys)),
            )
            yield Problem(here, str(message))


@as_far_as_read
def _check_round_minimum(minimum: RoundMinimum, rounds: tuple[Round, ...], path: Path) -> Iterator[Problem]:
    for each in rounds:
        if each.key == minimum.round and not each.takes_unused and minimum.amount > each.amount:
            message = _("This round has only %(amount)s.", amount=format_money(each.amount))
            yield Problem(path, str(message))


@as_far_as_read
def check_fitting(
    fences: tuple[RingFence, ...],
    strands: tuple[Strand, ...],
    money: MoneyPlan,
    boroughs: tuple[str, ...],
    themes: tuple[Choice, ...],
) -> Iterator[Problem]:
    """Floors that exclude each other must fit into the grant money, and no cap may stand below a floor."""
    if len(fences) > MOST_RING_FENCES:
        message = _("The most is %(n)s ring-fences in one call.", n=MOST_RING_FENCES)
        yield Problem(("ring_fences",), str(message))
        return
    everybody = kinds_of_group([fence for fence in fences if is_read(fence)], strands)
    reach = {
        fence.key: kinds_of(fence.who, everybody)
        for fence in fences
        if fence.who is not None and not any(check_ring_fence_conditions((fence,), strands, boroughs, themes))
    }
    for index, fence in enumerate(fences):
        if fence.key in reach and not reach[fence.key]:
            message = _("No group can fulfil this condition. Check its parts and the strands' incomes.")
            yield Problem(("ring_fences", index, "who"), str(message))
    floors = [fence for fence in fences if _is_floor(fence) and reach.get(fence.key)]
    yield from _too_much_together(floors, reach, money)
    yield from _caps_below_floors(fences, floors, reach, money)


def _is_floor(fence: RingFence) -> bool:
    return (
        fence.kind != RingFenceKind.CAP
        and fence.measure == Measure.VALUE
        and fence.enforcement == Enforcement.BLOCK
    )


def _needed(fence: RingFence, money: MoneyPlan) -> Decimal:
    """In pounds, when all the grant money is awarded: the case in which shares leave most room."""
    pence = fence.pence_of(money.total)
    if pence is not None:
        return Decimal(pence) / 100
    return (fence.percent or Decimal(0)) * money.grants / 100


@as_far_as_read
def _too_much_together(
    floors: list[RingFence], reach: dict[str, frozenset[Kind]], money: MoneyPlan
) -> Iterator[Problem]:
    for size in range(2, len(floors) + 1):
        for group in combinations(floors, size):
            together = sum((_needed(fence, money) for fence in group), Decimal(0))
            if together > money.grants and _exclude_each_other(reach[fence.key] for fence in group):
                message = _(
                    "No group can count for more than one of %(keys)s. Together they keep %(kept)s, "
                    "but the grant money is %(grants)s.",
                    keys=", ".join(fence.key for fence in group),
                    kept=format_money(together),
                    grants=format_money(money.grants),
                )
                yield Problem(("ring_fences",), str(message))
                return


def _exclude_each_other(groups: Iterable[frozenset[Kind]]) -> bool:
    return all(first.isdisjoint(second) for first, second in combinations(list(groups), 2))


@as_far_as_read
def _caps_below_floors(
    fences: tuple[RingFence, ...],
    floors: list[RingFence],
    reach: dict[str, frozenset[Kind]],
    money: MoneyPlan,
) -> Iterator[Problem]:
    for index, cap in enumerate(fences):
        is_hard = cap.kind == RingFenceKind.CAP and cap.enforcement == Enforcement.BLOCK
        if not is_hard or cap.measure != Measure.VALUE or cap.key not in reach:
            continue
        for floor in floors:
            if reach[floor.key] <= reach[cap.key] and _needed(floor, money) > _needed(cap, money):
                message = _(
                    "This allows at most %(cap)s, but %(floor)s needs %(needed)s for the same groups.",
                    cap=format_money(_needed(cap, money)),
                    floor=floor.key,
                    needed=format_money(_needed(floor, money)),
                )
                yield Problem(("ring_fences", index), str(message))
